"""One of the given labels: texts from a grammar of topics; labels under several names, sometimes invented and explained."""

from __future__ import annotations

from .conversation import Conversation, Turn
from .world import World

Family = dict[str, tuple[list[str], list[str], list[str], list[str]]]
"""label → its English names, its Chinese names, English texts, Chinese texts ({} is a product, {n} a person)"""

FAMILIES: dict[str, Family] = {
    "mood": {
        "positive": (["positive", "good", "happy", "praise"], ["正面", "好评", "满意", "表扬"], ["I love my new {}.", "The {} works perfectly.", "Great service, {n} was so kind!", "Best {} I ever had.", "Very happy with the {}.", "The {} is excellent and arrived early.", "{n} helped me at once, wonderful.", "I would buy the {} again.", "Fantastic {}!", "This {} made my day."], ["我很喜欢新买的{}。", "{}非常好用。", "服务很好，{n}很热情！", "这是我用过最好的{}。", "对{}很满意。", "{}质量优秀，到得也快。", "{n}马上就帮了我，太棒了。", "我还会再买{}。", "{}太赞了！", "这个{}让我很开心。"]),
        "negative": (["negative", "bad", "unhappy", "complaint"], ["负面", "差评", "不满", "投诉"], ["The {} broke after one day.", "Terrible {}, never again.", "{n} was rude to me.", "I hate this {}.", "The {} is a waste of money.", "Very disappointed with the {}.", "Nobody helped me, not even {n}.", "The {} smells awful.", "Worst {} ever.", "I am angry about the {}."], ["{}用一天就坏了。", "{}太糟糕了，再也不买。", "{n}态度很差。", "我讨厌这个{}。", "{}浪费钱。", "对{}非常失望。", "没人帮我，{n}也不理。", "{}味道难闻。", "最差的{}。", "{}让我很生气。"]),
        "neutral": (["neutral", "mixed", "plain"], ["中性", "一般", "普通"], ["The {} is a {}.", "I received the {} today.", "The {} comes in a box.", "{n} delivered the {} on Monday.", "It is a {} like any other.", "The {} has two buttons.", "The {} is okay, nothing special.", "I use the {} at work."], ["{}是一种商品。", "我今天收到了{}。", "{}装在盒子里。", "{n}周一送来了{}。", "这是个普通的{}。", "{}有两个按钮。", "{}还行，没什么特别。", "我上班用{}。"]),
    },
    "ticket": {
        "billing": (["billing", "payment", "invoice", "money"], ["账单", "付款", "发票", "费用"], ["I was charged twice for the {}.", "My invoice for the {} is wrong.", "Please send me the bill for the {}.", "Can I pay the {} by card?", "Why is the {} on my bill?", "The payment for the {} failed.", "The amount on the invoice is too high.", "I want my receipt for the {}."], ["{}被扣了两次钱。", "{}的发票有误。", "请把{}的账单发给我。", "{}可以刷卡付吗？", "为什么账单上有{}？", "{}付款失败了。", "发票金额太高了。", "我要{}的收据。"]),
        "delivery": (["delivery", "shipping", "transport", "parcel"], ["配送", "物流", "快递", "送货"], ["Where is my {}?", "The {} has not arrived.", "When will the {} be delivered?", "The parcel with the {} is lost.", "The courier left the {} at the wrong door.", "Can you ship the {} to another address?", "My {} is two weeks late.", "The {} was delivered to {n} by mistake."], ["我的{}到哪了？", "{}还没到。", "{}什么时候送到？", "装{}的包裹丢了。", "快递员把{}放错门口了。", "{}能换个地址寄吗？", "我的{}晚了两周。", "{}错送给了{n}。"]),
        "technical": (["technical", "bug", "fault", "error", "support"], ["技术", "故障", "报错", "支持"], ["The {} does not switch on.", "The app crashes when I open {}.", "I get an error with the {}.", "The {} shows a black screen.", "How do I connect the {}?", "The {} will not update.", "The {} stopped working after the update.", "The website freezes at {}."], ["{}开不了机。", "一打开{}应用就崩溃。", "{}报错了。", "{}黑屏。", "{}怎么连接？", "{}无法更新。", "更新后{}不能用了。", "网站在{}那里卡住。"]),
        "account": (["account", "login", "password", "profile"], ["账户", "登录", "密码", "资料"], ["I forgot my password.", "I cannot log in as {n}.", "Please delete my account.", "How do I change my email address?", "My account {n} is locked.", "I want to change my user name to {n}.", "The login page refuses my password.", "Somebody else uses my account."], ["我忘记密码了。", "我用{n}登录不了。", "请删除我的账户。", "怎么修改我的邮箱？", "我的账号{n}被锁了。", "我想把用户名改成{n}。", "登录页面说密码错误。", "有人在用我的账号。"]),
        "return": (["return", "refund", "exchange", "send back"], ["退货", "退款", "换货", "退换"], ["I want to return the {}.", "Please refund the {}.", "Can I exchange the {} for another size?", "How do I send the {} back?", "The {} does not fit, I want my money back.", "I changed my mind about the {}, take it back.", "Return label for the {} please.", "Is a refund possible for the {}?"], ["我要退{}。", "请退{}的钱。", "{}能换个尺寸吗？", "{}怎么寄回？", "{}不合适，我要退款。", "我不想要{}了，想退回。", "请给我{}的退货单。", "{}可以退款吗？"]),
    },
    "kind": {
        "question": (["question", "asking"], ["问题", "提问"], ["Where can I find the {}?", "What time do you open?", "Is {n} in today?", "How much is the {}?", "Do you sell {}?", "Which {} is better?"], ["{}在哪里？", "你们几点开门？", "{n}今天在吗？", "{}多少钱？", "你们卖{}吗？", "哪种{}更好？"]),
        "request": (["request", "order", "task"], ["请求", "要求", "任务"], ["Please send me the {}.", "Reserve the {} for me.", "Bring the {} to {n}.", "Please call {n} back.", "Clean the {} today.", "Add the {} to the list."], ["请把{}发给我。", "帮我预留{}。", "把{}拿给{n}。", "请给{n}回电话。", "今天把{}擦干净。", "把{}加到清单里。"]),
        "statement": (["statement", "information", "note"], ["陈述", "信息", "通知"], ["The {} is on the table.", "{n} is on holiday.", "We have a new {}.", "The {} was moved to the cellar.", "{n} starts on Monday.", "The shop has sold the {}."], ["{}在桌上。", "{n}在休假。", "我们有新的{}。", "{}搬到地下室了。", "{n}周一入职。", "店里把{}卖掉了。"]),
        "greeting": (["greeting", "hello"], ["问候", "打招呼"], ["Good morning, {n}!", "Hello everyone!", "Hi {n}, long time no see.", "Dear {n}, best wishes!", "Welcome, {n}!"], ["早上好，{n}！", "大家好！", "{n}你好，好久不见。", "亲爱的{n}，祝好！", "欢迎，{n}！"]),
    },
    "topic": {
        "food": (["food", "cooking", "kitchen"], ["美食", "烹饪", "饮食"], ["{n} baked bread with butter and honey.", "The soup needs salt and pepper.", "We had noodles and tea for lunch.", "The restaurant serves fried fish.", "Boil the rice for ten minutes."], ["{n}烤了黄油面包。", "汤里要加盐和胡椒。", "我们中午吃面喝茶。", "餐厅有炸鱼。", "米饭煮十分钟。"]),
        "sport": (["sport", "sports", "games"], ["体育", "运动", "比赛"], ["{n} scored two goals in the match.", "The team won the final.", "She runs ten kilometres every day.", "The coach trained the players.", "{n} won the tennis tournament."], ["{n}在比赛中进了两个球。", "球队赢了决赛。", "她每天跑十公里。", "教练在训练队员。", "{n}赢了网球赛。"]),
        "travel": (["travel", "holiday", "trip"], ["旅行", "旅游", "出行"], ["The train to the coast leaves at noon.", "{n} booked a hotel near the beach.", "Our flight was late and the airport full.", "We walked in the mountains for a week.", "Pack your passport and the tickets."], ["去海边的火车中午出发。", "{n}订了海滩旁的酒店。", "航班晚点，机场很挤。", "我们在山里走了一周。", "带好护照和机票。"]),
        "weather": (["weather", "climate"], ["天气", "气候"], ["It will rain all day.", "Snow fell in the night.", "A warm wind blows from the south.", "The storm brings thunder.", "The sun shines and it is hot."], ["全天有雨。", "夜里下雪了。", "南边吹来暖风。", "暴风雨带来雷声。", "阳光明媚，天气炎热。"]),
        "business": (["business", "finance", "economy"], ["财经", "商业", "经济"], ["The company raised its prices.", "{n} bought shares of the bank.", "Profits fell in the last quarter.", "The market opened higher.", "The firm hired {n} as director."], ["公司提高了价格。", "{n}买了银行的股票。", "上季度利润下降。", "市场高开。", "公司聘{n}为总监。"]),
        "health": (["health", "medicine"], ["健康", "医疗"], ["{n} has a cold and a fever.", "The doctor looked at the knee.", "Take the pills after meals.", "The nurse measured the blood pressure.", "Sleep well and drink water."], ["{n}感冒发烧了。", "医生检查了膝盖。", "饭后吃药。", "护士量了血压。", "好好睡觉，多喝水。"]),
    },
    "urgency": {
        "urgent": (["urgent", "high", "critical"], ["紧急", "高", "急"], ["The {} is on fire, come at once!", "Everything is down, help now!", "We need the {} immediately.", "Emergency: the {} leaks!", "Call {n} right now, it cannot wait."], ["{}着火了，快来！", "全部瘫痪，马上帮忙！", "我们立刻需要{}。", "紧急：{}漏水！", "马上打给{n}，不能等。"]),
        "normal": (["normal", "medium", "low"], ["普通", "中", "不急"], ["Please look at the {} some time.", "When you have time, check the {}.", "There is no hurry with the {}.", "Could {n} look at the {} next week?", "A small wish: a new {}."], ["有空看看{}。", "方便时检查一下{}。", "{}不着急。", "{n}下周能看看{}吗？", "一个小愿望：新的{}。"]),
    },
}


ASIDES = (
    ["I am writing on behalf of my aunt.", "Just so you know.", "Have a nice day.", "This was yesterday.", "My neighbour says the same.", "That is all."],
    ["我替我阿姨写信。", "告诉你一声。", "祝你愉快。", "这是昨天的事。", "我邻居也这么说。", "就这些。"],
)


def classify(w: World) -> Conversation:
    r = w.rng
    family = FAMILIES[r.choice(["mood", "mood", "ticket", "ticket", "kind", "topic", "topic", "urgency"])]
    labels = r.sample(list(family), r.randint(2, len(family)))
    truth = r.choice(labels)
    en = w.lang == "en"
    names = {label: w.one(family[label][0 if en else 1]) for label in labels}
    explained = ""
    if w.chance(0.3):
        invented = {label: (w.pseudo(1, 2) if w.chance(0.6) else r.choice("ABCDEFGH") + w.digits(0, 1)) for label in labels}
        if len(set(invented.values())) == len(labels):
            explained = "\n".join(f"{invented[label]} = {names[label]}" for label in labels)
            names = invented
    if w.chance(0.2) and en and not explained:
        names = {k: v.capitalize() for k, v in names.items()}
    sentences = [w.one(family[truth][2 if en else 3]) for _ in range(r.choice([1, 1, 1, 2, 2, 3]))]
    if w.chance(0.2):
        sentences.insert(r.randrange(len(sentences) + 1), w.say(*ASIDES))
    text = w.both(" ", "").join(dict.fromkeys(sentences)).replace("{n}", w.first_name())
    while "{}" in text:
        text = text.replace("{}", w.product(), 1)
    if w.chance(0.15):
        text = (f"Message from {w.person()}: " if en else f"{w.person()}留言：") + text
    listed = r.choice([", ", " / ", "; ", " | "]).join(names[label] for label in labels) if en else r.choice(["、", "，", " / ", ", "]).join(names[label] for label in labels)
    ask = w.say(
        [f"Classify into one of: {listed}.", f"Which label fits: {listed}?", f"Labels: {listed}. Answer with one label.", f"Choose one label ({listed}) for the text.", f"Sort this text under {listed}.", f"Pick the right category: {listed}"],
        [f"分类，标签：{listed}。", f"属于哪一类：{listed}？", f"标签：{listed}。只回答一个标签。", f"给文字选一个标签（{listed}）。", f"把这段文字归入：{listed}。", f"选择正确的类别：{listed}"],
    )
    if explained:
        ask += "\n" + explained
    reply = Turn("assistant", names[truth])
    if w.chance(0.3):
        turns = [Turn("system", ask), Turn("user", text), reply]
    else:
        turns = [Turn("user", r.choice([f"{ask}\n\n{text}", f"{ask}\n" + w.both("Text: ", "文字：") + text, f"{ask}\n\"{text}\""])), reply]
    return Conversation("classify", w.lang, turns, thinking=w.chance(0.3), expected={"text": names[truth]})
