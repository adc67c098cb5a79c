import type { GenerationMessage, GenerationRequest } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { defined } from './defined.ts'
import { readFormat } from './read-format.ts'
import { readMessages } from './read-messages.ts'
import { readSampling } from './read-sampling.ts'
import { readFlag, readNumber } from './read-scalars.ts'
import { readThinking } from './read-thinking.ts'
import { readTools } from './read-tools.ts'
import {
  type Fields,
  fieldInvalid,
  fieldUnsupported,
  isAbsent,
  isFields,
  readBoolean,
  readFields,
  readOptional,
} from './request-fields.ts'
import { MAX_STOPS, passes } from './request-table.ts'

/** As long as a few sentences. */
const MAX_STOP_LENGTH = 1024

export interface ValidRequest {
  readonly generation: GenerationRequest
  readonly stop: readonly string[]
  /** Answers to make. */
  readonly choices: number
  readonly stream: boolean
  /** Undefined when the request does not say. */
  readonly includeUsage: boolean | undefined
}

/**
 * Checks a chat completion request and copies what it asks for; the caller's objects are only read, and nothing of them is kept.
 * @throws SampanError `request-invalid` for a value that no model could honour, `request-unsupported` for a field that
 * changes the meaning and is not supported; both name the field in `details.field`.
 */
export function validateRequest(request: unknown): ValidRequest {
  if (!isFields(request)) throw new SampanError('request-invalid', 'The request must be an object with `messages`.')
  for (const [field, value] of Object.entries(request)) if (!passes(field, value)) throw fieldUnsupported(field)
  const stream = readFlag(request, 'stream') ?? false
  const messages = readMessages(request['messages'])
  return {
    generation: {
      messages,
      ...readSampling(request),
      ...readTools(request),
      ...readThinking(request),
      ...defined<Pick<GenerationRequest, 'format' | 'continueFinalMessage' | 'truncate' | 'record' | 'priority'>>({
        format: readFormat(request['response_format']),
        continueFinalMessage: readContinue(request, messages),
        truncate: readTruncation(request['truncation']),
        record: readFlag(request, 'record'),
        priority: readPriority(request['priority']),
      }),
    },
    stop: readStop(request['stop']),
    choices: readNumber(request, 'n') ?? 1,
    stream,
    includeUsage: readIncludeUsage(request, stream),
  }
}

function readContinue(request: Fields, messages: readonly GenerationMessage[]): boolean | undefined {
  const wanted = readFlag(request, 'continue_final_message')
  if (wanted && messages.at(-1)?.role !== 'assistant')
    throw fieldInvalid('continue_final_message', 'needs an assistant message as the last of messages')
  return wanted
}

function readTruncation(value: unknown): boolean | undefined {
  if (isAbsent(value)) return undefined
  if (value !== 'auto' && value !== 'disabled') throw fieldInvalid('truncation', 'must be auto or disabled')
  return value === 'auto'
}

function readPriority(value: unknown): GenerationRequest['priority'] {
  if (isAbsent(value)) return undefined
  if (value !== 'normal' && value !== 'background') throw fieldInvalid('priority', 'must be normal or background')
  return value
}

function readStop(value: unknown): readonly string[] {
  if (isAbsent(value)) return []
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
  if (isAbsent(options)) return undefined
  if (!stream) throw fieldInvalid('stream_options', 'needs stream: true')
  // Padding that hides lengths on a network: it changes nothing where there is no network.
  const known = ['include_usage', 'include_obfuscation']
  const fields = readFields(options, 'stream_options', known, 'an object')
  return readOptional(fields['include_usage'], 'stream_options.include_usage', readBoolean)
}
