import { BackendError } from '../backend-error.ts'
import { readText } from './read-within.ts'
import type { ServerAddress } from './server-address.ts'
import { countIn, type JsonObject, objectIn } from './unknown-json.ts'

/** Of an error's body, in bytes. */
const MOST_ERROR_BYTES = 64 << 10
/** Milliseconds to wait for each piece of it. */
const ERROR_PATIENCE = 5000
/** Of what a server says, in a message. */
const MOST_SAID = 500

/** An answer that is no success, in Sampan's codes. Reads the body. */
export async function explainResponse(response: Response, server: ServerAddress): Promise<BackendError> {
  const { status } = response
  const retryAfter = secondsIn(response.headers.get('Retry-After'))
  return explainError(await bodyOf(response, server), status, server, retryAfter === undefined ? {} : { retryAfter })
}

/** @param error what the server sent: OpenAI's `{error: {message, type, code}}`, vLLM's older form, or anything else */
export function explainError(
  error: unknown,
  status: number | undefined,
  server: ServerAddress,
  more: JsonObject = {},
): BackendError {
  const outer = objectIn(error)
  const inner = typeof outer['error'] === 'object' ? objectIn(outer['error']) : outer
  const { detail } = outer
  const text = [inner['message'], outer['error'], detail, error].find((said) => typeof said === 'string')
  const rest = detail === undefined ? 'no reason given' : JSON.stringify(detail)
  const said = server.redact(String(text ?? rest)).slice(0, MOST_SAID)
  const details = { server: server.baseUrl, ...(status !== undefined && { status }), said, ...more }
  const fail = (code: BackendError['code'], message: string): BackendError =>
    new BackendError(code, `${message} (${server.baseUrl}: ${said})`, details)
  const number = status !== undefined && status >= 400 ? status : (countIn(inner['code']) ?? status ?? 500)
  if (number === 401 || number === 403)
    return fail('source-forbidden', `The server refuses the request (${number}): give the right apiKey.`)
  if (number === 404 && (/model/i.test(said) || inner['code'] === 'model_not_found'))
    return fail('model-unknown', 'The server does not serve this model: choose one of its own list.')
  if (number === 404)
    return fail('source-not-found', 'The server has no such address (404): baseUrl mostly ends with /v1.')
  if (number === 429)
    return fail('source-unavailable', 'The server has too much to do (429): try again later, or use another backend.')
  const tooLong = contextExceeded(inner, said)
  if (tooLong)
    return new BackendError(
      'context-length-exceeded',
      `The prompt does not fit into the server's context: shorten the messages, or ask for fewer tokens. (${server.baseUrl}: ${said})`,
      { ...details, ...tooLong },
    )
  if (number >= 500)
    return fail('source-unavailable', `The server failed (${number}): try again later, or use another backend.`)
  return fail('request-invalid', `The server does not accept the request (${number}).`)
}

/** A request that got no answer, or whose answer broke off. */
export function unreachable(server: ServerAddress, cause: unknown): BackendError {
  return new BackendError(
    'network-failed',
    `The server cannot be reached: ${server.baseUrl}. Check that it runs, the connection, that it does not redirect, and that it allows this page's origin (CORS; an https: page reaches no http: server but localhost).`,
    { server: server.baseUrl },
    cause,
  )
}

/** Whether the server says that the prompt is too long, and the numbers that it tells. */
function contextExceeded(error: JsonObject, said: string): JsonObject | undefined {
  const byName = [error['code'], error['type']].some(
    (name) => name === 'context_length_exceeded' || name === 'exceed_context_size_error',
  )
  const [, limit] = /(?:maximum )?context (?:length|size)[^\d.]*?(\d+)/i.exec(said) ?? []
  if (!byName && limit === undefined) return undefined
  const promptTokens = countIn(error['n_prompt_tokens'])
  const contextLength = countIn(error['n_ctx']) ?? (limit === undefined ? undefined : Number(limit))
  return { ...(promptTokens !== undefined && { promptTokens }), ...(contextLength !== undefined && { contextLength }) }
}

/** JSON where it is, else text; no more than its beginning. */
async function bodyOf(response: Response, server: ServerAddress): Promise<unknown> {
  const { text } = await readText(response, MOST_ERROR_BYTES, ERROR_PATIENCE, server).catch(() => ({ text: '' }))
  try {
    return JSON.parse(text)
  } catch {
    return text.trim() || undefined
  }
}

/** Seconds from now; the header has them, or a date. */
function secondsIn(header: string | null): number | undefined {
  if (header === null) return undefined
  if (/^\d{1,9}$/.test(header.trim())) return Number(header)
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000))
}
