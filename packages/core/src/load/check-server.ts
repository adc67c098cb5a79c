import { SampanError } from '../errors.ts'
import type { ServerConsent, ServerCredentials, ServerSource } from './fallback-types.ts'
import type { Target } from './target.ts'

const KINDS: readonly unknown[] = ['vllm', 'sglang', 'llama.cpp', 'openai']
/** What a timer holds. */
const MOST_PATIENCE_SECONDS = 2 ** 31 / 1000 - 1

/**
 * A server as a target, with what `consent` says of it. Values are never repeated in errors: one of them may be a key.
 * @param option what the caller calls it
 * @throws SampanError `option-invalid`
 */
export function checkServer(server: unknown, consent: unknown, option: string): Target & { readonly kind: 'server' } {
  const { url, model, kind, patienceSeconds, ...others } = fieldsOf(server, option)
  for (const field of Object.keys(others))
    throw invalid(
      option,
      field === 'apiKey' || field === 'headers'
        ? `must not hold ${field}: what is sent along stands in consent, by the server's origin`
        : `has an unknown field ${JSON.stringify(field.slice(0, 40))}`,
    )
  const { href, origin, host } = checkUrl(url, `${option}.url`)
  if (model !== undefined && (typeof model !== 'string' || model === ''))
    throw invalid(`${option}.model`, "must be the server's name of the model")
  if (!isKind(kind)) throw invalid(`${option}.kind`, 'must be "vllm", "sglang", "llama.cpp" or "openai"')
  if (patienceSeconds !== undefined && !isPatience(patienceSeconds))
    throw invalid(`${option}.patienceSeconds`, `must be a number above 0 and at most ${MOST_PATIENCE_SECONDS}`)
  const checked: ServerSource = {
    url: href,
    ...(model !== undefined && { model }),
    ...(kind !== undefined && { kind }),
    ...(patienceSeconds !== undefined && { patienceSeconds }),
  }
  return { kind: 'server', server: checked, origin, host, credentials: credentialsOf(consent, origin) }
}

/** @throws SampanError `consent-missing` */
export function requireConsent(target: Target & { readonly kind: 'server' }, cause?: unknown): ServerCredentials {
  if (target.credentials) return target.credentials
  const { origin, host } = target
  const why = SampanError.isInstance(cause)
    ? `The model cannot answer here (${cause.code}: ${cause.message}) and would`
    : 'This would'
  throw new SampanError(
    'consent-missing',
    `${why} send the user's messages to ${host}. Nothing was sent. Ask the user, then load with consent: { ${JSON.stringify(origin)}: true }.`,
    { host, origin, ...(SampanError.isInstance(cause) && { code: cause.code }) },
    { cause },
  )
}

/** @throws SampanError `option-invalid` */
export function checkConsent(consent: unknown): asserts consent is ServerConsent | undefined {
  if (consent === undefined) return
  const example = 'an object with origins as its keys, such as { "https://llm.example.com": true }'
  if (typeof consent !== 'object' || consent === null || Array.isArray(consent))
    throw invalid('consent', `must be ${example}`)
  for (const [origin, given] of Object.entries(consent)) {
    if (!isOrigin(origin)) throw invalid('consent', `must be ${example}, without a path behind the host`)
    if (given === true) continue
    const option = `consent[${JSON.stringify(origin)}]`
    const { apiKey, headers, ...others } = fieldsOf(given, option, 'true, or an object with apiKey or headers')
    if (Object.keys(others).length > 0) throw invalid(option, 'may hold apiKey and headers only')
    if (apiKey !== undefined && typeof apiKey !== 'string') throw invalid(`${option}.apiKey`, 'must be a string')
    if (headers !== undefined)
      for (const value of Object.values(fieldsOf(headers, `${option}.headers`)))
        if (typeof value !== 'string') throw invalid(`${option}.headers`, 'must hold strings')
  }
}

function credentialsOf(consent: unknown, origin: string): ServerCredentials | undefined {
  checkConsent(consent)
  if (!consent || !Object.hasOwn(consent, origin)) return undefined
  const given = consent[origin]
  // Copied: what the caller does with the object later changes nothing.
  if (given === true || given === undefined) return given && {}
  return { ...given, ...(given.headers && { headers: { ...given.headers } }) }
}

function checkUrl(url: unknown, option: string): URL {
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !/^https?:$/.test(parsed.protocol))
    throw invalid(option, 'must be an absolute http: or https: address, such as https://llm.example.com/v1')
  if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '' || parsed.hash !== '')
    throw invalid(option, 'must have no user, password, ? or # part: keys stand in consent')
  return parsed
}

function fieldsOf(value: unknown, option: string, wanted = 'an object'): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(option, `must be ${wanted}`)
  return { ...value }
}

function isKind(kind: unknown): kind is ServerSource['kind'] {
  return kind === undefined || KINDS.includes(kind)
}

function isPatience(seconds: unknown): seconds is number {
  return typeof seconds === 'number' && seconds > 0 && seconds <= MOST_PATIENCE_SECONDS
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text)
}

function invalid(option: string, what: string): SampanError {
  return new SampanError('option-invalid', `The option ${option} ${what}.`, { option })
}
