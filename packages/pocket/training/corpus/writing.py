"""Short texts that keep what they were given: reply suggestions, key points, phrases translated, product facts turned into copy."""

from __future__ import annotations

from .conversation import Conversation, Turn
from .world import World

MESSAGES = [
    (["Can we meet on {d} at {t}?", "Are you free {d}, {t}?", "Shall we talk {d} at {t}?", "Is {d} at {t} okay for you?", "Let's have lunch {d} at {t}."], ["Yes, {d} at {t} works for me.", "Sorry, I cannot on {d}. Another day?", "Let me check and tell you soon."], ["{d}{t}可以见面吗？", "{d}{t}有空吗？", "我们{d}{t}聊聊？", "{d}{t}方便吗？", "{d}{t}一起吃饭吧。"], ["好的，{d}{t}见。", "抱歉，{d}不行，换一天？", "我看一下再告诉你。"]),
    (["Did you get the {p}?", "Has the {p} arrived?", "Is the {p} there yet?", "Please confirm that you have the {p}."], ["Yes, the {p} is here, thank you.", "No, the {p} has not arrived yet.", "I will look for it today."], ["你收到{p}了吗？", "{p}到了吗？", "{p}收到没有？", "请确认收到{p}。"], ["收到了，谢谢。", "{p}还没到。", "我今天查一下。"]),
    (["Thank you for the {p}!", "Many thanks for your help with the {p}.", "The {p} was great, thanks!", "Thanks again for the {p}, {n}."], ["You are welcome!", "My pleasure, any time.", "I am glad the {p} was useful."], ["谢谢你的{p}！", "多谢你帮忙处理{p}。", "{p}很好，谢谢！", "再次感谢你的{p}。"], ["不客气！", "很乐意。", "{p}有用就好。"]),
    (["The {p} is broken. What now?", "My {p} does not work.", "There is a problem with the {p}.", "The {p} I got is damaged."], ["I am sorry about the {p}. We will replace it.", "Could you send a photo of the {p}?", "Please tell me your order number."], ["{p}坏了，怎么办？", "我的{p}不能用。", "{p}有问题。", "收到的{p}是破的。"], ["很抱歉，我们会更换{p}。", "能发一张{p}的照片吗？", "请告诉我订单号。"]),
    (["When will you send the {p}?", "How long does the {p} take?", "Any news about the {p}?", "Where is the {p} you promised by {d}?"], ["I will send the {p} on {d}.", "It should be ready {d}.", "Sorry for the delay, I am on it."], ["什么时候发{p}？", "{p}还要多久？", "{p}有消息吗？", "说好{d}的{p}呢？"], ["我{d}发{p}。", "{d}应该就好。", "抱歉耽搁了，正在处理。"]),
    (["How much is the {p}?", "What does the {p} cost?", "Can you give me a price for the {p}?", "Is the {p} on offer?"], ["I will send you the price of the {p} today.", "How many do you need?", "The {p} is on our price list."], ["{p}多少钱？", "{p}什么价格？", "能报个{p}的价吗？", "{p}有优惠吗？"], ["今天把{p}的价格发给你。", "需要多少？", "{p}在价目表上。"]),
    (["Happy birthday, {n}!", "Congratulations, {n}!", "Well done, {n}!", "Best wishes to you, {n}!"], ["Thank you so much!", "How kind of you!", "Thanks, that made my day."], ["生日快乐，{n}！", "恭喜你，{n}！", "祝贺{n}！", "祝你一切顺利，{n}！"], ["非常感谢！", "你真好！", "谢谢，我很开心。"]),
    (["I am ill and cannot come {d}.", "Sorry, I will be late {d}.", "I must cancel {d}.", "I can't make it on {d}."], ["Get well soon!", "No problem, thanks for telling me.", "Shall we find another day?"], ["我病了，{d}来不了。", "抱歉，{d}会迟到。", "{d}我得取消。", "{d}我去不了。"], ["早日康复！", "没关系，谢谢告知。", "换一天吧？"]),
]


def suggest(w: World) -> Conversation:
    messages_en, replies_en, messages_zh, replies_zh = w.rng.choice(MESSAGES)
    slots = {"d": w.day(), "t": w.time(), "p": w.product(), "n": w.first_name()}
    message = w.say(messages_en, messages_zh).format(**slots)
    replies = [text.format(**slots) for text in (replies_en if w.lang == "en" else replies_zh)]
    count = w.rng.choice([1, 3, 3])
    ask = (
        w.say(["Suggest three replies:", "Three short replies, please:", "Suggest replies to this message:", "What could I answer? Three options.", "Give reply suggestions:"], ["建议三条回复：", "请给三条简短回复：", "这条消息怎么回？给三个选项。", "推荐回复：", "给出回复建议："])
        if count == 3
        else w.say(["Suggest one reply:", "Write a short reply:", "Answer this message for me:", "One reply, please:"], ["建议一条回复：", "写一条简短回复：", "替我回复：", "给一条回复："])
    )
    answer = "\n".join(f"{i + 1}. {text}" for i, text in enumerate(replies)) if count == 3 else replies[0]
    turns = [Turn("system", ask), Turn("user", message)] if w.chance(0.3) else [Turn("user", f"{ask}\n\n{message}")]
    return Conversation("suggest", w.lang, [*turns, Turn("assistant", answer)], thinking=w.chance(0.3), expected={"text": answer})


KEY = [
    ("{n} will send the {p} on {d}.", "{n} sends the {p} on {d}", "{n}将在{d}发送{p}。", "{n}{d}发送{p}"),
    ("We decided to buy {q} {p} from {c}.", "Buy {q} {p} from {c}", "我们决定从{c}购买{q}个{p}。", "从{c}购买{q}个{p}"),
    ("The meeting was moved to {d} at {t}.", "Meeting: {d} at {t}", "会议改到{d}{t}。", "会议：{d}{t}"),
    ("{c} has opened a new office in {city}.", "New office of {c} in {city}", "{c}在{city}开设了新办公室。", "{c}在{city}有新办公室"),
    ("The price of the {p} rose to {m}.", "{p} now costs {m}", "{p}的价格涨到{m}。", "{p}现价{m}"),
    ("{n} is the new manager of {c}.", "{n} manages {c}", "{n}是{c}的新经理。", "{n}任{c}经理"),
    ("The {p} is sold out until {d}.", "{p} sold out until {d}", "{p}售罄，{d}前没有货。", "{p}售罄至{d}"),
    ("Please send all questions to {n}.", "Questions to {n}", "有问题请找{n}。", "问题找{n}"),
    ("{q} people came to the fair in {city}.", "Fair in {city}: {q} people", "{city}的展会来了{q}人。", "{city}展会：{q}人"),
]
IDLE = (
    ["The weather was nice.", "Everyone enjoyed the coffee.", "It was a long day.", "As you know, these things take time.", "We hope that you are well.", "There was some laughter.", "The room was a little cold."],
    ["天气不错。", "大家喝了咖啡。", "这一天很长。", "如你所知，这需要时间。", "希望你一切都好。", "大家笑了起来。", "房间有点冷。"],
)


def key_points(w: World) -> Conversation:
    r = w.rng
    chosen = r.sample(KEY, r.randint(2, 4))
    sentences, points = [], []
    for en, en_point, zh, zh_point in chosen:
        slots = {"n": w.person(), "p": w.product(), "d": w.day(), "q": w.count(2, 500), "c": w.company(), "t": w.time(), "city": w.city(), "m": w.count(2, 900) + w.both(" dollars", "元")}
        sentences.append(w.both(en, zh).format(**slots))
        points.append("- " + w.both(en_point, zh_point).format(**slots))
        if w.chance(0.4):
            sentences.append(w.say(*IDLE))
    text = (" " if w.lang == "en" else "").join(sentences)
    ask = w.say(["Key points:", "Summarise in key points:", "List the key points of this text.", "What are the main points?", "Summarize:", "TL;DR in points"], ["要点：", "总结要点：", "列出这段文字的要点。", "主要内容是什么？", "概括：", "摘要"])
    turns = [Turn("system", ask), Turn("user", text)] if w.chance(0.3) else [Turn("user", r.choice([f"{ask}\n\n{text}", f"{text}\n\n{ask}"]))]
    answer = "\n".join(points)
    return Conversation("key-points", w.lang, [*turns, Turn("assistant", answer)], thinking=w.chance(0.3), expected={"text": answer})


PHRASES = [  # none held out: a sentence never seen cannot be translated by so small a model, only the asking and the slots vary
    ("Where is {x}?", "{x}在哪里？"), ("I would like {x}, please.", "请给我{x}。"), ("How much is {x}?", "{x}多少钱？"), ("My name is {x}.", "我叫{x}。"), ("I am looking for {x}.", "我在找{x}。"), ("Thank you, {x}.", "谢谢你，{x}。"),
    ("Good morning, {x}!", "早上好，{x}！"), ("{x} is closed today.", "{x}今天关门。"), ("We arrive at {x}.", "我们到达{x}。"), ("The password is {x}.", "密码是{x}。"), ("Please call {x}.", "请打电话给{x}。"), ("I do not have {x}.", "我没有{x}。"),
    ("{x} is very good.", "{x}非常好。"), ("Do you have {x}?", "你们有{x}吗？"), ("I live in {x}.", "我住在{x}。"), ("The train to {x} is late.", "去{x}的火车晚点了。"), ("See you tomorrow, {x}.", "明天见，{x}。"), ("I have an appointment with {x}.", "我和{x}有约。"),
    ("The bill, please.", "请结账。"), ("I do not understand.", "我不明白。"), ("Where is the toilet?", "洗手间在哪里？"), ("Good night.", "晚安。"), ("See you tomorrow.", "明天见。"), ("I am hungry.", "我饿了。"), ("I am tired.", "我累了。"), ("Happy birthday!", "生日快乐！"), ("Please wait.", "请稍等。"), ("Excuse me.", "打扰一下。"), ("No problem.", "没问题。"), ("Help!", "救命！"),
]


def translate(w: World) -> Conversation:
    en, zh = w.rng.choice(PHRASES)
    r = w.rng
    x = r.choice([lambda: r.choice(["{name}", "{city}", "{0}", "%s", "{item}", "{user}"]), w.identifier, lambda: w.first_name() if w.lang == "en" else w.pseudo().capitalize(), lambda: w.pseudo().capitalize()])()
    en, zh = en.replace("{x}", x), zh.replace("{x}", x)
    to_chinese = w.chance(0.5)
    source, target = (en, zh) if to_chinese else (zh, en)
    ask = w.say(
        ["Translate into Chinese:", "In Chinese:", "Chinese translation, please:", "How do you say this in Chinese?", "Translate to Chinese:"] if to_chinese else ["Translate into English:", "In English:", "English translation, please:", "How do you say this in English?", "Translate to English:"],
        ["翻译成中文：", "用中文怎么说：", "译成中文：", "请翻译成中文：", "中文："] if to_chinese else ["翻译成英文：", "用英文怎么说：", "译成英语：", "请翻译成英文：", "英文："],
    )
    turns = [Turn("system", ask), Turn("user", source)] if w.chance(0.2) else [Turn("user", f"{ask}{r.choice([' ', chr(10), chr(10) * 2])}{source}")]
    return Conversation("translate", w.lang, [*turns, Turn("assistant", target)], thinking=w.chance(0.3), expected={"text": target})


def advert(w: World) -> Conversation:
    r = w.rng
    name, maker, price = w.product(), w.company(), w.count(2, 900)
    features = [w.word() for _ in range(r.randint(1, 3))]
    unit = w.both(" dollars", "元")
    listed = (", ".join(features[:-1]) + " and " + features[-1] if len(features) > 1 else features[0]) if w.lang == "en" else "、".join(features)
    rows = [w.both(f"Product: {name}", f"产品：{name}"), w.both(f"Features: {', '.join(features)}", f"特点：{'、'.join(features)}")]
    with_maker, with_price = w.chance(0.6), w.chance(0.6)
    if with_maker:
        rows.append(w.both(f"Brand: {maker}", f"品牌：{maker}"))
    if with_price:
        rows.append(w.both(f"Price: {price}{unit}", f"价格：{price}{unit}"))
    r.shuffle(rows)
    ask = w.say(["Write a short advert:", "Write product copy from these facts:", "Turn the facts into an advertisement:", "Marketing text, please:", "Write a product description:"], ["写一段广告：", "根据这些信息写产品文案：", "把信息写成广告：", "请写营销文案：", "写一段产品介绍："])
    answer = w.both(f"Meet the {name}: {listed}.", f"认识一下{name}：{listed}。")
    if with_maker:
        answer += w.both(f" Made by {maker}.", f"由{maker}出品。")
    if with_price:
        answer += w.both(f" Yours for {price}{unit}.", f"只要{price}{unit}。")
    facts = "\n".join(rows)
    turns = [Turn("system", ask), Turn("user", facts)] if w.chance(0.3) else [Turn("user", f"{ask}\n\n{facts}")]
    return Conversation("advert", w.lang, [*turns, Turn("assistant", answer)], thinking=w.chance(0.3), expected={"text": answer})
