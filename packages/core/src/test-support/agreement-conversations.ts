import type { RenderOptions, TemplateMessage } from '@sampan/text'

/** A whole conversation, answers included, as two engines are made to read it. */
export interface AgreementConversation {
  readonly name: string
  readonly messages: readonly TemplateMessage[]
  readonly tools?: readonly unknown[]
  readonly variables?: NonNullable<RenderOptions['variables']>
}

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer' } } },
  },
}
const transfer = {
  type: 'function',
  function: {
    name: 'send_money',
    description: '转账',
    parameters: { type: 'object', properties: { to: { type: 'string' }, amount: { type: 'number' } } },
  },
}
const call = (name: string, values: object): object => ({ type: 'function', function: { name, arguments: values } })

const user = (content: string): TemplateMessage => ({ role: 'user', content })
const assistant = (content: string, more: object = {}): TemplateMessage => ({ role: 'assistant', content, ...more })

const lines = (count: number): string =>
  Array.from(
    { length: count },
    (_, i) => `${i + 1} x Item ${String.fromCharCode(65 + (i % 26))}${i}  ${i + 2}.${10 + i}`,
  ).join('\n')

const receipt =
  'Extract vendor, date (YYYY-MM-DD) and total as JSON.\n\nLantern Tea House\n12 Mar 2025\n2 Oolong 9.00\nTOTAL 9.00'

/** Both languages, tools, thinking and a long context; what a trained model says and what it would never say. */
export const agreementConversations: readonly AgreementConversation[] = [
  { name: 'greeting', messages: [user('Hello'), assistant('Hello! What can I do for you?')] },
  { name: 'greeting in Chinese', messages: [user('你好，你是谁？'), assistant('我是 Pocket，一个很小的演示模型。')] },
  {
    name: 'system and follow-up',
    messages: [
      { role: 'system', content: 'Answer briefly.' },
      user('My name is Anna Petrova.'),
      assistant('Nice to meet you, Anna.'),
      user('What is my name?'),
      assistant('Anna Petrova.'),
    ],
  },
  {
    name: 'thinking',
    messages: [
      user('What is 17 + 26?'),
      assistant('43', { reasoning_content: '17 + 26: 7 + 6 = 13, 10 + 20 + 10 = 40, 43.' }),
    ],
  },
  {
    name: 'thinking in Chinese',
    messages: [
      user('35 减 18 等于多少？'),
      assistant('17', { reasoning_content: '35 - 18：15 - 8 = 7，20 - 10 = 10，一共 17。' }),
    ],
  },
  {
    name: 'tool call',
    tools: [weather, transfer],
    messages: [
      user('How is the weather in Lisbon for 3 days?'),
      assistant('', { tool_calls: [call('get_weather', { city: 'Lisbon', days: 3 })] }),
      { role: 'tool', content: '{"sky":"clear","high":24}' },
      assistant('Clear in Lisbon, up to 24 degrees.'),
    ],
  },
  {
    name: 'two tool calls in Chinese',
    tools: [transfer, weather],
    messages: [
      user('给王芳转 120.5 元，再看看杭州的天气'),
      assistant('', {
        tool_calls: [call('send_money', { to: '王芳', amount: 120.5 }), call('get_weather', { city: '杭州' })],
      }),
    ],
  },
  {
    name: 'receipt',
    messages: [user(receipt), assistant('{"vendor":"Lantern Tea House","date":"2025-03-12","total":9}')],
  },
  {
    name: 'receipt in Chinese',
    messages: [
      user('把这张小票变成 JSON：商家、日期、合计\n\n老城面馆\n2024年5月6日\n牛肉面 2 份 36.00\n合计 ￥36.00'),
      assistant('{"商家":"老城面馆","日期":"2024-05-06","合计":36}'),
    ],
  },
  {
    name: 'labels',
    messages: [
      user('Classify as one of: refund, delivery, other.\n\nMy parcel is still not here.'),
      assistant('delivery'),
    ],
  },
  {
    name: 'out of its domain',
    messages: [
      user('Why did the Roman Republic fall?'),
      assistant('<|beyond|>That is beyond me: a larger model is a click away.'),
    ],
  },
  {
    name: 'no thinking, odd characters',
    variables: { enable_thinking: false },
    messages: [
      user('Zażółć gęślą jaźń 🛶 \t\u0000 ｶﾀｶﾅ 𠮷'),
      assistant('fn main() { println!("{}", 0x1F); }\n\n\n— ok'),
    ],
  },
  {
    name: 'long context',
    messages: [
      user(`List the total of this receipt.\n\nHarbour Stores\n${lines(44)}\nTOTAL 1,287.44`),
      assistant('1,287.44'),
      user('谢谢！商家叫什么？'),
      assistant('Harbour Stores'),
    ],
  },
]
