"""Short texts that keep what they were given: reply suggestions, phrases translated; key points and product facts turned into copy, which are asked for only (`beyond.given_up`)."""

from __future__ import annotations

from .conversation import Conversation, Turn
from .phrasings_points import ASK, IDLE, KEY
from .phrasings_suggest import ASK_ONE, ASK_THREE, CLOSINGS, MESSAGES, OPENINGS
from .phrasings_translate import PHRASES, TO_CHINESE, TO_ENGLISH
from .world import World

POLITE = (["{}", "{}", "{}", "Please: {}", "{}", "Hi! {}", "{}", "Task: {}", "{}", "Pocket: {}", "{}", "Can you do this? {}", "{}"], ["{}", "{}", "{}", "请：{}", "{}", "你好！{}", "{}", "任务：{}", "{}", "Pocket：{}", "{}", "帮个忙：{}", "{}"])


def _ask(w: World, en: list[str], zh: list[str]) -> str:
    """An instruction without its last sign."""
    ask = w.say(en, zh).rstrip(".。:：")
    if w.lang == "en" and w.chance(0.2):
        ask = ask[0].lower() + ask[1:]
    return w.say(*POLITE).replace("{}", ask)


def _posed(w: World, ask: str, text: str, after: bool = True) -> list[Turn]:
    """The instruction in the system turn, before the text or after it."""
    r = w.rng
    colon = "" if ask[-1] in "?？!！" else w.both(":", "：")
    place = r.random()
    if place < 0.25:
        return [Turn("system", ask + r.choice(["", colon, w.both("." if colon else "", "。" if colon else "")])), Turn("user", text)]
    if place < 0.45 and after:
        return [Turn("user", f"{text}{r.choice([chr(10), chr(10) * 2])}{ask}")]
    quoted = r.choice([text, text, text, f'"{text}"' if w.lang == "en" else f"“{text}”"]) if "\n" not in text else text
    return [Turn("user", f"{ask}{colon or ''}{r.choice([chr(10) if chr(10) in text else ' ', chr(10), chr(10) * 2])}{quoted}")]


def suggest(w: World) -> Conversation:
    messages_en, replies_en, messages_zh, replies_zh = w.rng.choice(MESSAGES)
    slots = {"d": w.day(), "t": w.time(), "p": w.product(), "n": w.first_name(), "c": w.city()}
    core = w.say(messages_en, messages_zh)
    opening, closing = w.say(*OPENINGS), w.say(*CLOSINGS)
    if "{n}" in core and "{n}" in opening + closing:
        opening = closing = ""
    if core[-1] in "?!." and closing in (".", "!"):
        closing = ""
    if w.lang == "en" and opening.endswith(", ") and not core.startswith(("I ", "I'", "{")):
        core = core[0].lower() + core[1:]
    if w.lang == "zh" and not closing and w.chance(0.5):
        closing = "？" if core[-1] in "吗呢" else ""
    message = (opening + core + closing).format(**slots)
    if w.lang == "en" and w.chance(0.2) and message[0].isalpha():
        message = message[0].lower() + message[1:]
    replies = [text.format(**slots) for text in (replies_en if w.lang == "en" else replies_zh)]
    count = w.rng.choice([1, 3, 3])
    ask = _ask(w, *(ASK_THREE if count == 3 else ASK_ONE))
    answer = "\n".join(f"{i + 1}. {text}" for i, text in enumerate(replies)) if count == 3 else replies[0]
    return Conversation("suggest", w.lang, [*_posed(w, ask, message), Turn("assistant", answer)], thinking=w.chance(0.3), expected={"text": answer})


def key_points(w: World) -> Conversation:
    r = w.rng
    sentences, points = [], []
    if w.chance(0.2):
        sentences.append(w.say(*IDLE))
    for en, en_point, zh, zh_point in r.sample(KEY, r.randint(2, 4)):
        slots = {"n": w.person(), "p": w.product(), "d": w.day(), "q": w.count(2, 500), "c": w.company(), "t": w.time(), "city": w.city(), "m": w.count(2, 900) + w.both(" dollars", "元"), "w": w.word()}
        sentences.append(w.say(en, zh).format(**slots))
        points.append("- " + w.both(en_point, zh_point).format(**slots))
        if w.chance(0.4):
            sentences.append(w.say(*IDLE))
    text = (r.choice([" ", " ", " ", "\n"]) if w.lang == "en" else r.choice(["", "", "", "\n"])).join(sentences)
    answer = "\n".join(points)
    return Conversation("key-points", w.lang, [*_posed(w, _ask(w, *ASK), text), Turn("assistant", answer)], thinking=w.chance(0.3), expected={"text": answer})


def translate(w: World) -> Conversation:
    en, zh = w.rng.choice(PHRASES)
    r = w.rng
    x = r.choice([lambda: r.choice(["{name}", "{city}", "{0}", "%s", "{item}", "{user}", "{{name}}", "$1", "{count}", "%d", "{" + w.pseudo(1, 2) + "}"]), w.identifier, lambda: w.first_name() if w.lang == "en" else w.pseudo().capitalize(), lambda: w.pseudo().capitalize()])()
    en, zh = en.replace("{x}", x), zh.replace("{x}", x)
    to_chinese = w.chance(0.5)
    source, target = (en, zh) if to_chinese else (zh, en)
    turns = _posed(w, _ask(w, *(TO_CHINESE if to_chinese else TO_ENGLISH)), source, after=w.chance(0.5))
    return Conversation("translate", w.lang, [*turns, Turn("assistant", target)], thinking=w.chance(0.3), expected={"text": target})


ADVERT = (
    """Write a short advert|Write product copy from these facts|Turn the facts into an advertisement|Marketing text, please|Write a product description|Advertise this|Make an ad|Ad copy, please|Sell this product in a few words|Write an advertisement|Product copy|Create a short product text|Write a promo for this product|Make a product description from the data|Describe this product for our shop|Turn this into a sales text|Write a text for the shop page|Write copy|A short ad for this, please|Draft a product text|Can you write an advert for this?|Promote this product|Text for a flyer|Write something that sells this|I need a product description|Make marketing copy from this|Generate a product text|Compose an advert from these facts|Shop description, please|Please advertise the product|Write a catalogue text|Use these facts for an ad|A few words of advertising""".split("|"),
    """写一段广告|根据这些信息写产品文案|把信息写成广告|请写营销文案|写一段产品介绍|给这个做广告|做个广告|广告文案|用几句话推销这个产品|写广告词|产品文案|写一段简短的产品文字|为这个产品写宣传|根据数据写产品描述|为我们的店描述这个产品|改成促销文案|写商品页文案|写文案|来一段短广告|起草产品文案|能写个广告吗|推广这个产品|写传单上的文字|写点能卖货的|我要一段产品描述|用这些写营销文字|生成产品文案|根据资料写广告|商品描述|请宣传这个产品|写目录文字|用这些信息做广告|来几句宣传语""".split("|"),
)
LABELS: dict[str, tuple[list[str], list[str]]] = {
    "name": ("Product|Name|Item|Article|Product name|What|Title|Model".split("|"), "产品|名称|商品|品名|产品名|商品名称|标题|型号".split("|")),
    "features": ("Features|Properties|Highlights|Facts|Details|Qualities|Key features|Points".split("|"), "特点|特性|亮点|卖点|详情|优点|主要特点|属性".split("|")),
    "maker": ("Brand|Maker|Manufacturer|Made by|From|Company|Vendor|Producer".split("|"), "品牌|厂家|制造商|出品|厂商|公司|商家|生产商".split("|")),
    "price": ("Price|Cost|Our price|Only|Price now|Retail price|Sale price|price".split("|"), "价格|售价|现价|单价|零售价|优惠价|特价|价钱".split("|")),
}


def advert(w: World) -> Conversation:
    r = w.rng
    name, maker, price = w.product(), w.company(), w.count(2, 900)
    features = [w.word() for _ in range(r.randint(1, 4))]
    unit = w.both(" dollars", "元")
    listed = (", ".join(features[:-1]) + " and " + features[-1] if len(features) > 1 else features[0]) if w.lang == "en" else "、".join(features)
    separator = r.choice([": ", ": ", " - ", " = ", ":"]) if w.lang == "en" else r.choice(["：", "：", ": ", " - ", "="])
    between = r.choice([", ", ", ", "; ", " / "]) if w.lang == "en" else r.choice(["、", "、", "，", " / "])
    bullet = r.choice(["", "", "", "- ", "* "])
    facts = {"name": name, "features": between.join(features)}
    with_maker, with_price = w.chance(0.6), w.chance(0.6)
    if with_maker:
        facts["maker"] = maker
    if with_price:
        facts["price"] = price + unit
    rows = [f"{bullet}{w.say(*LABELS[key])}{separator}{text}" for key, text in facts.items()]
    r.shuffle(rows)
    answer = w.both(f"Meet the {name}: {listed}.", f"认识一下{name}：{listed}。")
    if with_maker:
        answer += w.both(f" Made by {maker}.", f"由{maker}出品。")
    if with_price:
        answer += w.both(f" Yours for {price}{unit}.", f"只要{price}{unit}。")
    return Conversation("advert", w.lang, [*_posed(w, _ask(w, *ADVERT), "\n".join(rows)), Turn("assistant", answer)], thinking=w.chance(0.3), expected={"text": answer})
