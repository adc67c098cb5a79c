"""What a user tells about themselves, and questions about it later: also two things at once, corrections (the newest counts) and things never told."""

from __future__ import annotations

from dataclasses import dataclass

from .world import World, mark

# Clauses hold {x}, the thing told, and {k}, what it is of. They begin in lower case and have no full stop, so that they can stand anywhere.

Kind = tuple[list[str], list[str], str, str, list[str], list[str], str, str, str, str]


def _split(block: str) -> list[str]:
    return block.replace("\n", "|").split("|")


KINDS: dict[str, Kind] = {
    # key: (clauses en, zh, answer en, zh, questions en, zh, recalled en, zh, not told en, zh)
    "name": (
        _split("""my name is {x}|I am {x}|I'm {x}|call me {x}|my name's {x}|you can call me {x}|this is {x}|{x} is my name|people call me {x}|everyone calls me {x}|I'm called {x}|please call me {x}|it's {x} here
{x} here|they call me {x}|the name is {x}|my friends call me {x}|I go by {x}|name's {x}|you're talking to {x}|remember that my name is {x}|remember my name: {x}|my name: {x}|let me introduce myself, I'm {x}|just call me {x}|I was named {x}"""),
        _split("""我叫{x}|我是{x}|我的名字是{x}|我的名字叫{x}|叫我{x}吧|大家都叫我{x}|你可以叫我{x}|本人{x}|我名叫{x}|请叫我{x}|朋友都叫我{x}|我姓名是{x}|自我介绍一下，我叫{x}|记住我的名字：{x}|记住，我叫{x}|我的名字：{x}|就叫我{x}|他们叫我{x}|别人叫我{x}|我呢，叫{x}|这里是{x}|在下{x}|我这边是{x}|我全名{x}"""),
        "Nice to meet you, {x}!", "很高兴认识你，{x}！",
        _split("""what is my name?|what's my name?|who am I?|do you remember my name?|how am I called?|say my name|do you know my name?|do you still know my name?|what did I say my name was?|what was my name?|what was my name again?|tell me my name|can you tell me my name?|so what's my name?|what am I called?|remember my name?|my name?
do you know who I am?|do you remember who I am?|who are you talking to?|what should you call me?|what do people call me?|please say my name|can you say my name?|whats my name|and my name is?|name me|have you forgotten my name?|did you forget my name?|how should you call me?|I forgot my name, what is it?|which name did I give you?"""),
        _split("""我叫什么|我叫什么名字|我是谁|你记得我的名字吗|你还记得我叫什么吗|说说我的名字|我叫啥|我的名字是什么|我的名字|我名字叫什么|你知道我的名字吗|你知道我叫什么吗|你知道我是谁吗|还记得我是谁吗|还记得我的名字吗|还记得我叫什么吗|记得我叫什么吗|说出我的名字|告诉我我的名字|请说我的名字|那我叫什么|那我是谁|我刚才说我叫什么|我说过我叫什么|你应该叫我什么|你该怎么叫我|该怎么称呼我|忘了我叫什么吗|你忘了我的名字吗|我姓甚名谁|你在和谁说话"""),
        "Your name is {x}.", "你叫{x}。", "You have not told me your name yet.", "你还没有告诉我你的名字。",
    ),
    "city": (
        _split("""I live in {x}|I'm from {x}|my home is {x}|I am in {x} right now|my city is {x}|I come from {x}|I'm in {x}|I am from {x}|my home is in {x}|I moved to {x}|I'm living in {x}|I live near {x}|I was born in {x}|we live in {x}|I'm writing from {x}|I stay in {x}|my flat is in {x}|my home town is {x}|I reside in {x}|I'm based in {x}|my place is in {x}|greetings from {x}|I grew up in {x}|my house is in {x}"""),
        _split("""我住在{x}|我来自{x}|我家在{x}|我现在在{x}|我在{x}|我住{x}|我是{x}人|我在{x}生活|我目前在{x}|我从{x}来|我的城市是{x}|我老家是{x}|我老家在{x}|我的家在{x}|我搬到了{x}|我人在{x}|我们住在{x}|我生在{x}|我在{x}长大|我的家乡是{x}|我常住{x}|我定居{x}|我这里是{x}"""),
        "{x}, noted.", "{x}，记住了。",
        _split("""where do I live?|where am I from?|which city am I in?|what is my city?|where is my home?|do you remember where I live?|do you know where I live?|where did I say I live?|what city do I live in?|which city do I live in?|what's my city?|where do I come from?|where am I?|my city?|what is my home town?|in which city do I live?|tell me where I live|can you tell me where I live?|where's my home?|what place am I from?|do you remember where I'm from?|what city am I from?|say where I live|so where do I live?|where did I tell you I live?"""),
        _split("""我住在哪里|我来自哪里|我在哪个城市|我家在哪|我是哪里人|我住哪|我住在哪|我住哪儿|我在哪|我在哪里|我从哪里来|我家在哪里|我住在哪个城市|我的城市是哪里|你知道我住哪吗|你记得我住哪里吗|还记得我住在哪里吗|还记得我是哪里人吗|我说过我住哪|我老家在哪|我的家乡是哪里|我的家在哪|告诉我我住在哪里|说说我住在哪|那我住在哪里|我刚才说我在哪"""),
        "In {x}.", "在{x}。", "You have not told me where you live.", "你还没有告诉我你住在哪里。",
    ),
    "job": (
        _split("""I work as a {x}|my job: {x}|my profession is {x}|by trade I am a {x}|my job is {x}|I work as: {x}|I'm working as a {x}|I earn my living as a {x}|my occupation is {x}|my work is {x}|professionally I am a {x}|I have a job as a {x}|I got a job as a {x}|at work I am a {x}|occupation: {x}|I am a {x} by profession|my trade is {x}|in my job I am a {x}"""),
        _split("""我的工作是{x}|我的职业是{x}|我做{x}|职业：{x}|我是做{x}的|我是一名{x}|我当{x}|我从事{x}|我的工作：{x}|我的岗位是{x}|我干{x}这一行|我在公司做{x}|我上班做{x}|本职工作是{x}|工作上我是{x}|我目前做{x}|我的本行是{x}|我找到了{x}的工作"""),
        "{x}, noted.", "{x}，记住了。",
        _split("""what is my job?|what do I do for a living?|what is my profession?|what do I work as?|what's my job?|what's my profession?|what is my occupation?|what work do I do?|do you remember my job?|do you know my job?|what did I say my job was?|my job?|tell me my job|what do I do for work?|which job do I have?|what is my trade?|can you tell me my job?|do you know what I do?|what am I by profession?|how do I earn my living?"""),
        _split("""我的工作是什么|我是做什么的|我的职业是什么|我做什么工作|我是干什么的|我干什么工作|我的工作|我什么职业|我从事什么工作|你记得我的工作吗|你知道我是做什么的吗|还记得我的职业吗|还记得我做什么工作吗|我说过我做什么|告诉我我的职业|说说我的工作|我是干嘛的|我靠什么吃饭|那我是做什么的"""),
        "Your job: {x}.", "你的工作：{x}。", "You have not told me your job yet.", "你还没有告诉我你的工作。",
    ),
    "age": (
        _split("""I am {x} years old|I'm {x} years old|I am {x}|I'm {x}|my age is {x}|I just turned {x}|I turned {x} today|I will be {x} this year|age: {x}|I'm {x} now|my age: {x}|I have turned {x}|I'm aged {x}|I am already {x} years old|I'm only {x} years old"""),
        _split("""我{x}岁|我今年{x}岁|我{x}岁了|我的年龄是{x}岁|我今年{x}岁了|年龄：{x}岁|我刚满{x}岁|我快{x}岁了|我已经{x}岁了|我才{x}岁|本人{x}岁|今年我{x}岁|我马上{x}岁|我年纪是{x}岁"""),
        "{x} years, noted.", "{x}岁，记住了。",
        _split("""how old am I?|what is my age?|what's my age?|do you remember how old I am?|do you remember my age?|do you know my age?|my age?|tell me my age|do you know how old I am?|what age am I?|how many years old am I?|can you tell me how old I am?|say my age|how old did I say I am?|so how old am I?"""),
        _split("""我几岁|我多大|我多大了|我几岁了|我的年龄是多少|我今年几岁|我今年多大|你知道我多大吗|你记得我几岁吗|还记得我多大吗|我的年龄|告诉我我几岁|说说我多大|我多少岁|我说过我几岁|那我几岁"""),
        "You are {x} years old.", "你{x}岁。", "You have not told me your age yet.", "你还没有告诉我你的年龄。",
    ),
    "list": (
        _split("""my shopping list: {x}|I need to buy {x}|remember these: {x}|put on my list: {x}|I have to buy {x}|please remember to buy: {x}|my list is {x}|on my list: {x}|add to my list: {x}|I must get {x}|shopping list: {x}|to buy: {x}|I want to buy {x}|don't forget: {x}|my list: {x}|I need {x}|note these things: {x}|things to buy: {x}|make a list: {x}|for the shop: {x}|keep this list: {x}|we need to get {x}"""),
        _split("""我的购物清单：{x}|我要买{x}|记住这些：{x}|清单上有：{x}|我需要买{x}|帮我记下要买的：{x}|购物清单：{x}|要买的东西：{x}|别忘了买{x}|我得买{x}|请记住这些东西：{x}|清单：{x}|加到清单里：{x}|放进清单：{x}|我想买{x}|待会要买{x}|我的清单是{x}|帮我列清单：{x}|记一下要买{x}|去超市买{x}"""),
        "Noted: {x}.", "记住了：{x}。",
        _split("""what is on my list?|what do I need to buy?|what did I ask you to remember?|read me my list|what's on my list?|what is on my shopping list?|what do I have to buy?|what must I buy?|what did I want to buy?|show me my list|show my list|my list?|my shopping list?|tell me my list|do you remember my list?|what was on my list?|what should I buy?|can you read my list?|list what I need to buy|repeat my list|what was I going to buy?|what's my shopping list?"""),
        _split("""我的清单上有什么|我要买什么|我让你记住什么|念一下我的清单|我需要买什么|我的购物清单是什么|清单上有什么|我得买什么|我该买什么|我想买什么|我要买的东西有哪些|说一下我的清单|给我看清单|我的清单|购物清单|你记得我的清单吗|还记得我要买什么吗|读一下清单|再说一遍清单|告诉我清单内容|我说过要买什么"""),
        "On your list: {x}.", "你的清单：{x}。", "You have not told me your list yet.", "你还没有告诉我你的清单。",
    ),
    "attribute": (
        _split("""my {k} is {x}|remember: my {k} is {x}|please note that my {k} is {x}|the {k} I have is {x}|my {k}: {x}|{x} is my {k}|note: my {k} is {x}|remember my {k}: {x}|as for my {k}, it's {x}|please remember my {k}, {x}|keep in mind that my {k} is {x}|I have {x} as my {k}|don't forget my {k}: {x}|save my {k}: {x}|for my {k} I have {x}|just so you know, my {k} is {x}|note down my {k}: {x}|you should know that my {k} is {x}|my {k} would be {x}|{k}: {x}"""),
        _split("""我的{k}是{x}|记住：我的{k}是{x}|请记下，我的{k}是{x}|我的{k}：{x}|记住我的{k}：{x}|{x}是我的{k}|请记住我的{k}是{x}|我{k}是{x}|我的{k}呢，是{x}|帮我记一下，我的{k}是{x}|记一下我的{k}：{x}|别忘了我的{k}是{x}|告诉你，我的{k}是{x}|说一下，我的{k}是{x}|关于{k}，我的是{x}|我的{k}就是{x}|保存我的{k}：{x}|{k}：{x}"""),
        "Noted: your {k} is {x}.", "记住了：你的{k}是{x}。",
        _split("""what is my {k}?|what's my {k}?|do you remember my {k}?|tell me my {k}|my {k}?|what was my {k}?|what was my {k} again?|do you know my {k}?|can you tell me my {k}?|what did I say my {k} is?|what did I say about my {k}?|remind me of my {k}|I forgot my {k}|I forgot my {k}, what is it?|please tell me my {k}|say my {k}|which {k} do I have?|and my {k}?|so what's my {k}?|give me my {k}|do you still know my {k}?|I need my {k}|what {k} did I give you?|remember my {k}?"""),
        _split("""我的{k}是什么|你记得我的{k}吗|告诉我我的{k}|我的{k}？|我的{k}是啥|我的{k}是多少|还记得我的{k}吗|你知道我的{k}吗|说一下我的{k}|说说我的{k}|我忘了我的{k}|我的{k}呢|请告诉我我的{k}|我说过我的{k}是什么|刚才说的{k}是什么|我{k}是什么|那我的{k}呢|提醒我一下我的{k}|给我我的{k}|我的{k}是哪个|帮我回忆一下我的{k}"""),
        "Your {k} is {x}.", "你的{k}是{x}。", "You have not told me your {k} yet.", "你还没有告诉我你的{k}。",
    ),
    "pair": (
        _split("""remember: {k} = {x}|{k} means {x}|the code for {k} is {x}|note this: {k} is {x}|{k} is {x}|{k} = {x}|{k}: {x}|remember that {k} is {x}|please remember: {k} is {x}|keep in mind: {k} is {x}|for {k} use {x}|{k} stands for {x}|let {k} be {x}|note: {k} = {x}|learn this: {k} is {x}|when I say {k} I mean {x}"""),
        _split("""记住：{k} = {x}|{k}的意思是{x}|{k}的代码是{x}|记一下：{k}是{x}|{k}是{x}|{k} = {x}|{k}：{x}|记住{k}是{x}|请记住：{k}是{x}|{k}代表{x}|{k}就是{x}|设{k}为{x}|请记下：{k}，{x}|我说{k}就是指{x}|记好了，{k}是{x}|学一下：{k}是{x}"""),
        "Noted: {k} is {x}.", "记住了：{k}是{x}。",
        _split("""what did I say {k} is?|what did I say about {k}?|what did I tell you about {k}?|what is the code for {k}?|what is {k}?|what does {k} mean?|what was {k}?|{k}?|and {k}?|do you remember {k}?|tell me {k}|{k} = ?|what is {k} again?|what was the code for {k}?|what does {k} stand for?|remember {k}?"""),
        _split("""{k}是什么|我说{k}是什么|{k}是什么意思|{k}的代码是什么|{k}？|{k}呢|{k} = ？|还记得{k}吗|你记得{k}是什么吗|我说过{k}是什么|刚才说的{k}是什么|{k}代表什么|{k}是啥|告诉我{k}是什么|{k}指什么|那{k}呢"""),
        "{k} is {x}.", "{k}是{x}。", "", "",
    ),
    "where": (
        _split("""my {k} is in the {x}|I put my {k} in the {x}|I left my {k} in the {x}|the {k} is in the {x}|I keep my {k} in the {x}|remember that my {k} is in the {x}|my {k} lies in the {x}|I've put the {k} in the {x}|please remember: my {k} is in the {x}|I stored my {k} in the {x}|you'll find my {k} in the {x}|in the {x} I keep my {k}"""),
        _split("""我的{k}在{x}|我把{k}放在{x}了|{k}放在{x}|我的{k}放在{x}|记住，{k}在{x}|{k}在{x}里|我把{k}忘在{x}了|{k}就在{x}|我的{k}收在{x}|请记住我的{k}在{x}|我把{k}留在{x}|{x}里有我的{k}"""),
        "Noted: {k}, in the {x}.", "记住了：{k}在{x}。",
        _split("""where is my {k}?|where's my {k}?|where did I put my {k}?|where did I leave my {k}?|do you know where my {k} is?|where is the {k}?|I can't find my {k}|I am looking for my {k}|where can I find my {k}?|where did I put the {k}?|do you remember where my {k} is?|tell me where my {k} is|where do I keep my {k}?"""),
        _split("""我的{k}在哪|我的{k}在哪里|{k}在哪|我把{k}放哪了|{k}放在哪里|{k}在哪里|我找不到{k}了|你知道我的{k}在哪吗|还记得{k}在哪吗|我在找我的{k}|我的{k}放哪儿了|告诉我{k}在哪里|{k}去哪了"""),
        "In the {x}.", "在{x}。", "You have not told me where your {k} is.", "你还没有告诉我{k}在哪里。",
    ),
}
NAMES = [("dog", "狗"), ("cat", "猫"), ("manager", "经理"), ("team", "团队"), ("project", "项目"), ("doctor", "医生"), ("street", "街道"), ("sister", "姐姐"), ("brother", "哥哥"), ("wife", "妻子"), ("husband", "丈夫"), ("son", "儿子"), ("daughter", "女儿"), ("teacher", "老师"), ("best friend", "好朋友"), ("boss", "老板"), ("mother", "妈妈"), ("father", "爸爸"), ("neighbour", "邻居"), ("school", "学校"), ("company", "公司"), ("hotel", "酒店"), ("username", "用户名")]
CODES = [("order number", "订单号"), ("room number", "房间号"), ("password", "密码"), ("flight", "航班"), ("ticket", "票号"), ("code", "代码"), ("phone number", "电话号码"), ("customer number", "客户号"), ("seat", "座位"), ("PIN", "验证码"), ("locker number", "柜子号"), ("account number", "账号"), ("car number", "车牌"), ("booking number", "预订号")]
LIKED = [("favourite colour", "最喜欢的颜色"), ("favourite food", "最喜欢的食物"), ("favourite animal", "最喜欢的动物"), ("favourite word", "最喜欢的词"), ("favourite game", "最喜欢的游戏"), ("favourite drink", "最喜欢的饮料"), ("hobby", "爱好"), ("nickname", "昵称")]
TIMES = [("meeting", "会议时间"), ("appointment", "预约时间"), ("train", "火车时间"), ("birthday", "生日"), ("day off", "休息日")]
ATTRIBUTES = NAMES + CODES + LIKED + TIMES
PLACES = {
    "en": "kitchen|bedroom|car|garage|office|garden|cellar|bathroom|living room|attic|drawer|red box|blue bag|cupboard|wardrobe|desk|hall|shed|suitcase|fridge".split("|"),
    "zh": "厨房|卧室|车里|车库|办公室|花园|地下室|浴室|客厅|阁楼|抽屉|红盒子|蓝包|柜子|衣柜|书桌|门口|仓库|行李箱|冰箱".split("|"),
}


@dataclass
class Told:
    """Something told: `clause` is how, `answer` what Pocket says to it, `ask` a later question, `recalled` its answer, `missing` the answer if it was never told."""

    kind: str
    of: str
    what: str
    clause: str
    answer: str
    ask: str
    recalled: str
    missing: str


def _value(w: World, kind: str) -> tuple[str, str]:
    """→ what it is of, and the thing told."""
    if kind == "name":
        return "", w.person() if w.chance(0.5) else w.first_name()
    if kind == "city":
        return "", w.city()
    if kind == "job":
        return "", w.job()
    if kind == "age":
        return "", w.count(5, 99)
    if kind == "list":
        return "", w.both(", ", "、").join(w.thing() for _ in range(w.rng.randint(2, 4)))
    if kind == "where":
        return w.thing(), mark(w.one(PLACES[w.lang])) if w.chance(0.7) else w.word()
    if kind == "pair":
        return w.word(), w.identifier() if w.chance(0.5) else w.word()
    pair = w.one(ATTRIBUTES)
    makes = w.first_name if pair in NAMES else w.identifier if pair in CODES else w.word if pair in LIKED else w.time if pair in TIMES[:3] else w.day
    return w.both(*pair), makes()


WEIGHTS = {"name": 5, "city": 3, "job": 2, "age": 2, "list": 2, "attribute": 6, "pair": 2, "where": 2}


def told(w: World, kind: str | None = None, of: str | None = None) -> Told:
    kind = kind or w.rng.choices(list(WEIGHTS), weights=list(WEIGHTS.values()))[0]
    made, x = _value(w, kind)
    k = of if of is not None else made
    clauses_en, clauses_zh, answer_en, answer_zh, asks_en, asks_zh, recalled_en, recalled_zh, missing_en, missing_zh = KINDS[kind]
    fill = lambda text: text.replace("{k}", k).replace("{x}", x)
    return Told(kind, k, x, fill(w.say(clauses_en, clauses_zh)), fill(w.both(answer_en, answer_zh)), fill(w.say(asks_en, asks_zh)), fill(w.both(recalled_en, recalled_zh)), fill(w.both(missing_en, missing_zh)))


BEFORE = {"en": ["", "", "", "", "", "hi, ", "hello, ", "hey, ", "by the way, ", "well, ", "ok, ", "so ", "listen, ", "just so you know: ", "btw ", "good morning, ", "oh, ", "hi there! ", "fyi, "], "zh": ["", "", "", "", "", "你好，", "嗨，", "对了，", "顺便说一下，", "嗯，", "那个，", "听好，", "哦，", "告诉你，", "您好，", "说一下，", "好，"]}
ASK_BEFORE = {"en": ["", "", "", "", "", "so, ", "ok, ", "and now: ", "hey, ", "now tell me: ", "question: ", "by the way, ", "one thing: ", "pocket, ", "quick question: ", "please: ", "again: "], "zh": ["", "", "", "", "", "请问，", "那么，", "好，", "现在问你，", "对了，", "问一下，", "考考你，", "嘿，", "那个，", "再问一次，", "Pocket，"]}
CORRECTIONS = {"en": ["no, {c}", "no wait, {c}", "actually, {c}", "sorry, {c}", "sorry, I meant: {c}", "correction: {c}", "oops, {c}", "I was wrong: {c}", "that's wrong, {c}", "I made a mistake, {c}", "not anymore: {c}", "change that: {c}", "let me correct that: {c}", "wait, {c}", "I mean {c}", "it has changed: {c}"], "zh": ["不，{c}", "不对，{c}", "其实{c}", "抱歉，{c}", "说错了，{c}", "更正：{c}", "等等，{c}", "搞错了，{c}", "我弄错了，{c}", "不是，{c}", "改一下：{c}", "对不起，应该是：{c}", "纠正一下，{c}", "现在变了：{c}", "我记错了，{c}", "应该是这样：{c}"]}
JOINERS = {"en": [" and ", ", and ", ". ", "; ", ", "], "zh": ["，", "。", "；", "，还有，", "，另外"]}


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def sentence(w: World, clause: str) -> str:
    before = w.one(BEFORE[w.lang])
    end = w.rng.choice(["。", "。", "", "！"] if w.lang == "zh" else [".", ".", "", "!"])
    return w.typed(_upper(before + clause) + end)


def question(w: World, ask: str) -> str:
    text = w.one(ASK_BEFORE[w.lang]) + ask
    if w.lang == "zh":
        return text + ("" if text[-1] in "？?" else w.rng.choice(["", "？", "?"]))
    return w.typed(_upper(text))


def things_to_remember(w: World) -> tuple[str, str, str, str]:
    """→ what the user says, what Pocket answers, a later question, its answer."""
    one = told(w)
    return sentence(w, one.clause), one.answer, question(w, one.ask), one.recalled


def correction(w: World, old: Told) -> tuple[str, Told]:
    new = told(w, old.kind, old.of)
    return w.typed(_upper(w.one(CORRECTIONS[w.lang]).replace("{c}", new.clause))), new


def two_at_once(w: World, first: Told, second: Told) -> tuple[str, str]:
    return sentence(w, w.one(JOINERS[w.lang]).join([first.clause, second.clause])), first.answer + w.both(" ", "") + second.answer
