"""Small talk, questions whose answer stands earlier in the conversation, and repeating; facts and sums have files of their own."""

from __future__ import annotations

from .arithmetic import sums
from .asking_facts import facts
from .conversation import Conversation, Turn
from .phrasings_small_talk import SMALL_TALK
from .told import Told, correction, question, sentence, things_to_remember, told, two_at_once
from .world import World

__all__ = ["SMALL_TALK", "facts", "follow_up", "repeat", "small_talk", "sums"]

_things_to_remember = things_to_remember

OPENINGS = {
    "en": ["hi, ", "hello, ", "hey, ", "so ", "ok, ", "hi! ", "Hello! ", "and ", "well, ", "pocket, ", "hey there, ", "please tell me: ", "just curious, ", "hm, ", "good morning, ", "quick question: ", "I have a question: ", "tell me, ", "yo, ", "oh, ", "btw, ", "another question: "],
    "zh": ["你好，", "嗨，", "嘿，", "请问，", "请问", "那么，", "好，", "你好！", "话说，", "Pocket，", "问一下，", "我想问问，", "好奇问一下，", "嗯，", "早上好，", "对了，", "问个问题，", "告诉我，", "哎，", "那", "您好，", "再问一个，"],
}
CLOSINGS = {"en": ["", "", "", "", "", "", "", "", " please", " :)", " thanks", "??", " then", " haha", " pocket", " friend", "..", " now"], "zh": ["", "", "", "", "", "", "", "", "呢", "呀", "啊", "？", "，谢谢", "哈哈", "，请回答", "～", "。。", "嘛"]}
PLAIN_ROWS = {0, 7, 8, 9, 10, 11, 20, 22, 23}
"""Rows of SMALL_TALK that take no opening: greetings, thanks and the like."""


def _exchange(w: World) -> tuple[list[Turn], list[str]]:
    row = w.rng.randrange(len(SMALL_TALK))
    asks_en, says_en, asks_zh, says_zh = SMALL_TALK[row]
    asks, says = (asks_en, says_en) if w.lang == "en" else (asks_zh, says_zh)
    text = w.one(asks)
    text = w.typed(text) if len(text) > 3 else text
    if row not in PLAIN_ROWS and w.chance(0.3):
        opening, closing = w.one(OPENINGS[w.lang]), w.one(CLOSINGS[w.lang])
        text = opening + text + (closing if text[-1] not in "?？!！。." else "")
        if w.lang == "en" and w.chance(0.5):
            text = text[0].upper() + text[1:]
    elif w.lang == "en" and w.chance(0.02):
        text = text.upper()
    return [Turn("user", text), Turn("assistant", w.rng.choice(says))], says


def small_talk(w: World) -> Conversation:
    turns: list[Turn] = []
    for _ in range(w.rng.choice([1, 1, 1, 2, 3])):
        said, says = _exchange(w)
        turns += said
    return Conversation("chat", w.lang, turns, thinking=w.chance(0.5), expected={"any": says})


def _filler(w: World) -> list[Turn]:
    return _exchange(w)[0]


def _not_told(w: World, kinds: set[str]) -> tuple[str, str]:
    """A question about something that was not told, and the answer that says so."""
    kind = w.rng.choice([k for k in ("name", "city", "job", "age", "list", "attribute") if k not in kinds])
    one = told(w, kind)
    return question(w, one.ask), one.missing


def follow_up(w: World) -> Conversation:
    turns: list[Turn] = []
    memories: dict[tuple[str, str], Told] = {}
    for _ in range(w.rng.choice([1, 1, 2, 3]) if w.chance(0.92) else 0):
        one = told(w)
        memories.setdefault((one.kind, one.of), one)
    waiting = list(memories.values())
    while waiting:
        one = waiting.pop(0)
        if waiting and w.chance(0.35):
            tell, answer = two_at_once(w, one, waiting.pop(0))
        else:
            tell, answer = sentence(w, one.clause), one.answer
        turns += [Turn("user", tell), Turn("assistant", answer)]
        if w.chance(0.35):
            turns += _filler(w)
        if one.kind != "pair" and w.chance(0.12):
            tell, new = correction(w, one)
            memories[one.kind, one.of] = new
            turns += [Turn("user", tell), Turn("assistant", new.answer)]
    asked = [(question(w, m.ask), m.recalled) for m in memories.values()]
    w.rng.shuffle(asked)
    asked = asked[: w.rng.choice([1, 1, 2])]
    if not asked or w.chance(0.1):
        asked.append(_not_told(w, {kind for kind, _ in memories}))
    for ask, answer in asked:
        if w.chance(0.25):
            turns += _filler(w)
        turns += [Turn("user", ask), Turn("assistant", answer)]
    return Conversation("follow-up", w.lang, turns, thinking=w.chance(0.5), expected={"text": turns[-1].content})


# Repeat: an opening, what to do, and where the text stands.

POLITE = {
    "en": ["", "", "", "", "", "Please ", "please ", "Can you ", "Could you ", "Now ", "I want you to ", "Would you ", "ok, ", "Hey, ", "You must ", "Just ", "Can you please ", "Your task: ", "Try to ", "Let's see you ", "I'd like you to "],
    "zh": ["", "", "", "", "", "请", "请你", "麻烦", "帮我", "现在", "你来", "能不能", "嘿，", "好，", "麻烦你", "劳驾", "你能", "可以", "那你", "你试着", "我要你"],
}
VERBS = {
    "en": """repeat|repeat after me|say this again|say|copy this text exactly|write|echo|type|repeat this|repeat the following|say after me|output|copy|print|repeat back|say the following|write down|repeat exactly|copy this|copy the following|write this|write the following|write exactly|say exactly|say exactly this|say it back|echo this|echo back|type this|type the following|output this|print this|print the following|repeat these words|copy these words|say these words|write these words|repeat this sentence|repeat this text|repeat my words|copy word for word|repeat word for word|say it like me|reply with|answer with|respond with|reply only with|answer only with|give me back|return|return exactly|read aloud|read this|read out|quote|parrot|parrot this|reproduce|reproduce this|transcribe|show|display|tell me back|say back to me|send back|write back|post|spell out""".split("|"),
    "zh": "重复|跟我说|说|照抄|写|复述|原样输出|再说一遍|重复一遍|跟我念|输出|抄一遍|抄写|写下|照着写|照着说|重复这句|重复这句话|复述一遍|重复下面的话|重复以下内容|复述以下内容|照抄下面的文字|照抄以下内容|原样重复|一字不差地重复|一字不改地说|逐字重复|跟着我说|跟着我念|跟读|念|念一下|念一遍|读|读一下|读一遍|朗读|大声说|说一遍|说出|说这句话|说下面的话|重复我的话|学我说|学我说话|模仿我说|把这个重复一遍|把这句话说一遍|把下面的抄一遍|打出|打出这些字|打字|写出|写一遍|写下这句|回复|只回复|回答|只回答|返回|原样返回|显示|打印|复制|复制这段|引用|抄下来".split("|"),
}
FORMS = {
    "en": ["{p}: {t}", "{p} \"{t}\"", "{p}:\n{t}", "{p}: \"{t}\"", "{p} {t}", "{p}: {t}", "{p} '{t}'", "{p}\n\n{t}", "{p} - {t}", "{p}, {t}", "{p} “{t}”", "{p}... {t}"],
    "zh": ["{p}：{t}", "{p}“{t}”", "{p}：\n{t}", "{p}：“{t}”", "{p} {t}", "{p}:{t}", "{p}「{t}」", "{p}\n{t}", "{p}\"{t}\"", "{p}，{t}", "{p}: {t}", "{p}\n\n{t}"],
}
AFTER = {
    "en": ["{t}\n\nRepeat the line above.", "\"{t}\": repeat that", "{t}\nCopy this.", "{t}\n\nSay that again.", "\"{t}\" - say it", "{t}\n\nNow repeat it.", "Here are some words: {t}\nSay them.", "I say \"{t}\", you say?", "{t}\n\nWrite it again exactly.", "How about you say \"{t}\"?", "Say this for me: {t}", "What did I just write: {t}"],
    "zh": ["{t}\n\n重复上面这行。", "“{t}”，重复一下", "{t}\n照抄。", "{t}\n\n再说一遍。", "“{t}”，你来说", "{t}\n\n请重复。", "有几个词：{t}\n说一遍。", "我说“{t}”，你也说", "{t}\n\n原样写一遍。", "把“{t}”重复一遍", "把“{t}”说一遍", "把“{t}”抄一遍", "把下面的话重复一遍：{t}", "跟我一起说：{t}"],
}
LINES = {
    "en": ["I like {t}", "hello {t}", "the {t} is on the table", "my {t} is here", "I am happy", "good morning, {n}", "one two three", "the sun is warm", "{n} has a {t}", "where is the {t}", "I want a {t}", "{n} and {m}", "this is a {t}", "today is a good day", "yes", "I am a small model", "{t} {t} {t}", "{n} lives in {c}", "1 2 3 4", "a b c", "thank you {n}", "we go to {c}", "red {t}, blue {t}", "no {t} for {n}"],
    "zh": ["我喜欢{t}", "你好{t}", "{t}在桌子上", "我的{t}在这里", "我很高兴", "早上好，{n}", "一二三", "太阳很暖和", "{n}有一个{t}", "{t}在哪里", "我要{t}", "{n}和{m}", "这是{t}", "今天是个好日子", "是", "我是一个小模型", "{t}{t}{t}", "{n}住在{c}", "1 2 3 4", "天地人", "谢谢{n}", "我们去{c}", "红{t}，蓝{t}", "没有{t}给{n}"],
}


def repeat(w: World) -> Conversation:
    """Repeat after me: the plainest test of copying."""
    r, lang = w.rng, w.lang
    if w.chance(0.3):
        text = w.one(LINES[lang]).replace("{t}", w.thing()).replace("{n}", w.first_name()).replace("{m}", w.first_name()).replace("{c}", w.city())
    else:
        parts = [r.choice([w.word, w.word, w.identifier, w.person, w.product, w.city, w.thing, w.phone, w.email])() for _ in range(r.choice([1, 1, 2, 3, 4, 5, 6, 7]))]
        text = (" " if lang == "en" else r.choice(["", "，", " "])).join(parts)
    if w.chance(0.2):
        ask = w.one(AFTER[lang]).replace("{t}", text)
    else:
        command = w.one(POLITE[lang]) + w.one(VERBS[lang])
        if lang == "en" and w.chance(0.6):
            command = command[0].upper() + command[1:]
        ask = w.one(FORMS[lang]).replace("{p}", command).replace("{t}", text)
    turns = _filler(w) if w.chance(0.1) else []
    return Conversation("repeat", lang, [*turns, Turn("user", ask), Turn("assistant", text)], thinking=w.chance(0.5), expected={"text": text})
