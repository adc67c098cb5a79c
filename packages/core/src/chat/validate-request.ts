import type { GenerationMessage, GenerationRequest } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { readMessages } from './read-messages.ts'
import {
  checkFraction,
  checkInteger,
  type Fields,
  fieldInvalid,
  fieldUnsupported,
  isFields,
  optionalBoolean,
  optionalNumber,
} from './request-fields.ts'

/** As many stop strings as OpenAI takes four times over, each as long as a sentence. */
const MAX_STOPS = 16
const MAX_STOP_LENGTH = 1024

export interface ValidRequest {
  readonly generation: GenerationRequest
  readonly stop: readonly string[]
  readonly stream: boolean
  /** Undefined when the request does not say. */
  readonly includeUsage: boolean | undefined
}

/** Fields that are read, and those that change nothing in an answer. */
const KNOWN = new Set([
  ...['messages', 'stream', 'stream_options', 'temperature', 'top_p', 'top_k', 'min_p', 'seed', 'stop'],
  ...['max_tokens', 'max_completion_tokens', 'model', 'user', 'metadata', 'safety_identifier', 'prompt_cache_key'],
])

/** Fields that are not supported, with the values that ask for nothing. */
const NEUTRAL: ReadonlyMap<string, (value: unknown) => boolean> = new Map(
  Object.entries({
    n: (value: unknown) => value === 1,
    frequency_penalty: (value: unknown) => value === 0,
    presence_penalty: (value: unknown) => value === 0,
    logprobs: (value: unknown) => value === false,
    top_logprobs: (value: unknown) => value === 0,
    logit_bias: (value: unknown) => isFields(value) && Object.keys(value).length === 0,
    tools: (value: unknown) => Array.isArray(value) && value.length === 0,
    tool_choice: (value: unknown) => value === 'none',
    response_format: (value: unknown) => isFields(value) && value['type'] === 'text',
    modalities: (value: unknown) => Array.isArray(value) && value.length === 1 && value[0] === 'text',
    store: (value: unknown) => value === false,
    parallel_tool_calls: (value: unknown) => typeof value === 'boolean',
  }),
)

/**
 * Checks a chat completion request and copies what it asks for; the caller's objects are only read.
 * @throws SampanError `request-invalid` for a value that no model could honour, `request-unsupported` for a field that
 * changes the meaning and is not supported; both name the field in `details.field`.
 */
export function validateRequest(request: unknown): ValidRequest {
  if (!isFields(request)) throw new SampanError('request-invalid', 'The request must be an object with `messages`.')
  refuseUnknown(request)
  const stream = optionalBoolean(request, 'stream') ?? false
  return {
    generation: readGeneration(request, readMessages(request['messages'])),
    stop: readStop(request['stop']),
    stream,
    includeUsage: readIncludeUsage(request, stream),
  }
}

function refuseUnknown(request: Fields): void {
  for (const [field, value] of Object.entries(request)) {
    if (value === undefined || value === null || KNOWN.has(field)) continue
    if (!NEUTRAL.get(field)?.(value)) throw fieldUnsupported(field)
  }
}

function readGeneration(request: Fields, messages: readonly GenerationMessage[]): GenerationRequest {
  const temperature = checkFraction(optionalNumber(request, 'temperature'), 'temperature', 2)
  const topP = checkFraction(optionalNumber(request, 'top_p'), 'top_p', 1)
  const minP = checkFraction(optionalNumber(request, 'min_p'), 'min_p', 1)
  const topK = checkInteger(optionalNumber(request, 'top_k'), 'top_k', 0)
  const seed = checkInteger(optionalNumber(request, 'seed'), 'seed', Number.MIN_SAFE_INTEGER)
  const maxTokens = readMaxTokens(request)
  return {
    messages,
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(minP !== undefined && { minP }),
    ...(topK !== undefined && { topK }),
    ...(seed !== undefined && { seed: foldSeed(seed) }),
    ...(maxTokens !== undefined && { maxTokens }),
  }
}

function readMaxTokens(request: Fields): number | undefined {
  const current = checkInteger(optionalNumber(request, 'max_completion_tokens'), 'max_completion_tokens', 1)
  const older = checkInteger(optionalNumber(request, 'max_tokens'), 'max_tokens', 1)
  if (current !== undefined && older !== undefined && current !== older)
    throw fieldInvalid('max_tokens', `is ${older} but max_completion_tokens is ${current}; give one of them`)
  return current ?? older
}

function readStop(value: unknown): readonly string[] {
  if (value === undefined || value === null) return []
  const stops: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (stops.length > MAX_STOPS)
    throw fieldInvalid('stop', `has ${stops.length} strings; at most ${MAX_STOPS} are taken`)
  return stops.map((stop) => {
    if (typeof stop !== 'string' || stop === '') throw fieldInvalid('stop', 'must be a non-empty string, or several')
    if (stop.length > MAX_STOP_LENGTH)
      throw fieldInvalid('stop', `has a string of ${stop.length} characters; at most ${MAX_STOP_LENGTH} are taken`)
    return stop
  })
}

function readIncludeUsage(request: Fields, stream: boolean): boolean | undefined {
  const options = request['stream_options']
  if (options === undefined || options === null) return undefined
  if (!stream) throw fieldInvalid('stream_options', 'needs stream: true')
  if (!isFields(options)) throw fieldInvalid('stream_options', 'must be an object')
  // Padding that hides lengths on a network: it changes nothing where there is no network.
  const known = new Set(['include_usage', 'include_obfuscation'])
  for (const field of Object.keys(options)) if (!known.has(field)) throw fieldUnsupported(`stream_options.${field}`)
  return optionalBoolean(options, 'include_usage', 'stream_options.include_usage')
}

/** OpenAI's seeds have 64 bits, the engine's 32: the high half is folded in, so that both halves count. */
function foldSeed(seed: number): number {
  return (seed ^ Math.floor(seed / 2 ** 32)) >>> 0
}
