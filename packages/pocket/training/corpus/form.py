"""The fields of a form out of what somebody writes."""

from __future__ import annotations

from . import phrasings_form as said
from .asking import Printed, ask, fill, phrase, written
from .conversation import Conversation
from .world import World, mark

NUMBER_WORDS = {
    "en": "two three four five six seven eight nine ten".split(),
    "zh": "两 三 四 五 六 七 八 九 十".split(),
}


def small_number(low: int, high: int):
    def make(w: World) -> tuple[str, int]:
        """→ as said, and the number"""
        value = w.rng.randint(low, high)
        if 2 <= value <= 10 and w.chance(0.2):
            return NUMBER_WORDS[w.lang][value - 2], value
        return mark(value), value

    return make


def text(make):
    def both(w: World) -> tuple[str, str]:
        value = make(w)
        return value, value

    return both


def listed(name: str):
    return text(lambda w: mark(w.one(said.VALUES[name][w.lang])))


def amount(w: World) -> tuple[str, Printed]:
    r = w.rng
    digits = r.choice([str(r.randint(5, 3000)), str(r.randint(5, 3000)), f"{r.randint(1, 999)}.{r.randint(0, 99):02d}"])
    return mark(digits), Printed(digits)


def address(w: World) -> str:
    if w.lang == "zh":
        return w.word() + w.one(["路", "街", "大道", "巷"]) + w.count(1, 300) + "号"
    return w.count(1, 300) + " " + w.word() + " " + w.one(["Street", "Road", "Avenue", "Lane"])


MAKE = {
    "name": text(World.person),
    "phone": text(World.phone),
    "email": text(World.email),
    "city": text(World.city),
    "country": text(World.country),
    "company": text(World.company),
    "date": text(lambda w: w.day() if w.chance(0.6) else mark(w.both(f"{w.rng.choice(said.MONTHS)} {w.rng.randint(1, 28)}", f"{w.rng.randint(1, 12)}月{w.rng.randint(1, 28)}日"))),
    "time": text(World.time),
    "people": small_number(2, 20),
    "product": text(World.product),
    "order": text(World.identifier),
    "amount": amount,
    "address": text(address),
    "job": text(World.job),
    "age": small_number(11, 90),
    "quantity": small_number(2, 60),
    "postcode": text(lambda w: mark(w.digits(4, 6))),
    "room": text(lambda w: mark(w.digits(2, 4))),
    "nights": small_number(2, 14),
    "color": listed("color"),
    "size": listed("size"),
    "username": text(lambda w: mark(w.pseudo(2, 3) + w.digits(0, 3))),
    "flight": text(lambda w: mark("".join(w.rng.choices("ABCDEFGHKLMNPQRSTUVXZ", k=2)) + w.digits(2, 4))),
    "plate": text(lambda w: mark("".join(w.rng.choices("ABCDEFGHKLMNPRSTVX", k=2)) + w.rng.choice(["-", " ", ""]) + w.digits(3, 5))),
    "language": listed("language"),
    "payment": listed("payment"),
    "department": listed("department"),
}
NUMBERS = {"people", "amount", "age", "quantity", "nights"}


def clause(w: World, name: str, shown: str, third: bool) -> str:
    field = said.FIELDS[name]
    special, labels = (field.en, field.en_labels) if w.lang == "en" else (field.zh, field.zh_labels)
    if third and w.chance(0.75) or w.chance(0.35):
        frames = said.THIRD if third else said.FRAMES
        return fill(w, w.one(frames[w.lang]), l=w.one(labels), x=shown)
    return fill(w, w.one(special), x=shown)


OWN = {"en": ["my {l} is {x}", "{l}: {x}", "the {l} is {x}", "{l} {x}", "{l} = {x}", "{x} is my {l}", "as {l} take {x}", "for {l} put {x}"], "zh": ["我的{l}是{x}", "{l}：{x}", "{l}是{x}", "{l} {x}", "{l}为{x}", "{l}写{x}", "{l}填{x}", "{x}是我的{l}"]}
"""Clauses of fields under names that nobody has foreseen."""


def own_field(w: World) -> tuple[str, str, str]:
    """→ label, value, clause"""
    label = w.word()
    value = w.rng.choice([w.word, w.identifier, w.person, w.thing])()
    return label, value, fill(w, w.one(OWN[w.lang]), l=label, x=value)


def answer_name(w: World, name: str) -> str:
    """The field's name in the form: mostly its plain one, else as a web form labels it."""
    if w.chance(0.65):
        return name
    return w.one(said.FIELDS[name].names["zh" if w.lang == "zh" and w.chance(0.7) else "en"])


def listing(w: World, names: dict[str, str]) -> str:
    r = w.rng
    style = r.randrange(9)
    kind = {n: w.both("number", "数字") if n in NUMBERS else w.both("text", "文字") for n in names}
    if style == 0:
        return "{" + ", ".join(f'"{shown}": ""' for shown in names.values()) + "}"
    if style == 1:
        return "{" + ", ".join(f"{shown}: {'number' if n in NUMBERS else 'string'}" for n, shown in names.items()) + "}"
    if style == 2:
        return "\n- " + "\n- ".join(names.values()) + "\n"
    if style == 3:
        return ", ".join(f"{shown} ({kind[n]})" for n, shown in names.items())
    if style == 4:
        return ", ".join(f'"{shown}"' for shown in names.values())
    if w.lang == "zh" and style < 8:
        return r.choice(["、", "，", "、"]).join(names.values())
    return ", ".join(names.values())


def form(w: World) -> Conversation:
    r = w.rng
    given = r.sample(list(MAKE), r.choice([1, 2, 2, 3, 3, 3, 4, 4, 5, 6]))
    shown, values = {}, {}
    for name in given:
        shown[name], values[name] = MAKE[name](w)
    third = w.chance(0.2) and "name" in given
    parts = []
    if third:
        given.sort(key=lambda n: n != "name")
        parts.append(phrase(w, said.INTRODUCED["en"], said.INTRODUCED["zh"], x=shown["name"]))
    for name in given[1 if third else 0 :]:
        if w.chance(0.06):
            wrong, _ = MAKE[name](w)
            if wrong != shown[name]:
                parts.append(clause(w, name, wrong, third) + phrase(w, said.CORRECTIONS["en"], said.CORRECTIONS["zh"], x=shown[name]))
                continue
        parts.append(clause(w, name, shown[name], third))
    own = dict[str, str | None]()
    if w.chance(0.3):
        for _ in range(r.randint(1, 2)):
            label, value, said_so = own_field(w)
            if label not in own:
                own[label] = value if w.chance(0.8) else None
                if own[label]:
                    parts.insert(r.randrange(1, len(parts) + 1), said_so)
    if w.chance(0.4):
        parts.insert(r.randrange(len(parts) + 1), phrase(w, said.FILLERS["en"], said.FILLERS["zh"]))
    if w.chance(0.3):
        parts.insert(0, phrase(w, said.OPENINGS["en"], said.OPENINGS["zh"]))
    joiner = w.say([", ", ". ", " and ", "; ", ", ", ". ", "\n", " - ", " "], ["，", "。", "；", "，", " ", "。", "\n", "，", ","])
    if joiner == ". " or joiner == "\n":
        parts = [p[0].upper() + p[1:] if w.lang == "en" else p for p in parts]
    said_text = joiner.join(parts)
    said_text += w.both(r.choice([".", ".", "", "!"]), r.choice(["。", "。", "", "！"]))

    asked = list(given)
    if w.chance(0.5):
        asked += r.sample([n for n in MAKE if n not in given], r.randint(1, 3))
    if len(asked) > 2 and w.chance(0.25):
        asked.remove(r.choice(asked))
    if w.chance(0.6):
        asked.sort(key=list(MAKE).index)
    else:
        r.shuffle(asked)
    names: dict[str, str] = {}
    for name in asked:
        label = answer_name(w, name)
        names[name] = label if label not in names.values() else name
    for label in own:
        asked.insert(r.randrange(len(asked) + 1), label)
        names[label] = label
    names = {n: names[n] for n in asked}
    out = {names[n]: (own if n in own else values).get(n) for n in asked}
    instruction = phrase(w, said.ASK["en"], said.ASK["zh"], l=listing(w, names)).replace("\n.", "\n").replace("\n。", "\n").replace("\n，", "\n").strip("\n")
    return ask("form", w, instruction, said_text, written(out), {"json": out})
