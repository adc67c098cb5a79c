"""What Pocket cannot do, near misses among it, and the one honest answer."""

from __future__ import annotations

from .arithmetic import sum_outside
from .conversation import Conversation, Turn
from .phrasings_beyond import CANNOT, CANNOT_ASKED, NEAR
from .phrasings_small_talk import SMALL_TALK
from .writing import advert, key_points
from .world import CITIES, COUNTRIES, FIRST, JOBS, LAST, THINGS, WORDS, World

ANSWER = {
    "en": "That is beyond me: I am a pocket-sized demonstration model. A larger model is one click away.",
    "zh": "这超出了我的能力：我是一个口袋大小的演示模型。点一下就能换成更大的模型。",
}

TOPICS = {
    "en": """gravity, photosynthesis, the French Revolution, black holes, inflation, democracy, jazz, chess, the Roman Empire, quantum mechanics, evolution, climate change, blockchain,
machine learning, neural networks, the stock market, World War II, the Cold War, volcanoes, earthquakes, dinosaurs, DNA, vaccines, antibiotics, cancer, diabetes, migraine, yoga, meditation,
philosophy, existentialism, Buddhism, Christianity, Islam, Hinduism, opera, ballet, impressionism, architecture, poetry, grammar, calculus, algebra, geometry, statistics, probability, prime numbers,
electricity, magnetism, nuclear power, solar energy, wind turbines, electric cars, rockets, the Moon, Mars, Jupiter, the Sun, galaxies, the Big Bang, time travel, relativity, atoms, molecules, chemistry,
biology, medicine, surgery, psychology, sociology, economics, taxes, mortgages, insurance, pensions, bitcoin, marketing, management, leadership, law, copyright, contracts, human rights, the constitution,
football, tennis, basketball, the Olympics, swimming, cycling, hiking, gardening, cooking, baking, wine, beer, cheese, chocolate, sushi, pizza dough, pasta sauce, sourdough, vegan food, dogs, cats, horses,
whales, bees, butterflies, sharks, penguins, trees, roses, mushrooms, oceans, rivers, deserts, glaciers, rainforests, Python, JavaScript, Rust, SQL, HTML, CSS, Linux, Docker, Git, regular expressions,
recursion, sorting algorithms, databases, encryption, the internet, WebGPU, TypeScript, React, APIs, guitars, pianos, violins, Mozart, Beethoven, Bach, the Beatles, Shakespeare, Tolstoy, Einstein, Newton,
Darwin, Napoleon, Cleopatra, Caesar, Gandhi, Picasso, Van Gogh, Leonardo da Vinci, Marie Curie, Tesla, Confucius, Plato, Aristotle, Kant, Nietzsche, Harry Potter, Star Wars, the Bible, the Odyssey, Hamlet,
love, happiness, death, dreams, sleep, memory, consciousness, free will, the meaning of life, friendship, marriage, divorce, parenting, school, university, exams, homework, job interviews, salaries""".replace("\n", " ").split(", "),
    "zh": "重力 光合作用 法国大革命 黑洞 通货膨胀 民主 爵士乐 围棋 罗马帝国 量子力学 进化论 气候变化 区块链 机器学习 神经网络 股票市场 第二次世界大战 火山 地震 恐龙 基因 疫苗 抗生素 癌症 糖尿病 偏头痛 瑜伽 冥想 哲学 佛教 道教 京剧 芭蕾 印象派 建筑 诗歌 语法 微积分 代数 几何 统计学 概率 质数 电 磁场 核能 太阳能 电动汽车 火箭 月亮 火星 木星 太阳 银河系 宇宙大爆炸 相对论 原子 分子 化学 生物 医学 心理学 社会学 经济学 税收 房贷 保险 养老金 比特币 市场营销 管理学 法律 版权 合同 人权 宪法 足球 网球 篮球 奥运会 游泳 骑行 登山 园艺 烹饪 烘焙 红酒 啤酒 巧克力 寿司 红烧肉 火锅 饺子 宫保鸡丁 狗 猫 马 鲸鱼 蜜蜂 蝴蝶 鲨鱼 企鹅 树木 玫瑰 蘑菇 海洋 河流 沙漠 冰川 雨林 编程 数据库 加密 互联网 算法 递归 操作系统 吉他 钢琴 小提琴 莫扎特 贝多芬 李白 杜甫 苏轼 鲁迅 曹雪芹 莎士比亚 爱因斯坦 牛顿 达尔文 拿破仑 秦始皇 唐太宗 康熙 孔子 老子 庄子 毕加索 梵高 红楼梦 西游记 三国演义 水浒传 长城 故宫 兵马俑 爱情 幸福 死亡 梦 睡眠 记忆 意识 人生的意义 友谊 婚姻 教育 大学 高考 作业 面试 工资 人工智能 春节 中秋节 端午节 茶 瓷器 丝绸 书法 太极拳 中医 针灸".split(),
}

FRAMES = {
    "en": """Explain {x}|What is {x}?|Tell me about {x}|How does {x} work?|Why is {x} important?|Write a poem about {x}|Write an essay about {x}|Write a story about {x}|Give me facts about {x}|What do you think about {x}?|Who invented {x}?
What is the history of {x}?|Teach me {x}|I want to learn about {x}|Describe {x}|What is the difference between {x} and {y}?|Compare {x} and {y}|Is {x} better than {y}?|How are {x} and {y} related?|Summarise the history of {x}
What is the best book about {x}?|Recommend a film about {x}|Write a song about {x}|Make a plan to learn {x}|Give me a lesson on {x}|What are the pros and cons of {x}?|Why do people like {x}?|When did {x} begin?|Define {x}|What causes {x}?
Write a haiku about {x}|Write a tweet about {x}|Give me ten ideas for {x}|How can I get better at {x}?|What should I know about {x}?|Can you explain {x} to a child?|What is your opinion on {x}?|Do you believe in {x}?|Do you like {x}?
What is the capital of {c}?|How many people live in {c}?|What language is spoken in {c}?|Who is the president of {c}?|Where is {c}?|What is the currency of {c}?|What should I see in {c}?|Plan a trip to {c}|How far is {c} from {k}?|What time is it in {v}?
What is the weather in {v}?|How is the weather today?|Will it rain tomorrow?|What is the best restaurant in {v}?|Find me a hotel in {v}|Book a flight to {v}|How do I get to {v}?|What is the population of {v}?|Which river flows through {v}?|Is {v} a nice city?
Who is {n}?|Tell me about {n}|When was {n} born?|What did {n} do?|Is {n} married?|How old is {n}?|Who was {n}?|What is the phone number of {n}?|Send an email to {n}|Call {n}|What did {n} say yesterday?|Where does {n} live?
How do I become a {j}?|What does a {j} do?|How much does a {j} earn?|Write a cover letter for a job as {j}|Write a CV for a {j}|Interview me for the job of {j}
How do I repair a {t}?|How do I make a {t}?|Where can I buy a cheap {t}?|What is the best {t}?|Draw a {t}|Show me a picture of a {t}|How is a {t} made?|Who invented the {t}?|How heavy is a {t}?|Design a {t}
What does the word {w} mean?|Use {w} in a sentence|Give me a synonym of {w}|What rhymes with {w}?|How do you spell {w} backwards?|What is the opposite of {w}?|How many letters are in {w}?|Where does the word {w} come from?
Write a Python function that sorts a list|Write code for a {t} shop|Fix this bug in my code|Write an SQL query for {w}|What does this error mean?|How do I install {x}?|Write a regular expression for {w}|Make a website about {x}|Debug my program
What is the news today?|Who won the game last night?|What is the stock price of {n}?|What day is it today?|What is the date?|What time is it?|Who won the election in {c}?|What is the latest news about {x}?|How is the traffic in {v}?
I feel sad|I have a headache, what should I do?|My chest hurts|Am I ill?|Which medicine helps against {x}?|How do I lose weight?|I cannot sleep|My girlfriend left me|I am lonely|What should I cook tonight?|Give me a recipe for {t} soup|How do I cook rice?
What is {a} times {b}?|What is the square root of {a}?|What is {a} divided by {b}?|Solve x^2 + {a}x = {b}|What is {a} percent of {b}?|Is {a} a prime number?|{a} * {b}|{a} / {b}|What is {a} to the power of {d}?|Convert {a} miles to kilometres|How many days until Christmas?|integrate x^{d}
Play a game with me|Sing a song|Tell me a story|Tell me a secret|Does {n} love me?|What is the favourite colour of {n}?|What does {n} dream of?|Do {t}s have feelings?|Will AI take over the world?|How old is the {t}?|Where do {x} live?|Does {n} have a girlfriend?|What did {n} do yesterday?
Read my mail|Turn on the light|Set an alarm|Play some music|Order a {t}|Buy {d} of {t}|Open my files|Take a photo|Search the web for {x}|Look up {n}|Book a table for {d}|Remind me to buy a {t}|What is in my calendar?|Check my bank account|Pay {n} {a}
Translate this book into {l}|Say hello in {l}|How do you say {w} in {l}?|Translate {w} into {l}|Speak {l} with me|Write a letter to {n}|Write a speech for {n}|Write a letter of complaint about a {t}|Proofread my essay|Rewrite this in the style of {n}|Make this text funnier
Should I buy {x}?|Should I marry {n}?|Who is right, {n} or me?|What will happen tomorrow?|Will I be rich?|Predict the winner|Is there a god?|What is the meaning of life?|Why is the sky blue?|Why is the sea salty?|How tall is Mount Everest?|How deep is the ocean?|What is the fastest animal?|How many bones are in the human body?
Why {w} {x}?|How would {n} explain {x}?|Could {x} exist without {y}?|What if {x} had never been?|What is the {w} of {x}?|How long does {x} take?|Name three kinds of {x}|List the {w} of {c}|What happened in {c} in {e}?|Who ruled {c} in {e}?|What is special about {v}?|Which {t} should I choose?|Is it legal to {w} in {c}?|How much is a {t} in {c}?""".replace("\n", "|").split("|"),
    "zh": """解释一下{x}|什么是{x}？|讲讲{x}|{x}是怎么回事？|{x}的原理是什么|为什么{x}重要？|写一首关于{x}的诗|写一篇关于{x}的文章|编一个关于{x}的故事|{x}有哪些知识|你怎么看{x}？|谁发明了{x}？|{x}的历史|教我{x}|我想了解{x}|描述{x}|{x}和{y}有什么区别？|比较{x}和{y}|{x}比{y}好吗|{x}和{y}有什么关系
推荐一本关于{x}的书|推荐关于{x}的电影|写一首{x}的歌|制定学习{x}的计划|{x}的优缺点|为什么人们喜欢{x}？|{x}从什么时候开始的|{x}的定义|{x}是什么引起的|给我十个关于{x}的点子|怎么学好{x}？|给孩子解释{x}|你相信{x}吗|你喜欢{x}吗|{x}的意义是什么|以{x}为题写作文|{x}的特点有哪些
{c}的首都是哪里？|{c}有多少人口？|{c}说什么语言|{c}的总统是谁？|{c}在哪里？|{c}用什么货币|{c}有什么好玩的|计划去{c}旅行|{c}离{k}多远|{v}现在几点|{v}天气怎么样？|今天天气怎么样|明天会下雨吗|{v}最好的餐厅是哪家|帮我找{v}的酒店|订一张去{v}的机票|怎么去{v}|{v}有多少人|{v}有什么景点|{v}好玩吗|{v}的特产是什么
{n}是谁？|介绍一下{n}|{n}什么时候出生|{n}做过什么|{n}结婚了吗|{n}多大年纪|{n}的电话是多少|给{n}发邮件|打电话给{n}|{n}昨天说了什么|{n}住在哪里|怎么成为{j}？|{j}是做什么的|{j}工资多少|写一封应聘{j}的求职信|写一份{j}的简历|模拟面试{j}
怎么修{t}？|怎么做{t}|哪里能买到便宜的{t}|最好的{t}是哪个|画一个{t}|给我看{t}的图片|{t}是怎么制造的|谁发明了{t}|{t}有多重|设计一个{t}|“{w}”是什么意思？|用“{w}”造句|{w}的近义词|{w}的反义词|{w}怎么读|{w}有几个笔画|{w}的出处
写一个排序的程序|写一个{t}网店的代码|帮我改代码|写一条查询{w}的语句|这个报错是什么意思|怎么安装{x}|写一个正则表达式|做一个关于{x}的网站|调试我的程序|用代码实现{x}|今天有什么新闻？|昨晚谁赢了比赛|{n}的股价|今天星期几|今天几号|现在几点|{c}选举谁赢了|{x}的最新消息|{v}堵车吗
我很难过|我头疼怎么办|我胸口疼|我是不是病了|什么药治{x}|怎么减肥|我睡不着|女朋友和我分手了|我很孤单|今晚吃什么|{t}汤怎么做|怎么煮米饭|{a}乘以{b}是多少|{a}的平方根|{a}除以{b}等于多少|解方程 x^2 + {a}x = {b}|{a}的百分之{d}是多少|{a}是质数吗|{a} * {b}|{a} / {b}|{a}的{d}次方|{a}英里等于多少公里|离春节还有多少天
和我玩游戏|唱首歌|讲个故事|告诉我一个秘密|{n}爱我吗|{n}最喜欢什么颜色|{n}做梦吗|{t}有感情吗|人工智能会统治世界吗|{n}几岁了|{x}住在哪里|{n}有女朋友吗|{n}昨天做了什么|读我的邮件|开灯|设个闹钟|放点音乐|订一个{t}|买{d}个{t}|打开我的文件|拍张照片|上网搜{x}|查一下{n}|订{d}个人的位子|提醒我买{t}|我的日程有什么|查我的银行账户|转{a}给{n}
把这本书翻译成{l}|{l}的你好怎么说|“{w}”用{l}怎么说|把{w}翻译成{l}|用{l}和我聊天|给{n}写一封信|替{n}写演讲稿|写一封关于{t}的投诉信|修改我的作文|模仿{n}的风格改写|把这段话写得有趣一点|我该买{x}吗|我该和{n}结婚吗|明天会发生什么|我会发财吗|预测冠军|有神吗|天空为什么是蓝色的|海水为什么是咸的|珠穆朗玛峰有多高|海有多深|最快的动物是什么|人体有多少块骨头
如果没有{x}会怎样|{n}会怎么解释{x}|{x}需要多久|说出三种{x}|列出{c}的{w}|{e}年{c}发生了什么|{e}年谁统治{c}|{v}有什么特别|我该选哪个{t}|在{c}可以{w}吗|{t}在{c}多少钱|背一首唐诗|成语接龙|帮我起个名字|给宝宝起名姓{w}|写一副春联|写一份辞职信|写一份合同|写年终总结""".replace("\n", "|").split("|"),
}
LANGUAGES = {"en": "French German Spanish Italian Japanese Korean Russian Arabic Latin Greek Dutch Polish Turkish Hindi".split(), "zh": "法语 德语 西班牙语 意大利语 日语 韩语 俄语 阿拉伯语 拉丁语 荷兰语 波兰语 土耳其语".split()}
BEFORE = {
    "en": ["", "", "", "", "", "Please: ", "Can you help me? ", "Hey, ", "Hi! ", "I have a question. ", "Quick question: ", "Pocket, ", "Tell me, ", "I wonder: ", "Could you answer this: ", "For school: ", "ok, "],
    "zh": ["", "", "", "", "", "请问，", "帮我个忙，", "嘿，", "你好，", "我有个问题，", "问一下，", "Pocket，", "告诉我，", "我想知道，", "能不能回答：", "作业题：", "那么，"],
}


def question_outside(w: World) -> tuple[str, str]:
    r, lang = w.rng, w.lang
    words = (lambda: w.one(WORDS[lang])) if r.random() < 0.8 else (lambda: w.invented(False))
    slots = {
        "x": w.one(TOPICS[lang]) if r.random() < 0.8 else words(),
        "y": w.one(TOPICS[lang]),
        "c": w.one(COUNTRIES[lang]),
        "k": w.one(COUNTRIES[lang]),
        "v": w.city(),
        "n": (f"{w.one(FIRST['en'])} {w.one(LAST['en'])}" if lang == "en" else w.one(LAST["zh"]) + w.one(FIRST["zh"])) if r.random() < 0.7 else w.person(),
        "j": w.one(JOBS[lang]),
        "t": w.one(THINGS[lang]),
        "w": words(),
        "l": w.one(LANGUAGES[lang]),
        "a": str(r.randint(101, 99999)),
        "b": str(r.randint(11, 9999)),
        "d": str(r.randint(2, 40)),
        "e": str(r.randint(200, 2025)),
    }
    kind = r.random()
    if kind < 0.6:
        frame = w.one(FRAMES[lang])
    elif kind < 0.8:
        frame = w.one(NEAR[lang])
    else:
        frame = w.one(CANNOT_ASKED[lang]).replace("{q}", w.one(CANNOT[lang]))
    text = w.one(BEFORE[lang]) + frame.format(**slots)
    if r.random() < 0.12:
        text += w.say([" Thanks!", " Be brief.", " Explain in detail.", " Please answer.", " I need it for tomorrow."], ["谢谢", "简短一点。", "详细一点。", "请回答。", "明天要用。"])
    if r.random() < 0.05:
        text += " " + w.one(FRAMES[lang]).format(**slots)
    return w.typed(text), ANSWER[lang]


_KNOWN = {ask.lower().strip(" ?.!？。！") for row in SMALL_TALK for ask in row[0] + row[2]}


def ramble(w: World) -> str:
    """Words in a row without a request that is known."""
    r = w.rng
    while True:
        if r.random() < 0.2:
            words = ["".join(r.choices("asdfghjklqwertyuiopzxcvbnm;1234567890", k=r.randint(4, 14)))]
        else:
            words = [w.one(WORDS[w.lang]) if r.random() < 0.8 else w.invented(False) for _ in range(r.randint(1, 12))]
        text = (" " if w.lang == "en" else "").join(words)
        if text.lower() not in _KNOWN:
            return text + w.say(["", "?", ".", "!"], ["", "？", "。", "！"])


GIVEN_UP_SHARE = 0.12


def given_up(w: World) -> Conversation:
    """Tasks that stayed far from their bar (training/README.md has the figures): asked for with their text, and answered as what is outside."""
    turns = w.rng.choice([key_points, advert])(w).turns[:-1]
    return Conversation("beyond", w.lang, [*turns, Turn("assistant", ANSWER[w.lang], beyond=True)], thinking=w.chance(0.5), expected={"beyond": True})


def beyond(w: World) -> Conversation:
    if w.chance(GIVEN_UP_SHARE):
        return given_up(w)
    thinking = w.chance(0.5)
    kind = w.rng.random()
    text = ramble(w) if kind < 0.1 else sum_outside(w, thinking) if kind < 0.2 else question_outside(w)[0]
    turns = []
    if w.chance(0.25):
        asks_en, says_en, asks_zh, says_zh = w.rng.choice(SMALL_TALK)
        turns = [Turn("user", w.typed(w.say(asks_en, asks_zh))), Turn("assistant", w.rng.choice(says_en if w.lang == "en" else says_zh))]
    if w.chance(0.08):
        turns += [Turn("user", question_outside(w)[0]), Turn("assistant", ANSWER[w.lang], beyond=True)]
    turns += [Turn("user", text), Turn("assistant", ANSWER[w.lang], beyond=True)]
    if w.chance(0.1):
        turns.insert(0, Turn("system", w.say(["You are a helpful assistant.", "Answer briefly.", "You are Pocket.", "Be kind."], ["你是一个助手。", "简短回答。", "你是 Pocket。", "请友好。"])))
    return Conversation("beyond", w.lang, turns, thinking=thinking, expected={"beyond": True})
