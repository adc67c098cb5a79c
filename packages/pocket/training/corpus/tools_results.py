"""What tools answer, and the one sentence that is made of it: decided by the keys, with the values copied."""

from __future__ import annotations

from typing import Callable

from .conversation import dumps
from .world import World, plain

Result = tuple[object, str]


def _decimal(w: World) -> float:
    return w.rng.choice([w.rng.randint(1, 99999) / 100, w.rng.randint(1, 9999) / 10])


def _currency(w: World) -> str:
    return w.rng.choice(["USD", "EUR", "GBP", "CNY", "JPY"])


def _temperature(w: World) -> Result:
    t, sky = w.rng.randint(-15, 40), w.rng.choice([("sunny", "晴"), ("rain", "雨"), ("cloudy", "多云"), ("snow", "雪"), ("windy", "有风"), ("fog", "雾"), ("storms", "雷阵雨")])
    s = w.both(*sky)
    return {"temperature": t, "condition": s}, w.both(f"It is {t} degrees, {s}.", f"现在{t}度，{s}。")


def _high_low(w: World) -> Result:
    low = w.rng.randint(-15, 25)
    high = low + w.rng.randint(1, 15)
    return {"high": high, "low": low}, w.both(f"Between {low} and {high} degrees.", f"{low}到{high}度。")


def _done(w: World) -> Result:
    return w.rng.choice([{"status": "ok"}, {"success": True}, {"ok": True}, {"result": "success"}, {"done": True}]), w.both("Done.", "已完成。")


def _failed(w: World) -> Result:
    return w.rng.choice([{"success": False}, {"ok": False}, {"done": False}, {"status": "failed"}]), w.both("That did not work.", "没有成功。")


def _error(w: World) -> Result:
    why = w.say(["not found", "no permission", "timeout", "not available", "no connection", "not logged in", "too many requests", "invalid date", "closed"], ["未找到", "没有权限", "超时", "不可用", "网络错误", "未登录", "请求太多", "日期无效", "已关闭"])
    return {w.rng.choice(["error", "error", "message_error"]): why}, w.both(f"That did not work: {why}.", f"没有成功：{why}。")


def _price(w: World) -> Result:
    p, c = _decimal(w), _currency(w)
    return {"price": p, "currency": c}, w.both(f"It costs {p} {c}.", f"价格是 {p} {c}。")


def _balance(w: World) -> Result:
    p, c = _decimal(w), _currency(w)
    return {"balance": p, "currency": c}, w.both(f"Your balance is {p} {c}.", f"余额是 {p} {c}。")


def _total(w: World) -> Result:
    n, p = w.rng.randint(1, 20), _decimal(w)
    return {"items": n, "total": p}, w.both(f"{n} items, {p} in total.", f"共{n}件，合计{p}。")


def _status(w: World) -> Result:
    a = w.word()
    return {"status": a}, w.both(f"Status: {a}.", f"状态：{a}。")


def _eta(w: World) -> Result:
    a, b = w.word(), w.day()
    return {"status": a, "eta": b}, w.both(f"Status: {a}, expected {b}.", f"状态：{a}，预计{b}。")


def _number(w: World) -> Result:
    x = w.identifier()
    return {"id": x, "status": "ok"}, w.both(f"Done. The number is {x}.", f"已完成，编号是 {x}。")


def _named(key: str, en: str, zh: str, make: Callable[[World], object]) -> Callable[[World], Result]:
    def made(w: World) -> Result:
        x = make(w)
        return {key: x}, w.both(en, zh).replace("{}", plain(dumps(x)) if not isinstance(x, str) else x)

    return made


def _bool(key: str, yes: tuple[str, str], no: tuple[str, str]) -> Callable[[World], Result]:
    def made(w: World) -> Result:
        x = w.chance(0.5)
        return {key: x}, w.both(*(yes if x else no))

    return made


def _list(w: World) -> Result:
    """Two to four names."""
    make = w.rng.choice([w.product, w.person, w.word, w.thing])
    items = [make() for _ in range(w.rng.randint(2, 4))]
    key = w.rng.choice(["results", "items", "list", "found"])
    return (items if w.chance(0.3) else {key: items}), w.both("Found: " + ", ".join(items) + ".", "找到：" + "、".join(items) + "。")


def _empty(w: World) -> Result:
    return w.rng.choice([[], {"results": []}, {"items": []}, {"list": []}, {"found": []}]), w.both("Nothing was found.", "什么也没找到。")


def _priced(w: World) -> Result:
    items = [{"name": w.product(), "price": w.rng.randint(1, 999)} for _ in range(w.rng.randint(2, 3))]
    return items, w.both("; ".join(f"{i['name']}: {i['price']}" for i in items) + ".", "；".join(f"{i['name']}：{i['price']}" for i in items) + "。")


def _events(w: World) -> Result:
    items = [{"time": w.time(), "title": w.product()} for _ in range(w.rng.randint(2, 3))]
    return items, w.both("; ".join(f"{i['time']} {i['title']}" for i in items) + ".", "；".join(f"{i['time']} {i['title']}" for i in items) + "。")


def _trip(w: World) -> Result:
    a, b = w.time(), w.time()
    return {"departure": a, "arrival": b}, w.both(f"Leaves at {a}, arrives at {b}.", f"{a}出发，{b}到达。")


def _way(w: World) -> Result:
    d, m = w.rng.choice([w.rng.randint(1, 90), w.rng.randint(1, 99) / 10]), w.rng.randint(2, 120)
    return {"km": d, "minutes": m}, w.both(f"{d} km, about {m} minutes.", f"{d}公里，约{m}分钟。")


def _contact(w: World) -> Result:
    n, p = w.person(), w.phone()
    return {"name": n, "phone": p}, w.both(f"{n}: {p}.", f"{n}：{p}。")


def _driver(w: World) -> Result:
    n, p, m = w.person(), w.identifier(), w.rng.randint(1, 20)
    return {"driver": n, "plate": p, "minutes": m}, w.both(f"{n} comes in {m} minutes, plate {p}.", f"{n}{m}分钟后到，车牌 {p}。")


def _near(w: World) -> Result:
    n, m = w.company(), w.rng.randint(20, 3000)
    return {"name": n, "meters": m}, w.both(f"{n}, {m} metres away.", f"{n}，距离{m}米。")


def _tests(w: World) -> Result:
    p, f = w.rng.randint(0, 900), w.rng.randint(0, 40)
    return {"passed": p, "failed": f}, w.both(f"{p} passed, {f} failed.", f"通过{p}个，失败{f}个。")


def _booked(w: World) -> Result:
    d, t = w.day(), w.time()
    return {"booked": True, "date": d, "time": t}, w.both(f"Booked for {d} at {t}.", f"已预订{d}{t}。")


RESULTS: dict[str, Callable[[World], Result]] = {
    "temperature": _temperature, "high_low": _high_low, "done": _done, "failed": _failed, "error": _error, "price": _price, "balance": _balance, "total": _total, "status": _status, "eta": _eta,
    "number": _number, "list": _list, "empty": _empty, "priced": _priced, "events": _events, "trip": _trip, "way": _way, "contact": _contact, "driver": _driver, "near": _near, "tests": _tests, "booked": _booked,
    "time": _named("time", "It is {}.", "时间是{}。", World.time),
    "queue": _named("queue_number", "Your number is {}.", "你的号码是{}。", lambda w: w.rng.randint(1, 300)),
    "code": _named("code", "The code is {}.", "号码是{}。", World.identifier),
    "count": _named("count", "The count is {}.", "数量是{}。", lambda w: w.rng.randint(0, 20000)),
    "result": _named("result", "The result is {}.", "结果是{}。", lambda w: w.rng.choice([w.rng.randint(2, 99999), _decimal(w)])),
    "text": _named("translation", "It says: {}", "译文：{}", World.word),
    "content": _named("content", "It says: {}", "内容：{}", lambda w: w.both(" ", "").join(w.word() for _ in range(3))),
    "address": _named("address", "The address is {}.", "地址是{}。", lambda w: w.city()),
    "left": _named("stock", "{} left.", "还剩{}。", lambda w: w.rng.randint(0, 500)),
    "minutes": _named("minutes", "In {} minutes.", "还有{}分钟。", lambda w: w.rng.randint(1, 60)),
    "available": _bool("available", ("Yes, it is available.", "有。"), ("No, it is not available.", "没有。")),
    "open": _bool("open", ("Yes, it is open.", "开着。"), ("No, it is closed.", "关着。")),
    "on_time": _bool("on_time", ("It is on time.", "准点。"), ("It is delayed.", "晚点了。")),
    "exists": _bool("exists", ("Yes, it exists.", "存在。"), ("No, it does not exist.", "不存在。")),
}

NATURAL = {
    "weather": ["temperature", "high_low"], "clock": ["time", "done"], "calendar": ["events", "done", "booked"], "notes": ["number", "content", "list"], "talk": ["done", "contact", "content"],
    "shop": ["price", "eta", "total", "list", "priced", "left", "available", "number"], "parcel": ["eta", "code", "status"], "bank": ["balance", "done", "priced", "price"], "home": ["done", "open", "status"],
    "music": ["done", "list"], "travel": ["trip", "on_time", "number", "booked", "priced"], "maps": ["way", "near", "address"], "ride": ["driver", "minutes", "done"], "food": ["booked", "queue", "list", "number"],
    "health": ["booked", "count", "done"], "crm": ["number", "contact", "count"], "dev": ["tests", "content", "done", "exists"], "school": ["list", "result", "done"], "life": ["done", "number", "total"], "words": ["text", "list", "content"], "calc": ["result"],
    "made": ["done", "number", "content", "list", "count", "status", "result", "available", "code"],
}


def result(w: World, group: str) -> Result:
    r = w.rng.random()
    if r < 0.12:
        return RESULTS[w.rng.choice(["error", "failed", "empty"])](w)
    if r < 0.65:
        return RESULTS[w.rng.choice(NATURAL[group])](w)
    return RESULTS[w.rng.choice(list(RESULTS))](w)
