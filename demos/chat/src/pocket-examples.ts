import type { Language } from './strings.ts'

/** Something to try with one click. */
export interface Example {
  readonly label: string
  readonly prompt: string
  /** Said to the model before the prompt. */
  readonly system?: string
  /** Begins a new topic: what was said before would only confuse so small a model. */
  readonly fresh?: boolean
}

/** As Pocket's template writes tools, so that they are told in the system message while the API takes none. */
function systemWithTools(tools: readonly object[]): string {
  const lines = tools.map((tool) => spaced(JSON.stringify({ type: 'function', function: tool })))
  return [
    '# Tools',
    'To use one, write <tool_call>{"name": …, "arguments": {…}}</tool_call>.',
    '<tools>',
    ...lines,
    '</tools>',
  ].join('\n')
}

/** Python's spacing of JSON, which templates have. */
function spaced(json: string): string {
  return json.replaceAll(
    /("(?:[^"\\]|\\.)*")|([:,])/g,
    (_, text: string | undefined, mark: string) => text ?? `${mark} `,
  )
}

const text = (description: string): object => ({ type: 'string', description })

const englishTools = systemWithTools([
  {
    name: 'get_weather',
    description: 'Weather of a city',
    parameters: { type: 'object', properties: { city: text('City name') }, required: ['city'] },
  },
  {
    name: 'send_message',
    description: 'Sends a message',
    parameters: {
      type: 'object',
      properties: { recipient: text('Who gets it'), text: text('Text') },
      required: ['recipient', 'text'],
    },
  },
])

const chineseTools = systemWithTools([
  {
    name: 'get_weather',
    description: '查询城市天气',
    parameters: { type: 'object', properties: { city: text('城市名') }, required: ['city'] },
  },
  {
    name: 'send_message',
    description: '发送消息',
    parameters: {
      type: 'object',
      properties: { recipient: text('收件人'), text: text('内容') },
      required: ['recipient', 'text'],
    },
  },
])

const english: readonly Example[] = [
  { label: 'What can you do?', prompt: 'What can you do?' },
  { label: 'Remember my name', prompt: 'My name is Mira.' },
  { label: 'Ask it back', prompt: 'What is my name?' },
  { label: 'A sum, thinking', prompt: 'What is 47 + 38?' },
  {
    label: 'Fill a form',
    prompt: 'Fill in the fields "name", "city", "email".\n\nI am Tom Baker from Leeds, write to tom@baker.org.',
    fresh: true,
  },
  {
    label: 'Receipt → JSON',
    prompt:
      'Turn this receipt into JSON.\n\nCorner Bakery\nDate: 2026-03-14\nReceipt no. A-2047\n\n2 x bread  3.50\n1 x coffee  2.80\n\nTotal: $9.80',
    fresh: true,
  },
  {
    label: 'Sort under a label',
    prompt: 'Classify into one of: billing, delivery, technical.\n\nMy parcel has not arrived yet.',
    fresh: true,
  },
  {
    label: 'Suggest replies',
    prompt: 'Suggest three replies:\n\nCan we meet on Friday at 10:00?',
    fresh: true,
  },
  { label: 'Call a tool', prompt: 'What is the weather in Oslo?', system: englishTools, fresh: true },
  { label: 'Too much for it', prompt: 'Who won the World Cup in 1998?', fresh: true },
]

const chinese: readonly Example[] = [
  { label: '你能做什么？', prompt: '你能做什么？' },
  { label: '记住我的名字', prompt: '我叫林晓。' },
  { label: '再问回来', prompt: '我叫什么名字？' },
  { label: '算一算', prompt: '47 + 38 等于多少？' },
  {
    label: '填表',
    prompt: '请填写这些字段：姓名、城市、邮箱。\n\n我是王强，住在杭州，邮箱是 wang@qiang.cn。',
    fresh: true,
  },
  {
    label: '小票 → JSON',
    prompt:
      '把这张小票变成 JSON。\n\n商户：街角面包店\n日期：2026-03-14\n单号：A-2047\n\n面包 x2 ¥3.50\n咖啡 x1 ¥12.00\n\n合计：¥19.00',
    fresh: true,
  },
  { label: '分类', prompt: '分类，标签：账单、物流、技术。\n\n我的包裹还没到。', fresh: true },
  { label: '建议回复', prompt: '建议三条回复：\n\n周五上午十点能见面吗？', fresh: true },
  { label: '调用工具', prompt: '奥斯陆天气怎么样？', system: chineseTools, fresh: true },
  { label: '超出能力', prompt: '1998 年世界杯谁赢了？', fresh: true },
]

export function examplesIn(language: Language): readonly Example[] {
  switch (language) {
    case 'en':
      return english
    case 'zh-Hans':
      return chinese
    default:
      return language satisfies never
  }
}
