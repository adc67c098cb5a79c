import type { GenerationRequest, ModelInfo } from '../backend.ts'
import {
  type Fields,
  fieldInvalid,
  fieldUnsupported,
  isAbsent,
  isFields,
  readBoolean,
  readList,
  readOptional,
  readString,
} from '../chat/request-fields.ts'
import { type ValidRequest, validateRequest } from '../chat/validate-request.ts'
import { SampanError } from '../errors.ts'

/** OpenAI's. */
const DEFAULT_MAX_TOKENS = 16
const MAX_LOGPROBS = 5
/** Far more than a context holds. */
const MAX_PROMPT_TOKENS = 2 ** 20

/** Fields that mean the same as in a chat completion request, and those that others add there. */
const SHARED: ReadonlySet<string> = new Set([
  ...['model', 'user', 'stream', 'stream_options', 'temperature', 'top_p', 'top_k', 'min_p', 'seed', 'stop', 'n'],
  ...['frequency_penalty', 'presence_penalty', 'repetition_penalty', 'logit_bias'],
  ...['cache_prompt', 'priority', 'record'],
])

/** Fields that servers of models have beside OpenAI's. */
const OF_TOKENS: ReadonlySet<string> = new Set(['ignore_eos', 'return_token_ids'])

/** Fields that are not supported, with the value that asks for nothing. */
const NEUTRAL: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['best_of', 1],
  ['echo', false],
  ['suffix', ''],
])

/**
 * Checks the body of `POST /v1/completions`: one text, or ids of tokens, to be gone on with.
 * @throws SampanError `request-invalid`, `request-unsupported`
 */
export function readTextRequest(
  body: unknown,
  { readsText, backend }: Pick<ModelInfo, 'readsText' | 'backend'>,
): ValidRequest {
  if (!readsText)
    throw new SampanError(
      'request-unsupported',
      `The backend ${backend} answers chats only: send messages to /v1/chat/completions.`,
      { backend },
    )
  if (!isFields(body)) throw new SampanError('request-invalid', 'The request must be an object with `prompt`.')
  const { prompt, max_tokens: maxTokens, logprobs, ...others } = body
  for (const [field, value] of Object.entries(others))
    if (
      !isAbsent(value) &&
      !SHARED.has(field) &&
      !OF_TOKENS.has(field) &&
      !(NEUTRAL.has(field) && NEUTRAL.get(field) === value)
    )
      throw fieldUnsupported(field)
  const shared = Object.entries(others).filter(([field]) => SHARED.has(field))
  const { generation, ...rest } = validateRequest({
    ...Object.fromEntries(shared),
    max_tokens: maxTokens ?? DEFAULT_MAX_TOKENS,
    messages: [{ role: 'user', content: '' }],
  })
  const topLogprobs = readLogprobs(logprobs)
  return {
    ...rest,
    generation: {
      ...generation,
      messages: [],
      ...readOfTokens(prompt, others),
      ...(topLogprobs !== undefined && { topLogprobs }),
    },
  }
}

function readOfTokens(given: unknown, { record, ...fields }: Fields): Partial<GenerationRequest> {
  const prompt = readPrompt(given)
  const ignoreEnd = readOptional(fields['ignore_eos'], 'ignore_eos', readBoolean)
  const tellIds = readOptional(fields['return_token_ids'], 'return_token_ids', readBoolean)
  if (record === true && (ignoreEnd || typeof prompt === 'object'))
    throw fieldInvalid('record', 'goes with neither ignore_eos nor a prompt of tokens')
  return { prompt, ...(ignoreEnd && { ignoreEnd }), ...(tellIds && { tellIds }) }
}

function readPrompt(value: unknown): string | readonly number[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (typeof list[0] === 'number') return readIds(list, 'prompt')
  if (list.length > 1)
    throw new SampanError('request-unsupported', 'prompt must be one text, or the tokens of one.', { field: 'prompt' })
  if (Array.isArray(list[0])) return readIds(list[0], 'prompt[0]')
  const prompt = readString(list[0], 'prompt')
  if (prompt === '') throw fieldInvalid('prompt', 'must not be empty')
  return prompt
}

function readIds(value: unknown, path: string): readonly number[] {
  const ids = readList(value, path, MAX_PROMPT_TOKENS).map((id, index) => {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0)
      throw fieldInvalid(`${path}[${index}]`, 'is not the id of a token')
    return id
  })
  if (ids.length === 0) throw fieldInvalid(path, 'must not be empty')
  return ids
}

/** A number here, where chats have a flag and a number. */
function readLogprobs(value: unknown): number | undefined {
  if (isAbsent(value)) return undefined
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > MAX_LOGPROBS)
    throw fieldInvalid('logprobs', `must be a whole number from 0 to ${MAX_LOGPROBS}`)
  return value
}
