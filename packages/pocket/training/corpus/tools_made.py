"""Tools made up on the spot: an action and a thing. What is asked for is found by the words it shares with a tool's name and description, for any word:
the listed tools (`tools_list`) are too few to teach that. The relatives listed beside it share the thing or the action, so one of the two never suffices."""

from __future__ import annotations

from dataclasses import dataclass

from .tools_list import Sample
from .world import GOODS, THINGS, WORDS, World, plain

THINGS_OF_APPS = [
    tuple(pair.split("/"))
    for pair in """account/账户|address/地址|album/相册|answer/答案|appointment/预约|archive/归档|article/文章|attendance/考勤|avatar/头像|badge/徽章|banner/横幅|basket/篮子|battery/电池|bed/床位|blog/博客|bonus/奖金|bookmark/书签|brochure/宣传册|budget/预算|bug/缺陷|building/楼
|cabin/舱房|camera/摄像头|campaign/活动|candidate/候选人|category/分类|certificate/证书|channel/频道|chapter/章节|charger/充电器|checklist/清单|claim/理赔|class/班级|client/客户|clinic/门诊|code/代码|collection/收藏|comment/评论|commission/佣金|competition/比赛|complaint/投诉|contract/合同
|conversation/会话|cost/成本|country/国家|crew/班组|currency/币种|dashboard/仪表盘|database/数据库|deadline/期限|deal/交易|debt/欠款|delivery/配送|deposit/押金|desk/工位|diet/饮食|discount/折扣|document/文档|donation/捐款|draft/草稿|driver/司机|elevator/电梯|employee/员工|engine/引擎|equipment/器材|essay/作文
|exam/考试|exhibition/展览|expense/报销|factory/工厂|fee/费用|feedback/反馈|fine/罚款|folder/文件夹|forum/论坛|freight/货运|friend/好友|fuel/燃料|gallery/画廊|game/游戏|garage/车库|gift/礼物|goal/目标|grade/成绩|greenhouse/温室|guest/客人|guide/指南|harvest/收成|holiday/假期|humidity/湿度|idea/想法
|image/图像|incident/事故|income/收入|index/索引|insurance/保险|interview/面试|inventory/库存|invitation/邀请|job/职位|journal/日记|key/钥匙|label/标签|lamp/灯|lawyer/律师|lease/租约|leave/请假|lesson/课|letter/信件|library/图书馆|licence/执照|loan/贷款|location/位置|locker/储物柜|log/日志|lottery/彩票|luggage/行李
|machine/机器|magazine/杂志|map/地图|market/市场|match/比赛场次|material/材料|meal/餐食|measurement/测量值|medal/奖牌|member/会员|membership/会籍|menu/菜单|meter/电表|mission/任务|model/模型|mood/心情|mortgage/房贷|museum/博物馆|neighbour/邻居|network/网络|newsletter/通讯|nickname/昵称|nurse/护士|offer/报价|oven/烤箱
|package/套餐|page/页面|painting/画|parking/车位|partner/伙伴|passport/护照|password/密码|patient/病人|pension/养老金|permission/权限|pet/宠物|photo/照片|pipeline/流水线|plan/计划|plant/植物|podcast/播客|poem/诗|points/积分|policy/保单|poll/投票|pool/泳池|portfolio/组合|poster/海报|prescription/处方|presentation/演示
|printer/打印机|prize/奖品|profile/资料|profit/利润|promotion/促销|pump/水泵|question/题目|quiz/测验|radio/电台|rank/排名|receipt/收据|record/记录|region/地区|registration/注册|rehearsal/排练|rental/租赁|report/报告|result/结果|resume/简历|reward/奖励|robot/机器人|roof/屋顶|roster/班表|route/路线|rule/规则
|salary/工资|sale/销售|sample/样品|schedule/时间表|scholarship/奖学金|school/学校|score/得分|screen/屏幕|season/季节|section/栏目|sensor/传感器|server/服务器|session/场次|setting/设置|shelf/货架|shift/班次|ship/船|shipment/货物|signature/签名|site/站点|skill/技能|slide/幻灯片|sound/声音|speech/演讲|stamp/印章|statement/声明
|station/站点设备|storage/存储|store/门店|storm/风暴|story/故事|student/学员|studio/工作室|subscription/订阅|summary/摘要|supplier/供应商|survey/问卷|table/表格|tank/油箱|target/指标|task/事项|tax/税款|teacher/老师|team/团队|template/模板|tenant/租客|test/测试|theme/主题|thermostat/温控器|tide/潮汐|tournament/锦标赛|tractor/拖拉机
|trade/订单交易|trailer/预告片|training/培训|transaction/流水|tree/树|trip/行程|truck/卡车|tutorial/教程|uniform/制服|update/更新|user/用户|vaccine/疫苗|valve/阀门|vehicle/车辆|video/视频|visa/签证|visit/拜访|visitor/访客|vote/选票|wallet/钱包|warehouse/仓库|warning/警告|warranty/保修|wedding/婚礼|wheel/车轮|window/窗户|workout/锻炼|workshop/工坊""".replace("\n", "").split("|")
]
"""English/Chinese"""


@dataclass(frozen=True)
class Action:
    verbs: list[str]
    kinds: tuple[tuple[str, bool], ...]
    about: tuple[list[str], list[str]]
    asks: tuple[list[str], list[str]]
    """Requests that hold every required parameter; {n} is the thing. One that begins in lower case (Chinese: with ~) is an imperative, as in `tools_list`."""


def _action(verbs: str, kinds: str, about_en: str, about_zh: str, en: str, zh: str) -> Action:
    parts = tuple((k.rstrip("?"), not k.endswith("?")) for k in kinds.split())
    return Action(verbs.split(), parts, (about_en.split("|"), about_zh.split("|")), (en.split("|"), zh.split("|")))


ACTIONS = [
    _action("get show fetch read view check", "", "Returns the {n}|Shows the {n}|Gets the {n}|Looks up the {n}|Reads the {n}", "查看{n}|获取{n}|返回{n}|显示{n}|读取{n}",
            "What is the {n}?|show me the {n}|What's the {n} right now?|get the {n}|I want to see the {n}|look up the {n}|Can I see the {n}?|tell me the {n}|How is the {n}?|check the {n}|Let me see the {n}|read me the {n}", "~看一下{n}|{n}是什么|~查{n}|{n}怎么样了|我想看{n}|~显示{n}|{n}呢|~告诉我{n}|~查看{n}|现在的{n}是什么|~看看{n}|{n}情况如何"),
    _action("get show fetch read check find", "person", "Returns the {n} of a person|Shows someone's {n}|Gets the {n} of a person", "查看某人的{n}|获取某人的{n}|查询人员{n}",
            "What is the {n} of {person}?|show me the {n} of {person}|I need {person}'s {n}|look up {person}'s {n}|What {n} does {person} have?|get the {n} for {person}|{person}, which {n}?|check the {n} of {person}", "{person}的{n}是什么|~查{person}的{n}|我要{person}的{n}|~看看{person}的{n}|{person}有什么{n}|~找{person}的{n}|{person}的{n}呢|~查一下{person}的{n}"),
    _action("get show fetch check", "city", "Returns the {n} in a city|{n} of a city|Shows the {n} at a place", "查询城市的{n}|某地的{n}|查看一个地方的{n}",
            "How is the {n} in {city}?|What is the {n} in {city}?|show the {n} for {city}|check the {n} in {city}|{city} {n}?|I want to know the {n} in {city}|Is there any {n} in {city}?|get me the {n} of {city}", "{city}的{n}怎么样|~查{city}的{n}|{city}{n}如何|~看一下{city}的{n}|我想知道{city}的{n}|{city}有{n}吗|{city}那边{n}怎么样|~查一下{city}{n}"),
    _action("get show list fetch", "date", "Returns the {n} of a day|Shows the {n} for a date|Lists the {n} of a day", "查询某天的{n}|查看一天的{n}|列出某日的{n}",
            "What is the {n} on {date}?|show the {n} for {date}|Which {n} is there {date}?|check the {n} of {date}|list the {n} for {date}|{n} for {date}?|What about the {n} {date}?|get me the {n} of {date}", "{date}的{n}是什么|~查{date}的{n}|~看看{date}的{n}|{date}有什么{n}|~列出{date}的{n}|{date}{n}呢|~显示{date}的{n}|我要{date}的{n}"),
    _action("list search find browse", "query?", "Lists every {n}|Searches the {n} list|Finds a {n}", "列出所有{n}|搜索{n}|查找{n}",
            "Which {n} do we have?|list every {n}|find a {n} about {query}|search the {n} list for {query}|look for a {n} with {query}|Is there a {n} about {query}?|show all of the {n} entries|find me a {n}|What kinds of {n} are there?|browse the {n} list", "有哪些{n}|~列出所有{n}|~找关于{query}的{n}|~在{n}里搜{query}|~搜索{n}：{query}|有没有{query}的{n}|~显示全部{n}|~找个{n}|~浏览{n}|~查找{n}"),
    _action("create add new make register", "title", "Creates a {n}|Adds a {n}|Makes a new {n}|Registers a {n}", "新建{n}|添加{n}|创建{n}|登记{n}",
            "create a {n} called {title}|add a new {n}: {title}|make a {n} named {title}|I need a new {n}, {title}|New {n}: {title}|set up a {n} for {title}|register the {n} {title}|There is a new {n}, {title}, add it", "~新建{n}：{title}|~添加一个{n}，{title}|~创建叫{title}的{n}|新{n}：{title}|~加个{n}{title}|我要建一个{n}，叫{title}|~登记{n}{title}|~做一个名为{title}的{n}"),
    _action("delete remove drop erase", "order_id", "Deletes a {n}|Removes a {n}|Erases a {n} for good", "删除{n}|移除{n}|去掉{n}",
            "delete {n} {order_id}|remove the {n} {order_id}|get rid of {n} {order_id}|I don't need {n} {order_id} any more|erase {n} {order_id}|throw away the {n} {order_id}|drop {n} {order_id}|The {n} {order_id} can be deleted", "~删除{n}{order_id}|~把{n}{order_id}删掉|{n}{order_id}不要了|~移除{n}{order_id}|~去掉{n}{order_id}|~清除{n}{order_id}|~删了{n}{order_id}|{n}{order_id}可以删了"),
    _action("set change update adjust edit", "quantity", "Sets the {n}|Changes the {n}|Updates the {n} to a number", "设置{n}|修改{n}|调整{n}|更新{n}",
            "set the {n} to {quantity}|change the {n} to {quantity}|The {n} should be {quantity}|make the {n} {quantity}|adjust the {n} to {quantity}|update the {n}: {quantity}|put the {n} at {quantity}|{n} to {quantity}", "~把{n}设为{quantity}|~将{n}改成{quantity}|{n}应该是{quantity}|~调整{n}到{quantity}|~更新{n}：{quantity}|{n}改为{quantity}|~把{n}调到{quantity}|~设置{n}{quantity}"),
    _action("start run launch begin", "", "Starts the {n}|Runs the {n}|Launches the {n}", "启动{n}|开始{n}|运行{n}",
            "start the {n}|run the {n}|launch the {n}|begin the {n} now|Let the {n} begin|get the {n} going|The {n} can start|switch the {n} to run", "~启动{n}|~开始{n}|~运行{n}|{n}可以开始了|~让{n}跑起来|开始{n}吧|~把{n}启动一下|{n}，启动"),
    _action("stop end halt pause", "", "Stops the {n}|Ends the {n}|Halts the {n}", "停止{n}|结束{n}|中止{n}",
            "stop the {n}|end the {n}|halt the {n}|The {n} must stop|pause the {n}|bring the {n} to an end|No more {n}, stop it|finish the {n} now", "~停止{n}|~结束{n}|~中止{n}|{n}停下|~把{n}停了|别{n}了，停|~暂停{n}|{n}该结束了"),
    _action("send share forward deliver", "recipient", "Sends the {n} to someone|Shares the {n} with a person|Forwards the {n}", "把{n}发给别人|分享{n}|转发{n}",
            "send the {n} to {recipient}|share the {n} with {recipient}|forward the {n} to {recipient}|{recipient} should get the {n}|let {recipient} have the {n}|pass the {n} on to {recipient}|give {recipient} the {n}|{recipient} wants the {n}, send it", "~把{n}发给{recipient}|~和{recipient}分享{n}|~将{n}转发给{recipient}|{recipient}要{n}|~给{recipient}发{n}|~把{n}传给{recipient}|{recipient}想要{n}，发一下|~分享{n}给{recipient}"),
    _action("book reserve hold", "date", "Books a {n}|Reserves a {n} for a day|Holds a {n}", "预订{n}|预约{n}|预留{n}",
            "book a {n} for {date}|reserve a {n} on {date}|I'd like a {n} on {date}|I need a {n} for {date}, book it|hold a {n} for {date}|Is a {n} free on {date}? Take it|get me a {n} for {date}|A {n} on {date}, please", "~预订{date}的{n}|~订{date}的{n}|我要{date}的{n}|{date}需要一个{n}，订一下|~预约{date}{n}|~预留{date}的{n}|{date}的{n}，要一个|~帮忙定{date}的{n}"),
    _action("count total measure", "", "Counts the {n} entries|How many {n} there are|Total number of {n}", "统计{n}数量|{n}总数|计算{n}个数",
            "How many {n} entries are there?|count the {n} entries|What is the number of {n} entries?|Total {n} count?|tell me how many {n} we have|How many {n} in total?|give me the {n} count|measure how many {n} there are", "有多少{n}|~统计{n}数量|{n}总共有几个|~数一下{n}|{n}的总数是多少|一共多少{n}|~算算有几个{n}|{n}数量"),
    _action("order buy request purchase", "quantity", "Orders {n}|Buys {n}|Requests a number of {n}", "订购{n}|购买{n}|申请{n}",
            "order {quantity} {n}|buy {quantity} {n}|I want {quantity} {n}|get me {quantity} {n}|We need {quantity} {n}, order them|{quantity} {n}, please|purchase {quantity} {n}|request {quantity} {n}", "~订{quantity}个{n}|~买{quantity}个{n}|我要{quantity}个{n}|需要{quantity}个{n}，下单|~申请{quantity}个{n}|{quantity}个{n}|~采购{quantity}个{n}|来{quantity}个{n}"),
    _action("approve accept confirm sign", "order_id", "Approves a {n}|Accepts a {n}|Confirms a {n}", "批准{n}|同意{n}|确认{n}",
            "approve {n} {order_id}|accept the {n} {order_id}|confirm {n} {order_id}|{n} {order_id} is fine, approve it|I agree to {n} {order_id}|sign off {n} {order_id}|say yes to {n} {order_id}|Yes to the {n} {order_id}", "~批准{n}{order_id}|~同意{n}{order_id}|~确认{n}{order_id}|{n}{order_id}没问题，批了|~通过{n}{order_id}|{n}{order_id}可以|我同意{n}{order_id}|~审批{n}{order_id}"),
    _action("reject decline refuse deny", "order_id reason?", "Rejects a {n}|Declines a {n}|Refuses a {n}", "拒绝{n}|驳回{n}|不同意{n}",
            "reject {n} {order_id}|decline the {n} {order_id}|refuse {n} {order_id}|{n} {order_id} is not acceptable|say no to {n} {order_id}|turn down {n} {order_id} because of {reason}|deny the {n} {order_id}|No to the {n} {order_id}", "~拒绝{n}{order_id}|~驳回{n}{order_id}|{n}{order_id}不行|~不要同意{n}{order_id}|我不同意{n}{order_id}|~因为{reason}驳回{n}{order_id}|{n}{order_id}退回去|~打回{n}{order_id}"),
    _action("assign give transfer hand_over", "order_id person", "Assigns a {n} to a person|Gives a {n} to someone", "把{n}分配给人|指派{n}",
            "assign {n} {order_id} to {person}|give the {n} {order_id} to {person}|{person} takes over {n} {order_id}|hand {n} {order_id} to {person}|Let {person} do {n} {order_id}|transfer {n} {order_id} to {person}|{n} {order_id} goes to {person}|make {person} responsible for {n} {order_id}", "~把{n}{order_id}分给{person}|~指派{person}处理{n}{order_id}|{n}{order_id}交给{person}|让{person}负责{n}{order_id}|~将{n}{order_id}转给{person}|{person}来做{n}{order_id}|~安排{person}接{n}{order_id}|{n}{order_id}归{person}"),
    _action("open unlock", "", "Opens the {n}|Unlocks the {n}", "打开{n}|开启{n}|解锁{n}", "open the {n}|unlock the {n}|I need the {n} open|let me into the {n}|open up the {n}|make the {n} accessible|The {n} should be open|Please, the {n}: open it", "~打开{n}|~开启{n}|~解锁{n}|{n}要开着|~把{n}打开|开一下{n}|{n}，打开|~让{n}开着"),
    _action("close lock shut", "", "Closes the {n}|Locks the {n}", "关闭{n}|锁上{n}|关上{n}", "close the {n}|lock the {n}|shut the {n}|The {n} should be closed|make sure the {n} is shut|close down the {n}|I want the {n} closed|Please, the {n}: close it", "~关闭{n}|~锁上{n}|~关上{n}|{n}要关着|~把{n}关了|关一下{n}|{n}，关掉|~确保{n}关好"),
    _action("print export download save", "", "Prints the {n}|Exports the {n} as a file|Downloads the {n}", "打印{n}|导出{n}|下载{n}", "print the {n}|export the {n}|download the {n}|I need the {n} as a file|put the {n} on paper|save the {n} as a file|give me a copy of the {n}|A printout of the {n}, please", "~打印{n}|~导出{n}|~下载{n}|我要{n}的文件|~把{n}打出来|~将{n}存成文件|给我一份{n}|{n}导出一下"),
    _action("rate score review_of grade", "rating", "Rates the {n}|Gives the {n} stars|Scores the {n} from 1 to 5", "给{n}评分|评价{n}|为{n}打分", "give the {n} {rating} stars|rate the {n} {rating}|The {n} deserves {rating} stars|{rating} of 5 for the {n}|score the {n} with {rating}|My rating of the {n}: {rating}|I give the {n} a {rating}|grade the {n}: {rating}", "~给{n}打{rating}分|~评价{n}{rating}星|{n}值{rating}星|{n}我给{rating}分|~为{n}评{rating}星|{n}评分{rating}|我给{n}{rating}星|~打分：{n}，{rating}"),
    _action("report_problem_with report flag complain_about", "comment", "Reports a problem with the {n}|Flags a fault of the {n}", "报告{n}的问题|{n}报修|反馈{n}故障", "report a problem with the {n}: {comment}|Something is wrong with the {n}: {comment}|The {n} has a problem: {comment}|flag the {n}: {comment}|I want to complain about the {n}: {comment}|The {n} is broken: {comment}|tell support about the {n}: {comment}|Problem with the {n}: {comment}", "{n}有问题：{comment}|~报告{n}的问题：{comment}|{n}坏了：{comment}|~反馈{n}：{comment}|我要投诉{n}：{comment}|~给{n}报修：{comment}|{n}出毛病了：{comment}|~上报{n}故障：{comment}"),
    _action("move schedule postpone", "date", "Moves the {n} to another day|Sets the day of the {n}", "更改{n}的日期|把{n}移到另一天|推迟{n}", "move the {n} to {date}|The {n} should be on {date}|postpone the {n} to {date}|schedule the {n} for {date}|put the {n} on {date}|make the {n} {date} instead|The {n} takes place on {date} now|shift the {n} to {date}", "~把{n}移到{date}|{n}改到{date}|~推迟{n}到{date}|~将{n}安排在{date}|{n}放到{date}|{n}换成{date}|~把{n}定在{date}|{n}{date}再办"),
    _action("rename name call", "title", "Renames the {n}|Gives the {n} a name", "重命名{n}|给{n}命名", "rename the {n} to {title}|call the {n} {title}|The {n} should be called {title}|name the {n} {title}|give the {n} the name {title}|change the name of the {n} to {title}|The new name of the {n} is {title}|From now on the {n} is called {title}", "~把{n}重命名为{title}|{n}就叫{title}|~给{n}取名{title}|~将{n}改名为{title}|{n}的新名字是{title}|{n}以后叫{title}|~命名{n}：{title}|~把{n}的名字改成{title}"),
]


def _thing(w: World) -> tuple[str, str, str]:
    """→ (for a name, English, Chinese): a thing that apps have, or any word, or an invented one."""
    r = w.rng
    kind = r.random()
    if kind < 0.5:
        en, zh = w.one(THINGS_OF_APPS)
        return en, en, zh
    if kind < 0.7:
        word = w.one(WORDS["en"]).lower()
        return word, word, w.one(WORDS["zh"]) if w.chance(0.7) else w.glyphs(2, 3)
    if kind < 0.85:
        word = w.one(GOODS["en"] if w.chance(0.5) else THINGS["en"])
        return word, word, w.one(GOODS["zh"] if w.chance(0.5) else THINGS["zh"])
    word = w.pseudo(1, 3)
    return word, word, w.glyphs(2, 3)


def made(w: World, thing: tuple[str, str, str] | None = None, action: Action | None = None) -> Sample:
    r = w.rng
    action = action or w.one(ACTIONS)
    name, en, zh = thing or _thing(w)
    if thing is None and w.chance(0.15):  # two words, such as "parcel survey"
        other = _thing(w)
        name, en, zh = f"{name}_{other[0]}", f"{en} {other[1]}", zh + other[2]
    verbs = [v for v in action.verbs if v != "review_of"]
    shapes = ["{v}_{n}", "{v}_{n}", "{v}_{n}", "{n}_{v}", "{n}"]
    names = tuple(dict.fromkeys(r.choice(shapes).format(v=v, n=name) for v in r.sample(verbs, min(2, len(verbs)))))
    spoken = lambda text, noun: text.replace("{n}", noun)
    return Sample(
        "made",
        names,
        action.kinds,
        (spoken(w.one(action.about[0]), en), spoken(w.one(action.about[1]), zh)),
        {"en": [spoken(a, en) for a in action.asks[0]], "zh": [spoken(a, zh) for a in action.asks[1]]},
    )


def made_with_relatives(w: World, count: int) -> list[Sample]:
    """The first is the one asked for; of the others some share its thing, some its action."""
    r = w.rng
    thing, action = _thing(w), w.one(ACTIONS)
    chosen = [made(w, thing, action)]
    taken = {(thing[0], id(action))}
    while len(chosen) < count:
        kind = r.random()
        other_thing = thing if kind < 0.35 else _thing(w)
        other_action = action if 0.35 <= kind < 0.65 else w.one(ACTIONS)
        clash = {a for t, a in taken if t == other_thing[0]}
        # Beside the same thing, an action that shares no verb: "get" and "check" of one thing would both be right.
        if any(set(other_action.verbs) & set(next(x for x in ACTIONS if id(x) == a).verbs) for a in clash):
            continue
        taken.add((other_thing[0], id(other_action)))
        chosen.append(made(w, other_thing, other_action))
    return chosen


assert all(len(pair) == 2 for pair in THINGS_OF_APPS) and len({plain(en) for en, _ in THINGS_OF_APPS}) == len(THINGS_OF_APPS)
