import { SampanError } from '../errors.ts'
import type { WorkerLoadOptions } from '../worker/protocol.ts'
import type { LoadOptions } from './load-types.ts'

const DEFAULT_HUB = 'https://huggingface.co'
const BITS: readonly unknown[] = [4, 8, 16, 'source']
const BACKENDS: readonly unknown[] = ['auto', 'sampan', 'web-llm']

/** The options that go to the Worker, checked: plain JavaScript callers have no compiler. */
export function checkLoadOptions(options: LoadOptions): WorkerLoadOptions {
  const { bits, embeddingBits, contextLength, hub = DEFAULT_HUB, backend = 'auto' } = options
  for (const [option, value] of Object.entries({ bits, embeddingBits }))
    if (value !== undefined && !BITS.includes(value)) throw optionInvalid(option, '4, 8, 16 or "source"')
  if (!BACKENDS.includes(backend)) throw optionInvalid('backend', '"auto", "sampan" or "web-llm"')
  if (contextLength !== undefined && (!Number.isSafeInteger(contextLength) || contextLength < 1))
    throw optionInvalid('contextLength', 'a whole number of tokens, at least 1')
  if (!URL.canParse(hub)) throw optionInvalid('hub', 'an absolute URL')
  return {
    hub: hub.replace(/\/+$/, ''),
    ...(bits !== undefined && { bits }),
    ...(embeddingBits !== undefined && { embeddingBits }),
    ...(contextLength !== undefined && { contextLength }),
  }
}

function optionInvalid(option: string, wanted: string): SampanError {
  return new SampanError('option-invalid', `The option ${option} must be ${wanted}.`, { option })
}
