"""The dice every grammar throws: seeded choices with a held-out part, and slots of which at least two in five are random strings."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from faker.providers.address.en_US import Provider as EnglishPlaces
from faker.providers.address.zh_CN import Provider as ChinesePlaces
from faker.providers.company.zh_CN import Provider as ChineseCompanies
from faker.providers.job.en_US import Provider as EnglishJobs
from faker.providers.job.zh_CN import Provider as ChineseJobs
from faker.providers.lorem.en_US import Provider as EnglishWords
from faker.providers.lorem.zh_CN import Provider as ChineseWords
from faker.providers.person.en import Provider as EnglishPeople
from faker.providers.person.zh_CN import Provider as ChinesePeople

import layout

OPEN, CLOSE = "\ue000", "\ue001"
"""Marks around a slot's text; the encoder removes them (no grammar writes these private-use characters)."""

HELD_OUT_OF, HELD_OUT_PLACE, SMALLEST_SPLIT = 8, 3, 4
"""Of every list of four or more, the entries at places 3, 11, 19 … are never used in training (by place, since phrasings hold slots)."""

UNSEEN_SHARE = 0.5
"""Of a test conversation's choices. With all of them, the few entries of short lists would stand in every conversation, all at once."""

RANDOM_SHARE = 0.45

HANZI = layout.hanzi()
VOWELS, CONSONANTS = "aeiouy", "bcdfghjklmnpqrstvwxz"

FIRST = {"en": list(EnglishPeople.first_names), "zh": ChinesePeople.first_names}
LAST = {"en": list(EnglishPeople.last_names), "zh": list(ChinesePeople.last_names)}
CITY_STEMS = {"en": EnglishPlaces.city_suffixes, "zh": list(ChinesePlaces.cities)}
COUNTRIES = {"en": list(EnglishPlaces.countries), "zh": list(ChinesePlaces.countries)}
JOBS = {"en": [j.lower() for j in EnglishJobs.jobs if "," not in j and "/" not in j], "zh": [j for j in ChineseJobs.jobs if "/" not in j and len(j) < 9]}
WORDS = {"en": [w for w in EnglishWords.word_list if len(w) > 3], "zh": [w for w in ChineseWords.word_list if len(w) > 1]}
COMPANY = {"en": ["Ltd", "Inc", "LLC", "Group", "GmbH", "Co", "Works", "Supplies", "Trading", "Foods", "Partners", "Stores"], "zh": ["有限公司", "贸易公司", "科技公司", "商店", "超市", "书店", "餐厅", "文具店"]}


def held_out(place: int) -> bool:
    return place % HELD_OUT_OF == HELD_OUT_PLACE


def mark(text: object) -> str:
    return f"{OPEN}{text}{CLOSE}"


def plain(text: str) -> str:
    return text.replace(OPEN, "").replace(CLOSE, "")


@dataclass
class World:
    rng: random.Random
    lang: str
    test: bool = False
    """True: choose with even odds from what training never sees, wherever a list has such a part."""
    used: set = field(default_factory=set)

    def one(self, options):
        """One entry; in a test, with even odds one that is kept out of training."""
        count = len(options)
        if count < SMALLEST_SPLIT:
            return options[self.rng.randrange(count)]
        unseen = self.test and self.rng.random() < UNSEEN_SHARE
        while held_out(place := self.rng.randrange(count)) != unseen:
            pass
        return options[place]

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def say(self, en, zh):
        """A phrasing: one of the strings of this world's language."""
        options = en if self.lang == "en" else zh
        return self.one([options] if isinstance(options, str) else options)

    def both(self, en: str, zh: str) -> str:
        return en if self.lang == "en" else zh

    # Random strings

    def pseudo(self, low: int = 2, high: int = 4) -> str:
        """An invented word: syllables, or for one in four plain random letters."""
        r = self.rng
        if r.random() < 0.25:
            return "".join(r.choices("abcdefghijklmnopqrstuvwxyz", k=r.randint(3, 9)))
        return "".join(r.choice(CONSONANTS) + r.choice(VOWELS) + (r.choice(CONSONANTS) if r.random() < 0.3 else "") for _ in range(r.randint(low, high)))

    def glyphs(self, low: int = 2, high: int = 4) -> str:
        return "".join(self.rng.choices(HANZI, k=self.rng.randint(low, high)))

    def digits(self, low: int, high: int) -> str:
        r = self.rng
        count = r.randint(low, high)
        if r.random() < 0.15:
            return "".join(r.choices(r.sample("0123456789", 2), k=count))
        return "".join(r.choices("0123456789", k=count))

    def invented(self, capital: bool = True) -> str:
        if self.lang == "zh" and self.rng.random() < 0.85:
            return self.glyphs()
        word = self.pseudo()
        return word.capitalize() if capital else word

    def identifier(self) -> str:
        r = self.rng
        letters = "".join(r.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=r.randint(1, 4)))
        return mark(
            r.choice(
                [
                    lambda: f"{letters}-{self.digits(3, 8)}",
                    lambda: f"{letters}{self.digits(3, 8)}",
                    lambda: self.digits(4, 12),
                    lambda: f"{r.randint(2020, 2029)}-{self.digits(3, 6)}",
                    lambda: f"{letters}/{self.digits(2, 4)}/{self.digits(2, 4)}",
                    lambda: "".join(r.choices("0123456789abcdef", k=r.randint(6, 12))),
                    lambda: f"#{self.digits(2, 6)}",
                ]
            )()
        )

    # Slots of meaning: always marked

    def _slot(self, known, invented) -> str:
        return mark(invented() if self.chance(RANDOM_SHARE) else known())

    def first_name(self) -> str:
        if self.lang == "zh":
            return self.person()
        return self._slot(lambda: self.one(FIRST["en"]), self.invented)

    def person(self) -> str:
        if self.lang == "zh":
            return self._slot(lambda: self.one(LAST["zh"]) + self.one(FIRST["zh"]), lambda: self.glyphs(2, 3))
        return self._slot(lambda: f"{self.one(FIRST['en'])} {self.one(LAST['en'])}", lambda: f"{self.invented()} {self.invented()}")

    def company(self) -> str:
        if self.lang == "zh":
            return self._slot(lambda: self.one(ChineseCompanies.company_prefixes) + self.one(COMPANY["zh"]), lambda: self.glyphs(2, 5) + (self.one(COMPANY["zh"]) if self.chance(0.7) else ""))
        suffix = f" {self.one(COMPANY['en'])}" if self.chance(0.75) else ""
        return self._slot(lambda: self.one(LAST["en"]) + suffix, lambda: self.invented() + (f" & {self.invented()}" if self.chance(0.2) else "") + suffix)

    def city(self) -> str:
        if self.lang == "zh":
            return self._slot(lambda: self.one(CITY_STEMS["zh"]), lambda: self.glyphs(2, 3))
        return self._slot(lambda: self.one(CITIES), self.invented)

    def country(self) -> str:
        return mark(self.one(COUNTRIES[self.lang]))

    def job(self) -> str:
        return mark(self.one(JOBS[self.lang]))

    def word(self) -> str:
        return self._slot(lambda: self.one(WORDS[self.lang]), lambda: self.invented(False))

    def thing(self) -> str:
        return self._slot(lambda: self.one(THINGS[self.lang]), lambda: self.invented(False))

    def product(self) -> str:
        if self.lang == "zh":
            return self._slot(lambda: (self.one(QUALITIES["zh"]) if self.chance(0.5) else "") + self.one(GOODS["zh"]), lambda: self.glyphs(2, 5))
        def known():
            return (self.one(QUALITIES["en"]) + " " if self.chance(0.5) else "") + self.one(GOODS["en"])
        return self._slot(known, lambda: self.invented() + (" " + self.one(GOODS["en"]) if self.chance(0.5) else f" {self.rng.randint(2, 99)}"))

    def phone(self) -> str:
        if self.lang == "zh":
            return mark("1" + self.rng.choice("3578") + self.digits(9, 9))
        return mark(self.rng.choice([f"+{self.rng.randint(1, 99)} {self.digits(3, 3)} {self.digits(6, 6)}", f"{self.digits(3, 3)}-{self.digits(3, 3)}-{self.digits(4, 4)}", f"0{self.digits(9, 9)}"]))

    def email(self) -> str:
        name = self.pseudo() if self.chance(0.5) else self.one(FIRST["en"]).lower()
        return mark(f"{name}{self.rng.choice(['', '.' + self.pseudo(), self.digits(1, 3)])}@{self.pseudo()}.{self.rng.choice(['com', 'org', 'net', 'cn', 'io'])}")

    def time(self) -> str:
        r = self.rng
        if self.lang == "zh" and self.chance(0.5):
            return mark(f"{r.choice(['上午', '下午', '晚上'])}{r.randint(1, 12)}点{r.choice(['', '半'])}")
        return mark(r.choice([f"{r.randint(0, 23):02d}:{r.choice(['00', '15', '30', '45', str(r.randint(10, 59))])}", f"{r.randint(1, 12)} {r.choice(['am', 'pm'])}" if self.lang == "en" else f"{r.randint(6, 22)}点"]))

    def day(self) -> str:
        return mark(self.rng.choice(DAYS[self.lang]))

    def count(self, low: int = 2, high: int = 99) -> str:
        return mark(self.rng.randint(low, high))

    def typed(self, text: str) -> str:
        """As people type: a lost capital, a lost full stop, a slip of the finger; never inside a slot."""
        r = self.rng
        if OPEN in text and text.index(OPEN) == 0:
            return text
        if self.lang == "en" and r.random() < 0.3:
            text = text[0].lower() + text[1:]
        if r.random() < 0.25 and text[-1] in ".?!。？！":
            text = text[:-1]
        if self.lang == "en" and r.random() < 0.06 and OPEN not in text and len(text) > 8:
            at = r.randrange(1, len(text) - 2)
            text = text[:at] + r.choice([text[at + 1] + text[at], text[at + 1]]) + text[at + 2 :]
        return text


DAYS = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "tomorrow", "today"],
    "zh": ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日", "周一", "周二", "周三", "周五", "明天", "今天", "后天"],
}
CITIES = """London Paris Berlin Madrid Rome Oslo Lisbon Vienna Prague Warsaw Dublin Athens Helsinki Stockholm Copenhagen Brussels Amsterdam Zurich Geneva Milan
Barcelona Munich Hamburg Budapest Bucharest Sofia Zagreb Belgrade Istanbul Ankara Cairo Nairobi Lagos Accra Dakar Tunis Casablanca Tokyo Osaka Kyoto Seoul Busan
Beijing Shanghai Shenzhen Hangzhou Chengdu Wuhan Taipei Hanoi Bangkok Manila Jakarta Singapore Mumbai Delhi Chennai Karachi Dhaka Colombo Sydney Melbourne Perth
Auckland Toronto Montreal Vancouver Boston Chicago Denver Seattle Austin Dallas Houston Miami Atlanta Lima Bogota Quito Santiago Montevideo Havana Reykjavik
Tallinn Riga Vilnius Krakow Porto Seville Valencia Naples Turin Lyon Nice Marseille Leeds Bristol Glasgow Cardiff Belfast""".split()
THINGS = {
    "en": """apple orange book pen lamp chair table cup plate bottle key bag coat shoe hat ticket stamp coin card box phone charger cable mouse screen camera clock
bicycle tyre candle mirror pillow blanket towel brush spoon fork knife pan kettle toaster umbrella notebook folder envelope battery bulb screw hammer ladder
rope bucket basket flower cake cookie sandwich pizza tomato potato egg lemon melon pear grape cherry""".split(),
    "zh": "苹果 橙子 书 钢笔 台灯 椅子 桌子 杯子 盘子 瓶子 钥匙 背包 外套 鞋子 帽子 车票 邮票 硬币 卡片 盒子 手机 充电器 数据线 鼠标 屏幕 相机 闹钟 自行车 蜡烛 镜子 枕头 毛毯 毛巾 牙刷 勺子 叉子 水壶 雨伞 笔记本 文件夹 信封 电池 灯泡 锤子 梯子 水桶 篮子 鲜花 蛋糕 饼干 三明治 西红柿 土豆 鸡蛋 柠檬 西瓜 梨 葡萄 樱桃".split(),
}
GOODS = {
    "en": """paper toner stapler monitor keyboard headset desk lamp chair cushion coffee tea milk bread butter cheese rice pasta flour sugar salt pepper honey juice
water soap shampoo detergent sponge towel shirt jacket trousers socks scarf gloves boots sandals backpack tent lantern compass rope drill hammer pliers paint brush
wire fuse socket cable adapter router tablet printer projector speaker battery cleaning delivery repair installation consulting training licence hosting""".split(),
    "zh": "打印纸 墨盒 订书机 显示器 键盘 耳机 台灯 椅子 坐垫 咖啡 茶叶 牛奶 面包 黄油 大米 面条 面粉 白糖 食盐 蜂蜜 果汁 矿泉水 香皂 洗发水 洗衣液 毛巾 衬衫 夹克 裤子 袜子 围巾 手套 靴子 凉鞋 背包 帐篷 灯笼 指南针 绳子 电钻 锤子 钳子 油漆 刷子 电线 插座 转换器 路由器 平板 打印机 投影仪 音箱 电池 清洁服务 送货费 维修费 安装费 咨询费 培训费".split(),
}
QUALITIES = {
    "en": "red blue green black white large small medium organic wireless steel wooden cotton fresh premium basic heavy light folding electric travel kitchen office garden".split(),
    "zh": "红色 蓝色 绿色 黑色 白色 大号 小号 中号 有机 无线 不锈钢 木制 纯棉 新鲜 高级 普通 轻便 折叠 电动 旅行 厨房 办公 园艺".split(),
}
