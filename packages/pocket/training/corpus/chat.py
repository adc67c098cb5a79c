"""Small talk, what Pocket is, sums, and questions whose answer stands earlier in the conversation."""

from __future__ import annotations

from .conversation import Conversation, Turn
from .world import World

SMALL_TALK: list[tuple[list[str], list[str], list[str], list[str]]] = [
    (
        ["Hello!", "Hi", "Hi there!", "Hey", "Hey there", "Good morning", "Good evening!", "Good afternoon", "Greetings", "Hello there", "Hiya", "Howdy", "Hello, anyone there?", "Yo", "hi pocket", "Hello Pocket!", "Good day"],
        ["Hello! What can I do for you?", "Hi! How can I help?"],
        ["你好", "您好", "嗨", "早上好", "下午好", "晚上好", "你好呀", "哈喽", "在吗", "你好，Pocket", "大家好", "嘿", "有人吗", "早", "你好！"],
        ["你好！需要我做什么？", "你好！有什么可以帮你？"],
    ),
    (
        ["How are you?", "How are you doing?", "How's it going?", "How do you feel today?", "Are you well?", "What's up?", "How is your day?", "You okay?", "How are things?"],
        ["I am fine, thank you. What would you like to try?", "All well here. What shall we do?"],
        ["你好吗", "最近怎么样", "你今天怎么样", "过得好吗", "还好吗", "你心情怎么样", "近来可好", "一切都好吗"],
        ["我很好，谢谢。想试试什么？", "一切都好。我们做点什么？"],
    ),
    (
        ["Who are you?", "What are you?", "What is your name?", "Tell me about yourself", "Introduce yourself", "Are you a robot?", "Are you an AI?", "Which model are you?", "What model is this?", "Are you human?", "Is this ChatGPT?", "Are you Qwen?", "Are you a person?", "Who am I talking to?", "what's your name"],
        ["I am Pocket, a very small language model of the Sampan project. I run inside this page, on your own device."],
        ["你是谁", "你叫什么名字", "介绍一下你自己", "你是什么", "你是机器人吗", "你是人工智能吗", "你是什么模型", "你是真人吗", "你是通义千问吗", "你是 ChatGPT 吗", "我在和谁说话", "自我介绍一下", "你的名字是什么"],
        ["我是 Pocket，Sampan 项目的一个很小的语言模型，就在这个网页里、在你自己的设备上运行。"],
    ),
    (
        ["Who made you?", "Who created you?", "Who trained you?", "Where do you come from?", "Who built you?", "Who is your maker?", "How were you trained?", "What were you trained on?", "Where does your data come from?"],
        ["The Sampan project trained me from scratch, on sentences made by a program, with no text from the web."],
        ["谁创造了你", "谁训练了你", "你是谁做的", "你从哪里来", "你是怎么训练的", "你的训练数据是什么", "谁开发了你", "你用什么数据训练"],
        ["Sampan 项目从零训练了我，用的是程序生成的句子，没有网上的文字。"],
    ),
    (
        ["What can you do?", "What can I ask you?", "Help", "How can you help me?", "What are you good at?", "Show me what you can do", "What do you know?", "What are your skills?", "Give me some examples", "What should I try?", "What is this?", "How does this work?"],
        ["I can fill a form from a sentence, turn a receipt into JSON, sort a text under labels, suggest a reply, call a tool, do small sums and remember what you tell me here. For more, choose a larger model."],
        ["你能做什么", "你会什么", "我可以问你什么", "帮助", "你能帮我什么", "你擅长什么", "有什么功能", "给我举几个例子", "我该试什么", "这是什么", "怎么用"],
        ["我能根据一句话填表、把小票变成 JSON、给文字分类、建议回复、调用工具、算简单的数，也能记住你在这里说的话。要做更多，请选更大的模型。"],
    ),
    (
        ["How big are you?", "How many parameters do you have?", "What is your size?", "How large is this model?", "Are you a big model?", "How much memory do you need?", "How many weights have you?"],
        ["I have about 6 million weights, in a file of 7 MB. Large models have thousands of times as many."],
        ["你有多大", "你有多少参数", "你的大小是多少", "这个模型多大", "你是大模型吗", "你占多少内存", "你的参数量"],
        ["我有大约 600 万个参数，文件 7 MB。大模型的参数是我的几千倍。"],
    ),
    (
        ["Do you send my data anywhere?", "Is this private?", "Where does my text go?", "Do you need the internet?", "Do you work offline?", "Are you online?", "Who can read this?", "Is my data safe?", "Do you store what I write?"],
        ["Nothing leaves your device: I run in this page and need no network."],
        ["我的数据会被发送吗", "这安全吗", "需要联网吗", "能离线用吗", "我的话会被保存吗", "谁能看到我写的", "隐私安全吗", "你联网吗"],
        ["什么都不会离开你的设备：我在网页里运行，不需要网络。"],
    ),
    (
        ["Thanks!", "Thank you", "Thank you so much", "Great, thanks", "Thanks a lot!", "Cheers", "Much appreciated", "That helps, thanks", "Perfect, thank you", "ok thanks", "thx"],
        ["You are welcome!", "Glad to help."],
        ["谢谢", "多谢", "谢谢你", "太感谢了", "非常感谢", "好的，谢谢", "感谢", "谢啦", "谢谢您"],
        ["不客气！", "很高兴帮到你。"],
    ),
    (
        ["Bye", "Goodbye", "See you", "See you later", "Good night", "I have to go", "That's all", "Take care", "Talk later", "Bye bye", "I'm done"],
        ["Goodbye! Come back any time."],
        ["再见", "拜拜", "晚安", "下次见", "我走了", "回头见", "就这些", "我要走了", "明天见", "先这样"],
        ["再见！随时回来。"],
    ),
    (
        ["You are great", "Well done", "Nice", "Good job", "Awesome!", "Cool", "I like you", "Amazing", "That was fast", "You're smart", "Wow", "Very good"],
        ["Thank you! That is kind."],
        ["你真棒", "做得好", "不错", "厉害", "太好了", "真快", "我喜欢你", "很好", "你真聪明", "哇"],
        ["谢谢夸奖！"],
    ),
    (
        ["You are wrong", "That is not right", "This is bad", "You are stupid", "That makes no sense", "Wrong!", "You're useless", "Not what I asked", "That's nonsense", "I don't like this"],
        ["I am sorry. I am very small and make mistakes; a larger model may do better."],
        ["你错了", "不对", "你真笨", "这没有道理", "答错了", "没用", "我问的不是这个", "胡说", "太差了", "不是这样"],
        ["对不起。我很小，会出错；更大的模型可能做得更好。"],
    ),
    (
        ["Ok", "Okay", "Yes", "Sure", "Fine", "Alright", "I see", "Got it", "Hmm", "Right", "No", "Nothing", "Never mind", "Test", "testing", "test 123"],
        ["All right. Tell me when you need something."],
        ["好", "好的", "嗯", "行", "知道了", "明白", "是的", "可以", "没事", "不用", "没什么", "测试", "测试一下"],
        ["好的。需要时告诉我。"],
    ),
    (
        ["Tell me a joke", "Do you know a joke?", "Make me laugh", "Say something funny", "A joke please", "Got any jokes?", "another joke"],
        ["Why am I called Pocket? Because I get lost in big trousers."],
        ["讲个笑话", "说个笑话", "逗我笑", "你会讲笑话吗", "来个笑话", "再讲一个笑话"],
        ["为什么我叫 Pocket？因为我住在口袋里，衣服一洗就失忆。"],
    ),
    (
        ["What languages do you speak?", "Do you speak Chinese?", "Can you speak English?", "Which languages do you know?", "Do you understand Chinese?", "What languages can I use?"],
        ["English and Chinese."],
        ["你会说什么语言", "你会英文吗", "你懂中文吗", "你会哪些语言", "可以用中文吗", "能说英语吗"],
        ["中文和英文。"],
    ),
]


def small_talk(w: World) -> Conversation:
    turns: list[Turn] = []
    for _ in range(w.rng.choice([1, 1, 1, 2, 3])):
        asks_en, says_en, asks_zh, says_zh = w.rng.choice(SMALL_TALK)
        asks, says = (asks_en, says_en) if w.lang == "en" else (asks_zh, says_zh)
        turns += [Turn("user", w.typed(w.one(asks))), Turn("assistant", w.rng.choice(says))]
    return Conversation("chat", w.lang, turns, thinking=w.chance(0.5), expected={"any": says})


def _filler(w: World) -> list[Turn]:
    asks_en, says_en, asks_zh, says_zh = w.rng.choice(SMALL_TALK)
    asks, says = (asks_en, says_en) if w.lang == "en" else (asks_zh, says_zh)
    return [Turn("user", w.typed(w.one(asks))), Turn("assistant", w.rng.choice(says))]


def _things_to_remember(w: World) -> tuple[str, str, str, str]:
    """→ what the user says, what Pocket answers, a later question, its answer."""
    kind = w.rng.randrange(7)
    en = w.lang == "en"
    if kind == 0:
        x = w.person() if w.chance(0.5) else w.first_name()
        return (
            w.say([f"My name is {x}.", f"I am {x}.", f"I'm {x}.", f"Call me {x}.", f"Hi, I'm {x}!", f"Hello, my name is {x}.", f"This is {x}.", f"{x} is my name."], [f"我叫{x}。", f"我是{x}。", f"你好，我叫{x}。", f"我的名字是{x}。", f"叫我{x}吧。", f"大家都叫我{x}。"]),
            w.both(f"Nice to meet you, {x}!", f"很高兴认识你，{x}！"),
            w.say(["What is my name?", "What's my name?", "Who am I?", "Do you remember my name?", "How am I called?", "Say my name"], ["我叫什么", "我叫什么名字", "我是谁", "你记得我的名字吗", "你还记得我叫什么吗", "说说我的名字"]),
            w.both(f"Your name is {x}.", f"你叫{x}。"),
        )
    if kind == 1:
        x = w.city()
        return (
            w.say([f"I live in {x}.", f"I'm from {x}.", f"My home is {x}.", f"I am in {x} right now.", f"My city is {x}."], [f"我住在{x}。", f"我来自{x}。", f"我家在{x}。", f"我现在在{x}。"]),
            w.both(f"{x}, noted.", f"{x}，记住了。"),
            w.say(["Where do I live?", "Where am I from?", "Which city am I in?", "What is my city?", "Where is my home?"], ["我住在哪里", "我来自哪里", "我在哪个城市", "我家在哪", "我是哪里人"]),
            w.both(f"In {x}.", f"在{x}。"),
        )
    if kind in (2, 3):
        what_en, what_zh = w.rng.choice(
            [("favourite colour", "最喜欢的颜色"), ("dog", "狗"), ("cat", "猫"), ("order number", "订单号"), ("room number", "房间号"), ("password", "密码"), ("manager", "经理"), ("flight", "航班"), ("favourite food", "最喜欢的食物"), ("team", "团队"), ("ticket", "票号"), ("project", "项目"), ("doctor", "医生"), ("street", "街道"), ("code", "代码")]
        )
        x = w.identifier() if what_en in ("order number", "room number", "password", "flight", "ticket", "code") else w.word() if "favourite" in what_en else w.first_name()
        return (
            w.say([f"My {what_en} is {x}.", f"Remember: my {what_en} is {x}.", f"Please note that my {what_en} is {x}.", f"The {what_en} I have is {x}.", f"my {what_en}: {x}"], [f"我的{what_zh}是{x}。", f"记住：我的{what_zh}是{x}。", f"请记下，我的{what_zh}是{x}。", f"我的{what_zh}：{x}"]),
            w.both(f"Noted: your {what_en} is {x}.", f"记住了：你的{what_zh}是{x}。"),
            w.say([f"What is my {what_en}?", f"What's my {what_en}?", f"Do you remember my {what_en}?", f"Tell me my {what_en}", f"my {what_en}?"], [f"我的{what_zh}是什么", f"你记得我的{what_zh}吗", f"告诉我我的{what_zh}", f"我的{what_zh}？"]),
            w.both(f"Your {what_en} is {x}.", f"你的{what_zh}是{x}。"),
        )
    if kind == 4:
        k, x = w.word(), w.identifier() if w.chance(0.5) else w.word()
        return (
            w.say([f"Remember: {k} = {x}", f"{k} means {x}.", f"The code for {k} is {x}.", f"Note this: {k} is {x}."], [f"记住：{k} = {x}", f"{k}的意思是{x}。", f"{k}的代码是{x}。", f"记一下：{k}是{x}。"]),
            w.both(f"Noted: {k} is {x}.", f"记住了：{k}是{x}。"),
            w.say([f"What is {k}?", f"What did I say about {k}?", f"What does {k} mean?", f"What is the code for {k}?"], [f"{k}是什么", f"我说{k}是什么", f"{k}是什么意思", f"{k}的代码是什么"]),
            w.both(f"{k} is {x}.", f"{k}是{x}。"),
        )
    if kind == 5:
        x = w.job()
        return (
            w.say([f"I work as: {x}.", f"My job: {x}.", f"My profession is {x}.", f"By trade: {x}."], [f"我的工作是{x}。", f"我的职业是{x}。", f"我做{x}。", f"职业：{x}"]),
            w.both(f"{x}, noted.", f"{x}，记住了。"),
            w.say(["What is my job?", "What do I do for a living?", "What is my profession?", "What do I work as?"], ["我的工作是什么", "我是做什么的", "我的职业是什么", "我做什么工作"]),
            w.both(f"Your job: {x}.", f"你的工作：{x}。"),
        )
    items = [w.thing() for _ in range(w.rng.randint(2, 4))]
    listed = ", ".join(items) if en else "、".join(items)
    return (
        w.say([f"My shopping list: {listed}", f"I need to buy {listed}.", f"Remember these: {listed}", f"Put on my list: {listed}"], [f"我的购物清单：{listed}", f"我要买{listed}。", f"记住这些：{listed}", f"清单上有：{listed}"]),
        w.both(f"Noted: {listed}.", f"记住了：{listed}。"),
        w.say(["What is on my list?", "What do I need to buy?", "What did I ask you to remember?", "Read me my list"], ["我的清单上有什么", "我要买什么", "我让你记住什么", "念一下我的清单"]),
        w.both(f"On your list: {listed}.", f"你的清单：{listed}。"),
    )


UNKNOWN = [
    (["What is my name?", "Who am I?", "Do you know my name?", "What's my name?", "Guess my name"], "You have not told me your name yet.", ["我叫什么", "我是谁", "你知道我的名字吗", "我叫什么名字", "猜猜我叫什么"], "你还没有告诉我你的名字。"),
    (["Where do I live?", "Where am I from?", "Which city am I in?", "What is my city?"], "You have not told me where you live.", ["我住在哪里", "我来自哪里", "我在哪个城市", "我家在哪"], "你还没有告诉我你住在哪里。"),
    (["What is on my list?", "What do I need to buy?", "Read me my list", "What is my job?"], "You have not told me that yet.", ["我的清单上有什么", "我要买什么", "念一下我的清单", "我的工作是什么"], "你还没有告诉我。"),
]


def follow_up(w: World) -> Conversation:
    if w.chance(0.12):
        ask_en, say_en, ask_zh, say_zh = w.rng.choice(UNKNOWN)
        turns = [Turn("user", w.typed(w.say(ask_en, ask_zh))), Turn("assistant", w.both(say_en, say_zh))]
        return Conversation("follow-up", w.lang, (_filler(w) if w.chance(0.4) else []) + turns, thinking=w.chance(0.5), expected={"text": turns[-1].content})
    turns: list[Turn] = []
    memories = [_things_to_remember(w) for _ in range(w.rng.choice([1, 1, 2, 3]))]
    seen = set()
    memories = [m for m in memories if m[2][:14] not in seen and not seen.add(m[2][:14])]
    for tell, answer, _, _ in memories:
        turns += [Turn("user", w.typed(tell)), Turn("assistant", answer)]
        if w.chance(0.4):
            turns += _filler(w)
    w.rng.shuffle(memories)
    for _, _, ask, answer in memories[: w.rng.choice([1, 1, 2])]:
        if w.chance(0.3):
            turns += _filler(w)
        turns += [Turn("user", w.typed(ask)), Turn("assistant", answer)]
    return Conversation("follow-up", w.lang, turns, thinking=w.chance(0.5), expected={"text": turns[-1].content})


def facts(w: World) -> Conversation:
    """A few facts in the prompt and a question about one of them, distractors around it."""
    r = w.rng
    relations = [
        ("price", "价格", lambda: w.count(2, 999) + w.both(" dollars", "元")),
        ("owner", "负责人", w.person),
        ("address", "地址", lambda: w.count(1, 400) + " " + w.word() + w.both(" Street", "路")),
        ("colour", "颜色", w.word),
        ("phone number", "电话", w.phone),
        ("code", "代码", w.identifier),
        ("opening time", "开门时间", w.time),
        ("manager", "经理", w.person),
        ("weight", "重量", lambda: w.count(1, 900) + " kg"),
        ("location", "位置", w.city),
        ("deadline", "截止日期", w.day),
        ("status", "状态", w.word),
    ]
    if r.random() < 0.5:
        kind = r.choice(relations)
        rows = [(w.product() if w.chance(0.5) else w.company(), kind[0], kind[1], kind[2]()) for _ in range(r.randint(2, 8))]
    else:
        subject = [w.product() for _ in range(r.randint(1, 3))]
        rows = [(s, en, zh, make()) for s in subject for en, zh, make in r.sample(relations, r.randint(2, 4))]
    r.shuffle(rows)
    style = r.randrange(3)
    if style == 0:
        text = w.both(" ".join(f"The {k} of {s} is {v}." for s, k, _, v in rows), "".join(f"{s}的{k}是{v}。" for s, _, k, v in rows))
    elif style == 1:
        text = "\n".join(w.both(f"- {s}, {k}: {v}", f"- {s}，{z}：{v}") for s, k, z, v in rows)
    else:
        text = " ".join(w.both(f"{s} has the {k} {v}.", f"{s}，{z}为{v}。") for s, k, z, v in rows)
    s, k, z, v = r.choice(rows)
    ask = w.say(
        [f"What is the {k} of {s}?", f"Which {k} does {s} have?", f"Tell me the {k} of {s}.", f"{s}: what is the {k}?", f"I need the {k} of {s}"],
        [f"{s}的{z}是什么？", f"{s}的{z}？", f"告诉我{s}的{z}。", f"请问{s}的{z}是多少？", f"我想知道{s}的{z}"],
    )
    answer = w.both(f"The {k} of {s} is {v}.", f"{s}的{z}是{v}。")
    if r.random() < 0.15:
        missing = w.product()
        if missing not in text:
            ask = w.both(f"What is the {k} of {missing}?", f"{missing}的{z}是什么？")
            answer = w.both(f"The text does not say anything about {missing}.", f"文中没有提到{missing}。")
    joined = r.choice([f"{text}\n\n{ask}", f"{text}\n{ask}", f"{ask}\n\n{text}", text + " " + ask])
    if r.random() < 0.25:
        turns = [Turn("system", text), Turn("user", ask), Turn("assistant", answer)]
    else:
        turns = [Turn("user", joined), Turn("assistant", answer)]
    return Conversation("facts", w.lang, turns, thinking=w.chance(0.5), expected={"text": answer})


def repeat(w: World) -> Conversation:
    """Repeat after me: the plainest test of copying."""
    r = w.rng
    parts = [r.choice([w.word, w.identifier, w.person, w.product, w.city, w.thing, w.phone, w.email])() for _ in range(r.randint(1, 7))]
    text = (" " if w.lang == "en" else r.choice(["", "，", " "])).join(parts)
    ask = w.say(
        [f"Repeat: {text}", f"Repeat after me: {text}", f"Say this again: {text}", f"Say \"{text}\"", f"Copy this text exactly:\n{text}", f"Please write: {text}", f"Echo {text}", f"Type: {text}", f"Say: {text}", f"Please repeat \"{text}\"", f"Write exactly this: {text}", f"Can you say {text}?", f"Output {text}", f"Just copy: {text}", f"Print \"{text}\"", f"Repeat this back to me: {text}", f"Say the following: {text}", f"Write down {text}"],
        [f"重复：{text}", f"跟我说：{text}", f"请说“{text}”", f"照抄：\n{text}", f"请写：{text}", f"复述一遍：{text}", f"原样输出：{text}", f"说：{text}", f"请重复“{text}”", f"照着写：{text}", f"跟我念：{text}", f"输出：{text}", f"抄一遍：{text}", f"再说一遍：{text}", f"写下来：{text}", f"把这个重复一遍：{text}"],
    )
    return Conversation("repeat", w.lang, [Turn("user", ask), Turn("assistant", text)], thinking=w.chance(0.5), expected={"text": text})


# Sums


def _column_steps(a: int, b: int, plus: bool) -> list[str]:
    lines, carry = [], 0
    left, right = str(a)[::-1], str(b)[::-1]
    for i in range(max(len(left), len(right))):
        x, y = int(left[i]) if i < len(left) else 0, int(right[i]) if i < len(right) else 0
        z = x + y + carry if plus else x - y - carry
        sign = "+" if plus else "-"
        middle = f"{x} {sign} {y}" + (f" {sign} {carry}" if carry else "")
        if plus:
            lines.append(f"{middle} = {z}: {z % 10}, {z // 10}")
            carry = z // 10
        else:
            lines.append(f"{middle} = {z}: {z % 10}, {int(z < 0)}")
            carry = int(z < 0)
    return lines


def _product_steps(a: int, b: int) -> list[str]:
    lines, carry = [], 0
    for d in str(a)[::-1]:
        z = int(d) * b + carry
        lines.append(f"{d} × {b}" + (f" + {carry}" if carry else "") + f" = {z}: {z % 10}, {z // 10}")
        carry = z // 10
    return lines


def sums(w: World) -> Conversation:
    r = w.rng
    thinking = w.chance(0.65)
    kind = r.choice("++--×")
    top = r.choice([9, 20, 99, 99, 999, 9999]) if thinking else r.choice([9, 20, 99])
    a, b = r.randint(0, top), r.randint(0, top)
    if kind == "-" and a < b:
        a, b = b, a
    if kind == "×":
        a, b = (r.randint(2, r.choice([9, 99, 999])), r.randint(2, 9)) if thinking else (r.randint(1, 10), r.randint(1, 10))
    answer = {"+": a + b, "-": a - b, "×": a * b}[kind]
    steps = "\n".join([f"{a} {kind} {b}", *(_product_steps(a, b) if kind == "×" else _column_steps(a, b, kind == "+")), str(answer)])
    signs = {"+": ["+", "+", " plus "], "-": ["-", "-", " minus "], "×": ["×", "*", "x", " times "]}[kind]
    sign = r.choice(signs) if w.lang == "en" else r.choice(signs[:2] + [{"+": "加", "-": "减", "×": "乘以"}[kind]])
    pad = r.choice(["", " "])
    expression = f"{a}{sign if sign[0] == ' ' else pad + sign + pad}{b}"
    if r.random() < 0.3 and kind != "×":
        who, thing = w.first_name(), w.thing()
        ask = w.say(
            [f"{who} has {a} of {thing} and gets {b} more. How many now?", f"There were {a} ({thing}). {who} adds {b}. How many are there?"] if kind == "+" else [f"{who} has {a} of {thing} and gives away {b}. How many are left?", f"From {a} ({thing}), {who} takes {b}. How many remain?"],
            [f"{who}有{a}个{thing}，又得到{b}个。现在有多少个？", f"原来有{a}个{thing}，{who}加了{b}个。一共多少？"] if kind == "+" else [f"{who}有{a}个{thing}，送出{b}个。还剩多少？", f"{a}个{thing}，{who}拿走{b}个。剩下多少？"],
        )
        reply = w.both(f"{answer}.", f"{answer}个。")
    else:
        ask = w.say(
            [f"What is {expression}?", f"{expression} = ?", f"{expression}", f"How much is {expression}?", f"Calculate {expression}", f"Please compute {expression}.", f"{expression}=", f"Can you work out {expression}?"],
            [f"{expression}等于多少？", f"{expression} = ?", f"{expression}", f"{expression}是多少", f"计算{expression}", f"请算一下{expression}", f"{expression}=", f"帮我算{expression}"],
        )
        reply = f"{a} {kind} {b} = {answer}"
    return Conversation("sums", w.lang, [Turn("user", ask), Turn("assistant", reply, thought=steps)], thinking=thinking, expected={"text": reply})
