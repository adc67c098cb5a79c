"""Sums: without a thought + and - up to 99 and × up to 10 × 10; with one, digit by digit, + and - up to 999 and × by one digit. Beyond is the rest."""

from __future__ import annotations

from .conversation import Conversation, Turn
from .world import World


def _split(block: str) -> list[str]:
    return block.replace("\n", "|").split("|")


# {e}: an expression such as 3 + 4. {a} and {b}: its two numbers.
ASK_EN = _split("""What is {e}?|{e} = ?|{e}|How much is {e}?|Calculate {e}|Please compute {e}.|{e}=|Can you work out {e}?|what's {e}|whats {e}?|{e}?|{e} is|{e} equals|{e} equals?|{e} =|Compute {e}|compute: {e}|Work out {e}|Solve {e}|solve: {e}|Tell me {e}
Can you tell me what {e} is?|Do you know what {e} is?|I need {e}|I want to know {e}|Could you calculate {e}?|Can you calculate {e}?|Can you do {e}?|Please calculate {e}|please: {e}|Give me the result of {e}|What is the result of {e}?|What does {e} make?|What does {e} equal?|What do I get for {e}?|How many is {e}?|Find {e}|{e}, please
Evaluate {e}|Quick: {e}|Hey, what is {e}?|ok, what is {e}|And {e}?|and what is {e}?|Now {e}|Let me see: {e}?|Help me with {e}|Help me calculate {e}|My homework: {e}|Sum: {e}|Test: {e}|Math: {e}|maths question: {e}|Answer this: {e}|What comes out of {e}?|What would {e} be?|Is it hard to do {e}?|So {e} makes?|think: {e}|Think about {e}|How would you solve {e}?""")
ASK_ZH = _split("""{e}等于多少？|{e} = ?|{e}|{e}是多少|计算{e}|请算一下{e}|{e}=|帮我算{e}|{e}等于几|{e}等于几？|{e}得多少|{e}得几|{e}是几|{e}等于|{e}等于？|{e}？|{e}=？|{e}=?|算{e}|算一下{e}|算算{e}|算一算{e}|请计算{e}|请问{e}等于多少|请问{e}是多少|请问{e}等于几|你知道{e}等于多少吗|你知道{e}是多少吗|你会算{e}吗
能算{e}吗|能不能算一下{e}|能帮我算一下{e}吗|帮我算一下{e}|帮忙算一下{e}|帮我计算{e}|麻烦算一下{e}|告诉我{e}等于多少|告诉我{e}是多少|我想知道{e}等于多少|我想算{e}|求{e}|求{e}的结果|{e}的结果|{e}的结果是什么|{e}的答案|{e}的答案是多少|{e}多少|那{e}呢|那{e}等于多少|再算{e}|现在算{e}|考考你：{e}|考你一道题：{e}|作业：{e}|数学题：{e}|题目：{e}|口算{e}|快算：{e}|{e}一共是多少|想一想{e}等于多少|{e}是多少呀|{e}怎么算|试试{e}""")
IN_WORDS = {
    "+": (
        _split("""What is the sum of {a} and {b}?|Add {a} and {b}|Add {b} to {a}|sum of {a} and {b}|the sum of {a} and {b}|What do {a} and {b} make?|{a} and {b} together?|Please add {a} and {b}|Can you add {a} and {b}?|What is {a} added to {b}?|How much are {a} and {b}?|Sum {a} and {b}|{a} added to {b}|Put {a} and {b} together|What do you get if you add {a} and {b}?|total of {a} and {b}|What is the total of {a} and {b}?|{a} and {b} is how much?"""),
        _split("""{a}与{b}的和是多少|{a}和{b}的和|把{a}和{b}加起来|{a}和{b}加起来是多少|{a}跟{b}相加|{a}与{b}相加得多少|求{a}和{b}的和|{a}再加{b}是多少|{a}和{b}一共多少|请把{a}和{b}相加|{a}和{b}合起来是多少|{a}跟{b}加起来等于几|{a}和{b}总共多少|{a}和{b}之和|{a}加上{b}一共几|给{a}加上{b}"""),
    ),
    "-": (
        _split("""What is the difference of {a} and {b}?|Subtract {b} from {a}|Take {b} from {a}|difference between {a} and {b}|What is {a} less {b}?|Take {b} away from {a}|{a} take away {b}|What is left of {a} without {b}?|What is {b} subtracted from {a}?|Please subtract {b} from {a}|Can you subtract {b} from {a}?|How much is {a} without {b}?|How much more is {a} than {b}?|the difference of {a} and {b}|What remains if I take {b} from {a}?|{a} reduced by {b}"""),
        _split("""{a}与{b}的差是多少|{a}和{b}的差|从{a}里减去{b}|从{a}中减{b}是多少|{a}比{b}多多少|求{a}和{b}的差|{a}减掉{b}还剩多少|{a}拿走{b}剩几|{a}和{b}相差多少|{b}比{a}少多少|{a}和{b}差多少|{a}去掉{b}是多少|{a}与{b}之差|把{a}减去{b}"""),
    ),
    "×": (
        _split("""Multiply {a} by {b}|What is the product of {a} and {b}?|product of {a} and {b}|{a} multiplied by {b}|What is {a} multiplied by {b}?|Please multiply {a} by {b}|Can you multiply {a} by {b}?|multiply {a} and {b}|How much is {a} taken {b} times?|{a} by {b}|the product of {a} and {b}|What do you get if you multiply {a} by {b}?"""),
        _split("""{a}与{b}的积是多少|{a}和{b}的积|把{a}和{b}相乘|{a}和{b}相乘得多少|{a}的{b}倍是多少|{a}的{b}倍|求{a}和{b}的积|{b}个{a}是多少|{a}与{b}相乘|{a}和{b}乘起来是多少|请把{a}乘{b}|{b}个{a}相加"""),
    ),
}
# {w}: a person, {t}: a thing.
STORIES = {
    "+": (
        _split("""{w} has {a} of {t} and gets {b} more. How many now?|There were {a} ({t}). {w} adds {b}. How many are there?|I have {a} of {t} and buy {b} more. How many do I have?|{w} has {a} of {t}, I have {b}. How many together?|{a} of {t} in a box, {b} on the table. How many in all?|{w} found {a} of {t}, then {b} more. How many in total?|On Monday {w} sold {a} of {t}, on Tuesday {b}. How many altogether?|We had {a} of {t}. {b} more came. How many now?|{w} ate {a} of {t} and then {b} more. How many did {w} eat?|I see {a} of {t} here and {b} there. How many is that?|A shop has {a} of {t} and orders {b}. How many will it have?|{w} carries {a} of {t}, picks up {b}. How many now?|If I have {a} of {t} and you give me {b}, how many do I have?|{w} counts {a} of {t} and {b} more. What is the total?"""),
        _split("""{w}有{a}个{t}，又得到{b}个。现在有多少个？|原来有{a}个{t}，{w}加了{b}个。一共多少？|我有{a}个{t}，又买了{b}个，现在有几个？|{w}有{a}个{t}，我有{b}个，一共有多少？|盒子里有{a}个{t}，桌上有{b}个，总共几个？|{w}先找到{a}个{t}，后来又找到{b}个，一共找到几个？|星期一卖了{a}个{t}，星期二卖了{b}个，共卖了多少？|我们有{a}个{t}，又来了{b}个，现在几个？|{w}吃了{a}个{t}，又吃了{b}个，一共吃了几个？|这里有{a}个{t}，那里有{b}个，合起来多少？|商店有{a}个{t}，又进货{b}个，现在有多少？|小明有{a}个{t}，{w}给他{b}个，他有几个？|如果我有{a}个{t}，你再给我{b}个，我有几个？|左边{a}个{t}，右边{b}个，一共多少个？"""),
    ),
    "-": (
        _split("""{w} has {a} of {t} and gives away {b}. How many are left?|From {a} ({t}), {w} takes {b}. How many remain?|I have {a} of {t} and lose {b}. How many do I have left?|There are {a} of {t}, {b} are broken. How many are good?|{w} had {a} of {t} and sold {b}. How many remain?|We had {a} of {t} and ate {b}. How many are left?|A shop has {a} of {t} and sells {b}. How many are left?|Of {a} of {t}, {w} used {b}. What is left?|I had {a} of {t}. {w} took {b}. How many now?|{a} of {t} were on the table; {b} fell off. How many stayed?|If I have {a} of {t} and give you {b}, how many do I keep?|{w} needs {a} of {t} and has {b}. How many are missing?|{w} bought {a} of {t} and returned {b}. How many left?"""),
        _split("""{w}有{a}个{t}，送出{b}个。还剩多少？|{a}个{t}，{w}拿走{b}个。剩下多少？|我有{a}个{t}，丢了{b}个，还剩几个？|有{a}个{t}，坏了{b}个，好的有几个？|{w}有{a}个{t}，卖了{b}个，还剩多少？|我们有{a}个{t}，吃了{b}个，剩几个？|商店有{a}个{t}，卖出{b}个，还有多少？|{a}个{t}用了{b}个，还剩几个？|原来有{a}个{t}，{w}借走{b}个，现在几个？|桌上有{a}个{t}，掉了{b}个，桌上还有几个？|如果我有{a}个{t}，给你{b}个，我还有几个？|{w}要{a}个{t}，已有{b}个，还差几个？|{w}买了{a}个{t}，退了{b}个，还剩几个？"""),
    ),
}
SIGNS = {
    "en": {"+": ["+", "+", "+", " plus ", " + ", "+", " and "], "-": ["-", "-", "-", " minus ", " - ", "−"], "×": ["×", "*", "x", " times ", " x ", " × ", "X"]},
    "zh": {"+": ["+", "+", "加", "加上", " + ", "＋", "+"], "-": ["-", "-", "减", "减去", " - ", "－", "-"], "×": ["×", "*", "乘以", "乘", "x", "×", " × "]},
}
NUMBERS = {"en": "zero one two three four five six seven eight nine ten".split(), "zh": list("零一二三四五六七八九十")}
FOLLOWED = {"en": _split("ok, and {q}|next: {q}|one more: {q}|now: {q}|great. {q}|and: {q}|thanks! {q}|{q}|{q}|{q}"), "zh": _split("好，那{q}|下一题：{q}|再来：{q}|接着：{q}|很好。{q}|还有：{q}|谢谢！{q}|{q}|{q}|{q}")}


def _column_steps(a: int, b: int, plus: bool) -> list[str]:
    lines, carry = [], 0
    left, right = str(a)[::-1], str(b)[::-1]
    for i in range(max(len(left), len(right))):
        x, y = int(left[i]) if i < len(left) else 0, int(right[i]) if i < len(right) else 0
        z = x + y + carry if plus else x - y - carry
        sign = "+" if plus else "-"
        middle = f"{x} {sign} {y}" + (f" {sign} {carry}" if carry else "")
        carried = z // 10 if plus else int(z < 0)
        lines.append(f"{middle} = {z}: {z % 10}, {carried}")
        carry = carried
    return lines


def _product_steps(a: int, b: int) -> list[str]:
    lines, carry = [], 0
    for d in str(a)[::-1]:
        z = int(d) * b + carry
        lines.append(f"{d} × {b}" + (f" + {carry}" if carry else "") + f" = {z}: {z % 10}, {z // 10}")
        carry = z // 10
    return lines


def _numbers(w: World, kind: str, thinking: bool) -> tuple[int, int]:
    r = w.rng
    if kind == "×":
        if not thinking or r.random() < 0.3:
            return r.randint(1, 10), r.randint(1, 10)
        a, b = r.randint(11, r.choice([99, 999])), r.randint(2, 9)
        return a, b
    top = r.choice([9, 20, 99, 99, 999, 999] if thinking else [9, 9, 20, 99, 99])
    a, b = r.randint(0, top), r.randint(0, top)
    return (b, a) if kind == "-" and a < b else (a, b)


def _asked(w: World, kind: str, a: int, b: int) -> tuple[str, bool]:
    """→ the question, and whether it is a story about things."""
    en = w.lang == "en"
    how = w.rng.random()
    fill = lambda text: text.replace("{a}", str(a)).replace("{b}", str(b))
    if how < 0.2 and kind in STORIES:
        return fill(w.say(*STORIES[kind])).replace("{w}", w.first_name()).replace("{t}", w.thing()), True
    if how < 0.35:
        return w.typed(fill(w.say(*IN_WORDS[kind]))), False
    sign = w.rng.choice(SIGNS[w.lang][kind])
    if max(a, b) <= 10 and w.chance(0.12):
        sign = {"+": " plus ", "-": " minus ", "×": " times "}[kind] if en else {"+": "加", "-": "减", "×": "乘"}[kind]
        expression = NUMBERS[w.lang][a] + sign + NUMBERS[w.lang][b]
    else:
        expression = f"{a}{sign}{b}"
    text = w.say(ASK_EN, ASK_ZH).replace("{e}", expression)
    if en and w.chance(0.3):
        text = text[0].lower() + text[1:]
    return text, False


def _sum(w: World, thinking: bool) -> tuple[str, str, str]:
    """→ question, reply, thought."""
    kind = w.rng.choice("++--×")
    a, b = _numbers(w, kind, thinking)
    answer = {"+": a + b, "-": a - b, "×": a * b}[kind]
    ask, story = _asked(w, kind, a, b)
    steps = "\n".join([f"{a} {kind} {b}", *(_product_steps(a, b) if kind == "×" and b < 10 else [] if kind == "×" else _column_steps(a, b, kind == "+")), str(answer)])
    return ask, w.both(f"{answer}.", f"{answer}个。") if story else f"{a} {kind} {b} = {answer}", steps


def sums(w: World) -> Conversation:
    thinking = w.chance(0.6)
    turns: list[Turn] = []
    while w.chance(0.15) and len(turns) < 4:
        ask, reply, _ = _sum(w, False)
        turns += [Turn("user", ask), Turn("assistant", reply)]
    ask, reply, steps = _sum(w, thinking)
    if turns:
        ask = w.one(FOLLOWED[w.lang]).replace("{q}", ask)
    turns += [Turn("user", ask), Turn("assistant", reply, thought=steps)]
    return Conversation("sums", w.lang, turns, thinking=thinking, expected={"text": reply})


OUTSIDE = {
    "en": _split("{a} / {d}|{a} divided by {d}|{a} ÷ {d}|divide {a} by {d}|{d} to the power of {f}|{d}^{f}|{d} squared|the square root of {a}|sqrt({a})|{d}% of {a}|{d} percent of {a}|{a} mod {d}|{d}!|{d} + {f} * {a}|({d} + {f}) x {a}|{d} + {f} + {a}|the average of {d}, {f} and {a}|half of {a}|a third of {a}|{d}.{f} + {f}.{d}|log {a}|sin({d})|{d}/{f} + {f}/{d}|x + {d} = {a}|{m} + {a}|{m} - {a}|{m} * {d}|{m} plus {n}|{n} minus {m}|{a} x {n}|{a} times {n}|{a} * {n}|{m}x{n}|the sum of {m} and {n}|the product of {a} and {n}"),
    "zh": _split("{a}除以{d}|{a}÷{d}|{a} / {d}|{d}的{f}次方|{d}^{f}|{d}的平方|{a}的平方根|{a}开方|{a}的百分之{d}|{a}的{d}%|{d}的阶乘|{d} + {f} × {a}|({d} + {f}) × {a}|{d} + {f} + {a}|{d}加{f}再加{a}|{d}、{f}和{a}的平均数|{a}的一半|{a}的三分之一|{d}.{f} + {f}.{d}|sin({d})|x + {d} = {a}|{d}分之{f}加{f}分之{d}|{m} + {a}|{m} - {a}|{m} × {d}|{m}加{n}|{n}减{m}|{a} × {n}|{a}乘以{n}|{a}*{n}|{m}和{n}的和|{a}和{n}的积"),
}


def sum_outside(w: World, thinking: bool) -> str:
    """A question about numbers that Pocket does not answer; without a thought also three digits and more."""
    r = w.rng
    if not thinking and r.random() < 0.4:
        a, b = r.randint(120, 999), r.randint(20, 999)
        return _asked(w, "+", a, b)[0] if w.chance(0.5) else _asked(w, "-", max(a, b), min(a, b))[0]
    slots = {"a": r.randint(101, 999), "d": r.randint(2, 40), "f": r.randint(2, 9), "m": r.randint(1000, 999999), "n": r.randint(11, 9999)}
    core = w.one(OUTSIDE[w.lang]).format(**slots)
    return w.say(ASK_EN, ASK_ZH).replace("{e}", core)
