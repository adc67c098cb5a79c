import { SampanError } from '../errors.ts'
import { hubOf } from '../hub/hubs.ts'
import type { WorkerLoadOptions } from '../worker/protocol.ts'
import type { LoadOptions } from './load-types.ts'

const BITS: readonly unknown[] = [4, 8, 16, 'source']
const AFTER_CRASH: readonly unknown[] = ['refuse', 'load']
const BACKENDS: readonly unknown[] = ['auto', 'sampan', 'web-llm', 'wllama']

/**
 * The options that go to the Worker, checked: plain JavaScript callers have no compiler.
 * @throws SampanError `option-invalid`, naming the option in `details.option`
 */
export function checkLoadOptions(options: LoadOptions): WorkerLoadOptions {
  if (typeof options !== 'object' || options === null)
    throw new SampanError('option-invalid', 'The options of `load` must be an object.')
  const {
    bits,
    embeddingBits,
    contextLength,
    prefixCacheBytes,
    hub,
    token,
    backend = 'auto',
    onProgress,
    onLost,
    onRecovered,
    onReply,
    download,
    cache = true,
    afterCrash = 'refuse',
    fetch,
    headers,
  } = options
  checkSignal(options.signal)
  for (const [option, value] of Object.entries({ bits, embeddingBits }))
    if (value !== undefined && !BITS.includes(value)) throw optionInvalid(option, '4, 8, 16 or "source"')
  for (const [option, value] of Object.entries({ onProgress, onLost, onRecovered, onReply, fetch }))
    if (value !== undefined && typeof value !== 'function') throw optionInvalid(option, 'a function')
  if (download !== undefined && download !== 'allow' && typeof download !== 'function')
    throw optionInvalid('download', '"allow", or a function that asks')
  if (typeof cache !== 'boolean') throw optionInvalid('cache', 'true or false')
  if (!AFTER_CRASH.includes(afterCrash)) throw optionInvalid('afterCrash', '"refuse" or "load"')
  if (token !== undefined && (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)))
    throw optionInvalid('token', 'a token of the hub, as it gave it')
  if (headers !== undefined && typeof headers !== 'object' && typeof headers !== 'function')
    throw optionInvalid('headers', 'headers, or a function of the URL')
  if (!BACKENDS.includes(backend)) throw optionInvalid('backend', '"auto", "sampan", "web-llm" or "wllama"')
  if (contextLength !== undefined && (!Number.isSafeInteger(contextLength) || contextLength < 1))
    throw optionInvalid('contextLength', 'a whole number of tokens, at least 1')
  if (prefixCacheBytes !== undefined && (!Number.isSafeInteger(prefixCacheBytes) || prefixCacheBytes < 0))
    throw optionInvalid('prefixCacheBytes', 'a whole number of bytes, or 0')
  return {
    hub: hubOf(hub),
    ...(token !== undefined && { token }),
    ...(bits !== undefined && { bits }),
    ...(embeddingBits !== undefined && { embeddingBits }),
    ...(contextLength !== undefined && { contextLength }),
    ...(prefixCacheBytes !== undefined && { prefixCacheBytes }),
  }
}

/**
 * The options of a call; none where they are left out or `null`.
 * @throws SampanError `option-invalid` for what is no object
 */
export function checkCallOptions<T extends object>(options: T | null | undefined, call: string): Partial<T> {
  if (options === undefined || options === null) return {}
  if (typeof options === 'object') return options
  throw new SampanError('option-invalid', `The options of \`${call}\` must be an object.`)
}

/** @throws SampanError `option-invalid` for what is no signal; `null` means none, as in `fetch`. */
export function checkSignal(signal: unknown): AbortSignal | undefined {
  if (signal === undefined || signal === null) return undefined
  if (isSignal(signal)) return signal
  throw optionInvalid('signal', 'an AbortSignal')
}

/** By its shape: a signal may come from a frame with classes of its own. */
function isSignal(value: unknown): value is AbortSignal {
  return typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value
}

function optionInvalid(option: string, wanted: string): SampanError {
  return new SampanError('option-invalid', `The option ${option} must be ${wanted}.`, { option })
}
