"""Receipts and invoices → JSON, and the fields of a form out of a sentence."""

from __future__ import annotations

from .conversation import Conversation, Turn, dumps
from .world import World, mark

MONTHS = "January February March April May June July August September October November December".split()

CURRENCIES = {
    "en": [("USD", "$", "en"), ("EUR", "€", "de"), ("GBP", "£", "en"), ("EUR", "EUR", "de"), ("USD", "USD", "en"), ("CHF", "CHF", "ch"), ("JPY", "¥", "whole"), ("INR", "₹", "en"), ("EUR", "€", "en")],
    "zh": [("CNY", "¥", "en"), ("CNY", "元", "after"), ("CNY", "￥", "en"), ("CNY", "RMB", "en"), ("HKD", "HK$", "en"), ("USD", "US$", "en"), ("CNY", "CNY", "en")],
}


def money(w: World, cents: int, currency: tuple[str, str, str], symbol: bool) -> str:
    """An amount as its locale writes it."""
    code, sign, style = currency
    whole, rest = divmod(cents, 100)
    if style == "whole":
        text = f"{whole:,}"
    elif style == "de":
        text = f"{whole:,}".replace(",", ".") + f",{rest:02d}"
    elif style == "ch":
        text = f"{whole:,}".replace(",", "'") + f".{rest:02d}"
    else:
        text = f"{whole:,}.{rest:02d}"
    if not symbol:
        return mark(text)
    if style == "after":
        return mark(text) + sign
    if style == "de" or len(sign) == 3:
        return mark(text) + " " + sign
    return sign + mark(text)


def number(cents: int) -> int | float:
    return cents // 100 if cents % 100 == 0 else cents / 100


def date(w: World, currency: tuple[str, str, str]) -> tuple[str, str]:
    """→ as written, ISO 8601"""
    r = w.rng
    y, m, d = r.randint(2015, 2032), r.randint(1, 12), r.randint(1, 28)
    iso = f"{y}-{m:02d}-{d:02d}"
    if w.lang == "zh":
        return mark(r.choice([iso, f"{y}年{m}月{d}日", f"{y}/{m:02d}/{d:02d}", f"{y}.{m:02d}.{d:02d}", f"{y}年{m:02d}月{d:02d}日"])), iso
    options = [iso, f"{d} {MONTHS[m - 1]} {y}", f"{MONTHS[m - 1]} {d}, {y}", f"{d} {MONTHS[m - 1][:3]} {y}", f"{d:02d}.{m:02d}.{y}"]
    if currency[0] == "USD":
        options.append(f"{m:02d}/{d:02d}/{y}")
    if currency[0] == "GBP":
        options.append(f"{d:02d}/{m:02d}/{y}")
    return mark(r.choice(options)), iso


def receipt(w: World) -> Conversation:
    r = w.rng
    currency = r.choice(CURRENCIES[w.lang])
    step = 100 if currency[2] == "whole" else 1
    written, iso = date(w, currency)
    vendor, ident, customer = w.company(), w.identifier(), w.person()
    items, total = [], 0
    for _ in range(r.choice([1, 1, 2, 2, 3, 3, 4, 5, 6])):
        quantity = r.choice([1, 1, 1, 2, 3, r.randint(1, 24)])
        unit = r.choice([r.randint(50, 2000), r.randint(100, 20000), r.randint(1000, 250000)]) // step * step or step
        items.append((w.product(), quantity, unit))
        total += quantity * unit
    tax = total * r.choice([5, 6, 7, 10, 13, 19, 20]) // 100 // step * step if w.chance(0.4) else None
    gross = total + (tax or 0)
    symbol = w.chance(0.6)
    style = r.randrange(5)
    lines = []
    for name, quantity, unit in items:
        line_total = money(w, quantity * unit, currency, symbol)
        price = money(w, unit, currency, symbol)
        lines.append(
            [
                f"{quantity} x {name} {price}",
                f"{name} {quantity} x {price} = {line_total}",
                f"{name} | {quantity} | {price} | {line_total}",
                f"- {name}: {quantity} {w.both('at', '个，单价')} {price}",
                f"{name}\t{quantity}\t{price}",
            ][style]
        )
    if style == 2:
        lines.insert(0, w.both("Item | Qty | Price | Amount", "品名 | 数量 | 单价 | 金额"))
    if style == 4:
        lines.insert(0, w.both("Description\tQty\tUnit price", "项目\t数量\t单价"))
    head = {
        "vendor": w.say([f"{vendor}", f"{vendor}", f"From: {vendor}", f"Seller: {vendor}", f"Supplier: {vendor}", f"Invoice from {vendor}"], [f"{vendor}", f"{vendor}", f"商家：{vendor}", f"销售方：{vendor}", f"供应商：{vendor}", f"开票方：{vendor}"]),
        "number": w.say([f"Invoice {ident}", f"Invoice no. {ident}", f"Receipt {ident}", f"Number: {ident}", f"Invoice number: {ident}", f"No. {ident}"], [f"发票号：{ident}", f"单号：{ident}", f"发票号码：{ident}", f"编号：{ident}", f"小票号 {ident}", f"No. {ident}"]),
        "date": w.say([f"Date: {written}", f"Date {written}", f"{written}", f"Issued {written}", f"Invoice date: {written}"], [f"日期：{written}", f"{written}", f"开票日期：{written}", f"时间：{written}"]),
    }
    if w.chance(0.4):
        head["customer"] = w.say([f"Bill to: {customer}", f"Customer: {customer}", f"Sold to {customer}", f"Client: {customer}"], [f"客户：{customer}", f"购买方：{customer}", f"买家：{customer}", f"收货人：{customer}"])
    top = [head.pop("vendor")]
    rest = list(head.items())
    r.shuffle(rest)
    top += [text for _, text in rest]
    if w.chance(0.25):
        top.insert(0, w.say(["RECEIPT", "INVOICE", "Tax invoice", "Thank you for your order!"], ["收据", "发票", "增值税发票", "购物小票"]))
    if w.chance(0.3):
        top.append(w.say([f"Tel {w.phone()}", f"Cashier {w.first_name()}", f"Table {w.count(1, 40)}", f"{w.count(1, 300)} {w.word()} Street, {w.city()}"], [f"电话 {w.phone()}", f"收银员 {w.person()}", f"{w.city()}{w.word()}路{w.count(1, 300)}号", f"桌号 {w.count(1, 40)}"]))
    bottom = []
    if tax is not None:
        bottom += [w.both("Subtotal", "小计") + w.both(": ", "：") + money(w, total, currency, symbol), w.say(["Tax", "VAT", "Sales tax", "GST"], ["税额", "增值税", "税", "税金"]) + w.both(": ", "：") + money(w, tax, currency, symbol)]
    bottom.append(w.say(["Total: ", "TOTAL ", "Amount due: ", "Total due: ", "Grand total: ", "To pay: "], ["合计：", "总计：", "应付：", "总额：", "实付：", "价税合计："]) + money(w, gross, currency, True))
    if w.chance(0.3):
        bottom.append(w.say(["Thank you!", "Paid by card", "Payable within 30 days", "Cash"], ["谢谢惠顾", "刷卡支付", "请在30天内付款", "微信支付"]))
    text = "\n".join(top + lines + bottom)
    out: dict = {"vendor": vendor, "number": ident, "date": mark(iso)}
    if "customer" in head:
        out["customer"] = customer
    out |= {"currency": currency[0], "items": [{"name": n, "quantity": q, "price": number(u)} for n, q, u in items]}
    if tax is not None:
        out["tax"] = number(tax)
    out["total"] = number(gross)
    if w.chance(0.3):
        drop = r.sample([k for k in out if k != "items"], r.randint(1, 3))
        out = {k: v for k, v in out.items() if k not in drop}
    if w.chance(0.25):
        spare = w.say(["due_date", "phone", "discount", "iban"], ["due_date", "phone", "discount", "iban"])
        out[spare] = None
    if w.chance(0.25):
        shuffled = list(out)
        r.shuffle(shuffled)
        out = {k: out[k] for k in shuffled}
    if w.chance(0.3):
        renamed = {k: w.pseudo(1, 2) for k in r.sample([k for k in out if k not in ("items",)], min(2, len(out) - 1))}
        listing = ", ".join(f"{renamed[k]} ({k})" if k in renamed else k + (" (name, quantity, price)" if k == "items" else "") for k in out)
        out = {renamed.get(k, k): v for k, v in out.items()}
    else:
        listing = ", ".join(k + (" (name, quantity, price)" if k == "items" else "") for k in out)
    ask = w.say(
        [f"Extract as JSON: {listing}", f"Turn this receipt into JSON with {listing}.", f"Read the invoice and give JSON with these keys: {listing}", f"Extract these fields as JSON: {listing}", f"JSON keys: {listing}", f"Convert to JSON ({listing}):"],
        [f"提取为 JSON：{listing}", f"把这张小票变成 JSON，包含 {listing}。", f"读取发票，输出 JSON，字段：{listing}", f"以 JSON 提取这些字段：{listing}", f"JSON 字段：{listing}", f"转换为 JSON（{listing}）："],
    )
    return _ask("receipt", w, ask, text, out)


def _ask(task: str, w: World, ask: str, text: str, out: object) -> Conversation:
    reply = Turn("assistant", dumps(out))
    if w.chance(0.3):
        turns = [Turn("system", ask), Turn("user", text), reply]
    elif w.chance(0.2):
        turns = [Turn("user", f"{text}\n\n{ask}"), reply]
    else:
        turns = [Turn("user", f"{ask}\n\n{text}"), reply]
    return Conversation(task, w.lang, turns, thinking=w.chance(0.3), expected={"json": out})


FIELDS = {
    "name": (World.person, ["I am {}", "My name is {}", "This is {} speaking", "{} here", "The name is {}"], ["我叫{}", "我是{}", "姓名{}", "本人{}", "名字是{}"]),
    "phone": (World.phone, ["my number is {}", "call me on {}", "phone {}", "you can reach me at {}", "tel. {}"], ["电话{}", "请拨打{}", "我的号码是{}", "手机{}", "联系电话是{}"]),
    "email": (World.email, ["my email is {}", "write to {}", "mail: {}", "email {}"], ["邮箱是{}", "请发到{}", "邮件：{}", "电子邮箱{}"]),
    "city": (World.city, ["I live in {}", "I am from {}", "based in {}", "the city is {}", "in {}"], ["我住在{}", "我在{}", "来自{}", "城市是{}", "人在{}"]),
    "company": (World.company, ["I work for {}", "my company is {}", "on behalf of {}", "at {}"], ["我在{}工作", "公司是{}", "代表{}", "单位是{}"]),
    "date": (World.day, ["on {}", "{} would suit", "please for {}", "the day is {}"], ["日期{}", "{}可以", "{}合适", "时间定在{}"]),
    "time": (World.time, ["at {}", "the time is {}", "around {}", "from {}"], ["{}", "时间是{}", "大约{}", "从{}开始"]),
    "people": (lambda w: w.rng.randint(1, 20), ["for {} people", "we are {}", "{} guests", "a party of {}"], ["{}个人", "我们{}位", "{}位客人", "一共{}人"]),
    "product": (World.product, ["I bought {}", "it is about {}", "the product is {}", "my {} is broken"], ["我买了{}", "关于{}", "产品是{}", "我的{}坏了"]),
    "order": (World.identifier, ["order {}", "my order number is {}", "the order is {}", "reference {}"], ["订单{}", "订单号是{}", "单号{}", "编号{}"]),
    "amount": (lambda w: w.rng.choice([w.rng.randint(1, 2000), w.rng.randint(100, 99999) / 100]), ["the amount is {}", "it cost {}", "I paid {}", "the price was {}"], ["金额是{}", "花了{}", "我付了{}", "价格是{}"]),
    "address": (lambda w: w.count(1, 300) + w.both(" ", "号") + w.word() + w.both(" Street", "路"), ["the address is {}", "deliver to {}", "send it to {}", "my address: {}"], ["地址是{}", "送到{}", "寄到{}", "我的地址：{}"]),
    "job": (World.job, ["my job: {}", "occupation {}", "I work as {}", "by profession {}"], ["职业是{}", "我做{}", "工作是{}", "岗位{}"]),
    "age": (lambda w: w.rng.randint(18, 90), ["I am {} years old", "age {}", "{} years old", "my age is {}"], ["我{}岁", "年龄{}", "今年{}岁", "年纪是{}"]),
}


def form(w: World) -> Conversation:
    r = w.rng
    given = r.sample(list(FIELDS), r.randint(1, 6))
    values = {name: FIELDS[name][0](w) for name in given}
    clauses = [(w.say(FIELDS[n][1], FIELDS[n][2])).replace("{}", str(values[n])) for n in given]
    if w.chance(0.4):
        at = r.randrange(len(clauses) + 1)
        clauses.insert(at, w.say(["thank you in advance", "hope you are well", "sorry for the trouble", "it is urgent", "just so you know"], ["麻烦了", "谢谢", "有点急", "请尽快", "打扰了"]))
    joiner = w.say([", ", ". ", " and ", "; "], ["，", "。", "；", "，"])
    text = joiner.join(clauses) + w.both(".", "。")
    asked = list(given)
    missing = [n for n in FIELDS if n not in given]
    if w.chance(0.6):
        asked += r.sample(missing, r.randint(1, 3))
    if len(asked) > 2 and w.chance(0.3):
        asked.remove(r.choice(asked))
    if w.chance(0.75):
        r.shuffle(asked)
    names = {n: n for n in asked}
    shown = []
    for n in asked:
        if w.chance(0.15):
            names[n] = w.pseudo(1, 2)
            shown.append(f"{names[n]} ({n})")
        else:
            shown.append(n)
    out = {names[n]: values.get(n) for n in asked}
    listing = ", ".join(shown)
    ask = w.say(
        [f"Fill the form: {listing}", f"Fill in these fields: {listing}. Use null for what is not said.", f"Form fields: {listing}", f"Give JSON with {listing} from this sentence.", f"Extract as JSON: {listing}", f"Complete the form as JSON ({listing})."],
        [f"填写表单：{listing}", f"填写这些字段：{listing}。没有提到的用 null。", f"表单字段：{listing}", f"根据这句话给出 JSON：{listing}", f"提取为 JSON：{listing}", f"用 JSON 完成表单（{listing}）。"],
    )
    return _ask("form", w, ask, text, out)
