import type { GenerationRequest } from '../backend.ts'
import { defined } from './defined.ts'
import { readFlag, readNumber } from './read-scalars.ts'
import { type Fields, fieldInvalid, isAbsent, isFields } from './request-fields.ts'

/** More than a vocabulary's special tokens, far less than a vocabulary. */
const MAX_BIASES = 10_000
const MAX_TOKEN_ID = 2 ** 31 - 1
const HIGHEST_BIAS = 100
/** More than a vocabulary has, and as much as engines take. */
const MAX_TOP_K = 2 ** 31 - 1

type Sampling = Pick<
  GenerationRequest,
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'minP'
  | 'seed'
  | 'maxTokens'
  | 'frequencyPenalty'
  | 'presencePenalty'
  | 'repetitionPenalty'
  | 'logitBias'
  | 'topLogprobs'
  | 'cachePrompt'
>

/** How tokens are chosen, and what is told of them. */
export function readSampling(request: Fields): Sampling {
  const seed = readNumber(request, 'seed')
  return defined({
    temperature: readNumber(request, 'temperature'),
    topP: readNumber(request, 'top_p'),
    topK: readTopK(request),
    minP: readNumber(request, 'min_p'),
    seed: seed === undefined ? undefined : foldSeed(seed),
    maxTokens: readMaxTokens(request),
    frequencyPenalty: readNumber(request, 'frequency_penalty'),
    presencePenalty: readNumber(request, 'presence_penalty'),
    repetitionPenalty: readNumber(request, 'repetition_penalty'),
    logitBias: readLogitBias(request['logit_bias']),
    topLogprobs: readTopLogprobs(request),
    cachePrompt: readFlag(request, 'cache_prompt'),
  })
}

function readTopK(request: Fields): number | undefined {
  const topK = readNumber(request, 'top_k')
  return topK === undefined ? undefined : Math.min(topK, MAX_TOP_K)
}

function readMaxTokens(request: Fields): number | undefined {
  const current = readNumber(request, 'max_completion_tokens')
  const older = readNumber(request, 'max_tokens')
  if (current !== undefined && older !== undefined && current !== older)
    throw fieldInvalid('max_tokens', `is ${older} but max_completion_tokens is ${current}; give one of them`)
  return current ?? older
}

function readTopLogprobs(request: Fields): number | undefined {
  const wanted = readFlag(request, 'logprobs') ?? false
  const top = readNumber(request, 'top_logprobs') ?? 0
  if (!wanted && top > 0) throw fieldInvalid('top_logprobs', 'needs logprobs: true')
  return wanted ? top : undefined
}

function readLogitBias(value: unknown): GenerationRequest['logitBias'] {
  if (isAbsent(value)) return undefined
  if (!isFields(value)) throw fieldInvalid('logit_bias', 'must be an object of token ids and numbers')
  const entries = Object.entries(value)
  if (entries.length > MAX_BIASES)
    throw fieldInvalid('logit_bias', `has ${entries.length} tokens; at most ${MAX_BIASES} are taken`)
  const biases = entries.map(([key, bias]): readonly [number, number] => {
    const path = `logit_bias.${key}`
    const token = Number(key)
    if (!/^(0|[1-9]\d*)$/.test(key) || token > MAX_TOKEN_ID) throw fieldInvalid(path, 'is not the id of a token')
    if (typeof bias !== 'number' || !(Math.abs(bias) <= HIGHEST_BIAS))
      throw fieldInvalid(path, `must be a number between −${HIGHEST_BIAS} and ${HIGHEST_BIAS}`)
    return [token, bias]
  })
  return biases.length > 0 ? biases : undefined
}

/** OpenAI's seeds have 64 bits, the engine's 32: the high half is folded in, so that both halves count. */
function foldSeed(seed: number): number {
  return (seed ^ Math.floor(seed / 2 ** 32)) >>> 0
}
