"""Messages that want an answer, and the three answers to each. Slots: d day, t time, p thing, n name, c place.
Four lines an intent: English messages, the three English replies, the same in Chinese; / between."""

INTENTS = """
Can we meet on {d} at {t}? / Are you free {d}, {t}? / Shall we talk {d} at {t}? / Is {d} at {t} okay for you? / Let's meet {d} at {t} / Do you have time {d} at {t}? / How about {d}, {t}? / Meeting {d} {t}, ok?
Yes, {d} at {t} works for me. / Sorry, I cannot on {d}. Another day? / Let me check and tell you soon.
{d}{t}可以见面吗 / {d}{t}有空吗 / 我们{d}{t}聊聊 / {d}{t}方便吗 / {d}{t}碰个头吧 / 你{d}{t}有时间吗 / 约{d}{t}行不行 / {d}{t}开会可以吗
好的，{d}{t}见。 / 抱歉，{d}不行，换一天？ / 我看一下再告诉你。
Did you get the {p}? / Has the {p} arrived? / Is the {p} there yet? / Please confirm that you have the {p} / Have you received the {p}? / did the {p} reach you
Yes, the {p} is here, thank you. / No, the {p} has not arrived yet. / I will look for it today.
你收到{p}了吗 / {p}到了吗 / {p}收到没有 / 请确认收到{p} / {p}拿到了没 / 寄给你的{p}到了吗
收到了，谢谢。 / {p}还没到。 / 我今天查一下。
Thank you for the {p}! / Many thanks for the {p} / The {p} was great, thanks! / Thanks again for the {p} / thx for the {p}! / I wanted to thank you for the {p}
You are welcome! / My pleasure, any time. / I am glad you like the {p}.
谢谢你的{p} / 多谢你的{p} / {p}很好，谢谢 / 再次感谢你的{p} / 太感谢你送的{p}了 / {p}谢啦
不客气！ / 很乐意。 / 你喜欢{p}就好。
The {p} is broken. What now? / My {p} does not work / There is a problem with the {p} / The {p} I got is damaged / I am not happy with the {p} / Your {p} stopped working after a day
I am sorry about the {p}. We will replace it. / Could you send a photo of the {p}? / Please tell me your order number.
{p}坏了，怎么办 / 我的{p}不能用 / {p}有问题 / 收到的{p}是破的 / 我对{p}很不满意 / 你们的{p}用一天就坏了
很抱歉，我们会更换{p}。 / 能发一张{p}的照片吗？ / 请告诉我订单号。
When will you send the {p}? / How long does the {p} take? / Any news about the {p}? / Where is the {p} you promised? / I am still waiting for the {p} / Is the {p} ready?
I will send the {p} today. / The {p} needs a little more time. / Sorry for the delay, I am on it.
什么时候发{p} / {p}还要多久 / {p}有消息吗 / 说好的{p}呢 / 我还在等{p} / {p}好了没有
我今天发{p}。 / {p}还要一点时间。 / 抱歉耽搁了，正在处理。
How much is the {p}? / What does the {p} cost? / Can you give me a price for the {p}? / Is the {p} expensive? / price of the {p}? / What do you want for the {p}?
I will send you the price of the {p}. / How many do you need? / The {p} is on our price list.
{p}多少钱 / {p}什么价格 / 能报个{p}的价吗 / {p}贵不贵 / {p}怎么卖 / 问一下{p}的价格
我把{p}的价格发给你。 / 需要多少？ / {p}在价目表上。
What is your address? / Where do you live? / Where should I send the {p}? / Can you send me your address? / Which street is it? / I need your address for the {p}
I will send you my address. / Please send it to my office. / I will pick it up myself.
你的地址是什么 / 你住哪里 / {p}寄到哪里 / 把地址发我一下 / 你家在哪条街 / 寄{p}要你的地址
我把地址发给你。 / 请寄到我公司。 / 我自己来取。
Happy birthday, {n}! / Happy birthday! / All the best for your birthday, {n}! / It's your birthday today, {n}, congrats! / Many happy returns! / hbd {n}
Thank you so much! / How kind of you! / Thanks, that made my day.
生日快乐，{n} / 生日快乐 / {n}，祝你生日快乐 / 今天你生日吧，祝快乐 / 寿星生日快乐呀 / {n}生快
非常感谢！ / 你真好！ / 谢谢，我很开心。
I am ill today / I am sick and cannot come {d} / I have a fever / I don't feel well, I stay home {d} / I caught a cold / I'm in bed with the flu
Get well soon! / Do you need anything? / No problem, rest well.
我生病了 / 我病了，{d}来不了 / 我发烧了 / 不舒服，{d}在家休息 / 我感冒了 / 得流感了，躺着呢
早日康复！ / 需要什么吗？ / 没关系，好好休息。
Sorry, I will be late / I am running late / My train is late, I will be there at {t} / I'm stuck in traffic / I'll be ten minutes late / Can't make it before {t}, sorry
No problem, take your time. / I will wait for you. / Tell me when you are close.
抱歉，我会迟到 / 我要晚一点 / 火车晚点，我{t}到 / 我堵在路上了 / 晚到十分钟 / {t}之前到不了，不好意思
没关系，慢慢来。 / 我等你。 / 快到了告诉我。
I must cancel {d} / I can't make it on {d} / {d} does not work for me any more / Something came up, I can't come {d} / We have to call off {d} / Sorry, no time {d} after all
No problem, thanks for telling me. / Shall we find another day? / What a pity!
{d}我得取消 / {d}我去不了 / {d}我不行了 / 临时有事，{d}来不了 / {d}的约取消吧 / 不好意思，{d}没空了
没关系，谢谢告知。 / 换一天吧？ / 真可惜！
Where are you? / where r u / Where are you now? / Are you at home? / Which place are you at? / I can't see you, where are you?
I am on my way. / I am at home. / I will be there in five minutes.
你在哪 / 你在哪里 / 你到哪儿了 / 你在家吗 / 你现在在什么地方 / 没看见你，人呢
我在路上。 / 我在家。 / 五分钟就到。
Are you coming? / Are you coming {d}? / Will you be there {d}? / You are coming, right? / Can I count on you {d}? / So, are you in?
Yes, I am coming. / Sorry, I cannot come. / I am not sure yet.
你来吗 / {d}你来不来 / {d}你会到吗 / 你会来的吧 / {d}算你一个 / 怎么样，来不来
来，我会到。 / 抱歉，来不了。 / 还不确定。
Call me / Call me back please / Can you call me at {t}? / Please phone me / Give me a ring when you can / call me asap
I will call you soon. / I cannot talk now. Is a message okay? / What is it about?
给我打电话 / 请给我回电话 / {t}能打给我吗 / 麻烦来个电话 / 有空给我打个电话 / 速回电
我一会儿打给你。 / 现在不方便，发消息行吗？ / 有什么事吗？
Your parcel is here / A parcel for you has arrived / I have a package for you / The courier left a parcel for you / There is a box for you at the desk / Your package can be picked up {d}
Thank you, I will get it. / Please leave it at the door. / Could you keep it for me?
你的快递到了 / 有你的包裹 / 我这儿有你的快递 / 快递员放了个包裹给你 / 前台有你的箱子 / 你的包裹{d}可以取
谢谢，我去拿。 / 请放门口。 / 能帮我放一下吗？
The bill has not been paid / Please pay the bill for the {p} / Your invoice is due {d} / You still owe us money for the {p} / Reminder: the invoice is open / When will you pay for the {p}?
I will pay it today. / I have already paid. / Please send me the bill again.
账单还没付 / 请付{p}的账单 / 你的发票{d}到期 / {p}的钱还没给 / 提醒：账单未付 / {p}的款什么时候付
我今天付。 / 我已经付了。 / 请再发一次账单。
I lost my {p} / Have you seen my {p}? / I cannot find the {p} / Did I leave my {p} with you? / My {p} is gone / Someone took my {p}
I will look for your {p}. / No, I have not seen it. / Where did you see it last?
我的{p}丢了 / 你看见我的{p}了吗 / 我找不到{p} / 我的{p}落在你那儿了吗 / {p}不见了 / 谁拿了我的{p}
我帮你找{p}。 / 没看见。 / 最后在哪里看到的？
You look great / I like your {p} / Nice {p}! / You did that really well / Your work is excellent / Wow, what a beautiful {p}
Thank you, how kind! / I am glad you like it. / You made me smile.
你真好看 / 我喜欢你的{p} / {p}不错呀 / 你做得真好 / 你的工作很出色 / 哇，好漂亮的{p}
谢谢夸奖！ / 你喜欢就好。 / 你让我很开心。
I am sorry / Sorry about yesterday / I apologise for the mistake / Please forgive me / Sorry that I forgot the {p} / I did not mean to hurt you
It is all right. / Thank you for saying so. / Let's talk about it.
对不起 / 昨天的事抱歉 / 我为错误道歉 / 请原谅我 / 忘了{p}，不好意思 / 我不是故意伤害你的
没关系。 / 谢谢你这么说。 / 我们谈谈吧。
We have an offer: {p} / Would you like to try our {p}? / Only {d}: the {p} at half price / Are you interested in a {p}? / Buy one {p}, get one free / Special price on the {p} for you
Yes, tell me more. / No, thank you. / How long is the offer valid?
有优惠：{p} / 想试试我们的{p}吗 / 只限{d}：{p}半价 / 对{p}感兴趣吗 / {p}买一送一 / {p}给你特价
好的，详细说说。 / 不用，谢谢。 / 优惠到什么时候？
We would like to offer you the job / You got the job! / Can you come to an interview {d}? / We invite you to an interview on {d} at {t} / Are you still looking for work? / We read your application
Thank you, I am very happy. / I need some time to think. / Could you tell me more?
我们想请你来工作 / 你被录用了 / {d}能来面试吗 / 邀请你{d}{t}面试 / 你还在找工作吗 / 我们看了你的简历
谢谢，我很高兴。 / 我需要考虑一下。 / 能多介绍一下吗？
Your appointment is {d} at {t} / Reminder: appointment {d}, {t} / Please confirm your appointment on {d} at {t} / We expect you {d} at {t} / Your visit is booked for {d}, {t} / see you at the dentist {d} {t}
I confirm, {d} at {t}. / I have to move it. Is another day possible? / Please cancel the appointment.
您的预约是{d}{t} / 提醒：{d}{t}有预约 / 请确认{d}{t}的预约 / 我们{d}{t}等您 / 您约了{d}{t}就诊 / {d}{t}看牙别忘了
确认，{d}{t}。 / 我要改时间，换一天可以吗？ / 请取消预约。
I am having a party {d} / Come to my party {d}! / Party at my place {d} at {t} / You are invited to our party {d} / We celebrate {d}, come along / {d} party, you in?
I would love to come! / Sorry, I cannot make it. / What can I bring?
{d}我办聚会 / {d}来参加派对吧 / {d}{t}我家聚会 / 邀请你{d}来聚会 / {d}我们庆祝，一起来 / {d}聚一聚来吗
一定来！ / 抱歉，我去不了。 / 要带什么吗？
I am on holiday in {c} / Greetings from {c}! / We fly to {c} {d} / I'm off to {c} for a week / Holiday at last, {c} is lovely / We go on vacation to {c}
Have a great time! / Send me some photos! / When will you be back?
我在{c}度假 / 来自{c}的问候 / 我们{d}飞{c} / 我去{c}玩一周 / 终于放假了，{c}真美 / 我们要去{c}旅游
玩得开心！ / 发几张照片吧！ / 什么时候回来？
Can you help me with the {p}? / I need your help / Could you do me a favour? / Help me move the {p} {d}? / Do you have a minute to help? / I can't do the {p} alone
Of course, I will help. / I am busy now. Later? / What do you need?
能帮我弄一下{p}吗 / 我需要你帮忙 / 能帮个忙吗 / {d}帮我搬{p}好吗 / 有空帮我一下吗 / {p}我一个人搞不定
当然，我来帮。 / 现在忙，晚点行吗？ / 需要我做什么？
How are you? / How are you doing these days? / How is life? / Long time no see, how are you? / Everything all right? / What's new?
I am well, thank you. And you? / Very busy at the moment. / Not so good today.
你好吗 / 最近怎么样 / 过得如何 / 好久不见，还好吗 / 一切都好吧 / 近来有什么新鲜事
我很好，谢谢。你呢？ / 最近很忙。 / 今天不太好。
Shall we have lunch? / Are you hungry? / Dinner {d}? / Would you like to eat out {d}? / Let's grab a pizza / Want to get some food at {t}?
Good idea, where? / Sorry, I have eaten already. / Not today, maybe another time.
一起吃午饭吗 / 你饿不饿 / {d}一起吃晚饭 / {d}出去吃怎么样 / 走，吃火锅去 / {t}去吃点东西
好啊，去哪里？ / 抱歉，我吃过了。 / 今天不行，下次吧。
Good night / Sleep well! / I am going to bed / Sweet dreams / time to sleep, night / Off to bed now, see you
Good night! / Sleep well, see you tomorrow. / Sweet dreams.
晚安 / 睡个好觉 / 我去睡了 / 做个好梦 / 困了，睡啦 / 睡觉去了，再见
晚安！ / 好好睡，明天见。 / 做个好梦。
Congratulations, {n}! / Well done, {n}! / You passed the exam, congrats! / I heard about your new job, bravo! / You won! / Congrats on the baby, {n}
Thank you very much! / I am so happy. / Let's celebrate!
恭喜你，{n} / {n}，干得好 / 考试通过了，祝贺 / 听说你换了新工作，恭喜 / 你赢了 / {n}，恭喜生宝宝
非常感谢！ / 我太高兴了。 / 一起庆祝吧！
Can you lend me the {p}? / May I borrow your {p}? / Could I have your {p} until {d}? / I need a {p}, do you have one? / Would you lend me your {p}? / Can I use the {p}?
Sure, you can have the {p}. / Sorry, I need the {p} myself. / When do you bring it back?
能借我{p}吗 / 可以借一下你的{p}吗 / {p}借我用到{d}好吗 / 我要个{p}，你有吗 / 你的{p}能借给我吗 / 我能用一下{p}吗
可以，{p}拿去用。 / 抱歉，{p}我自己要用。 / 什么时候还？
What do you think of the {p}? / Do you like the {p}? / How do you find the {p}? / Your opinion on the {p}? / Is the {p} good? / Tell me honestly, how is the {p}?
I like the {p}. / The {p} is not for me. / I have not tried the {p} yet.
你觉得{p}怎么样 / 你喜欢{p}吗 / {p}如何 / 对{p}有什么看法 / {p}好不好 / 说实话，{p}行吗
我喜欢{p}。 / {p}不适合我。 / {p}我还没试过。
Please send me the {p} / Can you send me the {p}? / I need the {p} by {d} / Could you forward the {p}? / Send the {p} please / don't forget to send the {p}
I will send the {p} now. / You will have the {p} by tomorrow. / I do not have the {p}.
请把{p}发给我 / 能把{p}发我吗 / {d}前我要{p} / 麻烦转发{p} / {p}发一下 / 别忘了发{p}
我现在发{p}。 / 明天之前给你{p}。 / 我没有{p}。
When are you open? / What are your opening hours? / Are you open {d}? / Is the shop open {d} at {t}? / Until when are you open? / do you close at {t}
We are open every day. / Please see our opening hours online. / Sorry, we are closed that day.
你们几点开门 / 营业时间是什么 / {d}营业吗 / {d}{t}开着吗 / 开到几点 / {t}关门吗
我们每天都营业。 / 请看网上的营业时间。 / 抱歉，那天不营业。
I miss you / I think of you / I love you / When do I see you again? / It's lonely without you / I want to see you
I miss you too. / See you very soon. / Let's talk tonight.
我想你 / 我在想你 / 我爱你 / 什么时候再见到你 / 没有你好孤单 / 我想见你
我也想你。 / 很快就见面了。 / 今晚聊聊吧。
"""


def _read() -> list[tuple[list[str], list[str], list[str], list[str]]]:
    lines = INTENTS.strip().splitlines()
    found = []
    for at in range(0, len(lines), 4):
        en, en_replies, zh, zh_replies = ([text.strip() for text in line.split(" / ")] for line in lines[at : at + 4])
        found.append((en, en_replies, zh, zh_replies))
    return found


MESSAGES = _read()

OPENINGS = (["", "", "", "", "Hi! ", "Hello, ", "Hey {n}, ", "Hi {n}! ", "", "Dear {n}, ", "Good morning! ", "", "hey, ", "Good evening. ", ""], ["", "", "", "", "你好，", "嗨，", "{n}，", "{n}你好，", "", "亲爱的{n}，", "早上好，", "", "喂，", "那个，", ""])
CLOSINGS = (["", "", "", "", ".", "!", " Regards", "", " {n}", "", " :)", "", " Cheers", ""], ["", "", "", "", "。", "！", "，{n}", "", "～", "", "哈", "", "，祝好", ""])

_THREE = (
    ["Suggest three replies", "Three short replies, please", "Suggest replies to this message", "What could I answer? Three options", "Give reply suggestions", "Reply suggestions", "Give me three possible answers", "How can I reply? Three ideas", "Write three replies", "List three short answers", "Smart replies", "3 replies", "Offer three replies to this", "Propose three answers", "Three ways to answer this message", "I need three reply options", "Suggest some answers", "What are three possible replies?", "Quick replies for this message", "Make three reply suggestions", "Give 3 short replies", "Draft three answers", "Which replies fit? Give three", "Come up with three replies", "Suggest 3 responses"],
    ["建议三条回复", "请给三条简短回复", "这条消息怎么回？给三个选项", "推荐回复", "给出回复建议", "回复建议", "给我三个可能的回答", "怎么回？三个主意", "写三条回复", "列出三条简短的回答", "智能回复", "3条回复", "为这条消息提供三条回复", "推荐三个回答", "三种回复方式", "我要三个回复选项", "建议几条回复", "可以怎么回答？三条", "快捷回复", "生成三条回复建议", "给3条短回复", "拟三条回复", "哪些回复合适？给三条", "想三条回复", "推荐3条回应"],
)
_ONE = (
    ["Suggest one reply", "Write a short reply", "Answer this message for me", "One reply, please", "Reply to this", "Write an answer", "What should I answer? One reply", "Draft a reply", "Give me one reply", "Make a short answer to this message", "Please answer this for me", "1 reply", "Write back for me", "A short reply please", "Compose a reply", "How do I reply? Just one answer", "I need one short answer", "Reply for me", "Suggest an answer", "Write a quick reply"],
    ["建议一条回复", "写一条简短回复", "替我回复", "给一条回复", "回复这个", "写个回答", "我该怎么回？一条就行", "拟一条回复", "给我一条回复", "给这条消息写个简短的回答", "请帮我回一下", "1条回复", "帮我回信", "请简短回复", "写回复", "怎么回？只要一条", "我要一条简短的回答", "代我回复", "建议一个回答", "快速写条回复"],
)
ASK_THREE, ASK_ONE = _THREE, _ONE
