"""Tool calls: tools of many apps, often with invented names; one call, several, none needed, none that fits, an answer used."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from .beyond import ANSWER, question_outside
from .chat import SMALL_TALK
from .conversation import Conversation, Turn, dumps
from .tools_list import TOOLS, Sample
from .tools_made import made, made_with_relatives
from .tools_parameters import ENUMS, PARAMETERS, value
from .tools_results import result
from .world import World, held_out, mark, plain

TOOL_LIKE = """weather rain umbrella cold time alarm wake timer mail send call phone number ring order buy cheap shop find search look web google cost price book table hotel flight fly how much
calendar remind pay money light play music song sing open file show read photo picture how do i get where recipe cook translate say mean define news stock medicine headache ill test bug code install
draw convert divided times root percent solve spell synonym word " * " " / " language door traffic day date course lesson restaurant earn
天气 下雨 伞 冷 几点 时间 闹钟 叫 邮件 信 发 电话 联系 订 买 购 找 搜 查 上网 多少 价格 位子 机票 酒店 日程 提醒 转 付 怎么 在哪 哪里 新闻 股价 药 病 疼 代码 程序 报错 翻译 用 意思 堵车 几号 星期
灯 歌 音乐 打开 文件 看 图片 照片 读 教 煮 做 乘 除 平方 次方 词 学习 课 吃""".split()
"""A question outside that one of the tools might answer is no example of needing none."""

TRAINED = [sample for place, sample in enumerate(TOOLS) if not held_out(place)]

FRAMES = {  # the bare request several times, so that half of all requests are bare
    "en": ["{}", "{}", "{}", "Hi, {}", "{}", "{}", "Hey, {}", "Quick question: {}", "{} Thanks!", "{}", "Hello! {}", "Tell me please: {}", "ok, {}", "{}", "{} please", "So, {}", "One more thing: {}", "{} Thank you", "I wonder: {}", "hey {}", "{}"],
    "zh": ["{}", "{}", "{}", "你好，{}", "{}", "{}", "请问{}", "问一下，{}", "{}谢谢", "{}", "嗨，{}", "我想知道{}", "那个，{}", "{}", "{}，急", "对了，{}", "还有个事，{}", "{}谢谢你", "麻烦问下{}", "嘿，{}", "{}"],
}
ORDERS = {  # around an imperative
    "en": ["{}", "{}", "Please {}", "Can you please {}?", "Can you {}?", "Could you {}?", "{}", "{} please", "I want you to {}", "I'd like you to {}", "Hey, {}", "Would you kindly {}?", "Would you {}?", "{}, thanks", "Go ahead and {}", "I need you to {}", "Just {}", "now {}", "can u {}", "please {} for me", "Hi! Please {}", "{}", "Could you please {}? Thanks", "{} now"],
    "zh": ["{}", "{}", "帮我{}", "请你{}", "请{}", "麻烦{}", "{}", "{}吧", "能不能{}", "可以帮我{}吗", "请帮我{}", "给我{}", "麻烦你{}", "{}，谢谢", "我要你{}", "我想{}", "快{}", "现在{}", "能{}吗？", "你好，{}", "可不可以{}？", "{}", "帮忙{}一下吧", "劳驾{}"],
}
SYSTEM = (
    ["You are a helpful assistant.", "Help the user.", "You are a home assistant.", "You work in a shop.", "You are the assistant of this app.", "Use the tools.", "You are a friendly helper.", "Use a tool when it helps.", "Be brief.", "You can call functions.", "You answer for a small company.", "You help with the app."],
    ["你是一个助手。", "请帮助用户。", "你是家庭助手。", "你在商店工作。", "你是这个小程序的助手。", "请使用工具。", "你是友好的帮手。", "需要时使用工具。", "简短回答。", "你可以调用函数。", "你是公司的客服。", "你帮用户使用应用。"],
)
JOINS = ([" And ", " Also: ", " Then ", "\n", ", and then ", ". After that, ", "; "], ["，还有", "。另外，", "，然后", "\n", "，再", "。接着", "；"])
THANKS = (
    ["Thanks!", "Thank you", "Great, thanks", "ok thanks", "Thank you so much", "thx", "Perfect, thank you", "Cheers", "Thanks a lot", "good, thanks", "Super, thank you!", "ty"],
    ["谢谢", "多谢", "谢谢你", "好的，谢谢", "太感谢了", "谢啦", "非常感谢", "感谢", "谢谢啦", "行，谢谢", "好，多谢", "谢了"],
)
WELCOME = next((entry for entry in SMALL_TALK if any("welcome" in text for text in entry[1])), SMALL_TALK[7])


@dataclass
class Tool:
    definition: dict
    name: str
    sample: Sample
    parameters: list[tuple[str, str, list[str] | None]]
    """(name here, kind, the values of an enumeration)"""


def _spelt(name: str, style: int) -> str:
    words = name.split("_")
    return words[0] + "".join(word.capitalize() for word in words[1:]) if style == 1 else "".join(word.capitalize() for word in words) if style == 2 else "-".join(words) if style == 3 else name


def _tool(w: World, sample: Sample) -> Tool:
    r = w.rng
    style = r.choice([0, 0, 0, 0, 1, 1, 2, 3])
    invented = w.chance(0.22)
    if invented:
        name = w.pseudo(1, 3) + ("_" + w.pseudo(1, 2) if w.chance(0.5) else "")
    else:
        name = r.choice(sample.names)
        if w.chance(0.15):
            name = f"{r.choice([sample.group, w.pseudo(1, 2)])}{r.choice(['.', '_', '/'])}{name}"
    name = _spelt(name, style)
    if invented or w.chance(0.3):
        name = mark(name)
    # A made tool's thing may have no counterpart in the other language.
    about_lang = w.lang if sample.group == "made" or w.chance(0.85) else ("zh" if w.lang == "en" else "en")
    place = 0 if about_lang == "en" else 1
    described = invented or w.chance(0.55)
    parameters: list[tuple[str, str, list[str] | None]] = []
    properties: dict[str, dict] = {}
    required = []
    for kind, needed in sample.kinds:
        known = PARAMETERS[kind]
        if not needed and w.chance(0.25):
            continue
        strange = w.chance(0.15)
        key = w.pseudo(1, 2) if strange else kind if w.chance(0.4) else r.choice(known.names)
        if plain(key) in properties:
            key = kind
        key = mark(_spelt(key, style if style == 1 else 0)) if strange or w.chance(0.3) else _spelt(key, style if style == 1 else 0)
        enum = None
        body: dict = {"type": known.type}
        if kind in ENUMS:
            pairs = list(ENUMS[kind])
            r.shuffle(pairs)
            pairs = pairs[: r.randint(2, len(pairs))]
            enum = [pair[place] for pair in pairs]
            body["enum"] = enum
        if strange or described and w.chance(0.7):
            body["description"] = known.about[place]
        parameters.append((key, kind, enum))
        properties[key] = body
        if needed:
            required.append(key)
    schema: dict = {"type": "object", "properties": properties}
    if required or w.chance(0.4):
        schema["required"] = required
    function: dict = {"name": name, "description": sample.about[place], "parameters": schema}
    if not invented and sample.group != "made" and w.chance(0.06):
        del function["description"]
    return Tool({"type": "function", "function": function}, name, sample, parameters)


SLOT = re.compile(r"\{(\w+)\}")


def _fitting(w: World, sample: Sample, kinds: set[str]) -> str:
    """A request that needs no parameter which is not listed here."""
    asks = sample.asks[w.lang]
    while True:
        ask = w.one(asks)
        if set(SLOT.findall(ask)) <= kinds:
            return ask
        if w.test:  # the held-out request may name one that was left out
            return next(text for text in asks if set(SLOT.findall(text)) <= kinds)


def _worded(w: World, ask: str) -> str:
    """The request among what people say around it."""
    lang = w.lang
    free = ask.endswith(("{text}", "{query}", "{comment}", "{note}"))
    """The request ends in words of the user's own: nothing may follow them."""
    if lang == "zh":
        order = ask.startswith("~")
        frame = w.one(ORDERS["zh"] if order else FRAMES["zh"])
        return (frame[: frame.index("{}") + 2] if free else frame).replace("{}", ask.lstrip("~"))
    order = ask[0].islower() and not ask.startswith(("my ", "weather ", "time ", "menu ", "recipe ", "side ", "news ", "latest ", "sales ", "turnover ", "stock ", "status ", "quote ", "traffic ", "next song", "balance", "forecast", "route ", "directions ", "parking", "pickup ", "meaning ", "dice", "web ", "dictionary", "logs ", "last ", "grade ", "exam ", "doctor ", "train ", "bus ", "new ", "a ", "the closest", "online ", "note:", "post:", "post for"))
    frame = w.one(ORDERS["en"] if order else FRAMES["en"])
    if free:
        frame = frame[: frame.index("{}") + 2]
    if ask.endswith((".", "?", "!")) and frame.startswith("{}") and len(frame) > 2 and frame[2] in ",?":
        frame = "{}"
    if "{}?" in frame or "{} please" in frame:
        ask = ask.rstrip("?.!")
    text = frame.replace("{}", ask)
    return text[0].upper() + text[1:] if order and w.chance(0.5) else text


def _request(w: World, tool: Tool) -> tuple[str, dict]:
    ask = _fitting(w, tool.sample, {kind for _, kind, _ in tool.parameters})
    shown, arguments = {}, {}
    given = set(SLOT.findall(ask))
    for key, kind, enum in tool.parameters:
        if kind in given:
            arguments[key], shown[kind] = value(w, kind, enum)
    return w.typed(_worded(w, ask).format(**shown)), {"name": tool.name, "arguments": arguments}


def _thought(w: World, calls: list[dict]) -> str:
    names = ", ".join(c["name"] for c in calls)
    return w.both(f"This needs {names}.", f"需要 {names}。") if calls else w.both("No tool is needed.", "不需要工具。")


def _samples(w: World, count: int) -> list[Sample]:
    """The first is the one asked for; in a test, a tool that training never sees. Half of the others are its relatives."""
    first = w.one(TOOLS)
    pool = TOOLS if w.test else TRAINED
    chosen = [first]
    relatives = [s for s in pool if s.group == first.group]
    while len(chosen) < count:
        other = w.rng.choice(relatives if relatives and w.chance(0.45) else pool)
        if other not in chosen:
            chosen.append(other)
        else:
            relatives = []
    return chosen


MADE_SHARE = 0.55
MADE_PARTLY = 0.25
"""Of made lists: those with a listed tool among what is not asked for."""


def _offered(w: World, count: int) -> list[Sample]:
    """The first is the one asked for. What is asked for in a test is always a listed tool that training never sees."""
    if w.test or not w.chance(MADE_SHARE):
        return _samples(w, count)
    chosen = made_with_relatives(w, count)
    if count > 1 and w.chance(MADE_PARTLY):
        chosen[-1] = w.one(TOOLS)
    return chosen


def _small_talk(w: World) -> list[Turn]:
    asks_en, says_en, asks_zh, says_zh = w.rng.choice(SMALL_TALK)
    return [Turn("user", w.typed(w.say(asks_en, asks_zh))), Turn("assistant", w.rng.choice(says_en if w.lang == "en" else says_zh))]


def _none(w: World, listed: list[Tool]) -> list[Turn]:
    """Small talk; a question outside; a request that needs a tool which is not there."""
    r = w.rng.random()
    if r < 0.45:
        turns = _small_talk(w)
        turns[1].thought = _thought(w, [])
        return turns
    if r < 0.7:
        ask, reply = question_outside(w)
        for _ in range(200):
            if not any(word in plain(ask).lower() for word in TOOL_LIKE):
                return [Turn("user", ask), Turn("assistant", reply, beyond=True)]
            ask, reply = question_outside(w)
    names = {tool.sample.names[0] for tool in listed}
    groups = {tool.sample.group for tool in listed}
    near = w.chance(0.35)
    if "made" in groups and w.chance(0.7):
        abouts = {text for tool in listed for text in tool.sample.about}
        while not abouts.isdisjoint((sample := made(w)).about):
            pass
        return [Turn("user", _request(w, _tool(w, sample))[0]), Turn("assistant", ANSWER[w.lang], beyond=True)]
    while True:
        sample = w.one(TOOLS)
        if sample.names[0] not in names and sample.group not in ("words", "notes") and (near or sample.group not in groups):
            break
    missing = _tool(w, sample)
    return [Turn("user", _request(w, missing)[0]), Turn("assistant", ANSWER[w.lang], beyond=True)]


EARLIER_ROUNDS = [0, 0, 1, 2, 3]
"""In training: the list of tools is most of a conversation's tokens, and every call teaches something about it."""


def _round(w: World, tool: Tool) -> list[Turn]:
    text, call = _request(w, tool)
    given, reply = result(w, tool.sample.group)
    return [Turn("user", text), Turn("assistant", calls=[call]), Turn("tool", dumps(given)), Turn("assistant", reply)]


def tool_call(w: World) -> Conversation:
    r = w.rng
    count = r.choice([1, 2, 2, 3, 3, 4, 5])
    tools: list[Tool] = []
    for sample in _offered(w, count):
        tool = _tool(w, sample)
        if plain(tool.name) not in {plain(t.name) for t in tools}:
            tools.append(tool)
    target = tools[0]
    r.shuffle(tools)
    listed = [t.definition for t in tools]
    thinking = w.chance(0.4)
    system = [Turn("system", w.say(*SYSTEM))] if w.chance(0.3) else []
    for _ in range(0 if w.test else r.choice(EARLIER_ROUNDS)):
        system += _round(w, r.choice(tools))
    case = r.random()
    if case < 0.18:
        return Conversation("tool-none", w.lang, system + _none(w, tools), listed, thinking, {"calls": []})
    earlier = _small_talk(w) if r.random() < 0.15 else []
    if case < 0.3 and count > 1:
        other = target if len(tools) < 2 or r.random() < 0.35 and target.parameters else r.choice([t for t in tools if t is not target])
        parts = [_request(w, target), _request(w, other)]
        joined = w.say(*JOINS).join([parts[0][0].rstrip("?？.。!"), parts[1][0]])
        calls = [c for _, c in parts]
        turns = [Turn("user", joined), Turn("assistant", calls=calls, thought=_thought(w, calls))]
        return Conversation("tool-several", w.lang, system + earlier + turns, listed, thinking, {"calls": calls})
    text, call = _request(w, target)
    turns = [Turn("user", text), Turn("assistant", calls=[call], thought=_thought(w, [call]))]
    if case < 0.65:
        return Conversation("tool-one", w.lang, system + earlier + turns, listed, thinking, {"calls": [call]})
    given, reply = result(w, target.sample.group)
    turns += [Turn("tool", dumps(given)), Turn("assistant", reply, thought=w.both("The tool has answered.", "工具已回答。") if thinking else None)]
    after = r.random()
    if after < 0.3:
        text, call = _request(w, r.choice(tools))
        turns += [Turn("user", text), Turn("assistant", calls=[call], thought=_thought(w, [call]))]
        return Conversation("tool-one", w.lang, system + earlier + turns, listed, thinking, {"calls": [call]})
    if after < 0.45:
        turns += [Turn("user", w.typed(w.say(*THANKS))), Turn("assistant", w.rng.choice(WELCOME[1] if w.lang == "en" else WELCOME[3]))]
    return Conversation("tool-answer", w.lang, system + earlier + turns, listed, thinking, {"text": turns[-1].content})


def expected_calls(conversation: Conversation) -> list[dict]:
    return json.loads(plain(dumps(conversation.expected["calls"])))
