"""Tool calls: real-sounding and invented tools with varying parameters, one call, several, none needed, an answer used."""

from __future__ import annotations

from typing import Callable

from .beyond import question_outside
from .chat import SMALL_TALK
from .conversation import Conversation, Turn, dumps
from .world import World, plain

Make = Callable[[World], object]

PARAMETERS: dict[str, tuple[str, str, str, Make]] = {
    "city": ("string", "City name", "城市名", World.city),
    "location": ("string", "Place", "地点", World.city),
    "person": ("string", "Who", "人名", World.person),
    "recipient": ("string", "Who gets it", "收件人", World.person),
    "to": ("string", "Email address", "邮箱", World.email),
    "date": ("string", "Day", "日期", World.day),
    "time": ("string", "Time of day", "时间", World.time),
    "minutes": ("integer", "Minutes", "分钟数", lambda w: w.rng.randint(1, 90)),
    "amount": ("number", "Amount of money", "金额", lambda w: w.rng.choice([w.rng.randint(1, 999), w.rng.randint(100, 99999) / 100])),
    "quantity": ("integer", "How many", "数量", lambda w: w.rng.randint(1, 50)),
    "product": ("string", "Product name", "商品名", World.product),
    "order_id": ("string", "Order number", "订单号", World.identifier),
    "query": ("string", "Search words", "搜索词", lambda w: w.word() + (" " if w.lang == "en" else "") + w.thing()),
    "title": ("string", "Title", "标题", lambda w: w.product()),
    "text": ("string", "Text", "内容", lambda w: w.both(" ", "").join([w.word(), w.thing(), w.word()])),
    "room": ("string", "Room", "房间", World.word),
    "phone": ("string", "Phone number", "电话", World.phone),
    "from_city": ("string", "From", "出发地", World.city),
    "to_city": ("string", "To", "目的地", World.city),
    "language": ("string", "Target language", "目标语言", lambda w: w.rng.choice(["French", "German", "Spanish", "Japanese"] if w.lang == "en" else ["法语", "德语", "西班牙语", "日语"])),
    "level": ("integer", "0 to 100", "0 到 100", lambda w: w.rng.randint(0, 100)),
    "file": ("string", "File name", "文件名", lambda w: w.pseudo() + w.rng.choice([".txt", ".pdf", ".csv", ".png"])),
    "song": ("string", "Song", "歌名", World.product),
}

Sample = tuple[list[str], list[str], list[str], list[str], list[str]]
"""names, parameters, English requests, Chinese requests, [English, Chinese description]"""

TOOLS: list[Sample] = [
    (["get_weather", "weather", "current_weather", "weather_lookup", "fetch_weather"], ["city"], ["What is the weather in {city}?", "How is the weather in {city}?", "Will it rain in {city}?", "Do I need an umbrella in {city}?", "weather {city}", "Is it cold in {city}?", "Tell me the temperature in {city}"], ["{city}天气怎么样？", "{city}会下雨吗？", "查一下{city}的天气", "{city}今天冷吗", "我在{city}，要带伞吗", "{city}气温多少"], ["Weather of a city", "查询城市天气"]),
    (["get_forecast", "weather_forecast", "forecast"], ["city", "date"], ["What will the weather be in {city} on {date}?", "Forecast for {city} on {date}", "How will it be in {city} {date}?", "Weather for {date} in {city}, please"], ["{date}{city}天气如何？", "{city}{date}会下雨吗", "查一下{date}{city}的天气预报", "{date}去{city}要带伞吗"], ["Weather forecast", "天气预报"]),
    (["set_timer", "start_timer", "timer", "countdown"], ["minutes"], ["Set a timer for {minutes} minutes", "Timer {minutes} minutes", "Wake me in {minutes} minutes", "Start a {minutes} minute timer", "Count down {minutes} minutes"], ["设一个{minutes}分钟的计时器", "{minutes}分钟后叫我", "倒计时{minutes}分钟", "定时{minutes}分钟"], ["Starts a timer", "开始计时"]),
    (["set_alarm", "alarm", "wake_me"], ["time"], ["Wake me at {time}", "Set an alarm for {time}", "Alarm at {time} please", "I must get up at {time}"], ["{time}叫我起床", "设{time}的闹钟", "定一个{time}的闹钟", "我要{time}起床"], ["Sets an alarm", "设置闹钟"]),
    (["send_email", "email", "write_email", "send_mail"], ["to", "text"], ["Email {to} saying {text}", "Send a mail to {to}: {text}", "Write to {to} that {text}", "Tell {to} by email: {text}"], ["给{to}发邮件说{text}", "发邮件给{to}：{text}", "写信给{to}，内容是{text}", "邮件通知{to}：{text}"], ["Sends an email", "发送邮件"]),
    (["send_message", "message", "text_someone", "send_sms"], ["recipient", "text"], ["Tell {recipient}: {text}", "Send {recipient} a message: {text}", "Message {recipient} that {text}", "Text {recipient} \"{text}\"", "Let {recipient} know: {text}"], ["告诉{recipient}：{text}", "给{recipient}发消息：{text}", "发短信给{recipient}说{text}", "通知{recipient}：{text}"], ["Sends a message", "发送消息"]),
    (["call_phone", "phone_call", "dial", "call"], ["phone"], ["Call {phone}", "Dial {phone}", "Please phone {phone}", "Ring {phone} for me"], ["拨打{phone}", "打电话给{phone}", "给{phone}打个电话", "帮我拨{phone}"], ["Calls a number", "拨打电话"]),
    (["track_order", "order_status", "get_order", "find_order"], ["order_id"], ["Where is order {order_id}?", "Track {order_id}", "What is the status of order {order_id}?", "Has {order_id} shipped?", "my order {order_id}?"], ["订单{order_id}到哪了？", "查一下订单{order_id}", "{order_id}发货了吗", "订单{order_id}的状态"], ["Status of an order", "查询订单"]),
    (["cancel_order", "cancel_purchase", "void_order"], ["order_id"], ["Cancel order {order_id}", "Please cancel {order_id}", "I no longer want order {order_id}", "Stop order {order_id}"], ["取消订单{order_id}", "我不要订单{order_id}了", "请取消{order_id}", "撤销订单{order_id}"], ["Cancels an order", "取消订单"]),
    (["place_order", "buy", "order_product", "add_to_cart", "purchase"], ["product", "quantity"], ["Order {quantity} {product}", "Buy {quantity} of {product}", "I want {quantity} {product}", "Add {quantity} {product} to my cart", "Get me {quantity} {product}"], ["买{quantity}个{product}", "订购{quantity}件{product}", "我要{quantity}个{product}", "把{quantity}个{product}加入购物车"], ["Orders a product", "购买商品"]),
    (["find_product", "search_shop", "search_products", "product_search"], ["product"], ["Do you have {product}?", "Find {product}", "Search the shop for {product}", "Show me {product}", "I am looking for {product}"], ["有{product}吗？", "找一下{product}", "搜索{product}", "我想找{product}"], ["Searches the shop", "搜索商品"]),
    (["get_price", "price", "price_check", "check_price"], ["product"], ["How much is {product}?", "What does {product} cost?", "Price of {product}?", "Check the price of {product}"], ["{product}多少钱？", "查一下{product}的价格", "{product}的价格", "{product}卖多少"], ["Price of a product", "查询价格"]),
    (["book_table", "reserve_table", "restaurant_booking"], ["quantity", "time"], ["Book a table for {quantity} at {time}", "Reserve a table at {time} for {quantity} people", "Table for {quantity}, {time}", "We are {quantity}, a table at {time} please"], ["订一张{quantity}人的桌子，{time}", "{time}订位，{quantity}个人", "预订{time}的餐桌，{quantity}位", "我们{quantity}个人，{time}吃饭，订位"], ["Books a table", "预订餐桌"]),
    (["book_flight", "find_flight", "search_flights", "flights"], ["from_city", "to_city", "date"], ["Find a flight from {from_city} to {to_city} on {date}", "Fly me from {from_city} to {to_city} {date}", "Flights {from_city} to {to_city}, {date}", "I need to go from {from_city} to {to_city} on {date}"], ["查{date}从{from_city}到{to_city}的航班", "{date}{from_city}飞{to_city}", "订{date}从{from_city}去{to_city}的机票", "我{date}要从{from_city}到{to_city}"], ["Searches flights", "查询航班"]),
    (["create_event", "add_event", "schedule_meeting", "calendar_add", "new_event"], ["title", "date", "time"], ["Put {title} in my calendar on {date} at {time}", "Schedule {title} for {date} at {time}", "Add an event: {title}, {date}, {time}", "Plan {title} {date} at {time}"], ["{date}{time}安排{title}", "日历里加上{date}{time}的{title}", "新建日程：{title}，{date}，{time}", "把{title}安排在{date}{time}"], ["Adds an event", "新建日程"]),
    (["add_reminder", "remind", "set_reminder", "reminder"], ["text", "time"], ["Remind me at {time}: {text}", "At {time} remind me of {text}", "Reminder {time}: {text}", "Don't let me forget {text} at {time}"], ["{time}提醒我{text}", "设{time}的提醒：{text}", "{time}别让我忘了{text}", "提醒：{time}，{text}"], ["Sets a reminder", "设置提醒"]),
    (["transfer_money", "send_money", "pay", "make_payment"], ["amount", "recipient"], ["Send {amount} to {recipient}", "Pay {recipient} {amount}", "Transfer {amount} to {recipient}", "I owe {recipient} {amount}, pay it"], ["转{amount}给{recipient}", "付给{recipient}{amount}", "给{recipient}转账{amount}", "向{recipient}支付{amount}"], ["Sends money", "转账"]),
    (["search_web", "web_search", "search", "lookup"], ["query"], ["Search for {query}", "Look up {query}", "Find {query} on the web", "google {query}"], ["搜索{query}", "查一下{query}", "在网上找{query}", "百度一下{query}"], ["Searches the web", "网页搜索"]),
    (["find_contact", "get_contact", "contact_lookup"], ["person"], ["What is the number of {person}?", "Find {person} in my contacts", "Show the contact of {person}", "How can I reach {person}?"], ["{person}的电话是多少？", "找一下联系人{person}", "查{person}的联系方式", "怎么联系{person}"], ["Finds a contact", "查找联系人"]),
    (["set_light", "dim_lights", "light_level", "lamp"], ["room", "level"], ["Set the light in {room} to {level}", "Dim {room} to {level} percent", "Light {room}: {level}", "Make it {level} percent bright in {room}"], ["把{room}的灯调到{level}", "{room}灯光{level}", "{room}的亮度设为{level}", "灯光：{room}，{level}"], ["Sets the light of a room", "调节灯光"]),
    (["play_song", "play_music", "play"], ["song"], ["Play {song}", "Put on {song}", "I want to hear {song}", "Start the song {song}"], ["播放{song}", "放一首{song}", "我想听{song}", "来一首{song}"], ["Plays a song", "播放音乐"]),
    (["open_file", "read_file", "show_file"], ["file"], ["Open {file}", "Show me {file}", "Read the file {file}", "What is in {file}?"], ["打开{file}", "看一下{file}", "读取文件{file}", "{file}里有什么"], ["Opens a file", "打开文件"]),
    (["delete_file", "remove_file", "erase_file"], ["file"], ["Delete {file}", "Remove the file {file}", "Erase {file}", "Get rid of {file}"], ["删除{file}", "把{file}删掉", "移除文件{file}", "清除{file}"], ["Deletes a file", "删除文件"]),
    (["get_time", "world_clock", "time_in", "current_time"], ["city"], ["What time is it in {city}?", "Current time in {city}", "time {city}", "How late is it in {city}?"], ["{city}现在几点？", "{city}的时间", "查{city}当前时间", "现在{city}几点了"], ["Time in a city", "查询时间"]),
]


TOOL_LIKE = """weather rain umbrella cold time alarm wake timer mail send call phone number ring order buy cheap shop find search look web google cost price book table hotel flight fly
calendar remind pay money light play music song sing open file show read photo picture 天气 下雨 伞 冷 几点 时间 闹钟 叫 邮件 信 发 电话 联系 订 买 购 找 搜 查 上网 多少钱 价格 位子 机票 酒店 日程 提醒 转 付
灯 歌 音乐 打开 文件 看 图片 照片 读""".split()
"""A question outside that one of the tools might answer is no example of needing none."""


def _tool(w: World, sample: Sample) -> tuple[dict, list[tuple[str, str]], Sample]:
    """→ definition, [(parameter as named here, its kind)], sample. Parameter and tool names are sometimes invented."""
    names, kinds, _, _, about = sample
    name = w.one(names) if w.chance(0.75) else w.pseudo(1, 3) + ("_" + w.pseudo(1, 2) if w.chance(0.5) else "")
    mapping, properties = [], {}
    for kind in kinds:
        type_, en, zh, _ = PARAMETERS[kind]
        renamed = kind if w.chance(0.75) else w.pseudo(1, 2)
        mapping.append((renamed, kind))
        properties[renamed] = {"type": type_, "description": w.both(en, zh)} if renamed != kind or w.chance(0.5) else {"type": type_}
    function = {"name": name, "description": w.both(about[0], about[1]), "parameters": {"type": "object", "properties": properties, "required": [m for m, _ in mapping]}}
    return {"type": "function", "function": function}, mapping, sample


def _request(w: World, tool) -> tuple[str, dict]:
    definition, mapping, sample = tool
    values = {kind: PARAMETERS[kind][3](w) for _, kind in mapping}
    text = w.say(sample[2], sample[3]).format(**values)
    return text, {"name": definition["function"]["name"], "arguments": {name: values[kind] for name, kind in mapping}}


def _result(w: World) -> tuple[object, str]:
    """→ what a tool gives back, and the reply made of it."""
    r = w.rng
    kind = r.randrange(6)
    if kind == 0:
        t, sky = r.randint(-15, 40), w.rng.choice([("sunny", "晴"), ("rain", "雨"), ("cloudy", "多云"), ("snow", "雪"), ("windy", "有风")])
        s = w.both(*sky)
        return {"temperature": t, "condition": s}, w.both(f"It is {t} degrees, {s}.", f"现在{t}度，{s}。")
    if kind == 1:
        return r.choice([({"status": "ok"}), ({"success": True})]), w.both("Done.", "已完成。")
    if kind == 2:
        why = w.say(["not found", "no permission", "timeout", "not available"], ["未找到", "没有权限", "超时", "不可用"])
        return {"error": why}, w.both(f"That did not work: {why}.", f"没有成功：{why}。")
    if kind == 3:
        price = f"{r.randint(1, 999)}.{r.randint(0, 99):02d}"
        return {"price": float(price), "currency": (c := r.choice(["USD", "EUR", "GBP", "CNY"]))}, w.both(f"It costs {float(price)} {c}.", f"价格是 {float(price)} {c}。")
    if kind == 4:
        a, b = w.word(), w.day()
        return {"status": a, "eta": b}, w.both(f"Status: {a}, expected {b}.", f"状态：{a}，预计{b}。")
    x = w.identifier()
    return {"id": x, "status": "ok"}, w.both(f"Done. The number is {x}.", f"已完成，编号是 {x}。")


def _thought(w: World, calls: list[dict]) -> str:
    names = ", ".join(c["name"] for c in calls)
    return w.both(f"This needs {names}.", f"需要 {names}。") if calls else w.both("No tool is needed.", "不需要工具。")


def tool_call(w: World) -> Conversation:
    r = w.rng
    count = r.choice([1, 2, 2, 3, 3, 4, 5])
    tools, names = [], set()
    for sample in w.rng.sample(TOOLS, count):
        tool = _tool(w, sample)
        if tool[0]["function"]["name"] not in names:
            tools.append(tool)
            names.add(tool[0]["function"]["name"])
    listed = [t[0] for t in tools]
    thinking = w.chance(0.4)
    system = [Turn("system", w.say(["You are a helpful assistant.", "Help the user.", "You are a home assistant.", "You work in a shop."], ["你是一个助手。", "请帮助用户。", "你是家庭助手。", "你在商店工作。"]))] if w.chance(0.3) else []
    case = r.random()
    if case < 0.16:
        if r.random() < 0.6:
            asks_en, says_en, asks_zh, says_zh = r.choice(SMALL_TALK)
            turns = [Turn("user", w.typed(w.say(asks_en, asks_zh))), Turn("assistant", w.rng.choice(says_en if w.lang == "en" else says_zh), thought=_thought(w, []))]
        else:
            ask, reply = question_outside(w)
            while any(word in plain(ask).lower() for word in TOOL_LIKE):
                ask, reply = question_outside(w)
            turns = [Turn("user", ask), Turn("assistant", reply, thought=None, beyond=True)]
        return Conversation("tool-none", w.lang, system + turns, listed, thinking, {"calls": []})
    earlier = []
    if r.random() < 0.15:
        asks_en, says_en, asks_zh, says_zh = r.choice(SMALL_TALK)
        earlier = [Turn("user", w.typed(w.say(asks_en, asks_zh))), Turn("assistant", w.rng.choice(says_en if w.lang == "en" else says_zh))]
    if case < 0.3 and count > 1:
        chosen = r.sample(tools, 2) if r.random() < 0.6 or len(tools) < 2 else [r.choice(tools)] * 2
        parts = [_request(w, t) for t in chosen]
        joined = w.say([" And ", " Also: ", " Then ", "\n"], ["，还有", "。另外，", "，然后", "\n"]).join([parts[0][0].rstrip("?？.。") if w.chance(0.5) else parts[0][0], parts[1][0]])
        calls = [c for _, c in parts]
        turns = [Turn("user", joined), Turn("assistant", calls=calls, thought=_thought(w, calls))]
        return Conversation("tool-several", w.lang, system + earlier + turns, listed, thinking, {"calls": calls})
    text, call = _request(w, r.choice(tools))
    polite = w.say(["{}", "{}", "Please: {}", "{} Thanks!"], ["{}", "{}", "请{}", "{}谢谢"]).replace("{}", w.typed(text))
    turns = [Turn("user", polite), Turn("assistant", calls=[call], thought=_thought(w, [call]))]
    if case < 0.65:
        return Conversation("tool-one", w.lang, system + earlier + turns, listed, thinking, {"calls": [call]})
    given, reply = _result(w)
    turns += [Turn("tool", dumps(given)), Turn("assistant", reply, thought=w.both("The tool has answered.", "工具已回答。") if thinking else None)]
    if r.random() < 0.25:
        turns += [Turn("user", w.typed(w.say(["Thanks!", "Thank you", "Great, thanks", "ok thanks"], ["谢谢", "多谢", "谢谢你", "好的，谢谢"]))), Turn("assistant", w.rng.choice(SMALL_TALK[7][1] if w.lang == "en" else SMALL_TALK[7][3]))]
    return Conversation("tool-answer", w.lang, system + earlier + turns, listed, thinking, {"text": turns[-1].content})


def expected_calls(conversation: Conversation) -> list[dict]:
    import json

    return json.loads(plain(dumps(conversation.expected["calls"])))
