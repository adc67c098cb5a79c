import type { EvaluationCase } from './evaluation-case.ts'
import { compareFields, equalJson, jsonOfReply } from './json-fields.ts'
import type { Share } from './plain-json.ts'
import { type ToolCall, toolCallsOf } from './tool-calls.ts'

export interface Answer {
  /** The reply with its thought and tool calls as written; control tokens left out. */
  readonly text: string
  /** The reply opens with the token that says "needs a larger model". */
  readonly beyond: boolean
  /** An end token came within the length allowed. */
  readonly ended: boolean
  readonly promptTokens: number
  readonly tokens: number
  readonly milliseconds: number
}

/** What is counted, in the order of the card. */
export const metricNames = [
  'exact',
  'intent',
  'copied',
  'json',
  'fields',
  'whole',
  'tool',
  'arguments',
  'fallback',
  'falseFallback',
  'ended',
] as const
export type Metric = (typeof metricNames)[number]
export type Score = Readonly<Partial<Record<Metric, Share>>>

const one = (right: boolean): Share => ({ right: right ? 1 : 0, of: 1 })

/** What a case shows about its answer; every metric counts as many parts as the case has of it. */
export function scoreAnswer(entry: EvaluationCase, answer: Answer): Score {
  const reply = replyOf(answer.text)
  return {
    ...scoreReply(entry, reply, answer),
    ...(!entry.outside && { falseFallback: one(answer.beyond) }),
    // The lists of questions are asked for the opening of the reply alone.
    ...(entry.source !== 'outside' && entry.source !== 'inside' && { ended: one(answer.ended) }),
  }
}

function scoreReply({ expected, copied }: EvaluationCase, reply: string, answer: Answer): Score {
  const served = !answer.beyond && answer.ended
  switch (expected.kind) {
    case 'text':
      return {
        exact: one(served && reply === expected.value.trim()),
        ...(copied.length > 0 && { copied: copiedShare(copied, answer.beyond ? '' : reply) }),
      }
    case 'any':
      return { intent: one(served && expected.value.some((allowed) => reply === allowed.trim())) }
    case 'number':
      return { exact: one(served && lastNumber(reply) === expected.value) }
    case 'json': {
      const value = served ? jsonOfReply(reply) : undefined
      return {
        json: one(value !== undefined),
        fields: compareFields(expected.value, value),
        whole: one(equalJson(expected.value, value)),
      }
    }
    case 'calls':
      return scoreCalls(expected.value, answer.ended ? toolCallsOf(reply) : undefined)
    case 'beyond':
      return { fallback: one(answer.beyond) }
    case 'inside':
      return {}
    default:
      return expected satisfies never
  }
}

/**
 * Right tool: the same names in the same order; where none is wanted, any reply without a call that ends. Arguments: of the calls
 * expected, those with nothing wrong in them.
 */
function scoreCalls(expected: readonly ToolCall[], actual: readonly ToolCall[] | undefined): Score {
  const names = (calls: readonly ToolCall[]): string => JSON.stringify(calls.map(({ name }) => name))
  const tool = one(actual !== undefined && names(actual) === names(expected))
  if (expected.length === 0) return { tool }
  const right = expected.filter(
    (call, index) => actual?.[index]?.name === call.name && equalJson(call.arguments, actual[index]?.arguments),
  ).length
  return { tool, arguments: { right, of: expected.length } }
}

/** How many of the names and numbers stand in the reply, with no letter or digit joined to them. */
function copiedShare(copied: readonly string[], reply: string): Share {
  return { right: copied.filter((part) => standsIn(part, reply)).length, of: copied.length }
}

const joins = /[\p{Script=Latin}\p{Nd}]/u

function standsIn(part: string, reply: string): boolean {
  const [first = '', last = ''] = [part.at(0), part.at(-1)]
  for (let at = reply.indexOf(part); at >= 0; at = reply.indexOf(part, at + 1)) {
    const [before = '', after = ''] = [reply[at - 1], reply[at + part.length]]
    if (!(joins.test(first) && joins.test(before)) && !(joins.test(last) && joins.test(after))) return true
  }
  return false
}

/** The reply after its thought. A thought that never ends leaves nothing. */
export function replyOf(text: string): string {
  const opened = text.indexOf('<think>')
  const closed = text.lastIndexOf('</think>')
  if (closed >= 0) return text.slice(closed + '</think>'.length).trim()
  return (opened >= 0 ? text.slice(0, opened) : text).trim()
}

function lastNumber(reply: string): number | undefined {
  const found = reply.match(/-?\d+(?:\.\d+)?/g)?.at(-1)
  return found === undefined ? undefined : Number(found)
}
