"""Sentences of a text and the one point each makes. Two lines a kind: English sentences > point, Chinese sentences > point.
Slots: n person, p product, d day, q count, c company, t time, city, m money, w word. Every sentence holds what its point needs."""

KINDS = """
{n} will send the {p} on {d}. / On {d}, {n} will send the {p}. / The {p} will be sent by {n} on {d}. / {n} promised to send the {p} on {d}. / Expect the {p} from {n} on {d}. > {n} sends the {p} on {d}
{n}将在{d}发送{p}。 / {d}，{n}会把{p}发出。 / {p}将由{n}于{d}发送。 / {n}答应{d}发送{p}。 / {d}{n}会发来{p}。 > {n}{d}发送{p}
We decided to buy {q} {p} from {c}. / {c} will supply us with {q} {p}. / The decision is to order {q} {p} at {c}. / From {c} we are going to buy {q} {p}. > Buy {q} {p} from {c}
我们决定从{c}购买{q}个{p}。 / {c}将向我们供应{q}个{p}。 / 决定在{c}订购{q}个{p}。 / 我们要向{c}买{q}个{p}。 > 从{c}购买{q}个{p}
The meeting was moved to {d} at {t}. / The meeting is now on {d} at {t}. / We will meet on {d} at {t}. / Please come to the meeting on {d} at {t}. > Meeting: {d} at {t}
会议改到{d}{t}。 / 会议定在{d}{t}。 / 我们{d}{t}开会。 / 请参加{d}{t}的会议。 > 会议：{d}{t}
{c} has opened a new office in {city}. / A new office of {c} was opened in {city}. / In {city}, {c} now has an office. / {c} is now in {city} too, with its own office. > New office of {c} in {city}
{c}在{city}开设了新办公室。 / {c}的新办公室在{city}开张了。 / 在{city}，{c}有了办公室。 / {c}也在{city}设立了办公室。 > {c}在{city}有新办公室
The price of the {p} rose to {m}. / The {p} now costs {m}. / From now on you pay {m} for the {p}. / {m} is the new price of the {p}. > {p} now costs {m}
{p}的价格涨到{m}。 / {p}现在卖{m}。 / 从现在起{p}要{m}。 / {m}是{p}的新价格。 > {p}现价{m}
{n} is the new manager of {c}. / {c} has a new manager, {n}. / {n} now leads {c}. / From today {c} is led by {n}. > {n} manages {c}
{n}是{c}的新经理。 / {c}有了新经理{n}。 / {n}现在领导{c}。 / 从今天起{c}由{n}管理。 > {n}任{c}经理
The {p} is sold out until {d}. / Until {d} there will be no {p}. / You cannot buy the {p} before {d}. / There is no {p} left; the next ones come on {d}. > {p} sold out until {d}
{p}售罄，{d}前没有货。 / {d}之前没有{p}。 / {p}要到{d}才能买到。 / {p}卖光了，{d}再到货。 > {p}售罄至{d}
Please send all questions to {n}. / If you have questions, ask {n}. / {n} will answer your questions. / Questions should go to {n}. > Questions to {n}
有问题请找{n}。 / 如有疑问请问{n}。 / {n}会回答你们的问题。 / 问题请发给{n}。 > 问题找{n}
{q} people came to the fair in {city}. / The fair in {city} had {q} visitors. / At the fair in {city} we counted {q} people. / In {city}, {q} people visited the fair. > Fair in {city}: {q} people
{city}的展会来了{q}人。 / {city}展会有{q}名观众。 / 我们在{city}展会数到{q}人。 / 在{city}，{q}人参观了展会。 > {city}展会：{q}人
{n} is ill until {d}. / Until {d}, {n} stays at home with a fever. / {n} called in sick and will be back on {d}. / We wish {n} a quick recovery; back on {d}. > {n} ill until {d}
{n}生病，{d}才回来。 / {d}之前{n}在家养病。 / {n}请了病假，{d}回来。 / 祝{n}早日康复，{d}再见。 > {n}病假至{d}
The {p} must be paid by {d}. / Please pay for the {p} before {d}. / Payment for the {p} is due on {d}. / {d} is the last day to pay for the {p}. > Pay the {p} by {d}
{p}必须在{d}前付款。 / 请在{d}之前付{p}的钱。 / {p}的款项{d}到期。 / {d}是付{p}的最后一天。 > {d}前付{p}
{n} found an error in the {p}. / There is an error in the {p}, says {n}. / The {p} has a fault that {n} discovered. / According to {n} the {p} is faulty. > {n}: error in the {p}
{n}发现{p}有错误。 / {n}说{p}里有个错。 / {p}有个毛病，是{n}发现的。 / 据{n}说，{p}有缺陷。 > {n}：{p}有错误
The train to {city} leaves at {t}. / At {t} the train goes to {city}. / Our train for {city} departs at {t}. / Be on time: {t} is when the train to {city} leaves. > Train to {city}: {t}
去{city}的火车{t}出发。 / {t}有火车去{city}。 / 我们去{city}的火车{t}开。 / 请准时：{t}开往{city}的火车发车。 > 去{city}的火车：{t}
{c} sold {q} {p} this year. / This year {c} has sold {q} {p}. / {q} {p} were sold by {c}. / Sales at {c} reached {q} {p}. > {c} sold {q} {p}
{c}今年卖了{q}个{p}。 / 今年{c}售出{q}个{p}。 / {q}个{p}由{c}卖出。 / {c}的销量达到{q}个{p}。 > {c}售出{q}个{p}
{n} moves to {city}. / {n} is going to live in {city}. / In {city}, {n} has found a flat. / {city} will be the new home of {n}. > {n} moves to {city}
{n}要搬到{city}。 / {n}将住在{city}。 / {n}在{city}找到了房子。 / {city}是{n}的新家。 > {n}搬到{city}
The {p} is free for everyone. / Nobody has to pay for the {p}. / You get the {p} for nothing. / There is no charge for the {p}. > {p} is free
{p}对所有人免费。 / {p}不用付钱。 / {p}白送。 / {p}不收费。 > {p}免费
We need {q} more {p}. / {q} {p} are missing. / There are not enough {p}: we are {q} short. / Another {q} {p} are needed. > {q} {p} needed
我们还需要{q}个{p}。 / 少了{q}个{p}。 / {p}不够，差{q}个。 / 还要{q}个{p}。 > 还需{q}个{p}
The office is closed on {d}. / On {d} nobody is in the office. / We close the office on {d}. / Do not come to the office on {d}, it is shut. > Office closed on {d}
办公室{d}不开门。 / {d}办公室没有人。 / 我们{d}关闭办公室。 / {d}别来办公室，关门了。 > 办公室{d}关闭
The password is now {w}. / From now on, use {w} as the password. / We changed the password to {w}. / {w} is the new password. > New password: {w}
密码现在是{w}。 / 以后用{w}作密码。 / 我们把密码改成了{w}。 / {w}是新密码。 > 新密码：{w}
{n} got {q} votes. / {q} people voted for {n}. / In the vote, {n} received {q} votes. / With {q} votes, {n} was chosen. > {n}: {q} votes
{n}得了{q}票。 / {q}人投给了{n}。 / 投票中{n}获得{q}票。 / {n}以{q}票当选。 > {n}：{q}票
The delivery of the {p} is late; it comes on {d}. / Because of delays the {p} comes on {d}. / The {p} will not come before {d}. / The {p} is delayed until {d}. > {p} comes on {d}
{p}送货延迟，{d}到。 / 由于延误，{p}{d}才到。 / {p}{d}前不会到。 / {p}推迟到{d}。 > {p}{d}到
{n} and the team finished the {p}. / The {p} is finished, thanks to {n}. / {n} reported that the {p} is complete. / At last {n} has finished the {p}. > {n} finished the {p}
{n}和团队完成了{p}。 / 多亏{n}，{p}完成了。 / {n}报告{p}已完成。 / {n}终于做完了{p}。 > {n}完成{p}
{c} wants to pay {m}. / {c} offered {m}. / The offer from {c} is {m}. / We got an offer of {m} from {c}. > {c} offers {m}
{c}愿意付{m}。 / {c}出价{m}。 / {c}的报价是{m}。 / 我们收到{c}的报价{m}。 > {c}报价{m}
The party is at {t} in {city}. / Come to the party in {city} at {t}. / We celebrate in {city}, from {t}. / At {t} the party in {city} begins. > Party in {city} at {t}
聚会{t}在{city}举行。 / {t}来{city}参加聚会。 / 我们{t}在{city}庆祝。 / {city}的聚会{t}开始。 > {city}聚会：{t}
{n} has lost the {p}. / The {p} that belongs to {n} is gone. / {n} cannot find the {p}. / {n} is looking for the lost {p}. > {n} lost the {p}
{n}丢了{p}。 / {n}的{p}不见了。 / {n}找不到{p}。 / {n}在找丢失的{p}。 > {n}丢了{p}
The shop opens at {t} from {d} on. / From {d}, the shop will open at {t}. / Starting {d} our shop opens at {t}. / The new opening time from {d} is {t}. > Shop opens at {t} from {d}
从{d}起商店{t}开门。 / {d}开始，商店{t}营业。 / 自{d}起本店{t}开门。 / {d}起的新开门时间是{t}。 > {d}起商店{t}开门
{n} will work for {c}. / {c} has hired {n}. / {n} got a job at {c}. / Our colleague {n} is leaving us for {c}. > {n} goes to {c}
{n}将去{c}工作。 / {c}聘用了{n}。 / {n}在{c}找到了工作。 / 同事{n}要离开我们去{c}。 > {n}去{c}
The repair of the {p} costs {m}. / It costs {m} to repair the {p}. / For repairing the {p} they want {m}. / {m} has to be paid for fixing the {p}. > Repair of the {p}: {m}
{p}的维修费是{m}。 / 修{p}要{m}。 / 修理{p}他们要价{m}。 / 修好{p}得付{m}。 > 修{p}：{m}
{c} stops making the {p}. / {c} will no longer make the {p}. / The {p} is no longer made by {c}. / There will be no new {p} from {c}. > No more {p} from {c}
{c}停产{p}。 / {c}不再生产{p}。 / {p}不再由{c}制造。 / {c}以后不出{p}了。 > {c}停产{p}
The deadline for the {p} is {d}. / The {p} has to be ready by {d}. / Hand in the {p} by {d}. / We need the finished {p} on {d}. > {p}: deadline {d}
{p}的截止日期是{d}。 / {p}必须{d}前做好。 / 请在{d}前交{p}。 / {d}我们要拿到做好的{p}。 > {p}截止{d}
{n} teaches {q} students in {city}. / In {city}, {n} has {q} students. / {q} students in {city} are taught by {n}. / The class of {n} in {city} has {q} students. > {n}: {q} students in {city}
{n}在{city}教{q}名学生。 / 在{city}，{n}有{q}名学生。 / {city}的{q}名学生由{n}教。 / {n}在{city}的班有{q}名学生。 > {n}：{city}{q}名学生
"""

IDLE = (
    """The weather was nice.|Everyone enjoyed the coffee.|It was a long day.|As you know, these things take time.|We hope that you are well.|There was some laughter.|The room was a little cold.|Thank you all for coming.|It is good to see you again.|Some of us were tired.|The talk went on for a while.|That is how it goes.|We had a short break.|Many things were said.|The sun was shining.|Nobody was in a hurry.|It was a pleasant afternoon.|The tea was hot.|As always, there were many opinions.|We look forward to the next time.|It is not easy these days.|Have a nice week.|The view was beautiful.|A phone rang somewhere.|Let us not forget to smile.|Everybody listened.|The chairs were hard.|This has been quite a year.|Time flies.|Best wishes from all of us.""".split("|"),
    """天气不错。|大家喝了咖啡。|这一天很长。|如你所知，这需要时间。|希望你一切都好。|大家笑了起来。|房间有点冷。|感谢各位到来。|很高兴再次见到你们。|有些人累了。|谈话持续了一会儿。|事情就是这样。|我们休息了一下。|大家说了很多。|阳光明媚。|没有人着急。|下午很愉快。|茶很热。|和往常一样，意见很多。|期待下次。|最近不容易。|祝你一周愉快。|风景很美。|有个电话响了。|别忘了微笑。|大家都在听。|椅子有点硬。|这一年真不平凡。|时间过得真快。|我们大家向你问好。""".split("|"),
)

ASK = (
    """Key points|Summarise in key points|List the key points of this text.|What are the main points?|Summarize|TL;DR in points|Give me the key points|Bullet points please|Summary in bullet points|What matters in this text?|Make a list of the main points|Main points|Pull out the key points|Summarise this text as a list|What does the text say? In points|Short summary, as points|Note the important facts|The essentials, please|Boil it down to bullet points|Sum this up in points|Extract the key facts|Can you list the main facts?|The most important points of this text|Write down what is important here|tldr|Shorten this to key points|Minutes in key points|Turn this text into bullet points|Please summarise this|What should I remember from this?|Give a short list of the facts|Summarise for me|Reduce the text to its main points""".split("|"),
    """要点|总结要点|列出这段文字的要点。|主要内容是什么？|概括|摘要|给我要点|请列要点|用要点总结|这段话重要的是什么？|列出主要内容|主要的几点|提取要点|把这段文字总结成列表|文中说了什么？分点写|简短总结，分点|记下重要的事|请写重点|归纳成几点|分点概括|提取关键信息|能列出主要事实吗？|这段文字最重要的几点|写出这里的重点|总结一下|缩成要点|会议要点|把文字变成要点列表|请总结这段话|我该记住什么？|给个简短的清单|帮我总结|把文章归纳为主要几点""".split("|"),
)


def _read() -> list[tuple[list[str], str, list[str], str]]:
    lines = KINDS.strip().splitlines()
    found = []
    for at in range(0, len(lines), 2):
        (en, en_point), (zh, zh_point) = (line.split(" > ") for line in lines[at : at + 2])
        found.append((en.split(" / "), en_point, zh.split(" / "), zh_point))
    return found


KEY = _read()
