"""The parameters of tools: what they may be called, what they mean, and values: as an argument, and as people say them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from .world import World, mark

Value = tuple[object, str]
"""(argument, the same in a request)"""

TEXTS = {
    "en": """I will be late|the meeting is at 5|dinner is ready|call me back|buy milk|see you soon|take the keys|happy birthday|the report is done|water the plants|thanks for the help|feed the cat|I am on my way|bring the charger|the door is open
please send the invoice|good luck tomorrow|we need more paper|I miss you|pick up the kids|the parcel is here|pay the rent|I am at the station|lunch is cancelled|do not forget the tickets|check the oven|the car is ready|let's talk later|I found your book|where are you""".replace("\n", "|").split("|"),
    "zh": "我会晚到|五点开会|饭好了|给我回电话|买牛奶|一会儿见|带上钥匙|生日快乐|报告写完了|浇花|谢谢帮忙|喂猫|我在路上|带充电器|门开着|请发发票|明天加油|纸用完了|想你了|接孩子|快递到了|交房租|我到车站了|午饭取消|别忘了票|看看烤箱|车修好了|晚点再聊|找到你的书了|你在哪".split("|"),
}
ENUMS: dict[str, list[tuple[str, str]]] = {
    "unit": [("celsius", "摄氏度"), ("fahrenheit", "华氏度")],
    "priority": [("high", "高"), ("low", "低"), ("medium", "中")],
    "mode": [("heat", "制热"), ("cool", "制冷"), ("dry", "除湿"), ("auto", "自动")],
    "size": [("small", "小号"), ("medium", "中号"), ("large", "大号")],
    "sugar": [("none", "无糖"), ("half", "半糖"), ("full", "全糖")],
    "class": [("economy", "经济舱"), ("business", "商务舱"), ("first", "头等舱")],
    "seat": [("window", "靠窗"), ("aisle", "过道"), ("middle", "中间")],
    "car_type": [("standard", "普通"), ("comfort", "舒适"), ("luxury", "豪华")],
    "travel_mode": [("car", "开车"), ("foot", "步行"), ("bike", "骑车"), ("train", "地铁")],
    "environment": [("production", "生产"), ("staging", "预发"), ("test", "测试")],
    "utility": [("electricity", "电"), ("water", "水"), ("gas", "燃气")],
    "visibility": [("everyone", "所有人"), ("friends", "朋友"), ("family", "家人")],
}
ROOMS = {"en": "kitchen bedroom bathroom garage hall office garden nursery cellar attic balcony lounge study".split(), "zh": "客厅 卧室 厨房 浴室 车库 书房 阳台 走廊 花园 餐厅 地下室 儿童房".split()}
DEVICES = {"en": "heater fan radio printer TV oven dishwasher washing machine,kettle,air conditioner,lamp,projector,speaker".replace(" machine", "_machine").replace(" conditioner", "_conditioner").replace(" ", ",").replace("_", " ").split(","), "zh": "电视 风扇 空调 热水器 洗衣机 打印机 加湿器 音箱 电饭煲 投影仪 台灯 烤箱".split()}
DOORS = {"en": ["front door", "back door", "garage door", "garden gate", "main gate", "cellar door", "balcony door", "side door", "office door"], "zh": "大门 前门 后门 车库门 院门 阳台门 卧室门 单元门 办公室门".split()}
PLACES = {"en": "pharmacy,supermarket,petrol station,bank,cafe,toilet,hospital,bakery,post office,park,hotel,gym,bookshop,charging station".split(","), "zh": "药店 超市 加油站 银行 咖啡馆 厕所 医院 面包店 邮局 公园 酒店 健身房 书店 充电桩".split()}
DISHES = {"en": "pizza,fried rice,noodle soup,pancakes,lasagne,chicken curry,dumplings,a burger,onion soup,tomato salad,apple pie,sushi,tacos".split(","), "zh": "番茄炒蛋 牛肉面 炒饭 饺子 红烧肉 披萨 麻婆豆腐 酸辣粉 宫保鸡丁 馄饨 汉堡 烤鸭 小笼包".split()}
DRINKS = {"en": "latte,espresso,green tea,cappuccino,lemonade,hot chocolate,milk tea,orange juice,mocha,iced tea".split(","), "zh": "拿铁 美式 奶茶 绿茶 卡布奇诺 柠檬水 热巧克力 橙汁 摩卡 豆浆".split()}
DEPARTMENTS = {"en": "cardiology dermatology surgery dentistry radiology neurology paediatrics orthopaedics".split(), "zh": "内科 外科 儿科 皮肤科 眼科 口腔科 骨科 妇科 神经科".split()}
SPORTS = {"en": "running swimming yoga cycling walking boxing rowing dancing climbing".split(), "zh": "跑步 游泳 瑜伽 骑车 散步 跳绳 打球 跳舞 爬山".split()}
SUBJECTS = {"en": "maths history biology English physics art chemistry music geography".split(), "zh": "数学 语文 英语 物理 历史 生物 化学 地理 音乐".split()}
MONTHS = {"en": "January February March April May June July August September October November December".split(), "zh": "一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月".split()}
CURRENCIES = {"en": "dollars euros pounds yen yuan francs rupees won USD EUR GBP CNY JPY".split(), "zh": "美元 欧元 英镑 日元 人民币 港币 韩元 卢布 美金 USD EUR CNY".split()}
LANGUAGES = {"en": "French German Spanish Japanese Italian Korean Chinese Russian Arabic".split(), "zh": "法语 德语 西班牙语 日语 英语 韩语 俄语 意大利语 阿拉伯语".split()}
REASONS = {"en": "illness,a delay,a mistake,the price,a bad smell,wrong colour,no time,a change of plans,wrong size".split(","), "zh": "生病 太慢 下错单 太贵 有异味 颜色不对 没时间 计划有变 尺码不合适".split()}


def from_list(lists: dict[str, list[str]]) -> Callable[[World], Value]:
    """A known value, or for two in five an invented one."""

    def make(w: World) -> Value:
        text = mark(w.invented(False) if w.chance(0.42) else w.one(lists[w.lang]))
        return text, text

    return make


def said(make: Callable[[World], str]) -> Callable[[World], Value]:
    return lambda w: ((text := make(w)), text)


def number(low: int, high: int) -> Callable[[World], Value]:
    return lambda w: ((n := w.rng.randint(low, high)), mark(n))


def _decimal(w: World) -> Value:
    n = w.rng.choice([w.rng.randint(1, 999), w.rng.randint(1, 99) * 100, w.rng.randint(11, 9999) / 10, w.rng.randint(101, 99999) / 100])
    return n, mark(n)


def _text(w: World) -> Value:
    gap = w.both(" ", "")
    text = mark(gap.join([w.word(), w.thing(), w.word()][: w.rng.randint(2, 3)]).replace("\ue000", "").replace("\ue001", "") if w.chance(0.45) else w.one(TEXTS[w.lang]))
    return text, text


def _query(w: World) -> Value:
    text = mark((w.word() + w.both(" ", "") + w.thing()).replace("\ue000", "").replace("\ue001", "") if w.chance(0.7) else w.one(DISHES[w.lang]))
    return text, text


def _date(w: World) -> str:
    r = w.rng
    return w.day() if w.chance(0.6) else mark(f"{r.randint(1, 12)}月{r.randint(1, 28)}日" if w.lang == "zh" else r.choice([f"{r.randint(1, 28)} {r.choice(MONTHS['en'])}", f"{r.choice(MONTHS['en'])} {r.randint(1, 28)}"]) if w.chance(0.8) else f"202{r.randint(4, 9)}-{r.randint(1, 12):02d}-{r.randint(1, 28):02d}")


def _address(w: World) -> str:
    name = (w.glyphs(2, 3) if w.lang == "zh" else w.pseudo().capitalize())
    number_ = w.rng.randint(1, 300)
    return mark(w.say([f"{number_} {name} Street", f"{name} Road {number_}", f"{name} Square", f"{name} Station", f"{name} Airport", f"{number_} {name} Avenue", f"{name} Hotel", f"{name} Park"], [f"{name}路{number_}号", f"{name}街{number_}号", f"{name}广场", f"{name}站", f"{name}机场", f"{name}小区{number_}号楼", f"{name}大厦", f"{name}公园"]))


def _place_name(kind_en: list[str], kind_zh: list[str]) -> Callable[[World], Value]:
    return said(lambda w: mark(w.glyphs(2, 3) + w.one(kind_zh) if w.lang == "zh" else w.pseudo().capitalize() + " " + w.one(kind_en)))


def _code_name(w: World) -> str:
    return mark(w.pseudo(1, 3) + w.rng.choice(["", "-" + w.pseudo(1, 2), "-api", "-app", "_" + w.pseudo(1, 2), "-web"]))


def _expression(w: World) -> str:
    r = w.rng
    return mark(f"{r.randint(2, 9999)} {r.choice('+-*/')} {r.randint(2, 999)}" if w.chance(0.7) else f"({r.randint(2, 99)} {r.choice('+-')} {r.randint(2, 99)}) * {r.randint(2, 99)}")


def _symbol(w: World) -> str:
    return mark("".join(w.rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=w.rng.randint(2, 5)))) if w.lang == "en" or w.chance(0.3) else mark(w.digits(6, 6))


def _card(w: World) -> str:
    return mark(w.digits(4, 4) if w.chance(0.6) else " ".join(w.digits(4, 4) for _ in range(4)))


def _flight(w: World) -> str:
    return mark("".join(w.rng.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=2)) + w.digits(2, 4))


def _line(w: World) -> str:
    return mark(w.rng.choice(["", "", "N", "B", "X", "K"]) + w.digits(1, 3))


def _file(w: World) -> str:
    return mark(w.pseudo() + w.rng.choice(["", "", "-" + w.digits(1, 4), "_v" + w.digits(1, 1)]) + w.rng.choice([".txt", ".pdf", ".csv", ".png", ".md", ".json", ".docx", ".py"]))


CITY = said(World.city)
NAMED = said(World.product)
ID = said(World.identifier)
DATE = said(_date)
ADDRESS = said(_address)
PERSON = said(World.person)
WORD = said(World.word)
CODE = said(_code_name)


@dataclass(frozen=True)
class Parameter:
    type: str
    names: list[str]
    about: tuple[str, str]
    make: Callable[[World], Value] | None = None
    """None: an enumeration or a switch"""


def _p(type_: str, names: str, en: str, zh: str, make: Callable[[World], Value] | None = None) -> Parameter:
    return Parameter(type_, names.split(), (en, zh), make)


PARAMETERS: dict[str, Parameter] = {
    "city": _p("string", "city location place town", "City name", "城市名", CITY),
    "from_city": _p("string", "from_city from origin departure", "From", "出发地", CITY),
    "to_city": _p("string", "to_city to destination arrival", "To", "目的地", CITY),
    "address": _p("string", "address destination place where", "Address or place", "地址", ADDRESS),
    "from_place": _p("string", "from pickup start origin", "Where it starts", "起点", ADDRESS),
    "to_place": _p("string", "to destination dropoff end", "Where it ends", "终点", ADDRESS),
    "stop": _p("string", "stop station bus_stop", "Stop", "站名", _place_name(["Street", "Station", "Square", "Bridge"], ["站", "路口", "桥", "广场"])),
    "place": _p("string", "place kind type what", "Kind of place", "地点类型", from_list(PLACES)),
    "person": _p("string", "person name who contact assignee", "Who", "人名", PERSON),
    "recipient": _p("string", "recipient receiver to contact", "Who gets it", "收件人", PERSON),
    "doctor": _p("string", "doctor physician doctor_name", "Doctor", "医生", PERSON),
    "student": _p("string", "student student_name pupil child", "Student", "学生", PERSON),
    "artist": _p("string", "artist singer band", "Artist", "歌手", PERSON),
    "customer": _p("string", "customer client company account_name", "Customer", "客户", said(World.company)),
    "to": _p("string", "to email address recipient_email", "Email address", "邮箱", said(World.email)),
    "phone": _p("string", "phone number phone_number mobile", "Phone number", "电话号码", said(World.phone)),
    "date": _p("string", "date day when on_date", "Day", "日期", DATE),
    "time": _p("string", "time at hour start_time", "Time of day", "时间", said(World.time)),
    "month": _p("string", "month period in_month", "Month", "月份", said(lambda w: mark(w.rng.choice(MONTHS[w.lang]) if w.chance(0.7) else f"202{w.rng.randint(0, 9)}-{w.rng.randint(1, 12):02d}"))),
    "minutes": _p("integer", "minutes duration length mins", "Minutes", "分钟数", number(1, 120)),
    "nights": _p("integer", "nights stay number_of_nights", "Nights", "晚数", number(1, 30)),
    "people": _p("integer", "people guests party_size persons", "How many people", "人数", number(2, 30)),
    "quantity": _p("integer", "quantity count number how_many", "How many", "数量", number(2, 99)),
    "level": _p("integer", "level brightness percent value", "0 to 100", "0 到 100", number(0, 100)),
    "volume": _p("integer", "volume loudness level", "Loudness, 0 to 100", "音量，0 到 100", number(0, 100)),
    "temperature": _p("number", "temperature degrees target", "Degrees", "温度", lambda w: ((n := w.rng.choice([w.rng.randint(10, 30), w.rng.randint(20, 60) / 2])), mark(n))),
    "stars": _p("integer", "stars rating category", "Stars", "星级", number(2, 5)),
    "rating": _p("integer", "rating stars score", "1 to 5", "1 到 5 分", number(1, 5)),
    "lines": _p("integer", "lines count limit", "How many lines", "行数", number(5, 900)),
    "sides": _p("integer", "sides faces max", "Sides", "面数", number(3, 100)),
    "amount": _p("number", "amount sum value money", "Amount of money", "金额", _decimal),
    "max_price": _p("number", "max_price budget price_limit", "Highest price", "最高价格", _decimal),
    "weight": _p("number", "weight kg kilos", "Kilograms", "公斤数", lambda w: ((n := w.rng.choice([w.rng.randint(1, 120), w.rng.randint(300, 1200) / 10])), mark(n))),
    "product": _p("string", "product item name article", "Product name", "商品名", NAMED),
    "query": _p("string", "query q keywords search_text", "Search words", "搜索词", _query),
    "topic": _p("string", "topic subject about", "Topic", "主题", said(World.thing)),
    "term": _p("string", "term word entry", "Word", "词语", WORD),
    "title": _p("string", "title name summary", "Title", "标题", NAMED),
    "subject": _p("string", "subject title topic", "Subject", "主题", NAMED),
    "text": _p("string", "text content message body", "Text", "内容", _text),
    "note": _p("string", "note memo remark", "Note", "备注", WORD),
    "comment": _p("string", "comment remark text", "Comment", "评论", _text),
    "reason": _p("string", "reason why cause", "Reason", "原因", from_list(REASONS)),
    "order_id": _p("string", "order_id order number order_number id", "Order number", "订单号", ID),
    "parcel": _p("string", "parcel tracking_number package_id waybill", "Tracking number", "运单号", ID),
    "coupon": _p("string", "coupon code voucher", "Coupon code", "优惠码", ID),
    "bill": _p("string", "bill bill_id invoice_number", "Bill number", "账单号", ID),
    "booking": _p("string", "booking reservation_id booking_code", "Booking number", "预订号", ID),
    "ticket": _p("string", "ticket ticket_id case_number", "Ticket number", "工单号", ID),
    "bike": _p("string", "bike bike_id vehicle", "Bike number", "单车编号", ID),
    "account": _p("string", "account account_number meter_id", "Account number", "户号", said(lambda w: mark(w.digits(6, 12)))),
    "card": _p("string", "card card_number last_digits", "Card number", "卡号", said(_card)),
    "flight": _p("string", "flight flight_number flight_no", "Flight number", "航班号", said(_flight)),
    "line": _p("string", "line bus route_number", "Line", "线路", said(_line)),
    "symbol": _p("string", "symbol ticker stock", "Stock symbol", "股票代码", said(_symbol)),
    "expression": _p("string", "expression formula input", "Expression", "算式", said(_expression)),
    "room": _p("string", "room area location zone", "Room", "房间", from_list(ROOMS)),
    "device": _p("string", "device appliance name", "Device", "设备", from_list(DEVICES)),
    "door": _p("string", "door gate lock", "Door", "门", from_list(DOORS)),
    "song": _p("string", "song track title", "Song", "歌名", NAMED),
    "playlist": _p("string", "playlist list playlist_name", "Playlist", "歌单", WORD),
    "movie": _p("string", "movie film title", "Film", "电影", NAMED),
    "course": _p("string", "course class_name course_name", "Course", "课程", NAMED),
    "subject_taught": _p("string", "subject course lesson", "School subject", "科目", from_list(SUBJECTS)),
    "dish": _p("string", "dish meal food", "Dish", "菜名", from_list(DISHES)),
    "drink": _p("string", "drink beverage item", "Drink", "饮料", from_list(DRINKS)),
    "restaurant": _p("string", "restaurant place venue", "Restaurant", "餐厅", _place_name(["House", "Kitchen", "Bistro", "Grill", "Garden"], ["饭店", "餐厅", "小馆", "酒楼", "火锅"])),
    "hospital": _p("string", "hospital clinic institution", "Hospital", "医院", _place_name(["Hospital", "Clinic", "Centre"], ["医院", "诊所", "卫生院"])),
    "department": _p("string", "department unit section", "Department", "科室", from_list(DEPARTMENTS)),
    "exercise": _p("string", "exercise activity sport", "Exercise", "运动", from_list(SPORTS)),
    "medicine": _p("string", "medicine drug name", "Medicine", "药名", WORD),
    "language": _p("string", "language target_language to_language", "Target language", "目标语言", from_list(LANGUAGES)),
    "currency_from": _p("string", "from from_currency source", "Currency to change", "原货币", from_list(CURRENCIES)),
    "currency_to": _p("string", "to to_currency target", "Currency wanted", "目标货币", from_list(CURRENCIES)),
    "project": _p("string", "project repo repository app", "Project", "项目", CODE),
    "service": _p("string", "service name app", "Service", "服务", CODE),
    "branch": _p("string", "branch name branch_name", "Branch", "分支", CODE),
    "file": _p("string", "file path filename file_name", "File name", "文件名", said(_file)),
    "new_name": _p("string", "new_name name target", "New name", "新名称", said(_file)),
    "on": _p("boolean", "on enabled active state", "true: on", "true 表示开"),
    "unit": _p("string", "unit units scale", "Unit", "单位"),
    "priority": _p("string", "priority urgency importance", "Priority", "优先级"),
    "mode": _p("string", "mode setting program", "Mode", "模式"),
    "size": _p("string", "size format size_code", "Size", "尺寸"),
    "sugar": _p("string", "sugar sweetness sugar_level", "Sugar", "甜度"),
    "class": _p("string", "class cabin cabin_class", "Class", "舱位"),
    "seat": _p("string", "seat seat_type position", "Seat", "座位"),
    "car_type": _p("string", "car_type type vehicle_class", "Type of car", "车型"),
    "travel_mode": _p("string", "mode by transport", "Means of travel", "出行方式"),
    "environment": _p("string", "environment env target", "Environment", "环境"),
    "utility": _p("string", "utility type service_type", "Which utility", "类别"),
    "visibility": _p("string", "visibility audience who", "Who sees it", "可见范围"),
}


def value(w: World, kind: str, enum: list[str] | None) -> Value:
    """`enum`: the values of the tool's definition, in one of the two languages."""
    if kind == "on":
        on = w.chance(0.5)
        return on, w.both("on" if on else "off", "打开" if on else "关闭")
    if enum:
        pair = w.rng.choice([p for p in ENUMS[kind] if p[0] in enum or p[1] in enum])
        return (pair[0] if pair[0] in enum else pair[1]), w.both(*pair)
    make = PARAMETERS[kind].make
    assert make is not None
    return make(w)
