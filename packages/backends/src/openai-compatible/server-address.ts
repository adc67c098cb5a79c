import { BackendError } from '../backend-error.ts'

/** A server, and how to speak to it. The key lives in memory only and is part of no error, information or log. */
export class ServerAddress {
  /** Ends without a slash. */
  readonly baseUrl: string
  readonly #key: string | undefined

  /** @throws BackendError `option-invalid` */
  constructor(baseUrl: string, key?: string) {
    this.baseUrl = checkBaseUrl(baseUrl)
    // A header refuses other characters with an error that shows them.
    if (key !== undefined && !/^[\x21-\x7e]+$/.test(key))
      throw new BackendError(
        'option-invalid',
        'apiKey must be of visible ASCII characters, without spaces or line ends: check how it was read.',
        { option: 'apiKey' },
      )
    this.#key = key
  }

  /** Nothing is sent anywhere else: redirections fail, no cookies, no referrer, no cache. */
  fetch(path: string, init: RequestInit): Promise<Response> {
    return fetch(`${this.baseUrl}${path}`, {
      ...init,
      headers: {
        ...(init.body !== undefined && init.body !== null && { 'Content-Type': 'application/json' }),
        ...(this.#key !== undefined && { Authorization: `Bearer ${this.#key}` }),
      },
      redirect: 'error',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
    })
  }

  /** A text of the server's without the key, which some servers repeat. */
  redact(text: string): string {
    return this.#key === undefined ? text : text.replaceAll(this.#key, '[apiKey]')
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
