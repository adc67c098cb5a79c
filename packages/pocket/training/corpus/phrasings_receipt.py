"""What tills and invoices print and how people ask about them; patterns of `asking.fill`. {l} is a list of keys."""

ITEMS = {
    "en": """flat white|cappuccino|espresso|latte|iced tea|green tea|hot chocolate|orange juice|sparkling water|still water|house wine|draft beer|lemonade|croissant|bagel|club sandwich|
Caesar salad|tomato soup|cheeseburger|veggie burger|French fries|fish and chips|margherita pizza|pasta carbonara|chicken curry|fried rice|spring rolls|miso soup|sushi set|apple pie|cheesecake|
ice cream|pancakes|scrambled eggs|breakfast menu|lunch special|garlic bread|steak|grilled salmon|mineral water 0.5 l|bananas|apples 1 kg|whole milk 1L|oat milk|free range eggs|brown bread|
butter 250g|cheddar|yoghurt|tomatoes|potatoes 2 kg|onions|carrots|olive oil|basmati rice|spaghetti|chicken breast|toilet paper|dish soap|toothpaste|shampoo|bin bags|AA batteries|light bulb|
USB cable|USB-C charger|HDMI cable|wireless mouse|mechanical keyboard|laptop stand|web camera|printer paper A4|ink cartridge|ballpoint pens|sticky notes|notebook A5|desk lamp|office chair|
filing cabinet|whiteboard marker|web design|hosting fee|domain renewal|consulting hours|logo design|translation|annual licence|support plan|delivery|shipping|installation|labour|oil change|
brake pads|tyre change|winter tyre|wiper blades|car wash|diesel|parking ticket|train ticket|single room|double room|city tax|airport transfer|hair cut|yoga class|gym day pass|cinema ticket|
museum entry|paperback|picture frame|scented candle|T-shirt|jeans|wool socks|running shoes|rain jacket|leather belt|baseball cap|garden hose|paint 5 l|wood screws|cordless drill|sandpaper""".replace("\n", "").split("|"),
    "zh": """美式咖啡|拿铁|卡布奇诺|珍珠奶茶|绿茶|柠檬茶|豆浆|可乐|雪碧|矿泉水|啤酒|米饭|炒饭|牛肉面|兰州拉面|小笼包|水饺|馄饨|宫保鸡丁|鱼香肉丝|麻婆豆腐|红烧肉|酸菜鱼|水煮鱼|清炒时蔬|番茄炒蛋|烤鸭|
羊肉串|凉拌黄瓜|酸辣汤|火锅套餐|午市套餐|儿童套餐|汉堡|薯条|鸡翅|披萨|意大利面|沙拉|蛋糕|冰淇淋|面包|牛奶1L|鸡蛋|苹果|香蕉|西红柿|土豆|白菜|猪肉|牛肉|酱油|食用油|大米5kg|方便面|薯片|巧克力|
纸巾|洗发水|牙膏|洗衣液|垃圾袋|电池|灯泡|数据线|充电器|无线鼠标|键盘|耳机|U盘|A4打印纸|墨盒|签字笔|笔记本|文件夹|办公椅|台灯|网站设计|服务器托管|域名续费|咨询服务|软件授权|技术支持|翻译费|
快递费|运费|安装费|人工费|机油|轮胎|洗车|停车费|加油|单人间|双人间|早餐|门票|电影票|火车票|理发|瑜伽课|健身卡|T恤|牛仔裤|运动鞋|雨伞|外套|帽子|毛巾|水杯|油漆|螺丝|水管|茶位费|餐具费|服务费""".replace("\n", "").split("|"),
}

VENDORS = {
    "en": ["Café {x}", "{x} Café", "Bar {x}", "Hotel {x}", "The {x} Kitchen", "{x} Market", "{x} Hardware", "{x} Books", "{x} & Sons", "Restaurant {x}", "{x} Bakery", "Studio {x}", "{x} Coffee", "{x}'s Diner",
           "Garage {x}", "{x} Design", "{x} Pharmacy", "{x} Electronics", "Chez {x}", "{x} AG", "{x} SARL", "{x} BV", "{x} SpA", "{x} Office Supply"],
    "zh": ["{x}咖啡", "{x}便利店", "{x}饭店", "{x}酒店", "{x}面馆", "{x}火锅", "{x}奶茶", "{x}药房", "{x}水果店", "{x}五金", "{x}服饰", "{x}电子商务有限公司", "{x}信息技术有限公司", "{x}广告设计", "{x}汽修", "{x}烘焙", "{x}生活超市"],
}

# {q} quantity, {i} item, {p} unit price, {t} line total, {s} a few spaces. A heading, if any, stands before "§".
LINES = {
    "en": ["{q} x {i} {p}", "{q} x {i}{s}{p}{s}{t}", "{i} {q} x {p} = {t}", "{q}x {i} {p} {t}", "{i} | {q} | {p} | {t}", "[Item|Product|Description] | Qty | [Price|Unit price] | [Amount|Total]§{i} | {q} | {p} | {t}",
           "- {i}: {q} at {p}", "[Description|Item|Article]\t[Qty|Quantity]\t[Unit price|Price]\t[Amount|Total]§{i}\t{q}\t{p}\t{t}", "{i} {q} @ {p}", "{i}\n  {q} x {p}{s}{t}", "{q} {i}{s}{p}{s}{t}", "{i}{s}{q} @ {p} = {t}",
           "{i}{s}{t}\n  {q} @ {p}", "{q} {i} @ {p} each", "{i} ({q} x {p}){s}{t}", "[Qty|No.] [Item|Description] [Unit|Price] [Total|Amount]§{q} {i} {p} {t}", "{q} × {i} à {p}", "* {i}, {q} pcs, {p} each",
           "{i}, {q} pcs à {p}", "{i} x{q} {p}", "{i} x {q}{s}{p}{s}{t}", "| {i} | {q} | {p} |", "[Item|Product] | Qty | Price\n--- | --- | ---§{i} | {q} | {p}", "{i}\t{q} x {p}\t{t}", "{i}: {q} × {p} = {t}", "{q} × {i} ({p} each){s}{t}",
           "{i} Qty {q} Price {p}", "{i}; {q}; {p}; {t}", "[Item|Description];[Quantity|Qty];[Price|Unit price]§{i};{q};{p}", "{i} .... {q} x {p} .... {t}", "[Qty|Quantity]\t[Item|Description]\t[Price|Rate]\t[Total|Amount]§{q}\t{i}\t{p}\t{t}",
           "{i}{s}{q}{s}{p}{s}{t}", "Item: {i}\nQty: {q}\nPrice: {p}", "{q} pc {i}{s}{p}{s}{t}", "[ ] {i} - {q} x {p}", "{i}\n{q} @ {p} ea.{s}{t}", "{i} - {q} - {p}", "{q} units of {i} at {p}", "{i} [qty|Qty]: {q} [unit|Unit price]: {p} [total|Total]: {t}", "{p} x {q} {i}{s}{t}"],
    "zh": ["{q} x {i} {p}", "{i}{s}{q}{s}{p}{s}{t}", "{i} {q} x {p} = {t}", "{i}×{q}{s}{p}", "{i} | {q} | {p} | {t}", "[品名|商品|项目] | 数量 | 单价 | [金额|小计]§{i} | {q} | {p} | {t}", "- {i}：{q}个，单价 {p}", "[品名|名称|商品]\t数量\t单价\t金额§{i}\t{q}\t{p}\t{t}",
           "{i} {q}份 {p}", "{i}\n  {q} x {p}{s}{t}", "{i} x{q} {p} {t}", "{i} 单价 {p} 数量 {q} 小计 {t}", "{i} {p}×{q}", "{q}份{i}，每份 {p}", "{i}（{q}件，单价 {p}）", "[品名|菜品|商品] 数量 单价 金额§{i} {q} {p} {t}", "{i}，{q}件，{p}/件",
           "{i} @ {p} x {q}", "{i}*{q}{s}{p}{s}{t}", "[品名|菜名|商品名称] 数量 单价§{i} {q} {p}", "{i} 数量：{q} 单价：{p}", "{i}：{p} × {q} = {t}", "| {i} | {q} | {p} |", "{i} {q}个 单价 {p} 共 {t}", "{i};{q};{p};{t}", "[数量|件数] 品名 单价 金额§{q} {i} {p} {t}",
           "商品：{i}\n数量：{q}\n单价：{p}", "{q}×{i}{s}{p}{s}{t}", "{i} .... {q} x {p} .... {t}", "{i}\n{p} x {q} = {t}", "* {i} {q} 件 {p}", "{i}，{p}，{q}"],
}
SINGLES = {
    "en": ["{i} {p}", "{i}{s}{p}", "{i} .... {p}", "{i}: {p}", "- {i} {p}", "{i}\t{p}", "{i} - {p}", "[Item|Description] | [Price|Amount]§{i} | {p}", "* {i} ({p})", "{i} ........ {p}", "{p} {i}", "[Item|Product]\t[Price|Amount]§{i}\t{p}", "{i}, {p}", "+ {i}{s}{p}"],
    "zh": ["{i} {p}", "{i}{s}{p}", "{i} .... {p}", "{i}：{p}", "- {i} {p}", "{i}\t{p}", "{i}，{p}", "[品名|项目|商品] | [价格|金额]§{i} | {p}", "* {i}（{p}）", "{i}……{p}", "{i} - {p}", "[品名|菜品|商品]\t[价格|金额]§{i}\t{p}"],
}
"""For receipts where everything is bought once and no quantity is printed."""

HEADINGS = {
    "en": ["RECEIPT", "INVOICE", "Tax invoice", "Thank you for your order!", "*** RECEIPT ***", "Sales receipt", "Invoice", "Receipt", "CUSTOMER COPY", "Rechnung / Invoice", "ORDER CONFIRMATION", "BILL", "Guest check", "Pro forma invoice", "VAT INVOICE", "--- Welcome ---", "Cash receipt", "Your bill", "Quittung", "FACTURE / INVOICE"],
    "zh": ["收据", "发票", "增值税发票", "购物小票", "电子发票", "结账单", "*** 收银小票 ***", "欢迎光临", "销售单", "消费明细", "增值税普通发票", "点菜单", "订单详情", "对账单", "顾客联", "送货单", "收款凭证", "账单"],
}
VENDOR = {
    "en": ["{v}", "{v}", "From: {v}", "Seller: {v}", "Supplier: {v}", "Invoice from {v}", "** {v} **", "Merchant: {v}", "Welcome to {v}", "Store: {v}", "{v}", "Sold by {v}", "Issued by: {v}", "Vendor: {v}", "= {v} =", "Company: {v}", "Bill from {v}", "Shop: {v}", "{v} - thank you for your visit"],
    "zh": ["{v}", "{v}", "商家：{v}", "销售方：{v}", "供应商：{v}", "开票方：{v}", "欢迎光临{v}", "店名：{v}", "** {v} **", "门店：{v}", "{v}", "收款方：{v}", "商户名称：{v}", "卖家：{v}", "销售单位：{v}", "商户：{v}", "{v} 欢迎您", "销货单位：{v}"],
}
NUMBER = {
    "en": ["Invoice {x}", "Invoice no. {x}", "Receipt {x}", "Number: {x}", "Invoice number: {x}", "No. {x}", "Invoice no: {x}", "Receipt no. {x}", "Receipt #: {x}", "Order no. {x}", "Invoice ID: {x}", "Bill no. {x}", "Ref. {x}", "Trans. {x}", "Ticket {x}", "Order {x}", "Check {x}", "Rechnung Nr. {x}", "Document no.: {x}", "INV: {x}", "Reference: {x}", "Bon {x}"],
    "zh": ["发票号：{x}", "单号：{x}", "发票号码：{x}", "编号：{x}", "小票号 {x}", "No. {x}", "订单号：{x}", "流水号：{x}", "收据号：{x}", "单据编号：{x}", "账单号 {x}", "交易号：{x}", "票号：{x}", "订单编号：{x}", "小票编号：{x}", "No：{x}", "销售单号：{x}"],
}
DATE = {
    "en": ["Date: {d}", "Date {d}", "{d}", "Issued {d}", "Invoice date: {d}", "{d} {c}", "Date: {d} {c}", "Date of issue: {d}", "Printed {d} {c}", "Dated {d}", "Datum: {d}", "Issue date: {d}", "Time: {d} {c}", "Order date: {d}", "DATE {d}  TIME {c}", "Receipt date: {d}", "Purchased on {d}"],
    "zh": ["日期：{d}", "{d}", "开票日期：{d}", "时间：{d}", "{d} {c}", "日期：{d} {c}", "下单时间：{d} {c}", "交易日期：{d}", "打印时间：{d} {c}", "结账时间：{d} {c}", "消费日期：{d}", "日期 {d}", "付款时间：{d} {c}", "开单日期：{d}"],
}
CUSTOMER = {
    "en": ["Bill to: {x}", "Customer: {x}", "Sold to {x}", "Client: {x}", "Billed to {x}", "Buyer: {x}", "To: {x}", "Invoice to: {x}", "Ship to: {x}", "Guest: {x}", "For: {x}", "Customer name: {x}", "Attn: {x}", "Recipient: {x}", "Bill to\n{x}", "Dear {x},"],
    "zh": ["客户：{x}", "购买方：{x}", "买家：{x}", "收货人：{x}", "顾客：{x}", "付款方：{x}", "抬头：{x}", "客户名称：{x}", "买方：{x}", "购货单位：{x}", "会员：{x}", "收件人：{x}", "姓名：{x}", "客人：{x}"],
}
NOISE = {
    "en": ["Tel {phone}", "Cashier {first}", "Table {n}", "{n} {word} [Street|Road|Ave], {city}", "Server: {first}", "You were served by {first}", "Phone: {phone}", "{email}", "VAT no. {code}", "Tax ID {code}", "Till {n}", "Register {n}", "Guests: {n}", "Terminal {digits}",
           "Tel. {phone}", "{city}", "www.{word}.com", "Store {digits}", "{n} {word} [Lane|Square|Blvd]", "Open daily 8 am - 9 pm", "Waiter: {first}", "Payment terms: {n} days", "Your contact: {first}", "Member {digits}", "Operator {n}", "Fax {phone}", "Seat {n}", "Company reg. {code}", "Take away", "Eat in"],
    "zh": ["电话 {phone}", "收银员 {person}", "{city}{word}路{n}号", "桌号 {n}", "服务员：{person}", "电话：{phone}", "收银机 {n}", "人数：{n}", "税号：{code}", "纳税人识别号：{code}", "地址：{city}{word}街{n}号", "台号：{n}", "门店编号 {digits}", "收银：{person}",
           "营业时间 9:00-21:00", "{city}分店", "会员卡号 {digits}", "邮箱：{email}", "终端号 {digits}", "经手人：{person}", "堂食", "外带", "取餐号 {n}", "联系人：{person}", "班次：早班", "制单：{person}"],
}
ENDINGS = {
    "en": ["Thank you!", "Paid by card", "Payable within 30 days", "Cash", "Thank you for shopping with us", "Visa **** {digits}", "Please come again", "Have a nice day!", "See you soon!", "No returns without receipt", "IBAN CH{code}", "Approved", "Auth code {digits}", "Contactless", "Bank transfer", "Points earned: {n}",
           "Please pay within {n} days.", "Questions? {phone}", "Follow us @{word}", "Mastercard **** {digits}", "*** THANK YOU ***", "Returns within {n} days", "Signature ________", "Account no. {code}", "Items sold: {n}", "Merci et à bientôt", "Vielen Dank!", "Tip not included", "PAID", "wifi: {word}"],
    "zh": ["谢谢惠顾", "刷卡支付", "请在30天内付款", "微信支付", "支付宝付款", "欢迎下次光临", "谢谢光临", "请保留小票", "现金支付", "凭小票七日内退换", "开户行账号 {code}", "祝您用餐愉快", "服务热线 {phone}", "扫码开发票", "银联卡 **** {digits}", "本次积分 {n}", "已付款", "商品如有问题请联系{phone}",
           "交易成功", "收款人：{person}", "关注公众号领券", "无线密码 {digits}", "*** 谢谢 ***", "签名 ________"],
}
SUBTOTAL = {"en": ["Subtotal", "Net", "Sub-total", "Net amount", "SUBTOTAL", "Sum", "Net total", "Total before tax", "Amount excl. VAT"], "zh": ["小计", "未税金额", "商品小计", "不含税金额", "净额", "商品金额", "税前"]}
TAX = {
    "en": ["Tax", "VAT", "Sales tax", "GST", "Tax {r}%", "VAT {r}%", "{r}% VAT", "MwSt {r}%", "TVA {r}%", "Incl. VAT {r}%", "HST {r}%", "Tax ({r}%)", "VAT ({r} %)", "TAX", "plus {r}% VAT", "Value added tax", "of which VAT {r}%", "IVA {r}%", "Total tax"],
    "zh": ["税额", "增值税", "税", "税金", "增值税{r}%", "税额（{r}%）", "税率{r}% 税额", "税费", "含税{r}%", "销项税", "增值税额", "消费税"],
}
TOTAL = {
    "en": ["Total", "TOTAL", "Amount due", "Total due", "Grand total", "To pay", "Total amount", "Balance due", "TOTAL DUE", "Invoice total", "Total to pay", "Order total", "Please pay", "Grand Total", "AMOUNT DUE", "Total incl. VAT", "Payable", "Sum total", "Total payable", "Summe / Total"],
    "zh": ["合计", "总计", "应付", "总额", "实付", "价税合计", "应收", "总金额", "合计金额", "实收", "应付金额", "订单总额", "总价", "应付总额", "合 计", "实付款"],
}
GAPS = {"en": [": ", ": ", " ", "\t", "   ", " .... ", " = ", "  ", ":  "], "zh": ["：", "：", " ", "\t", "   ", ": ", " .... ", "  "]}
CASH = {"en": [("Cash", "Change"), ("Cash given", "Change due"), ("Tendered", "Change"), ("CASH", "CHANGE"), ("Paid cash", "Your change"), ("Received", "Returned")], "zh": [("现金", "找零"), ("实收现金", "找零"), ("收款", "找回"), ("付现", "找零"), ("收您", "找您")]}

LETTERS = {
    "en": ["Hello, here is [the|your] invoice {x} from {v}, dated {d}{to}. {items}. {total}.", "{v}\nWe charge you for {items} [as agreed|as discussed|]. {x}, {d}{to}. {total}.", "Your order {x} at {v} on {d}{to}: {items}. {total}.", "{v} confirms your purchase of {d}{to}. Order {x}: {items}. {total}.",
           "Invoice {x}, {d}, from {v}{to}: {items}; {total}.", "Thanks for buying at {v}! On {d} you bought {items}. Receipt {x}{to}. {total}.", "Hi, {v} sent bill {x} on {d}{to}: {items}. {total}.", "From {v}: for {items} delivered on {d}, our invoice {x}{to}. {total}.", "{v} - {x} - {d}{to} - {items} - {total}"],
    "zh": ["您好，这是{v}的发票{x}，日期{d}{to}。{items}。{total}。", "{v}账单{x}，{d}{to}：{items}，{total}。", "您{d}在{v}的订单{x}{to}：{items}。{total}。", "{v}确认您{d}的购买{to}。订单{x}：{items}。{total}。", "发票{x}，{d}，{v}开具{to}：{items}；{total}。",
           "感谢惠顾{v}！您于{d}购买了{items}。小票号{x}{to}。{total}。", "{v}，单号{x}，{d}{to}。{items}。{total}。", "你好，{v}在{d}发来账单{x}{to}：{items}，{total}。"],
}

ASK_KEYS = {
    "en": ["Extract as JSON: {l}", "Turn this [receipt|invoice|bill] into JSON with {l}.", "Read the [invoice|receipt] and give JSON with these keys: {l}", "Extract these fields as JSON: {l}", "JSON keys: {l}", "Convert to JSON ({l}):", "[Please e|E]xtract {l} [as|in] JSON[.|]", "Return JSON: {l}",
           "[get|pull|take] {l} from this [receipt|bill|invoice], as json", "Give me {l} as JSON[, please|]", "JSON with {l}[|, nothing else]", "Parse the [receipt|invoice]. Keys: {l}", "Fields: {l}. Answer [in|with] JSON.", "Make JSON from this [bill|receipt]: {l}", "I need {l} in JSON", "[Can you|Could you|can u] extract {l} [as|in] JSON?",
           "What are {l}? Reply with JSON[.|]", "Fill this JSON from the [receipt|invoice]: {l}", "[Here is|This is] a [receipt|bill|invoice]. Extract {l} as JSON.", "Output only JSON with the keys {l}.", "receipt to json: {l}", "invoice -> json ({l})", "Read this and return {l} as a JSON object.", "Data to extract: {l}. Format: JSON.",
           "Write {l} of the [receipt|invoice] as JSON.", "You read [receipts|invoices]. Reply with JSON: {l}", "Your job: [receipt|invoice] in, JSON out. Keys: {l}", "Structure this as JSON: {l}", "Find {l}. Use JSON.", "Please return a JSON object with: {l}", "From the text [below|here], extract {l} into JSON.", "Scan this [invoice|receipt]; JSON with {l}",
           "json please: {l}", "Capture {l} as JSON.", "Convert this [receipt|invoice] to a JSON object having {l}.", "Schema: {l}\nReturn JSON.", "Use this shape: {l}", "Extract the [invoice|receipt] data: {l}", "You are given a [receipt|invoice]. Answer with JSON holding {l}.", "List {l} as JSON. Use null for what is missing.", "Only these keys, as JSON: {l}", "Transcribe into JSON: {l}"],
    "zh": ["提取为 JSON：{l}", "把这张[小票|发票|账单]变成 JSON，包含 {l}。", "读取[发票|小票]，输出 JSON，字段：{l}", "以 JSON 提取这些字段：{l}", "JSON 字段：{l}", "转换为 JSON（{l}）：", "请[从中|从下面]提取 {l}，用 JSON 回答[。|]", "返回 JSON：{l}", "[帮我|麻烦]把 {l} 提取成 JSON", "给我 JSON，包含 {l}",
           "用 JSON 写出 {l}", "解析这张[小票|发票|单据]，字段：{l}", "字段：{l}。用 JSON 回答。", "[小票|发票]转 JSON：{l}", "我要 {l}，JSON 格式", "能不能提取一下 {l}？用 JSON", "按照这个格式填写：{l}", "这是一张[小票|发票|收据]，请提取 {l} 为 JSON。", "只输出 JSON，键为 {l}。", "[从|根据][小票|发票]里找出 {l}，输出 JSON",
           "请输出 JSON 对象，包括：{l}", "读一下这张[小票|账单]，给出 {l}（JSON）", "要提取的数据：{l}。格式：JSON", "把[发票|收据]整理成 JSON：{l}", "请识别[发票|小票]，返回 {l} 的 JSON", "你负责读[小票|发票]，用 JSON 回复：{l}", "整理为 JSON：{l}", "json 格式提取：{l}", "麻烦用 JSON 列出 {l}", "录入[发票|小票]：{l}，JSON",
           "结构：{l}\n返回 JSON。", "请把下面的[账单|小票]转成 JSON，键有 {l}", "找出 {l}，写成 JSON", "把 {l} 写成 JSON，没有的用 null", "只要这些字段：{l}，JSON 输出", "提取[发票|小票]信息：{l}", "信息抽取，JSON：{l}", "抽取 {l}，输出为 JSON", "用这些键生成 JSON：{l}", "从文字里取 {l}，返回 JSON 对象", "请做成 JSON（{l}）"],
}
ASK_ALL = {
    "en": ["receipt to JSON", "Convert this [receipt|invoice|bill] to JSON.", "Extract the [receipt|invoice] as JSON.", "JSON please", "[invoice|receipt] -> json", "Turn this into JSON[.|]", "read this [receipt|bill] and give me json", "Can you turn this [receipt|bill|invoice] into JSON?", "Please extract all data as JSON.", "Make JSON of this [invoice|receipt].", "Parse this [receipt|invoice].",
           "[Get|Pull] the data out of this [receipt|invoice] as JSON", "Give me this [bill|receipt] as a JSON object.", "I need this [receipt|invoice] as JSON.", "Everything on this [receipt|invoice], as JSON:", "Extract everything to JSON", "to json:", "What is on this [receipt|invoice]? Answer in JSON.", "Structure this [receipt|bill].", "You turn [receipts|invoices] into JSON.",
           "Read the [invoice|receipt]. Reply with JSON only.", "Could you make json from this [receipt|bill] for me", "Write this [receipt|invoice] as JSON[.|]", "Scan this [bill|receipt] into JSON.", "json", "Digitise this [receipt|invoice] (JSON)", "Transcribe the [receipt|bill] as JSON.", "Here is [a|my] [receipt|invoice], make it JSON", "extract this [receipt|bill] pls", "Put this [receipt|invoice] in JSON form", "Extract the fields of this [invoice|receipt] as JSON."],
    "zh": ["小票转 JSON", "把这张[小票|发票|账单]转成 JSON。", "提取[小票|发票]，输出 JSON", "请用 JSON", "[发票|收据]变成 json", "转成 JSON", "读一下这张[小票|发票]，给我 JSON", "能把这张[小票|发票]转成 JSON 吗？", "请把所有信息提取为 JSON。", "帮我把[小票|账单]做成 JSON", "解析这张[小票|发票]", "[提取|抽取]全部内容，JSON 格式",
           "把下面的[账单|小票]整理成 JSON", "我要这张[发票|小票]的 JSON", "[小票|发票]上的全部信息，用 JSON：", "全部提取成 JSON", "to json：", "这张[小票|发票]上有什么？用 JSON 回答", "你负责把[小票|发票]变成 JSON。", "识别[发票|小票]，只回 JSON", "麻烦把这个做成 json", "把[小票|发票]写成 JSON", "json", "录入这张[小票|发票]（JSON）", "整理一下这张[小票|账单]，JSON", "这是[小票|发票]，请转 JSON", "提取一下这张[小票|发票]"],
}

# {x} is an item
QUESTIONS = {
    "total": (["what is the total?", "how much is it in total", "total?", "What was paid [in total|altogether]?", "How much do I [have to pay|owe]?", "What's the [total|final] amount?", "just tell me the total", "what did it cost all together?", "What is the amount due?", "how much was this [bill|receipt]?", "give me the total[ please|]", "Total amount?", "the sum?", "What does it come to?"],
              ["总共多少钱？", "一共多少", "总额是多少？", "合计多少钱", "要付多少钱？", "总价？", "这张[小票|发票]总共多少？", "总金额是多少", "告诉我总额", "应付多少？", "一共花了多少钱", "合计是多少呢", "总计？"]),
    "vendor": (["who is the vendor?", "which [shop|store|company] is this from?", "Where was this bought?", "vendor?", "Who issued this [invoice|receipt]?", "What is the name of the [shop|seller|company]?", "who sent this [bill|invoice]", "Who is the seller?", "which place is this", "Who do I pay?", "Name of the merchant?", "who is it from?"],
               ["商家是谁？", "这是哪家店", "在哪里买的？", "卖家是谁？", "谁开的[发票|小票]？", "店名叫什么？", "商户名称？", "是哪家公司的[账单|发票]？", "销售方是谁", "收款方是谁？", "哪家店的小票", "供应商是谁"]),
    "number": (["what is the [invoice|receipt] number?", "number?", "Which number does [it|the invoice] have?", "Give me the invoice number.", "what's the receipt no", "Invoice no?", "What is the reference?", "find the number of this [bill|invoice]", "Under which number was it issued?", "the document number[ please|]?"],
               ["[发票|小票]号是多少？", "单号是什么", "编号是多少？", "给我单号", "号码？", "发票号码是多少呢", "这张单子的编号？", "票号是多少", "找一下单号", "单据编号是什么？"]),
    "date": (["what is the date?", "when was this?", "date?", "When was it issued?", "On which day was this bought?", "what day is on the [receipt|invoice]", "When did I buy this?", "Give me the date.", "which date is printed?", "What date is it from?", "the date please"],
             ["日期是哪天？", "什么时候的？", "日期？", "什么时候开的？", "哪天买的", "[小票|发票]上的日期是什么", "我什么时候买的？", "告诉我日期", "是哪一天的？", "开票日期是什么时候"]),
    "customer": (["who is the customer?", "who bought this?", "customer?", "Who is [it|the invoice] made out to?", "Who is the buyer?", "Which client is on it?", "who is billed", "What is the customer's name?", "whose [invoice|bill] is it?", "To whom is it addressed?"],
                 ["客户是谁？", "谁买的？", "买家是谁", "客户？", "发给谁的？", "购买方是谁？", "抬头是谁", "客户叫什么名字？", "付款方是谁？", "顾客是谁"]),
    "tax": (["how much tax?", "what is the tax?", "tax?", "How much VAT is [in it|included|on it]?", "Which tax amount is printed?", "what's the vat", "Tax amount[ please|]?", "how much did I pay in tax", "Tell me the tax.", "the VAT?"],
            ["税是多少？", "税额多少", "税？", "增值税是多少？", "交了多少税", "税金是多少", "税额是多少钱？", "告诉我税额", "含多少税？", "税费多少"]),
    "price": (["how much is [one|a|the] {x}?", "what is the price of {x}?", "price of {x}", "What does one {x} cost?", "{x}: price?", "Unit price of {x}?", "how much for {x}", "tell me the price of {x}", "what did {x} cost each", "How much per {x}?"],
              ["{x}多少钱？", "{x}单价多少", "{x}的价格是多少？", "一份{x}多少钱", "{x}什么价？", "告诉我{x}的单价", "{x}：价格？", "{x}单价是多少呢", "每个{x}多少钱？", "看一下{x}的价格"]),
    "quantity": (["how many {x}?", "quantity of {x}", "How many {x} were bought?", "{x}: how many?", "How many times {x}?", "what is the quantity of {x}?", "number of {x}?", "how much {x} did I order", "How many {x} are on the [bill|receipt]?", "count of {x}"],
                 ["{x}有几个？", "{x}的数量", "买了几份{x}？", "{x}：数量？", "{x}几份", "{x}买了多少？", "{x}数量是多少", "点了几个{x}", "多少{x}？", "{x}一共几件"]),
    "currency": (["which currency?", "What currency is it in?", "currency code?", "currency?", "In what currency was it paid?", "what is the currency", "Which money is that, as a code?", "tell me the currency"], ["什么币种？", "货币是什么", "币种？", "用什么货币付的？", "币种代码是什么？", "是哪种货币", "货币代码？", "告诉我币种"]),
}

ALIASES = {
    "en": {"vendor": ["merchant", "seller", "store", "supplier", "vendor_name", "company", "vendorName", "shop", "from"], "number": ["invoice_number", "receipt_number", "invoiceNumber", "invoice_no", "id", "reference", "invoice_id"], "date": ["invoice_date", "issue_date", "invoiceDate", "issued", "purchase_date"],
           "customer": ["client", "buyer", "customer_name", "bill_to", "customerName", "recipient"], "currency": ["currency_code", "currencyCode", "money"], "items": ["line_items", "lines", "products", "lineItems", "positions", "entries"], "tax": ["vat", "tax_amount", "taxAmount", "sales_tax", "tax_total"],
           "total": ["total_amount", "amount", "grand_total", "totalAmount", "sum", "amount_due"], "name": ["description", "product", "item", "title", "article"], "quantity": ["qty", "count", "amount_of", "pieces", "units"], "price": ["unit_price", "unitPrice", "price_each", "rate"]},
    "zh": {"vendor": ["商家", "商户", "销售方", "店名", "卖家", "供应商"], "number": ["编号", "单号", "发票号", "发票号码", "票号"], "date": ["日期", "开票日期", "时间", "交易日期"], "customer": ["客户", "购买方", "买家", "顾客"], "currency": ["币种", "货币", "货币代码", "币别"], "items": ["明细", "商品", "项目", "商品列表", "清单"],
           "tax": ["税额", "增值税", "税金", "税"], "total": ["总额", "合计", "总计", "总金额", "总价"], "name": ["名称", "品名", "商品名", "项目名"], "quantity": ["数量", "件数", "个数"], "price": ["单价", "价格", "每件价"]},
}
