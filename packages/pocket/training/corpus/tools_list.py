"""The tools of all the apps that requests are made for. `## group`, then three lines a tool:
names | kinds of parameters (? may be left out) | English description | Chinese description
English requests, / between them; one that begins in lower case is an imperative and may follow "can you"
Chinese requests; one that begins with ~ is an imperative and may follow 帮我
A request gives the parameters whose slots it holds. Requests of one group must not fit another tool of that group."""

from __future__ import annotations

from dataclasses import dataclass

LISTED = """
## weather
get_weather current_weather weather_lookup fetch_weather | city unit? | Weather of a city | 查询城市天气
What is the weather in {city}? / How is the weather in {city}? / Is it raining in {city}? / Do I need an umbrella in {city}? / weather {city} / Is it cold in {city} right now? / tell me the temperature in {city} / Weather in {city} in {unit}? / check the weather for {city}
{city}天气怎么样？ / {city}在下雨吗？ / ~查一下{city}的天气 / {city}冷吗 / 我在{city}，要带伞吗 / {city}气温多少 / {city}天气 / {city}现在多少度，用{unit}
get_forecast weather_forecast forecast | city date | Weather forecast for a day | 某天的天气预报
What will the weather be in {city} on {date}? / Forecast for {city}, {date} / How will it be in {city} {date}? / Weather for {date} in {city} / show me the forecast for {city} for {date} / Will it be sunny in {city} {date}?
{date}{city}天气如何？ / {city}{date}会下雨吗 / ~查一下{date}{city}的天气预报 / {date}去{city}要带伞吗 / {city}{date}热不热
get_air_quality air_quality check_smog | city | Air quality of a city | 查询空气质量
How is the air in {city}? / Is there smog in {city}? / Air quality {city} / Can I breathe well in {city}? / check how clean the air is in {city} / Is the air bad in {city}?
{city}空气怎么样 / {city}有雾霾吗 / ~查{city}的空气质量 / {city}空气好不好 / {city}污染严重吗
## clock
set_timer start_timer timer countdown | minutes | Starts a countdown | 开始倒计时
set a timer for {minutes} minutes / Timer {minutes} minutes / Tell me when {minutes} minutes are over / start a {minutes} minute timer / count down {minutes} minutes / {minutes} min timer
~设一个{minutes}分钟的计时器 / {minutes}分钟后叫我 / ~倒计时{minutes}分钟 / ~定时{minutes}分钟 / 计时{minutes}分钟
set_alarm alarm wake_me create_alarm | time | Sets an alarm clock | 设置闹钟
wake me at {time} / set an alarm for {time} / Alarm at {time} / I must get up at {time} / make the alarm ring at {time} / I need to be awake by {time}
{time}叫我起床 / ~设{time}的闹钟 / ~定一个{time}的闹钟 / 我要{time}起床 / 闹钟{time}
cancel_alarm delete_alarm alarm_off | time | Deletes an alarm | 删除闹钟
cancel the alarm at {time} / delete my {time} alarm / I don't need the {time} alarm any more / remove the alarm for {time} / No alarm at {time}, I can sleep longer
~取消{time}的闹钟 / ~删掉{time}的闹钟 / {time}的闹钟不要了 / ~关掉{time}那个闹钟 / 不用{time}叫我了
get_time world_clock time_in current_time | city | Time in a city | 查询当地时间
What time is it in {city}? / Current time in {city} / time {city} / How late is it in {city}? / tell me the time in {city} / Is it night in {city}?
{city}现在几点？ / {city}的时间 / ~查{city}当前时间 / 现在{city}几点了 / {city}那边是白天吗
## calendar
create_event add_event schedule_meeting calendar_add new_event | title date time people? | Adds an event to the calendar | 新建日程
put {title} in my calendar on {date} at {time} / schedule {title} for {date} at {time} / add an event: {title}, {date}, {time} / plan {title} {date} at {time} / {title} on {date}, {time}, for {people} people, into the calendar / I have {title} on {date} at {time}, note it in my calendar
~{date}{time}安排{title} / ~日历里加上{date}{time}的{title} / ~新建日程：{title}，{date}，{time} / ~把{title}安排在{date}{time} / {date}{time}有{title}，{people}个人，记到日历
list_events show_calendar my_schedule agenda | date | Lists the events of a day | 查看某天日程
What do I have on {date}? / Am I busy {date}? / show my calendar for {date} / What is on my agenda {date}? / list my appointments for {date} / Do I have meetings {date}?
{date}我有什么安排？ / 我{date}忙吗 / ~看一下{date}的日程 / {date}有会吗 / ~查{date}的日历
delete_event cancel_meeting remove_event | title | Removes an event | 删除日程
remove {title} from my calendar / cancel the meeting {title} / {title} is off, take it out of the calendar / delete the event {title} / The appointment {title} is not happening, cancel it
~把{title}从日历删掉 / ~取消会议{title} / {title}不开了，取消日程 / ~删除日程{title} / 日程{title}取消吧
move_event reschedule change_meeting | title date | Moves an event to another day | 修改日程日期
move {title} to {date} / reschedule {title} for {date} / {title} should be on {date} instead / shift the meeting {title} to {date} / postpone {title} until {date}
~把{title}改到{date} / {title}推迟到{date} / ~将日程{title}移到{date} / {title}换到{date}吧 / ~把会议{title}挪到{date}
add_reminder remind set_reminder reminder | text time | Sets a reminder | 设置提醒
remind me at {time}: {text} / At {time} remind me: {text} / Reminder {time}: {text} / Don't let me forget at {time}: {text} / set a reminder for {time}, {text}
{time}提醒我：{text} / ~设{time}的提醒：{text} / {time}别让我忘了：{text} / 提醒：{time}，{text} / ~在{time}提醒我“{text}”
## notes
create_note take_note save_note write_note | text | Saves a note | 保存笔记
note: {text} / write down: {text} / take a note: {text} / Make a note that says {text} / save this as a note: {text} / jot down {text}
~记一下：{text} / ~写个笔记：{text} / 笔记：{text} / ~把这句记下来：{text} / ~记录“{text}”
find_note search_notes note_search | query | Searches the notes | 搜索笔记
find my note about {query} / What did I write down about {query}? / search my notes for {query} / Which note mentions {query}? / look in my notes for {query}
~找一下关于{query}的笔记 / 我记过{query}吗 / ~在笔记里搜{query} / 哪条笔记提到{query} / ~查笔记：{query}
add_todo create_task new_task add_task | title priority? | Adds a task to the list | 添加待办
add {title} to my to-do list / New task: {title} / put {title} on my list of tasks / I still have to do {title}, add the task / new {priority} priority task: {title}
~把{title}加到待办 / 新任务：{title} / ~添加待办事项{title} / ~待办里加上{title} / ~新建{priority}优先级任务：{title}
complete_task finish_task mark_done | title | Marks a task as done | 完成待办
mark {title} as done / I have finished {title} / {title} is done, tick it off / check off {title} / complete the task {title}
~把{title}标记为完成 / {title}做完了 / {title}搞定了，勾掉 / 任务{title}已经完成 / ~完成任务{title}
## talk
send_email email write_email send_mail | to text subject? | Sends an email | 发送邮件
email {to} saying {text} / send a mail to {to}: {text} / write an e-mail to {to}: {text} / tell {to} by email: {text} / mail {to} with subject {subject}: {text} / Mail to {to}: {text}
~给{to}发邮件说{text} / ~发邮件给{to}：{text} / ~写邮件到{to}，内容是{text} / ~邮件通知{to}：{text} / ~给{to}发邮件，主题{subject}，内容：{text}
send_message message text_someone send_sms | recipient text | Sends a message to a contact | 给联系人发消息
tell {recipient}: {text} / send {recipient} a message: {text} / message {recipient}: {text} / text {recipient} "{text}" / let {recipient} know: {text} / say to {recipient}: {text}
~告诉{recipient}：{text} / ~给{recipient}发消息：{text} / ~发短信给{recipient}说{text} / ~通知{recipient}：{text} / ~跟{recipient}说{text}
call_phone phone_call dial make_call | phone | Calls a number | 拨打电话
call {phone} / dial {phone} / phone {phone} / ring {phone} for me / give {phone} a call / I want to talk to {phone}
~拨打{phone} / ~打电话给{phone} / ~给{phone}打个电话 / ~拨{phone} / 我要打{phone}
find_contact get_contact contact_lookup | person | Finds a contact | 查找联系人
What is the number of {person}? / find {person} in my contacts / show the contact of {person} / How can I reach {person}? / look up the phone number of {person}
{person}的电话是多少？ / ~找一下联系人{person} / ~查{person}的联系方式 / 怎么联系{person} / ~看看通讯录里的{person}
add_contact save_contact new_contact | person phone | Saves a contact | 添加联系人
save {person} with number {phone} / new contact: {person}, {phone} / add {person} {phone} to my contacts / {person}'s number is {phone}, save it / put {phone} in the address book as {person}
~保存联系人{person}，电话{phone} / 新联系人：{person}，{phone} / ~把{person}的号码{phone}存起来 / {person}的电话是{phone}，存一下 / ~添加{person} {phone}到通讯录
read_messages unread_mail check_inbox get_unread | | Reads unread messages | 读取未读消息
Do I have new messages? / read my unread messages / What is in my inbox? / Anything new in the inbox? / check my messages / Did anyone write to me?
有新消息吗 / ~读一下未读消息 / 收件箱里有什么 / 有人给我发消息吗 / ~看看我的消息
## shop
track_order order_status get_order find_order | order_id | Status of an order | 查询订单状态
Where is order {order_id}? / track order {order_id} / What is the status of order {order_id}? / Has {order_id} shipped? / my order {order_id}? / When does order {order_id} come?
订单{order_id}到哪了？ / ~查一下订单{order_id} / {order_id}发货了吗 / 订单{order_id}的状态 / 我的订单{order_id}什么时候到
cancel_order cancel_purchase void_order | order_id reason? | Cancels an order | 取消订单
cancel order {order_id} / I no longer want order {order_id} / stop order {order_id} / Please don't send {order_id}, cancel it / cancel {order_id} because of {reason}
~取消订单{order_id} / 我不要订单{order_id}了 / ~把{order_id}这单取消 / ~撤销订单{order_id} / ~取消订单{order_id}，原因是{reason}
return_order refund request_return | order_id reason? | Returns goods for a refund | 退货退款
I want my money back for order {order_id} / return order {order_id} / refund {order_id} / I want to send back order {order_id} / refund order {order_id}, reason: {reason}
订单{order_id}我要退货 / ~给订单{order_id}退款 / ~退掉已收到的{order_id} / {order_id}能退钱吗 / 订单{order_id}退款，原因：{reason}
place_order buy order_product purchase | product quantity | Orders a product | 下单购买商品
order {quantity} {product} / buy {quantity} of {product} / I want to buy {quantity} {product} / get me {quantity} {product} / purchase {product}, {quantity} pieces / I'll take {quantity} {product}
~买{quantity}个{product} / ~订购{quantity}件{product} / 我要买{quantity}个{product} / ~下单{product}，{quantity}个 / 来{quantity}份{product}
add_to_cart cart_add put_in_basket | product quantity? | Puts a product in the cart | 加入购物车
put {product} in my cart / add {quantity} {product} to my cart / {product} into the basket / add {product} to the shopping cart / put {quantity} {product} in the basket
~把{product}加入购物车 / ~购物车加{quantity}个{product} / ~将{product}放进购物车 / 购物车里放{product} / ~把{quantity}件{product}加到购物车
show_cart view_cart get_basket | | Shows the cart | 查看购物车
What is in my cart? / show my cart / open the basket / What have I put in the basket? / list what is in my cart
购物车里有什么 / ~看一下我的购物车 / ~打开购物车 / 我加购了什么 / ~显示购物车
search_products find_product product_search | query max_price? | Searches the shop | 搜索商品
search the shop for {query} / show me {query} in the shop / I am looking for {query} to buy / find {query} in the store / find {query} under {max_price} / Which {query} do you sell?
~在商城搜{query} / 店里有哪些{query} / 我想找{query}这类商品 / ~搜索商品{query} / ~找{max_price}元以下的{query}
get_price price price_check check_price | product | Price of a product | 查询价格
How much is {product}? / What does {product} cost? / Price of {product}? / check the price of {product} / {product} how much / tell me what {product} costs
{product}多少钱？ / ~查一下{product}的价格 / {product}的价格 / {product}卖多少 / {product}贵吗
check_stock in_stock availability | product size? | Whether a product is in stock | 查询库存
Is {product} in stock? / Do you have {product} in size {size}? / How many {product} are left? / Is {product} available? / check whether {product} is sold out
{product}有货吗？ / {product}有{size}吗 / {product}还剩多少 / ~查{product}的库存 / {product}卖完了吗
apply_coupon use_coupon redeem_code | coupon | Uses a coupon | 使用优惠券
use coupon {coupon} / apply the code {coupon} / I have a voucher: {coupon} / redeem {coupon} / My discount code is {coupon}
~使用优惠券{coupon} / ~兑换{coupon} / 我有优惠码{coupon} / 优惠券{coupon}能用吗 / ~用一下券{coupon}
list_coupons my_coupons get_vouchers | | Lists the user's coupons | 查看我的优惠券
Which coupons do I have? / show my coupons / Do I have any vouchers? / Are there discounts for me? / list my vouchers
我有哪些优惠券 / ~看看我的券 / 我有优惠券吗 / 有什么优惠 / ~列出我的卡券
write_review rate_product leave_review | product rating comment? | Reviews a product | 评价商品
give {product} {rating} stars / rate {product} {rating} of 5 / review {product}: {rating} stars, {comment} / {rating} stars for {product} / My rating for {product} is {rating}
~给{product}打{rating}星 / ~评价{product}{rating}分 / {product}，{rating}星，{comment} / 我给{product}{rating}星好评 / ~给{product}评{rating}星
## parcel
track_parcel track_package parcel_status | parcel | Tracks a parcel | 查询快递
Where is my parcel {parcel}? / track the package {parcel} / Has parcel {parcel} arrived? / Follow my shipment {parcel} / look up tracking number {parcel}
快递{parcel}到哪了 / ~查快递{parcel} / 包裹{parcel}到了吗 / ~查一下运单{parcel} / 单号{parcel}的物流
send_parcel ship_package book_courier | recipient address weight? | Orders a courier for a parcel | 寄快递
send a parcel to {recipient}, {address} / ship a package to {address} for {recipient} / I want to post a parcel to {recipient} at {address} / book a courier to {recipient}, {address} / A {weight} kg parcel goes to {recipient}, {address}
~寄快递给{recipient}，地址{address} / 我要寄件到{address}，收件人{recipient} / ~给{recipient}寄个包裹，{address} / 寄{weight}公斤的包裹给{recipient}，{address} / ~叫快递，寄到{address}，{recipient}收
get_pickup_code pickup_code locker_code | parcel? | Code to pick up a parcel | 取件码
What is my pickup code? / show the code for the parcel locker / pickup code for {parcel} / I am at the locker, what's the code? / How do I open the locker?
我的取件码是多少 / ~看一下取件码 / {parcel}的取件码 / 我到快递柜了，密码多少 / 取件码
## bank
get_balance check_balance account_balance balance | | Balance of the account | 查询余额
What is my balance? / How much money do I have? / check my balance / How much is left on my account? / balance / Am I broke?
我的余额多少 / ~查一下余额 / 账户里还有多少钱 / 我还有钱吗 / 余额
transfer_money send_money pay_person make_payment | recipient amount note? | Sends money to someone | 转账给别人
send {amount} to {recipient} / pay {recipient} {amount} / transfer {amount} to {recipient} / I owe {recipient} {amount}, pay it / send {recipient} {amount} with the note {note} / {amount} to {recipient}
~转{amount}给{recipient} / ~付给{recipient}{amount} / ~给{recipient}转账{amount} / ~向{recipient}支付{amount} / ~转给{recipient}{amount}，备注{note}
list_transactions bank_statement recent_payments | date? | Lists transactions | 查看交易记录
What did I spend lately? / show my transactions / list the payments of {date} / Show the bank statement / What was charged on {date}?
我最近花了什么钱 / ~看交易记录 / ~列出{date}的支出 / ~查账单明细 / {date}扣了什么钱
block_card freeze_card lock_card | card | Blocks a card | 冻结银行卡
block my card {card} / I lost card {card}, freeze it / lock the card {card} / Card {card} was stolen / stop all payments with card {card}
~冻结卡{card} / 我的卡{card}丢了 / ~锁定银行卡{card} / 卡{card}被偷了 / ~把{card}这张卡挂失
convert_currency exchange_rate currency_convert | amount currency_from currency_to | Converts money into another currency | 货币换算
How much is {amount} {currency_from} in {currency_to}? / convert {amount} {currency_from} to {currency_to} / {amount} {currency_from} in {currency_to} / What are {amount} {currency_from} worth in {currency_to}? / change {amount} {currency_from} into {currency_to}
{amount}{currency_from}是多少{currency_to} / ~把{amount}{currency_from}换成{currency_to} / {amount}{currency_from}等于多少{currency_to} / ~换算{amount}{currency_from}到{currency_to} / {amount}{currency_from}兑{currency_to}
get_stock stock_price quote | symbol | Price of a stock | 查询股价
What is the stock price of {symbol}? / How is {symbol} doing on the market? / quote for {symbol} / stock {symbol} / show me the shares of {symbol}
{symbol}的股价 / ~查股票{symbol} / {symbol}涨了吗 / 股票{symbol}多少钱一股 / ~看看{symbol}的行情
pay_bill pay_invoice settle_bill | bill amount? | Pays a bill | 缴纳账单
pay the bill {bill} / settle invoice {bill} / pay {amount} for bill {bill} / The bill {bill} is due, pay it / take care of invoice {bill}
~缴账单{bill} / ~支付账单{bill} / ~付发票{bill}，{amount}元 / 账单{bill}到期了，付一下 / ~结清{bill}
## home
set_light dim_lights light_level set_lamp | room level | Sets the brightness of a room | 调节房间亮度
set the light in the {room} to {level} / dim the {room} to {level} percent / Light {room}: {level} / make it {level} percent bright in the {room} / {level} percent light in the {room}
~把{room}的灯调到{level} / {room}灯光{level} / ~把{room}的亮度设为{level} / 灯光：{room}，{level} / {room}亮度{level}
switch_device turn_device power device_switch | device on | Switches a device on or off | 开关电器
turn {on} the {device} / switch the {device} {on} / {device} {on} / put the {device} {on} / The {device} should be {on}
~{on}{device} / ~把{device}{on} / {device}，{on} / 现在{on}{device} / ~将{device}{on}
set_temperature thermostat set_heating | temperature room? mode? | Sets the thermostat | 设置室温
set the heating to {temperature} degrees / make it {temperature} degrees in the {room} / Thermostat to {temperature} / set the {room} to {temperature} degrees / {temperature} degrees, mode {mode}
~把温度设到{temperature}度 / {room}{temperature}度 / 空调{temperature}度 / ~把{room}调到{temperature}度 / 空调{mode}，{temperature}度
lock_door lock secure_door | door | Locks a door | 锁门
lock the {door} / Is the {door} open? lock it / close and lock the {door} / secure the {door} / I forgot to lock the {door}
~锁上{door} / ~把{door}锁好 / {door}忘锁了 / ~给{door}上锁 / {door}锁一下
open_door unlock unlock_door | door | Unlocks a door | 开门
open the {door} / unlock the {door} / I am outside, open the {door} / let me in at the {door} / Someone is at the {door}, let them in
~打开{door} / ~开一下{door} / 我在外面，开{door} / ~给{door}解锁 / 有人来了，把{door}打开
start_vacuum clean_room robot_vacuum | room | Starts the vacuum robot | 启动扫地机器人
vacuum the {room} / clean the floor in the {room} / start the robot in the {room} / The {room} is dusty, send the vacuum / let the robot clean the {room}
~打扫{room} / ~让扫地机去{room} / {room}地上很脏，扫一下 / ~启动{room}的扫地机器人 / 扫一下{room}
get_camera show_camera camera_view | room | Shows a camera | 查看摄像头
show me the camera in the {room} / What is going on in the {room}? / Who is in the {room}? / open the camera of the {room} / let me see the {room}
~看一下{room}的摄像头 / {room}现在什么情况 / {room}有人吗 / ~打开{room}的监控 / 我要看{room}
## music
play_song play_music play start_song | song artist? | Plays a song | 播放歌曲
play {song} / put on {song} / I want to hear {song} / start the song {song} / play {song} by {artist} / {song} from {artist}, play it
~播放{song} / ~放一首{song} / 我想听{song} / 来一首{song} / ~放{artist}的{song}
pause_music stop_music pause | | Pauses the music | 暂停音乐
pause the music / stop the song / Be quiet, stop playing / Music off / hold the music for a moment
~暂停音乐 / ~停一下歌 / 别放了 / 音乐关掉 / ~先停止播放
next_song skip_track skip | | Skips to the next song | 下一首
next song / skip this one / I don't like this song, skip it / go to the next track / play the next one
下一首 / ~跳过这首 / 这首不好听，换一首 / ~切歌 / ~播放下一首
set_volume volume change_volume | volume | Sets the volume | 设置音量
set the volume to {volume} / Volume {volume} / make it louder, {volume} / turn the sound to {volume} / Sound at {volume} percent
~把音量调到{volume} / 音量{volume} / 声音{volume} / ~声音开到{volume} / 音量设成{volume}吧
add_to_playlist playlist_add save_song | song playlist | Adds a song to a playlist | 加入歌单
add {song} to the playlist {playlist} / put {song} on {playlist} / save {song} in my list {playlist} / {song} belongs in playlist {playlist} / include {song} in {playlist}
~把{song}加到歌单{playlist} / ~歌单{playlist}里加{song} / ~收藏{song}到{playlist} / {song}放进{playlist} / ~将{song}添加至歌单{playlist}
## travel
find_flight search_flights flights flight_search | from_city to_city date class? | Searches flights | 查询航班
find a flight from {from_city} to {to_city} on {date} / I want to fly from {from_city} to {to_city} {date} / Flights {from_city} to {to_city}, {date} / Which planes go from {from_city} to {to_city} on {date}? / search {class} class flights from {from_city} to {to_city}, {date}
~查{date}从{from_city}到{to_city}的航班 / {date}{from_city}飞{to_city} / ~搜{date}从{from_city}去{to_city}的机票 / {date}从{from_city}到{to_city}有飞机吗 / {date}{from_city}到{to_city}的{class}机票
flight_status track_flight check_flight | flight | Status of a flight | 航班动态
Is flight {flight} on time? / When does {flight} land? / status of flight {flight} / check flight {flight} / Has {flight} taken off? / Is {flight} delayed?
航班{flight}准点吗 / {flight}什么时候到 / ~查航班{flight}的动态 / {flight}起飞了吗 / {flight}晚点了吗
find_train search_trains train_tickets train_search | from_city to_city date seat? | Searches trains | 查询火车票
find a train from {from_city} to {to_city} on {date} / Trains {from_city} to {to_city}, {date} / I want to take the train from {from_city} to {to_city} {date} / Is there a train from {from_city} to {to_city} on {date}? / train {from_city} to {to_city}, {date}, {seat} seat
~查{date}{from_city}到{to_city}的火车票 / {date}从{from_city}坐火车去{to_city} / {from_city}到{to_city}，{date}的高铁 / {date}{from_city}到{to_city}有车票吗 / ~买{date}{from_city}到{to_city}的车票，{seat}
book_hotel reserve_hotel hotel_booking find_hotel | city date nights stars? | Books a hotel | 预订酒店
book a hotel in {city} from {date} for {nights} nights / I need a room in {city}, {date}, {nights} nights / Hotel in {city}, {nights} nights from {date} / reserve {nights} nights in {city} starting {date} / a {stars} star hotel in {city} on {date} for {nights} nights
~订{city}的酒店，{date}入住，{nights}晚 / {date}去{city}住{nights}晚，订房 / ~在{city}订{nights}晚酒店，{date}开始 / {city}酒店，{date}，{nights}晚 / ~订{city}{stars}星酒店，{date}起{nights}晚
cancel_booking cancel_reservation | booking | Cancels a booking | 取消预订
cancel my booking {booking} / I can't travel, cancel reservation {booking} / drop the reservation {booking} / Booking {booking} should be cancelled / annul {booking}
~取消预订{booking} / 我去不了了，取消{booking} / ~退掉预订{booking} / 预订{booking}不要了 / ~把{booking}的预订取消
check_in online_checkin get_boarding_pass | flight seat? | Checks in for a flight | 办理值机
check me in for {flight} / I need my boarding pass for {flight} / Check-in {flight}, {seat} / do the check-in for flight {flight} / online check-in {flight}
~办理{flight}的值机 / 我要{flight}的登机牌 / {flight}值机，{seat} / ~给航班{flight}办登机 / {flight}网上值机
## maps
get_location where_am_i current_location locate_me | | Where the user is | 获取当前位置
Where am I? / What is my location? / show my position / I am lost, where is this? / get my current location / Which place is this?
我在哪里 / 我的位置 / ~定位一下 / 我迷路了，这是哪 / ~看看我现在在哪儿
get_route navigate directions route_to | address travel_mode? | Directions to a place | 导航路线
How do I get to {address}? / navigate to {address} / take me to {address} / directions to {address} by {travel_mode} / show the way to {address} / route to {address}
怎么去{address} / ~导航到{address} / 去{address}怎么走 / {travel_mode}去{address}怎么走 / ~带我去{address}
find_nearby nearby places_near search_nearby | place | Finds places nearby | 查找附近地点
Is there a {place} nearby? / Where is the next {place}? / find a {place} near me / show me {place} around here / the closest {place}
附近有{place}吗 / 最近的{place}在哪 / ~找附近的{place} / 周围有没有{place} / ~看看旁边的{place}
find_parking parking park_car | address | Finds parking | 查找停车位
Where can I park near {address}? / find parking at {address} / Is there a parking space at {address}? / I need to park at {address} / parking {address}
{address}附近哪里能停车 / ~找{address}的停车位 / {address}有车位吗 / 我要在{address}停车 / {address}停车场
get_traffic traffic road_status | address | Traffic on a road | 查询路况
How is the traffic on {address}? / Is there a jam at {address}? / traffic {address} / check the traffic at {address} / Is {address} blocked?
{address}堵车吗 / {address}路况怎么样 / ~查{address}的路况 / {address}堵不堵 / {address}好走吗
## ride
book_taxi call_taxi request_ride get_cab | from_place to_place car_type? | Orders a taxi | 打车
get me a taxi from {from_place} to {to_place} / I need a cab from {from_place} to {to_place} / call a car from {from_place} to {to_place} / Taxi {from_place} to {to_place} / a {car_type} car from {from_place} to {to_place}
~叫车，从{from_place}到{to_place} / 我要打车从{from_place}去{to_place} / ~从{from_place}打车到{to_place} / 打车：{from_place}到{to_place} / ~叫一辆{car_type}车，{from_place}到{to_place}
cancel_ride cancel_taxi | reason? | Cancels the ride | 取消用车
cancel my taxi / I don't need the car any more / cancel the ride because of {reason} / The cab is not needed, send it away / stop the ride I ordered
~取消打车 / 车不要了 / 我不坐车了，取消 / ~取消刚叫的车 / ~取消行程，因为{reason}
unlock_bike rent_bike start_bike | bike | Unlocks a shared bike | 解锁共享单车
unlock bike {bike} / I want to ride bike {bike} / rent the bike {bike} / start bike {bike} / Bike number {bike}, open it
~解锁单车{bike} / 我要骑{bike} / ~打开{bike}号单车 / ~扫码骑车{bike} / 单车{bike}开锁
return_bike lock_bike end_ride | bike | Returns a shared bike | 还车
return bike {bike} / I am done with bike {bike} / lock bike {bike}, I have arrived / give back {bike} / end my ride on {bike}
~还单车{bike} / {bike}骑完了 / 我到了，锁车{bike} / ~归还{bike} / ~结束{bike}的骑行
next_bus bus_times bus_arrival | line stop? | When the next bus comes | 查询公交到站
When is the next bus {line}? / How long until bus {line} comes? / bus {line} at {stop} / When does line {line} stop at {stop}? / next {line}
{line}路公交什么时候来 / {line}路还有多久 / {line}路到{stop}了吗 / ~查{line}路公交 / {stop}的{line}路几分钟到
## food
book_table reserve_table restaurant_booking | people time restaurant? | Books a table | 预订餐桌
book a table for {people} at {time} / reserve a table at {time} for {people} people / Table for {people}, {time} / We are {people}, a table at {time} please / a table for {people} at {restaurant}, {time}
~订一张{people}人的桌子，{time} / {time}订位，{people}个人 / ~预订{time}的餐桌，{people}位 / 我们{people}个人，{time}吃饭，订位 / ~订{restaurant}{time}{people}人的位子
order_food food_delivery order_meal takeaway | dish restaurant? quantity? | Orders a meal for delivery | 点外卖
order {dish} for delivery / I am hungry, bring me {dish} / get me {quantity} {dish} from {restaurant} / {dish} from {restaurant}, to my home / deliver {dish}, please
~点一份{dish}外卖 / 我饿了，来份{dish} / ~从{restaurant}点{quantity}份{dish} / 外卖{dish} / ~点{restaurant}的{dish}
get_menu show_menu menu | restaurant | Menu of a restaurant | 查看菜单
What is on the menu at {restaurant}? / show the menu of {restaurant} / What can I eat at {restaurant}? / menu {restaurant} / What does {restaurant} serve?
{restaurant}有什么菜 / ~看{restaurant}的菜单 / {restaurant}能吃什么 / {restaurant}菜单 / {restaurant}有什么好吃的
find_recipe recipe get_recipe | dish | Recipe of a dish | 查询菜谱
How do I cook {dish}? / recipe for {dish} / How is {dish} made? / find a recipe for {dish} / I want to make {dish} myself
{dish}怎么做 / ~查{dish}的菜谱 / 我想自己做{dish} / {dish}的做法 / ~教我做{dish}
order_coffee coffee make_coffee | drink size? sugar? | Orders a drink | 点饮料
a {drink} please / I'd like a {size} {drink} / One {drink}, sugar {sugar} / bring me a {drink} / make me a {size} {drink}
来一杯{drink} / 我要{size}{drink} / {drink}，加糖：{sugar} / ~点一杯{drink} / 一杯{size}的{drink}
join_queue take_number queue_up | restaurant people | Takes a number in the queue | 排队取号
put us in the queue at {restaurant}, {people} people / take a number at {restaurant} for {people} / queue for {people} at {restaurant} / We want to wait for a seat at {restaurant}, {people} of us / get in line at {restaurant} for {people}
~在{restaurant}取号，{people}人 / {restaurant}排队，{people}位 / ~排{restaurant}的号，{people}个人 / {people}个人，{restaurant}排个号 / ~给{people}人在{restaurant}排队
## health
book_doctor doctor_appointment make_appointment | doctor date | Books an appointment with a doctor | 预约医生
I need an appointment with Dr {doctor} on {date} / book Dr {doctor} for {date} / make an appointment with doctor {doctor}, {date} / Can I see Dr {doctor} on {date}? / doctor {doctor}, {date}
~预约{doctor}医生，{date} / 我想{date}看{doctor}医生 / {date}挂{doctor}医生的号 / ~约{date}的{doctor}医生 / {doctor}医生{date}有号吗
hospital_register register_hospital hospital_booking | hospital department date | Registers at a hospital department | 医院挂号
register me at {hospital}, {department}, {date} / I need {department} at {hospital} on {date} / Hospital {hospital}, department {department}, {date} / book {department} in {hospital} for {date} / sign me up for {department} at {hospital} {date}
~挂{hospital}{department}，{date} / {date}去{hospital}看{department} / ~在{hospital}挂{date}的{department} / {hospital}{department}{date}挂号 / 我要挂号：{hospital}，{department}，{date}
log_weight record_weight add_weight | weight | Records the body weight | 记录体重
I weigh {weight} kg today / log my weight: {weight} / record {weight} kilos for me / My weight is {weight} / The scale says {weight} kg
我今天{weight}公斤 / ~记录体重{weight} / 体重{weight}公斤 / ~记一下我的体重，{weight}公斤 / 称了一下，{weight}公斤
log_workout record_exercise add_workout | exercise minutes | Records exercise | 记录运动
I did {exercise} for {minutes} minutes / log {minutes} minutes of {exercise} / record my {exercise}, {minutes} minutes / {minutes} min {exercise} done / Workout: {exercise}, {minutes} minutes
我{exercise}了{minutes}分钟 / ~记录{exercise}{minutes}分钟 / 运动：{exercise}，{minutes}分钟 / 刚{exercise}{minutes}分钟，记一下 / ~打卡{exercise}{minutes}分钟
get_steps step_count steps_today | date? | Steps walked | 查询步数
How many steps did I walk? / my steps / Did I walk enough {date}? / show my step count / How many steps on {date}?
我走了多少步 / ~看我的步数 / {date}走了几步 / 步数 / {date}的步数是多少
medicine_info drug_info about_medicine | medicine | Information on a medicine | 药品信息
What is {medicine} for? / How do I take {medicine}? / tell me about the drug {medicine} / side effects of {medicine} / look up the medicine {medicine}
{medicine}是治什么的 / {medicine}怎么吃 / ~查一下药{medicine} / {medicine}有副作用吗 / {medicine}说明书
## crm
create_lead add_customer new_customer add_lead | customer phone? | Adds a customer | 新增客户
add {customer} as a customer / new lead: {customer} / {customer} is a new customer, phone {phone} / create the customer {customer} / put {customer}, {phone}, into the CRM
~新增客户{customer} / 新线索：{customer} / {customer}是新客户，电话{phone} / ~录入客户{customer} / ~建一个客户{customer}，{phone}
find_customer get_customer lookup_client | customer | Looks up a customer | 查询客户
show me the customer {customer} / What do we know about our client {customer}? / find the client {customer} / open the record of {customer} / look up customer {customer}
~查客户{customer} / 客户{customer}的资料 / ~打开{customer}的客户档案 / 我们的客户{customer}情况如何 / ~找客户{customer}
create_ticket open_ticket report_problem new_ticket | subject priority? | Opens a support ticket | 新建工单
open a ticket: {subject} / I want to report a problem: {subject} / New support ticket about {subject} / create a {priority} priority ticket: {subject} / file a complaint about {subject}
~新建工单：{subject} / 我要报修：{subject} / ~提一个工单，{subject} / 有问题要反馈：{subject} / ~建{priority}优先级工单：{subject}
close_ticket resolve_ticket end_ticket | ticket | Closes a ticket | 关闭工单
close ticket {ticket} / Ticket {ticket} is solved / mark ticket {ticket} as resolved / The problem in {ticket} is fixed, close it / end ticket {ticket}
~关闭工单{ticket} / 工单{ticket}解决了 / ~把{ticket}结单 / {ticket}的问题修好了，关掉 / ~完结工单{ticket}
assign_ticket assign give_ticket | ticket person | Gives a ticket to a colleague | 分配工单
assign {ticket} to {person} / {person} should take ticket {ticket} / give {ticket} to {person} / let {person} handle {ticket} / hand ticket {ticket} over to {person}
~把{ticket}分配给{person} / 工单{ticket}让{person}处理 / ~将{ticket}转给{person} / {ticket}交给{person} / ~指派{person}处理{ticket}
sales_report get_sales revenue | month | Sales of a month | 月销售额
How much did we sell in {month}? / sales report for {month} / What was the revenue in {month}? / show the sales of {month} / turnover {month}
{month}卖了多少 / ~看{month}的销售报表 / {month}营业额多少 / {month}销售额 / ~查{month}的业绩
## dev
run_tests test_project start_tests | project | Runs the tests of a project | 运行项目测试
run the tests of {project} / Do the tests of {project} pass? / test {project} / start the test suite for {project} / check {project} with its tests
~运行{project}的测试 / {project}的测试通过吗 / ~测试一下{project} / ~跑{project}的测试 / {project}跑一遍测试
deploy release deploy_app ship_version | project environment | Deploys a project | 部署项目
deploy {project} to {environment} / release {project} on {environment} / put {project} live on {environment} / {project} goes to {environment} / ship {project} to {environment}
~部署{project}到{environment} / ~把{project}发布到{environment} / {project}上{environment} / ~将{project}推到{environment}环境 / {environment}环境部署{project}
create_issue open_issue report_bug | title project | Opens an issue | 新建问题
open an issue in {project}: {title} / There is a bug in {project}: {title} / report {title} in project {project} / New issue for {project}: {title} / file a bug in {project}, {title}
~在{project}提问题：{title} / {project}有个错误：{title} / ~给{project}建议题{title} / ~报告{project}的缺陷：{title} / {project}新问题：{title}
create_branch new_branch branch | branch project? | Creates a branch | 新建分支
create the branch {branch} / new branch {branch} in {project} / make a branch called {branch} / I need a branch named {branch} / branch off {branch} in {project}
~新建分支{branch} / ~在{project}建分支{branch} / ~开一个叫{branch}的分支 / 我要分支{branch} / ~创建{branch}分支
get_logs show_logs read_logs | service lines? | Shows the logs of a service | 查看服务日志
show the logs of {service} / What do the logs of {service} say? / last {lines} lines of the log of {service} / logs {service} / read me {lines} log lines of {service}
~看{service}的日志 / {service}日志里有什么 / {service}最后{lines}行日志 / ~查日志{service} / ~显示{service}的{lines}行日志
restart_service restart reboot_service | service | Restarts a service | 重启服务
restart {service} / {service} hangs, reboot it / stop and start {service} again / Give {service} a restart / reboot the service {service}
~重启{service} / {service}卡住了，重启一下 / ~把服务{service}重新启动 / {service}需要重启 / ~重启服务{service}
open_file read_file show_file | file | Opens a file | 打开文件
open {file} / show me {file} / read the file {file} / What is in {file}? / display {file}
~打开{file} / ~看一下{file} / ~读取文件{file} / {file}里有什么 / ~显示{file}的内容
delete_file remove_file erase_file | file | Deletes a file | 删除文件
delete {file} / remove the file {file} / erase {file} / get rid of {file} / I don't need {file} any more
~删除{file} / ~把{file}删掉 / ~移除文件{file} / ~清除{file} / {file}不要了
rename_file move_file change_name | file new_name | Renames a file | 重命名文件
rename {file} to {new_name} / {file} should be called {new_name} / change the name of {file} to {new_name} / call {file} {new_name} from now on / give {file} the name {new_name}
~把{file}改名为{new_name} / {file}重命名成{new_name} / ~将{file}的名字改成{new_name} / {file}以后叫{new_name} / ~重命名{file}为{new_name}
## school
get_homework homework list_homework | subject_taught | Homework for a subject | 查询作业
What is the homework in {subject_taught}? / Do we have homework for {subject_taught}? / show the homework for {subject_taught} / {subject_taught} homework? / What must I do for {subject_taught}?
{subject_taught}作业是什么 / {subject_taught}有作业吗 / ~查{subject_taught}的作业 / {subject_taught}作业 / {subject_taught}要做什么作业
get_grades grades exam_results | student subject_taught? | Grades of a student | 查询成绩
What are the grades of {student}? / How did {student} do in {subject_taught}? / show {student}'s marks / exam results of {student} / grade of {student} in {subject_taught}
{student}的成绩 / {student}的{subject_taught}考得怎么样 / ~查{student}的分数 / {student}考了多少分 / ~看{student}的{subject_taught}成绩
report_absence sick_note absent | student date reason? | Reports an absence | 请假
{student} cannot come to school on {date} / report {student} absent on {date} / {student} is absent {date} because of {reason} / excuse {student} for {date} / {student} will miss {date}
{student}{date}不能上学 / ~给{student}请{date}的假 / {student}{date}请假，因为{reason} / ~帮{student}请假，{date} / {student}{date}缺课
enroll_course join_course sign_up_course | course student? | Signs up for a course | 报名课程
sign me up for the course {course} / I want to take the course {course} / enrol {student} in {course} / register for {course} / join the class {course}
~报名课程{course} / 我想上{course}课 / ~给{student}报{course} / ~注册{course} / ~参加{course}课程
## life
top_up recharge_phone mobile_topup | phone amount | Tops up a mobile phone | 手机充值
top up {phone} with {amount} / put {amount} on the phone {phone} / recharge {phone}, {amount} / {phone} needs {amount} of credit / load {amount} onto {phone}
~给{phone}充{amount}元话费 / {phone}充值{amount} / ~充话费{amount}到{phone} / ~为{phone}充{amount} / 话费：{phone}，{amount}元
pay_utility electricity_bill utility_payment | account amount utility? | Pays electricity, water or gas | 缴水电费
pay {amount} for electricity account {account} / {amount} for my utility account {account} / pay the {utility} account {account}, {amount} / put {amount} on meter {account} / My {utility} account {account} needs {amount}
~给户号{account}交{amount}电费 / ~缴{utility}费，户号{account}，{amount}元 / 户号{account}充{amount} / 水电户号{account}，交{amount}元 / ~交{amount}元到户号{account}
book_movie cinema_tickets movie_tickets | movie quantity time? | Books cinema tickets | 购买电影票
{quantity} tickets for {movie} / book {quantity} seats for the film {movie} / I want to see {movie} at {time}, {quantity} tickets / get {quantity} cinema tickets for {movie} / We want to watch {movie}, {quantity} seats
~买{quantity}张{movie}的电影票 / 看{movie}，{quantity}张票 / ~订{time}的{movie}，{quantity}张 / 我们要看{movie}，{quantity}个座 / ~订{quantity}张电影票，{movie}
post_photo share_post publish_post | text visibility? | Publishes a post | 发布动态
post: {text} / publish this on my page: {text} / share a post saying {text} / put {text} on my feed / post for {visibility}: {text}
~发动态：{text} / ~发朋友圈：{text} / ~发布“{text}” / ~分享一条动态，{text} / ~发给{visibility}看的动态：{text}
scan_code show_qr pay_code | | Opens the payment code | 打开付款码
show my payment code / I want to pay with a code / open the QR code for paying / Payment code please / My code for the cashier
~打开付款码 / 我要扫码付款 / ~出示付款码 / 付款码 / ~给我看收款员要的码
mute_notifications do_not_disturb quiet_mode | on | Do not disturb on or off | 勿扰模式开关
turn {on} do not disturb / switch quiet mode {on} / Do not disturb: {on} / put do-not-disturb {on} / Quiet mode {on}
~{on}勿扰模式 / ~把勿扰{on} / 勿扰模式，{on} / ~将免打扰{on} / 现在{on}免打扰
## words
translate_text translate translation | text language | Translates text | 翻译文字
translate "{text}" into {language} / What is "{text}" in {language}? / How do you say "{text}" in {language}? / {language} for "{text}" / put "{text}" into {language}
~把“{text}”翻译成{language} / “{text}”用{language}怎么说 / “{text}”的{language} / ~译成{language}：{text} / {language}怎么说“{text}”
define_word dictionary lookup_word | term | Meaning of a word | 查词典
What does {term} mean? / look up the word {term} in the dictionary / meaning of {term} / define {term} / dictionary: {term}
{term}是什么意思 / ~查词典{term} / {term}的含义 / ~查一下{term}这个词 / 词典：{term}
search_web web_search internet_search | query | Searches the web | 网页搜索
search the web for {query} / look up {query} online / find {query} on the internet / google {query} / web search: {query}
~上网搜索{query} / ~在网上找{query} / ~百度一下{query} / ~网上查{query} / 网页搜索{query}
get_news news headlines | topic? | Latest news | 最新新闻
What is in the news? / news about {topic} / show me the headlines / What's new on {topic}? / latest news on {topic}
有什么新闻 / {topic}的新闻 / ~看今天的头条 / ~查{topic}的最新消息 / 最近{topic}有什么新闻
## calc
calculate calculator compute math | expression | Calculates an expression | 计算算式
What is {expression}? / calculate {expression} / {expression} = ? / work out {expression} / How much is {expression}?
{expression}等于多少 / ~算一下{expression} / {expression}=? / ~计算{expression} / {expression}是多少
roll_dice random_number dice | sides? | Rolls a dice | 掷骰子
roll a dice / throw a dice with {sides} sides / Give me a random number / roll a {sides}-sided die / dice please
~掷骰子 / ~扔一个{sides}面的骰子 / 来个随机数 / ~摇一下{sides}面骰子 / 骰子
"""


@dataclass(frozen=True)
class Sample:
    group: str
    names: tuple[str, ...]
    kinds: tuple[tuple[str, bool], ...]
    """(kind of parameter, whether a call must give it)"""
    about: tuple[str, str]
    asks: dict[str, list[str]]


def _read() -> list[Sample]:
    found: list[Sample] = []
    group = ""
    lines = [line for line in LISTED.strip().splitlines() if line]
    while lines:
        line = lines.pop(0)
        if line.startswith("## "):
            group = line[3:]
            continue
        names, kinds, en, zh = (part.strip() for part in line.split("|"))
        asks = {lang: [text.strip() for text in lines.pop(0).split(" / ")] for lang in ("en", "zh")}
        found.append(Sample(group, tuple(names.split()), tuple((k.rstrip("?"), not k.endswith("?")) for k in kinds.split()), (en, zh), asks))
    return found


TOOLS = _read()
