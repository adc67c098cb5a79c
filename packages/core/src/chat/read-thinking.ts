import type { GenerationRequest } from '../backend.ts'
import { copyJsonObject } from './copy-json.ts'
import { defined } from './defined.ts'
import { readNumber } from './read-scalars.ts'
import {
  type Fields,
  fieldInvalid,
  fieldUnsupported,
  isAbsent,
  readCount,
  readFields,
  readOptional,
} from './request-fields.ts'
import type { ReasoningEffort } from './request-types.ts'

/** Tokens of thoughts for each effort; undefined: no limit but the context. `none` turns thoughts off. */
export const EFFORT_BUDGETS: Readonly<Record<Exclude<ReasoningEffort, 'none'>, number | undefined>> = {
  minimal: 256,
  low: 1024,
  medium: 4096,
  high: 16_384,
  xhigh: undefined,
  max: undefined,
}

/** Variables that the request's own fields set. */
const RESERVED: ReadonlySet<string> = new Set(['messages', 'tools', 'add_generation_prompt', 'continue_final_message'])

type Thinking = Pick<GenerationRequest, 'thinking' | 'thinkingBudget' | 'templateVariables'>

/** One wish about thoughts, with the field that holds it. */
interface Wish {
  readonly field: string
  readonly thinking: boolean
  readonly budget?: number | undefined
}

/**
 * Whether the model thinks, for how long, and what else its template is told. There are four ways to say it, of as many APIs; they may
 * be combined as far as they agree. A budget in tokens goes before an effort's.
 */
export function readThinking(request: Fields): Thinking {
  const variables = readVariables(request['chat_template_kwargs'])
  const switched = readSwitch(request['thinking'])
  const effort = readEffort(request['reasoning_effort'])
  const wishes = [switched, effort, readVariable(variables)].filter((wish) => wish !== undefined)
  const [first] = wishes
  const other = wishes.find((wish) => wish.thinking !== first?.thinking)
  if (first && other)
    throw fieldInvalid(other.field, `and ${first.field} contradict each other: one turns thoughts on, the other off`)

  const own = readNumber(request, 'thinking_budget')
  const budget = own ?? switched?.budget ?? effort?.budget
  if (own !== undefined && switched?.budget !== undefined && own !== switched.budget)
    throw fieldInvalid(
      'thinking_budget',
      `is ${own} but thinking.budget_tokens is ${switched.budget}; give one of them`,
    )
  return defined({
    thinking: first?.thinking,
    thinkingBudget: first?.thinking === false ? undefined : budget,
    templateVariables: variables,
  })
}

function readVariables(value: unknown): Fields | undefined {
  const variables = readOptional(value, 'chat_template_kwargs', copyJsonObject)
  for (const name of Object.keys(variables ?? {}))
    if (RESERVED.has(name)) throw fieldUnsupported(`chat_template_kwargs.${name}`)
  return variables
}

function readSwitch(value: unknown): Wish | undefined {
  if (isAbsent(value)) return undefined
  const fields = readFields(value, 'thinking', ['type', 'budget_tokens'], 'an object with `type`')
  const { type } = fields
  if (type !== 'enabled' && type !== 'disabled') throw fieldInvalid('thinking.type', 'must be enabled or disabled')
  const budget = readOptional(fields['budget_tokens'], 'thinking.budget_tokens', readCount)
  return { field: 'thinking', thinking: type === 'enabled', budget }
}

function readEffort(value: unknown): Wish | undefined {
  if (isAbsent(value)) return undefined
  const field = 'reasoning_effort'
  if (value === 'none') return { field, thinking: false }
  if (typeof value !== 'string' || !isEffort(value))
    throw fieldInvalid(field, `must be none, ${Object.keys(EFFORT_BUDGETS).join(', ')}`)
  return { field, thinking: true, budget: EFFORT_BUDGETS[value] }
}

function isEffort(value: string): value is keyof typeof EFFORT_BUDGETS {
  return Object.hasOwn(EFFORT_BUDGETS, value)
}

/** The variable of Qwen's, GLM's and most others' templates. */
function readVariable(variables: Fields | undefined): Wish | undefined {
  const value = variables?.['enable_thinking']
  if (typeof value !== 'boolean') return undefined
  return { field: 'chat_template_kwargs.enable_thinking', thinking: value }
}
