"""A few facts in the prompt and a question about one of them, distractors around it."""

from __future__ import annotations

from typing import Callable

from .conversation import Conversation, Turn
from .world import World


def _split(block: str) -> list[str]:
    return block.replace("\n", "|").split("|")


MAKES: dict[str, Callable[[World], str]] = {
    "money": lambda w: w.count(2, 999) + w.both(" dollars", "元"),
    "person": lambda w: w.person(),
    "address": lambda w: w.both(w.count(1, 400) + " " + w.word() + " Street", w.word() + "路" + w.count(1, 400) + "号"),
    "word": lambda w: w.word(),
    "phone": lambda w: w.phone(),
    "email": lambda w: w.email(),
    "code": lambda w: w.identifier(),
    "time": lambda w: w.time(),
    "weight": lambda w: w.count(1, 900) + " kg",
    "length": lambda w: w.count(2, 300) + " cm",
    "city": lambda w: w.city(),
    "day": lambda w: w.day(),
    "number": lambda w: w.count(2, 999),
    "years": lambda w: w.count(1, 30) + w.both(" years", "年"),
    "company": lambda w: w.company(),
    "country": lambda w: w.country(),
}
RELATIONS = [tuple(row.split("/")) for row in _split("""price/价格/money|owner/负责人/person|address/地址/address|colour/颜色/word|phone number/电话/phone|code/代码/code|opening time/开门时间/time|manager/经理/person|weight/重量/weight|location/位置/city|deadline/截止日期/day|status/状态/word|email address/邮箱/email|closing time/关门时间/time|author/作者/person|supplier/供应商/company|serial number/序列号/code|delivery day/送货日/day|guarantee/保修期/years|height/高度/length|width/宽度/length|length/长度/length|brand/品牌/word|material/材料/word|stock/库存/number|order number/订单号/code|country of origin/产地/country|contact/联系人/person|room/房间/code|director/主任/person|fee/费用/money|discount/折扣/money|start time/开始时间/time|end time/结束时间/time|inventor/发明人/person|buyer/买家/person|seller/卖家/company|size/尺寸/length|flavour/口味/word|nickname/昵称/word|shelf/货架/code|version/版本/number|deposit/押金/money|rent/租金/money|assistant/助理/person|password/密码/code""")]
LINES = {  # {s}: whose, {k}: what, {v}: its value; the first group runs on, the second is a line each
    "en": (_split("The {k} of {s} is {v}.|{s} has the {k} {v}.|{s}'s {k} is {v}.|For {s}, the {k} is {v}.|{v} is the {k} of {s}.|As for {s}, its {k} is {v}.|We know that the {k} of {s} is {v}.|{s}: the {k} is {v}.|The {k} for {s} is {v}.|At {s} the {k} is {v}.|{s} comes with the {k} {v}.|The {k} given for {s} is {v}."), _split("- {s}, {k}: {v}|{s} | {k} | {v}|* {k} of {s}: {v}|{s} / {k} = {v}|{k} ({s}): {v}|{s} - {k} - {v}|{s}: {k} {v}|{s}; {k}; {v}|> {s} {k}: {v}|{s}, {k}, {v}".replace(" | ", " ¦ "))),
    "zh": (_split("{s}的{k}是{v}。|{s}，{k}为{v}。|{s}的{k}为{v}。|{v}是{s}的{k}。|关于{s}，{k}是{v}。|{s}这边{k}是{v}。|{s}，它的{k}是{v}。|已知{s}的{k}是{v}。|{s}：{k}是{v}。|{k}方面，{s}是{v}。|{s}{k}：{v}。|据了解，{s}的{k}是{v}。"), _split("- {s}，{k}：{v}|{s} ¦ {k} ¦ {v}|* {s}的{k}：{v}|{s} / {k} = {v}|{k}（{s}）：{v}|{s} - {k} - {v}|{s}：{k} {v}|{s}；{k}；{v}|{s}，{k}，{v}|{s}{k}：{v}")),
}
ONE_SUBJECT = {"en": _split("{k}: {v}|- {k}: {v}|its {k}: {v}|{k} = {v}|{k} - {v}"), "zh": _split("{k}：{v}|- {k}：{v}|其{k}：{v}|{k} = {v}|{k}为{v}")}
ASKS = {
    "en": _split("""What is the {k} of {s}?|Which {k} does {s} have?|Tell me the {k} of {s}.|{s}: what is the {k}?|I need the {k} of {s}|What's the {k} of {s}?|what {k} does {s} have?|What is {s}'s {k}?|{s}'s {k}?|{k} of {s}?|The {k} of {s}, please.|Give me the {k} of {s}|Find the {k} of {s}|Do you know the {k} of {s}?|Can you tell me the {k} of {s}?|Could you give me the {k} of {s}?|Please tell me the {k} of {s}.|I want to know the {k} of {s}|I'd like to know the {k} of {s}.
What does the text say about the {k} of {s}?|What is the {k} for {s}?|According to the text, what is the {k} of {s}?|Look up the {k} of {s}|Please find the {k} of {s}|Which {k} is given for {s}?|What {k} is listed for {s}?|Question: what is the {k} of {s}?|Say the {k} of {s}|How about {s}: what is its {k}?|{s}, {k}?|For {s}, what is the {k}?|And the {k} of {s}?|Show me the {k} of {s}.|Read out the {k} of {s}|{k} for {s}?|Name the {k} of {s}.|What was the {k} of {s}?|Check the {k} of {s} for me|Get the {k} of {s}|My question is: what is the {k} of {s}?|Concerning {s}, what is the {k}?|I'm looking for the {k} of {s}"""),
    "zh": _split("""{s}的{k}是什么？|{s}的{k}？|告诉我{s}的{k}。|请问{s}的{k}是多少？|我想知道{s}的{k}|{s}的{k}是多少|{s}的{k}是啥|{s}的{k}呢|{s}{k}是什么|{s}是什么{k}|请告诉我{s}的{k}|请问{s}的{k}|能告诉我{s}的{k}吗|你知道{s}的{k}吗|查一下{s}的{k}|帮我查{s}的{k}|帮我找{s}的{k}|找出{s}的{k}|给我{s}的{k}|我要{s}的{k}|我需要{s}的{k}|说一下{s}的{k}
文中{s}的{k}是什么|文中说{s}的{k}是什么|根据上文，{s}的{k}是什么？|根据以上内容，{s}的{k}是多少？|上面{s}的{k}是什么|问题：{s}的{k}是什么？|{s}，{k}是什么？|{s}，{k}？|关于{s}，{k}是什么|那{s}的{k}呢|看看{s}的{k}|读一下{s}的{k}|麻烦说一下{s}的{k}|麻烦查一下{s}的{k}|想问下{s}的{k}|想了解{s}的{k}|{s}的{k}写的是什么|{s}那一条的{k}是什么|{k}呢？我问的是{s}|{s}有什么{k}|从资料里找{s}的{k}"""),
}
HEADS = {"en": ["", "", "", "", "Facts:\n", "Notes:\n", "Data:\n", "Here is what I know:\n", "Text: ", "Read this:\n", "Information:\n", "Some facts: ", "Use this text:\n", "Context:\n", "My list:\n"], "zh": ["", "", "", "", "资料：\n", "内容：\n", "信息：\n", "以下是资料：\n", "文字：", "读一读：\n", "事实：\n", "已知：", "根据下面的内容回答：\n", "背景：\n", "我的清单：\n"]}
LAYOUTS = ["{t}\n\n{q}", "{t}\n{q}", "{q}\n\n{t}", "{t} {q}", "{q}\n{t}", "{t}\n---\n{q}", "{q}\n---\n{t}"]


FURTHER = [0, 1, 2, 3]
"""In training: more questions about the same text."""


def facts(w: World) -> Conversation:
    r, lang = w.rng, w.lang
    name = lambda: w.product() if w.chance(0.5) else w.company() if w.chance(0.7) else w.person()

    def chosen() -> tuple:
        # A third are words that are no relation by themselves, so that questions are matched by their words and not by a list.
        if w.chance(0.65):
            return w.one(RELATIONS)
        word = w.word()
        return word, word, r.choice(list(MAKES))

    rows: list[tuple[str, str, str]] = []

    def add(s: str, relation: tuple) -> None:
        en, zh, kind = relation
        if all((s, w.both(en, zh)) != row[:2] for row in rows):
            rows.append((s, w.both(en, zh), MAKES[kind](w)))

    style = r.random()
    if style < 0.45:
        relation = chosen()
        for _ in range(r.randint(2, 8)):
            add(name(), relation)
    else:
        for s in [name() for _ in range(1 if style > 0.85 else r.randint(1, 3))]:
            for _ in range(r.randint(2, 5)):
                add(s, chosen())
    if style <= 0.85:
        r.shuffle(rows)
    fill = lambda pattern, row: pattern.replace("{s}", row[0]).replace("{k}", row[1]).replace("{v}", row[2])
    if style > 0.85:
        pattern = w.one(ONE_SUBJECT[lang])
        text = "\n".join([rows[0][0], *(fill(pattern, row) for row in rows)])
    elif w.chance(0.4):
        pattern = w.one(LINES[lang][1]).replace("¦", "|")
        text = "\n".join(fill(pattern, row) for row in rows)
    else:
        pattern = w.one(LINES[lang][0])
        varied = w.chance(0.4)
        text = w.both(" ", "").join(fill(w.one(LINES[lang][0]) if varied else pattern, row) for row in rows)

    def asked() -> tuple[str, str]:
        row = r.choice(rows)
        answer = fill(w.both("The {k} of {s} is {v}.", "{s}的{k}是{v}。"), row)
        if r.random() < 0.12:
            missing = name()
            if missing not in text:
                row = (missing, row[1], "")
                answer = w.both(f"The text does not say anything about {missing}.", f"文中没有提到{missing}。")
        return w.typed(fill(w.one(ASKS[lang]), row)), answer

    ask, answer = asked()
    text = w.one(HEADS[lang]) + text
    if r.random() < 0.25:
        turns = [Turn("system", text), Turn("user", ask), Turn("assistant", answer)]
    else:
        turns = [Turn("user", w.one(LAYOUTS).replace("{q}", ask).replace("{t}", text)), Turn("assistant", answer)]
    for _ in range(0 if w.test else r.choice(FURTHER)):
        ask, answer = asked()
        turns += [Turn("user", ask), Turn("assistant", answer)]
    return Conversation("facts", w.lang, turns, thinking=w.chance(0.5), expected={"text": answer})
