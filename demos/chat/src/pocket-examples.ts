import type { FunctionTool } from '@sampan/core'
import type { Language } from './strings.ts'

/** Something to try with one click. */
export interface Example {
  readonly label: string
  readonly prompt: string
  /** What the model may ask to be called in this topic. */
  readonly tools?: readonly FunctionTool[]
  /** Begins a new topic: what was said before would only confuse so small a model. */
  readonly fresh?: boolean
}

/** A function whose arguments are all texts, and all required. */
function tool(name: string, description: string, parameters: Readonly<Record<string, string>>): FunctionTool {
  const properties = Object.fromEntries(
    Object.entries(parameters).map(([key, meaning]) => [key, { type: 'string', description: meaning }]),
  )
  const schema = { type: 'object', properties, required: Object.keys(parameters) }
  return { type: 'function', function: { name, description, parameters: schema } }
}

const englishTools = [
  tool('get_weather', 'Weather of a city', { city: 'City name' }),
  tool('set_alarm', 'Sets an alarm clock', { time: 'Time of day' }),
]

const chineseTools = [
  tool('get_weather', '查询城市天气', { city: '城市名' }),
  tool('set_alarm', '设置闹钟', { time: '时间' }),
]

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
  { label: 'Call a tool', prompt: 'What is the weather in Oslo?', tools: englishTools, fresh: true },
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
  { label: '调用工具', prompt: '奥斯陆天气怎么样？', tools: chineseTools, fresh: true },
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
