import { BackendError } from '../backend-error.ts'

/** Shorter values of headers are words, which texts may hold by chance. */
const LEAST_SECRET = 8

/** A server, and how to speak to it. Key and headers live in memory only and are part of no error, information or log. */
export class ServerAddress {
  /** Ends without a slash. */
  readonly baseUrl: string
  readonly #headers: Readonly<Record<string, string>>
  readonly #secrets: readonly string[]

  /** @throws BackendError `option-invalid` */
  constructor(baseUrl: string, key?: string, headers: Readonly<Record<string, string>> = {}) {
    this.baseUrl = checkBaseUrl(baseUrl)
    // A header refuses other characters with an error that shows them.
    if (key !== undefined && !/^[\x21-\x7e]+$/.test(key))
      throw new BackendError(
        'option-invalid',
        'apiKey must be of visible ASCII characters, without spaces or line ends: check how it was read.',
        { option: 'apiKey' },
      )
    const checked = checkHeaders(headers)
    if (key !== undefined && checked.has('Authorization'))
      throw new BackendError('option-invalid', 'Give apiKey or the header Authorization, not both.', {
        option: 'headers',
      })
    if (key !== undefined) checked.set('Authorization', `Bearer ${key}`)
    this.#headers = Object.fromEntries(checked)
    const values = Object.values(headers).flatMap((value) => [value.trim(), ...value.trim().split(/\s+/)])
    const secrets = [...(key === undefined ? [] : [key]), ...values.filter(({ length }) => length >= LEAST_SECRET)]
    this.#secrets = secrets.flatMap(spellings)
  }

  /** Nothing is sent anywhere else: redirections fail, no cookies, no referrer, no cache. */
  fetch(path: string, init: RequestInit): Promise<Response> {
    return fetch(`${this.baseUrl}${path}`, {
      ...init,
      headers: {
        ...this.#headers,
        ...(init.body !== undefined && init.body !== null && { 'Content-Type': 'application/json' }),
      },
      redirect: 'error',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
    })
  }

  /** A text of the server's without key and headers, which some servers repeat. */
  redact(text: string): string {
    return this.#secrets.reduce((shown, secret) => shown.replaceAll(secret, '[apiKey]'), text)
  }
}

/** As servers write it into JSON and addresses. Longest first: none is to be found within another. */
function spellings(secret: string): readonly string[] {
  const all = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]
  return [...new Set(all)].sort((a, b) => b.length - a.length)
}

/** @throws BackendError `option-invalid`, without what was given: the browser's own error shows it */
function checkHeaders(headers: Readonly<Record<string, string>>): Headers {
  try {
    return new Headers({ ...headers })
  } catch {
    throw new BackendError(
      'option-invalid',
      'headers must have names and values that HTTP allows: check how they were read.',
      { option: 'headers' },
    )
  }
}

function checkBaseUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw invalid('must be an absolute http: or https: address, such as http://localhost:8000/v1')
  if (url.username !== '' || url.password !== '') throw invalid('must have no user or password in it: use apiKey')
  if (url.search !== '' || url.hash !== '') throw invalid('must have no ? or # part')
  return url.href.replace(/\/+$/, '')
}

function invalid(what: string): BackendError {
  return new BackendError('option-invalid', `baseUrl ${what}.`, { option: 'baseUrl' })
}
