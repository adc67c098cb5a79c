import type { ModelInfo } from '../backend.ts'
import { fieldInvalid, fieldUnsupported, isAbsent, isFields, readString } from '../chat/request-fields.ts'
import { type ValidRequest, validateRequest } from '../chat/validate-request.ts'
import { SampanError } from '../errors.ts'

/** OpenAI's. */
const DEFAULT_MAX_TOKENS = 16
const MAX_LOGPROBS = 5

/** Fields that mean the same as in a chat completion request, and those that others add there. */
const SHARED: ReadonlySet<string> = new Set([
  ...['model', 'user', 'stream', 'stream_options', 'temperature', 'top_p', 'top_k', 'min_p', 'seed', 'stop', 'n'],
  ...['frequency_penalty', 'presence_penalty', 'repetition_penalty', 'logit_bias'],
  ...['cache_prompt', 'priority', 'record'],
])

/** Fields that are not supported, with the value that asks for nothing. */
const NEUTRAL: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['best_of', 1],
  ['echo', false],
  ['suffix', ''],
])

/**
 * Checks the body of `POST /v1/completions`: one text to be gone on with.
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
    if (!isAbsent(value) && !SHARED.has(field) && !(NEUTRAL.has(field) && NEUTRAL.get(field) === value))
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
      prompt: readPrompt(prompt),
      ...(topLogprobs !== undefined && { topLogprobs }),
    },
  }
}

function readPrompt(value: unknown): string {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (list.length > 1 || typeof list[0] === 'number' || Array.isArray(list[0]))
    throw new SampanError(
      'request-unsupported',
      'prompt must be one text: several, and ids of tokens, are not supported.',
      {
        field: 'prompt',
      },
    )
  const prompt = readString(list[0], 'prompt')
  if (prompt === '') throw fieldInvalid('prompt', 'must not be empty')
  return prompt
}

/** A number here, where chats have a flag and a number. */
function readLogprobs(value: unknown): number | undefined {
  if (isAbsent(value)) return undefined
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > MAX_LOGPROBS)
    throw fieldInvalid('logprobs', `must be a whole number from 0 to ${MAX_LOGPROBS}`)
  return value
}
