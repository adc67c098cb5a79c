import { defined } from '../chat/defined.ts'
import {
  type Fields,
  fieldInvalid,
  readBoolean,
  readFields,
  readList,
  readOptional,
  readString,
} from '../chat/request-fields.ts'
import { MAX_STOPS } from '../chat/request-table.ts'
import { SampanError } from '../errors.ts'
import { readRecordedRequest } from './read-recorded-request.ts'
import { type Bounds, readOneOf, readText, readToken, readTokens, readWithin } from './read-values.ts'
import type { AnswerRecord, RecordedSampling } from './record-types.ts'

/** Names, versions, hashes, dates. */
const MAX_NAME_LENGTH = 4096
/** As long as a request's may be, and longer. */
const MAX_STOP_LENGTH = 4096
const MAX_BIASES = 10_000
const PENALTY: Bounds = { least: -2, most: 2 }
const CHANCE: Bounds = { least: 0, most: 1 }
const MOST = 2 ** 31 - 1

/**
 * Checks and copies a record, which may come from anyone.
 * @throws SampanError `record-invalid`, with the field in `details.field`
 */
export function readRecord(value: unknown): AnswerRecord {
  try {
    return read(value, 'record')
  } catch (cause) {
    if (!SampanError.isInstance(cause)) throw cause
    throw new SampanError(
      'record-invalid',
      `This is no record of an answer as Sampan writes it, or it was changed: ${cause.message} Take the record as it was written.`,
      cause.details,
      { cause },
    )
  }
}

function read(value: unknown, path: string): AnswerRecord {
  const known = ['format', 'made', 'model', 'engine', 'request', 'prompt', 'sampling', 'answer']
  const fields = readFields(value, path, known, 'an object, as `reply.record` is')
  const format = readOneOf(fields['format'], `${path}.format`, ['sampan-answer-1'])
  const model = readFields(fields['model'], `${path}.model`, ['source', 'hash', 'architecture'], 'an object')
  const engine = readFields(fields['engine'], `${path}.engine`, ['sampan', 'backend', 'fingerprint'], 'an object')
  return {
    format,
    made: readDate(fields['made'], `${path}.made`),
    model: {
      source: readText(model['source'], `${path}.model.source`),
      ...names(model, `${path}.model`, ['hash', 'architecture']),
    },
    engine: {
      sampan: readText(engine['sampan'], `${path}.engine.sampan`, MAX_NAME_LENGTH),
      backend: readOneOf(engine['backend'], `${path}.engine.backend`, ['sampan', 'wllama']),
      ...names(engine, `${path}.engine`, ['fingerprint']),
    },
    request: readRecordedRequest(fields['request'], `${path}.request`),
    prompt: readPrompt(fields['prompt'], `${path}.prompt`),
    sampling: readSampling(fields['sampling'], `${path}.sampling`),
    answer: readAnswer(fields['answer'], `${path}.answer`),
  }
}

function readPrompt(value: unknown, path: string): AnswerRecord['prompt'] {
  const known = ['template', 'text', 'tokens', 'cachedTokens', 'rendered']
  const prompt = readFields(value, path, known, 'an object')
  const tokens = readTokens(prompt['tokens'], `${path}.tokens`)
  if (tokens.length === 0) throw fieldInvalid(`${path}.tokens`, 'must not be empty')
  const cached: Bounds = { least: 0, most: tokens.length, whole: true }
  return {
    ...names(prompt, path, ['template', 'text']),
    tokens,
    cachedTokens: readWithin(prompt['cachedTokens'], `${path}.cachedTokens`, cached),
    rendered: readBoolean(prompt['rendered'], `${path}.rendered`),
  }
}

function readSampling(value: unknown, path: string): RecordedSampling {
  const known = [
    ...['temperature', 'topP', 'topK', 'minP', 'repetitionPenalty', 'frequencyPenalty', 'presencePenalty'],
    ...['logitBias', 'seed', 'maxTokens', 'stopTokens', 'stop', 'cachePrompt'],
  ]
  const fields = readFields(value, path, known, 'an object')
  const number = (name: string, bounds: Bounds): number => readWithin(fields[name], `${path}.${name}`, bounds)
  return {
    temperature: number('temperature', { least: 0, most: 2 }),
    topP: number('topP', CHANCE),
    topK: number('topK', { least: 0, most: MOST, whole: true }),
    minP: number('minP', CHANCE),
    repetitionPenalty: number('repetitionPenalty', { least: Number.MIN_VALUE, most: 10 }),
    frequencyPenalty: number('frequencyPenalty', PENALTY),
    presencePenalty: number('presencePenalty', PENALTY),
    logitBias: readList(fields['logitBias'], `${path}.logitBias`, MAX_BIASES).map((entry, index) =>
      readBias(entry, `${path}.logitBias[${index}]`),
    ),
    seed: number('seed', { least: 0, most: 2 ** 32 - 1, whole: true }),
    maxTokens: number('maxTokens', { least: 1, most: MOST, whole: true }),
    stopTokens: readTokens(fields['stopTokens'], `${path}.stopTokens`),
    stop: readList(fields['stop'], `${path}.stop`, MAX_STOPS).map((entry, index) =>
      readStop(entry, `${path}.stop[${index}]`),
    ),
    cachePrompt: readBoolean(fields['cachePrompt'], `${path}.cachePrompt`),
  }
}

function readBias(value: unknown, path: string): readonly [number, number] {
  const [token, bias, ...more] = readList(value, path, 2)
  if (more.length > 0) throw fieldInvalid(path, 'must be a token and a bias')
  return [readToken(token, `${path}[0]`), readWithin(bias, `${path}[1]`, { least: -100, most: 100 })]
}

function readStop(value: unknown, path: string): string {
  const stop = readText(value, path, MAX_STOP_LENGTH)
  if (stop === '') throw fieldInvalid(path, 'must not be empty')
  return stop
}

function readAnswer(value: unknown, path: string): AnswerRecord['answer'] {
  const answer = readFields(value, path, ['tokens', 'logprobs', 'text', 'finish'], 'an object')
  const tokens = readTokens(answer['tokens'], `${path}.tokens`)
  const logprobs = readList(answer['logprobs'], `${path}.logprobs`, tokens.length)
  if (logprobs.length < tokens.length)
    throw fieldInvalid(`${path}.logprobs`, `has ${logprobs.length} entries for ${tokens.length} tokens`)
  return {
    tokens,
    logprobs: logprobs.map((entry, index) =>
      readWithin(entry, `${path}.logprobs[${index}]`, { least: -9999, most: 0 }),
    ),
    text: readText(answer['text'], `${path}.text`),
    finish: readOneOf(answer['finish'], `${path}.finish`, ['stop', 'length', 'tool_calls']),
  }
}

function readDate(value: unknown, path: string): string {
  const date = readString(value, path)
  if (!/^\d{4}-\d\d-\d\dT[\d:.]{1,20}Z$/.test(date) || Number.isNaN(Date.parse(date)))
    throw fieldInvalid(path, 'must be a date and time in ISO 8601, as toISOString writes it')
  return date
}

/** Short texts that may be absent. */
function names<Name extends string>(
  fields: Fields,
  path: string,
  known: readonly Name[],
): { readonly [Key in Name]?: string } {
  const entries = known.map((name) => [
    name,
    readOptional(fields[name], `${path}.${name}`, (value, at) => readText(value, at, MAX_NAME_LENGTH)),
  ])
  return defined<{ readonly [Key in Name]?: string }>(Object.fromEntries(entries))
}
