"""Receipts and invoices → JSON, or the answer to one question about them."""

from __future__ import annotations

from dataclasses import dataclass

from . import phrasings_receipt as said
from .asking import Printed, ask, fill, phrase, written
from .conversation import Conversation, Turn
from .form import form
from .world import World, mark

__all__ = ["form", "receipt"]

MONTHS = "January February March April May June July August September October November December".split()
WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun".split()


@dataclass(frozen=True)
class Currency:
    code: str
    sign: str
    after: bool = False
    thousands: str = ","
    point: str = "."
    whole: bool = False
    """Amounts without decimals."""


DOLLAR, YUAN = Currency("USD", "$"), Currency("CNY", "¥")
CURRENCIES = {
    "en": [
        DOLLAR, DOLLAR, DOLLAR, Currency("EUR", "€"), Currency("EUR", "€"), Currency("EUR", "€", True, ".", ","), Currency("EUR", "€", True, ".", ","), Currency("EUR", "EUR", True, ".", ","), Currency("EUR", "€", True, " ", ","),
        Currency("GBP", "£"), Currency("GBP", "£"), Currency("USD", "USD", True), Currency("CHF", "CHF", True, "'"), Currency("CHF", "CHF ", False, "'"), Currency("CHF", "Fr. ", False, "'"), Currency("JPY", "¥", whole=True), Currency("INR", "₹"),
        Currency("CAD", "CA$"), Currency("AUD", "A$"), Currency("SEK", "kr", True, " ", ","), Currency("GBP", "GBP", True), Currency("EUR", "EUR ", False), Currency("USD", "US$"), Currency("CAD", "CAD", True),
    ],
    "zh": [
        YUAN, YUAN, Currency("CNY", "元", True), Currency("CNY", "元", True), Currency("CNY", "￥"), Currency("CNY", "￥"), Currency("CNY", "RMB", True), Currency("CNY", "¥", whole=True), Currency("CNY", "元", True, whole=True), Currency("CNY", "人民币"),
        Currency("HKD", "HK$"), Currency("USD", "US$"), Currency("CNY", "CNY", True), Currency("EUR", "€"), Currency("USD", "美元", True), Currency("TWD", "NT$", whole=True), Currency("HKD", "港币"),
    ],
}  # fmt: skip


def money(cents: int, currency: Currency, symbol: bool) -> str:
    """An amount as its locale writes it."""
    whole, rest = divmod(cents, 100)
    text = mark(f"{whole:,}".replace(",", currency.thousands) + ("" if currency.whole else f"{currency.point}{rest:02d}"))
    if not symbol:
        return text
    if not currency.after:
        return currency.sign + text
    return text + ("" if currency.sign in "元美元" else " ") + currency.sign


def number(cents: int, currency: Currency) -> Printed:
    """The printed digits, with a point and nothing between the thousands."""
    return Printed(str(cents // 100) if currency.whole else f"{cents // 100}.{cents % 100:02d}")


def date(w: World, currency: Currency) -> tuple[str, str]:
    """→ as written, ISO 8601"""
    r = w.rng
    y, m, d = r.randint(2018, 2029), r.randint(1, 12), r.randint(1, 28)
    iso = f"{y}-{m:02d}-{d:02d}"
    if w.lang == "zh":
        return mark(r.choice([iso, iso, f"{y}年{m}月{d}日", f"{y}年{m}月{d}日", f"{y}/{m:02d}/{d:02d}", f"{y}.{m:02d}.{d:02d}", f"{y}年{m:02d}月{d:02d}日", f"{y}/{m}/{d}"])), iso
    month, short = MONTHS[m - 1], MONTHS[m - 1][:3]
    options = [iso, iso, f"{d} {month} {y}", f"{month} {d}, {y}", f"{d} {short} {y}", f"{short} {d}, {y}", f"{y}/{m:02d}/{d:02d}"]
    if currency.sign in ("$", "USD", "US$"):
        options += [f"{m:02d}/{d:02d}/{y}"] * 3
    elif currency.code == "GBP":
        options += [f"{d:02d}/{m:02d}/{y}"] * 2
    elif currency.code in ("EUR", "CHF"):
        options += [f"{d:02d}.{m:02d}.{y}"] * 3
    return mark(r.choice(options)), iso


@dataclass
class Item:
    name: str
    quantity: int
    unit: int


@dataclass
class Receipt:
    """What is printed, as text and as values. A missing entry of `facts` is not printed anywhere."""

    text: str
    facts: dict[str, object]
    shown: dict[str, str]
    """Values as they stand in the text, for questions."""
    items: list[Item]
    prices: dict[str, str]


def item_names(w: World, count: int) -> list[str]:
    names: dict[str, None] = {}
    while len(names) < count:
        if w.chance(0.5):
            name = mark(w.one(said.ITEMS[w.lang]))
        elif w.lang == "en" and w.chance(0.5):
            name = mark(w.invented(w.chance(0.5)) + " " + w.one(said.ITEMS["en"]).split()[0])
        elif w.lang == "zh" and w.chance(0.5):
            name = mark(w.glyphs(1, 2) + w.one(said.ITEMS["zh"]))
        else:
            name = w.product()
        names[name] = None
    return list(names)


def bought(w: World, currency: Currency, singles: bool) -> list[Item]:
    r = w.rng
    count = r.choice([1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 7, 8])
    dear = r.choice([2000, 2000, 20000, 250000])
    round_to = 100 if currency.whole else r.choice([1, 1, 5, 10, 50, 100])
    items = []
    for name in item_names(w, count):
        unit = max(round_to, r.randint(50, dear) // round_to * round_to)
        items.append(Item(name, 1 if singles else r.choice([1, 1, 1, 2, 2, 3, 4, r.randint(1, 24)]), unit * (10 if currency.code == "JPY" else 1)))
    return items


def vendor_name(w: World) -> str:
    if w.chance(0.5):
        return w.company()
    name = w.invented() if w.chance(0.6) else (w.one(["Rosa", "Nordlicht", "Bluebird", "Central", "Harbour", "Lakeside", "Luna", "Milano", "Golden Gate", "Old Town"]) if w.lang == "en" else w.one(["老王", "阳光", "好又多", "东方", "江南", "小城", "福满", "四季", "城南", "金海"]))
    return mark(w.one(said.VENDORS[w.lang]).replace("{x}", name))


def noise(w: World, patterns: dict[str, list[str]], most: int) -> list[str]:
    return list(dict.fromkeys(fill(w, w.one(patterns[w.lang])) for _ in range(w.rng.randint(0, most))))


def print_items(w: World, items: list[Item], currency: Currency, symbol: bool, singles: bool) -> tuple[list[str], dict[str, str]]:
    pattern = w.one((said.SINGLES if singles else said.LINES)[w.lang])
    heading, _, pattern = pattern.rpartition("§")
    line = fill(w, pattern, q="{q}", i="{i}", p="{p}", t="{t}", s="{s}")
    gap = w.rng.choice(["  ", "   ", "    ", "\t", "      "])
    lines = [fill(w, heading)] if heading else []
    prices = {}
    for item in items:
        prices[item.name] = price = money(item.unit, currency, symbol)
        lines.append(fill(w, line, q=mark(item.quantity), i=item.name, p=price, t=money(item.quantity * item.unit, currency, symbol), s=gap))
    return lines, prices


def make_receipt(w: World) -> Receipt:
    r = w.rng
    currency = r.choice(CURRENCIES[w.lang])
    singles = w.chance(0.2)
    day, iso = date(w, currency)
    vendor, ident, person = vendor_name(w), w.identifier(), (w.person() if w.chance(0.7) else w.company())
    items = bought(w, currency, singles)
    net = sum(item.quantity * item.unit for item in items)
    rate = r.choice([5, 6, 7, 8, 10, 13, 19, 20, 21])
    step = 100 if currency.whole else 1
    facts: dict[str, object] = {"vendor": vendor, "number": ident, "date": mark(iso)}
    shown = {"vendor": vendor, "number": ident, "date": day, "currency": currency.code}
    letter = w.chance(0.07)
    if w.chance(0.35):
        facts["customer"] = shown["customer"] = person
    if w.chance(0.12) and not letter:
        del facts["number"], shown["number"]
    symbol = w.chance(0.55)
    facts["currency"] = currency.code
    facts["items"] = items
    total, taxed = net, w.chance(0.4) and not letter
    lines_tax: list[str] = []
    gap = w.say(said.GAPS["en"], said.GAPS["zh"])
    if taxed:
        tax = max(step, net * rate // 100 // step * step)
        label = w.one(said.TAX[w.lang])
        inside = any(part in label for part in ("ncl", "of which", "含"))
        total = net if inside else net + tax
        facts["tax"] = number(tax, currency)
        shown["tax"] = money(tax, currency, symbol)
        lines_tax = [label.replace("{r}", str(rate)) + gap + shown["tax"]]
        if w.chance(0.7):
            lines_tax.insert(0, w.one(said.SUBTOTAL[w.lang]) + gap + money(net if not inside else net - tax, currency, symbol))
    facts["total"] = number(total, currency)
    shown["total"] = money(total, currency, True)
    total_label = w.one(said.TOTAL[w.lang])

    if letter:
        bought_as = w.both("{q} x {i} at {p}", "{i}{q}份，单价{p}") if w.chance(0.6) else w.both("{q} {i} ({p} each)", "{q}个{i}（每个{p}）")
        prices = {item.name: money(item.unit, currency, True) for item in items}
        listed = w.both(", ", "，").join(fill(w, bought_as, q=mark(item.quantity), i=item.name, p=prices[item.name]) for item in items)
        to = w.both(f" for {person}", f"，客户{person}") if "customer" in facts else ""
        text = phrase(w, said.LETTERS["en"], said.LETTERS["zh"], x=ident, v=vendor, d=day, to=to, items=listed, total=total_label + w.both(": ", "：") + shown["total"])
        return Receipt(text, facts, shown, items, prices)

    head = [w.one(said.DATE[w.lang]).replace("{d}", day).replace("{c}", f"{r.randint(7, 22):02d}:{r.randint(0, 59):02d}")]
    if "number" in facts:
        head.insert(r.randrange(2), w.one(said.NUMBER[w.lang]).replace("{x}", ident))
    if "customer" in facts:
        head.insert(r.randrange(len(head) + 1), w.one(said.CUSTOMER[w.lang]).replace("{x}", person))
    for extra in noise(w, said.NOISE, 3) if w.chance(0.6) else []:
        head.insert(r.randrange(len(head) + 1), extra)
    top = [w.one(said.VENDOR[w.lang]).replace("{v}", vendor), *head]
    if w.chance(0.35):
        top.insert(r.choice([0, 0, 1]), w.one(said.HEADINGS[w.lang]))
    lines, prices = print_items(w, items, currency, symbol, singles)
    bottom = [*lines_tax, total_label + gap + shown["total"]]
    if w.chance(0.2):
        paid, back = w.one(said.CASH[w.lang])
        given = -(-total // 1000) * 1000
        bottom += [paid + gap + money(given, currency, symbol), back + gap + money(given - total, currency, symbol)]
    bottom += noise(w, said.ENDINGS, 2) if w.chance(0.5) else []
    between = r.choice(["", "", "", "-" * 8, "=" * 8, "\n"])
    rule = [between.strip("\n")] if between else []
    return Receipt("\n".join(top + rule + lines + rule + bottom), facts, shown, items, prices)


FURTHER_QUESTIONS = [0, 0, 0, 1, 2]
"""In training, after the JSON: a receipt is a hundred tokens and more, and each answer about it is a few."""
NOT_PRINTED = {"en": "Not stated.", "zh": "没有写明。"}


def questioned(w: World, printed: Receipt) -> tuple[str, str]:
    """→ a question about one value, and the value as it is printed."""
    key = w.rng.choice(["total", "total", "total", "vendor", "vendor", "date", "number", "customer", "tax", "price", "price", "quantity", "currency"])
    if key in ("customer", "tax", "number") and key not in printed.facts and w.chance(0.5):
        key = "total"
    item = w.rng.choice(printed.items)
    if key == "price":
        answer = printed.prices[item.name]
    elif key == "quantity":
        answer = mark(item.quantity)
    else:
        answer = printed.shown.get(key, NOT_PRINTED[w.lang])
    wording = phrase(w, *said.QUESTIONS[key], x=item.name)
    return wording[0].upper() + wording[1:] if w.chance(0.3) else wording, answer


def question(w: World, printed: Receipt) -> Conversation:
    wording, answer = questioned(w, printed)
    return ask("receipt", w, wording, printed.text, answer, {"text": answer})


ORDER = ["vendor", "number", "date", "customer", "currency", "items", "tax", "total"]
COLUMNS = ["name", "quantity", "price"]


def listing(w: World, keys: list[str], names: dict[str, str], columns: list[str], named: bool) -> str:
    """The asked keys, as people write them down. `named`: what an item holds is said as well."""
    inside = [names[c] for c in columns]
    style = w.rng.randrange(10)
    if style == 0:
        empty = {k: 0 for k in ("total", "tax", "price", "quantity")}
        item = ", ".join(f'"{names[c]}": {empty.get(c, chr(34) * 2)}' for c in columns)
        return "{" + ", ".join(f'"{names[k]}": ' + (f"[{{{item}}}]" if k == "items" else str(empty.get(k, '""'))) for k in keys) + "}"
    if style == 1:
        item = ", ".join(f"{names[c]}: {'string' if c == 'name' else 'number'}" for c in columns)
        return "{" + ", ".join(f"{names[k]}: " + (f"[{{{item}}}]" if k == "items" else "number" if k in ("tax", "total") else "string") for k in keys) + "}"
    if w.lang == "zh" and style < 6:
        return w.rng.choice(["、", "，"]).join(names[k] + (f"（{'、'.join(inside)}）" if k == "items" and named else "") for k in keys)
    wrapped = ['"{}"', "{}", "`{}`"][w.rng.choice([0, 1, 1, 1, 1, 1, 2])]
    holds = w.rng.choice([" ({})", " ({})", "[{}]", " with {}", ": [{}]"])
    words = [wrapped.format(names[k]) + (holds.format(", ".join(inside)) if k == "items" and named else "") for k in keys]
    if style == 2:
        return "\n- " + "\n- ".join(words) + "\n"
    if style == 3 and len(words) > 1 and w.lang == "en":
        return ", ".join(words[:-1]) + " and " + words[-1]
    return ", ".join(words)


def receipt(w: World) -> Conversation:
    r = w.rng
    printed = make_receipt(w)
    if w.chance(0.15):
        return question(w, printed)
    if w.chance(0.2):
        keys, columns, names = [k for k in ORDER if k in printed.facts], COLUMNS, {k: k for k in ORDER + COLUMNS}
        instruction = phrase(w, said.ASK_ALL["en"], said.ASK_ALL["zh"])
    else:
        # Mostly what is printed, now and then a key that is not: null.
        keys = [k for k in ORDER if k in printed.facts or w.chance(0.15)]
        if w.chance(0.55):
            keys = [k for k in keys if w.chance(0.85 if k == "items" else 0.6)] or ["items", "total"]
        if w.chance(0.15):
            r.shuffle(keys)
        columns, named = COLUMNS, w.chance(0.7)
        if named and w.chance(0.15):
            columns = [c for c in COLUMNS if c == "name" or w.chance(0.4)]
        names = {k: k for k in ORDER + COLUMNS}
        if w.chance(0.3):
            named = True
            renamed = said.ALIASES["zh" if w.lang == "zh" and w.chance(0.6) else "en"]
            names = {k: w.one(renamed[k]) if w.chance(0.7) else k for k in names} if renamed is said.ALIASES["en"] else {k: w.one(renamed[k]) for k in names}
        instruction = phrase(w, said.ASK_KEYS["en"], said.ASK_KEYS["zh"], l=listing(w, keys, names, columns, named)).replace("\n.", "\n").replace("\n。", "\n").replace("\n，", "\n")
    values = {"name": lambda i: i.name, "quantity": lambda i: i.quantity, "price": lambda i: number(i.unit, currency)}
    currency = next(c for c in CURRENCIES[w.lang] if c.code == printed.facts["currency"] and c.whole == ("." not in printed.facts["total"].digits))
    out: dict[str, object] = {}
    for key in keys:
        fact = printed.facts.get(key)
        out[names[key]] = [{names[c]: values[c](item) for c in columns} for item in printed.items] if key == "items" else fact
    conversation = ask("receipt", w, instruction.strip("\n"), printed.text, written(out), {"json": out})
    for _ in range(0 if w.test else r.choice(FURTHER_QUESTIONS)):
        wording, answer = questioned(w, printed)
        conversation.turns += [Turn("user", wording), Turn("assistant", answer)]
    return conversation
