/** What a request may hold, as data: validation reads it, and the README's table is made from it. */
export type RequestField =
  /** `check`: of values that are one number or flag; the others have a reader of their own. `values`: what is taken. */
  | { readonly class: 'honoured'; readonly values: string; readonly check?: ScalarCheck; readonly note?: string }
  /** Changes nothing in an answer. `only`: the values that do so, where others would not. */
  | { readonly class: 'accepted'; readonly values: string; readonly only?: (value: unknown) => boolean }
  /** `neutral`: the values that ask for nothing, and therefore pass. */
  | { readonly class: 'refused'; readonly values: string; readonly neutral?: (value: unknown) => boolean }

export type ScalarCheck =
  | { readonly type: 'boolean' }
  | { readonly type: 'number' | 'integer'; readonly least: number; readonly most: number }

/** As many as OpenAI takes four times over. */
export const MAX_STOPS = 16
/** OpenAI's own limits. */
export const MAX_TOOLS = 128
const PENALTY: ScalarCheck = { type: 'number', least: -2, most: 2 }
const MAX_TOP_LOGPROBS = 20
/** OpenAI's, too: choices are made one after another, so each costs the whole time of an answer. */
const MAX_CHOICES = 128
/** More than any model is given; beyond it all chances are alike. */
const MAX_REPETITION_PENALTY = 10
const LARGEST = Number.MAX_SAFE_INTEGER
const FLAG: ScalarCheck = { type: 'boolean' }

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0
const isOnly =
  (expected: unknown) =>
  (value: unknown): boolean =>
    value === expected

/** Every field of OpenAI's chat completion request. */
export const OPENAI_FIELDS = {
  messages: { class: 'honoured', values: 'all roles but `function`; text and refusal parts' },
  model: { class: 'accepted', values: 'any: a loaded model answers whatever it is called' },
  stream: { class: 'honoured', values: '`true`, `false`', check: FLAG },
  stream_options: { class: 'honoured', values: '`include_usage`; `include_obfuscation` has no effect' },
  temperature: { class: 'honoured', values: '0 … 2', check: { type: 'number', least: 0, most: 2 } },
  top_p: { class: 'honoured', values: '0 … 1', check: { type: 'number', least: 0, most: 1 } },
  seed: { class: 'honoured', values: 'an integer', check: { type: 'integer', least: -LARGEST, most: LARGEST } },
  stop: { class: 'honoured', values: `a string, or up to ${MAX_STOPS}` },
  max_completion_tokens: { class: 'honoured', values: '≥ 1', check: { type: 'integer', least: 1, most: LARGEST } },
  max_tokens: { class: 'honoured', values: '≥ 1', check: { type: 'integer', least: 1, most: LARGEST } },
  frequency_penalty: { class: 'honoured', values: '−2 … 2', check: PENALTY },
  presence_penalty: { class: 'honoured', values: '−2 … 2', check: PENALTY },
  logit_bias: { class: 'honoured', values: 'token ids to −100 … 100' },
  logprobs: { class: 'honoured', values: '`true`, `false`', check: FLAG },
  top_logprobs: {
    class: 'honoured',
    values: `0 … ${MAX_TOP_LOGPROBS}, with \`logprobs\``,
    check: { type: 'integer', least: 0, most: MAX_TOP_LOGPROBS },
  },
  n: {
    class: 'honoured',
    values: `1 … ${MAX_CHOICES}`,
    check: { type: 'integer', least: 1, most: MAX_CHOICES },
    note: 'one after another from the same prompt; `seed` + 0, 1, …',
  },
  tools: { class: 'honoured', values: `up to ${MAX_TOOLS} functions; custom tools are refused` },
  tool_choice: { class: 'honoured', values: '`none`, `auto`, `required`, a function, `allowed_tools`' },
  parallel_tool_calls: { class: 'honoured', values: '`true`, `false`', check: FLAG },
  response_format: { class: 'honoured', values: '`text`, `json_object`, `json_schema`' },
  reasoning_effort: { class: 'honoured', values: '`none` … `max`, see below' },

  user: { class: 'accepted', values: 'any' },
  metadata: { class: 'accepted', values: 'any' },
  store: { class: 'accepted', values: '`false`', only: isOnly(false) },
  service_tier: { class: 'accepted', values: 'any' },
  safety_identifier: { class: 'accepted', values: 'any' },
  prompt_cache_key: { class: 'accepted', values: 'any' },
  prompt_cache_options: { class: 'accepted', values: 'any' },
  prompt_cache_retention: { class: 'accepted', values: 'any' },

  audio: { class: 'refused', values: '' },
  function_call: { class: 'refused', values: '`none`', neutral: isOnly('none') },
  functions: { class: 'refused', values: '`[]`', neutral: isEmpty },
  modalities: {
    class: 'refused',
    values: "`['text']`",
    neutral: (value: unknown) => Array.isArray(value) && value.length === 1 && value[0] === 'text',
  },
  moderation: { class: 'refused', values: '' },
  prediction: { class: 'refused', values: '' },
  verbosity: { class: 'refused', values: '`medium`', neutral: isOnly('medium') },
  web_search_options: { class: 'refused', values: '' },
} as const satisfies Readonly<Record<string, RequestField>>

/** What others add to OpenAI's request, by the names that most of them use. */
export const ADDED_FIELDS = {
  top_k: { class: 'honoured', values: '≥ 0; 0: off', check: { type: 'integer', least: 0, most: LARGEST } },
  min_p: { class: 'honoured', values: '0 … 1; 0: off', check: { type: 'number', least: 0, most: 1 } },
  repetition_penalty: {
    class: 'honoured',
    values: `above 0 … ${MAX_REPETITION_PENALTY}; 1: off`,
    check: { type: 'number', least: Number.MIN_VALUE, most: MAX_REPETITION_PENALTY },
  },
  thinking_budget: {
    class: 'honoured',
    values: '≥ 0 tokens',
    check: { type: 'integer', least: 0, most: LARGEST },
    note: 'goes before the budget of `reasoning_effort`',
  },
  thinking: { class: 'honoured', values: "`{ type: 'enabled' \\| 'disabled', budget_tokens }`" },
  chat_template_kwargs: {
    class: 'honoured',
    values: 'variables of the chat template',
    note: '`enable_thinking` counts as `thinking` too',
  },
  continue_final_message: {
    class: 'honoured',
    values: '`true`, `false`',
    check: FLAG,
    note: 'the last message is the beginning of the answer',
  },
  truncation: {
    class: 'honoured',
    values: '`auto`, `disabled`',
    note: '`auto`: a prompt that is too long loses its oldest turns, with a warning',
  },
  cache_prompt: {
    class: 'honoured',
    values: '`true`, `false`',
    check: FLAG,
    note: '`false`: the same request and seed always give the same text',
  },
  record: {
    class: 'honoured',
    values: '`true`, `false`',
    check: FLAG,
    note: '`true`: the reply has a `record` for `model.replay`; without `cache_prompt` the cache is not used',
  },
  priority: {
    class: 'honoured',
    values: '`normal`, `background`',
    note: '`background`: waits behind all others, and leaves the GPU to the page between any two steps',
  },
} as const satisfies Readonly<Record<string, RequestField>>

type Table = typeof OPENAI_FIELDS & typeof ADDED_FIELDS

export type ScalarField<Type extends ScalarCheck['type']> = {
  [Name in keyof Table]: Table[Name] extends { readonly check: { readonly type: infer Found } }
    ? Found extends Type
      ? Name
      : never
    : never
}[keyof Table]

const FIELDS: ReadonlyMap<string, RequestField> = new Map(Object.entries({ ...OPENAI_FIELDS, ...ADDED_FIELDS }))

export function requestField(name: string): RequestField | undefined {
  return FIELDS.get(name)
}

/** Whether a field may stand in a request with this value, as far as the table can tell. */
export function passes(name: string, value: unknown): boolean {
  if (value === undefined || value === null) return true
  const field = FIELDS.get(name)
  if (!field) return false
  switch (field.class) {
    case 'honoured':
      return true
    case 'accepted':
      return field.only?.(value) ?? true
    case 'refused':
      return field.neutral?.(value) ?? false
    default:
      return field satisfies never
  }
}
