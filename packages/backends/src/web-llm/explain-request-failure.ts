import { BackendError } from '../backend-error.ts'
import { deviceLost } from './explain-load-failure.ts'

/** Errors of web-llm that a better request would not meet. Its classes are not exported: their names are all there is. */
const INVALID_REQUEST = new Set([
  'MessageOrderError',
  'SystemMessageOrderError',
  'ContentTypeError',
  'UnsupportedRoleError',
  'RangeError',
  'MinValueError',
  'NonNegativeError',
  'SeedTypeError',
])

/** What went wrong with an answer, in Sampan's codes. */
export function explainRequestFailure(error: unknown): BackendError {
  if (BackendError.isInstance(error)) return error
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) }
  if (name === 'ContextWindowSizeExceededError') {
    const [promptTokens, contextLength] = [...message.matchAll(/\d+/g)].map(([digits]) => Number(digits))
    return new BackendError(
      'context-length-exceeded',
      `The prompt has ${promptTokens} tokens, the context holds ${contextLength}: shorten the messages, or load with a larger contextLength.`,
      { promptTokens, contextLength },
      error,
    )
  }
  if (INVALID_REQUEST.has(name))
    return new BackendError('request-invalid', `web-llm refuses the request: ${message}`, {}, error)
  if (/device.*lost|lost.*device|ModelNotLoaded/i.test(`${name} ${message}`)) return deviceLost(error)
  return new BackendError('backend-failed', `web-llm failed to answer: ${message}`, { name }, error)
}
