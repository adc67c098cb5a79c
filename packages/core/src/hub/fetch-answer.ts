import { SampanError } from '../errors.ts'
import { statusError, withRetries } from '../sources/http.ts'
import type { HubContext } from './hub-context.ts'
import { plainUrl } from './source-key.ts'

/** Longest answer of a hub's API, in bytes: 1000 entries have some 400 KB. */
const MAX_ANSWER_BYTES = 8 << 20

/** What a hub's API says, a refusal included. */
export interface HubAnswer {
  readonly status: number
  readonly text: string
  /** `X-Error-Code`: why it refuses. */
  readonly reason: string | undefined
  /** URL of the next page. */
  readonly next: string | undefined
  /** Where the answer came from: repositories that were renamed redirect. */
  readonly url: string
}

/**
 * Asks a hub. Statuses that say something of the repository (401, 403, 404) are answers.
 * @throws SampanError `source-unavailable`, `network-failed`, `file-limit-exceeded`
 */
export function fetchAnswer(
  url: string,
  { network, signal, firstPauseMs }: HubContext,
  maxBytes = MAX_ANSWER_BYTES,
): Promise<HubAnswer> {
  const options = { network, signal, name: plainUrl(url), ...(firstPauseMs !== undefined && { firstPauseMs }) }
  return withRetries(
    async (connection) => {
      const response = await connection.fetch(url)
      if (!response.ok && ![401, 403, 404].includes(response.status))
        throw statusError(plainUrl(url), response.status, response.headers)
      const decoder = new TextDecoder()
      let text = ''
      let length = 0
      await connection.readBody(response, (bytes) => {
        length += bytes.length
        if (length > maxBytes) throw tooLong(plainUrl(url), maxBytes)
        text += decoder.decode(bytes, { stream: true })
      })
      return {
        status: response.status,
        text: text + decoder.decode(),
        reason: response.headers.get('x-error-code') ?? undefined,
        next: nextPage(response.headers.get('link')),
        url: response.url || url,
      }
    },
    () => 0,
    options,
  )
}

/** @throws SampanError `source-unavailable` when it is no JSON, as of a server that is no hub */
export function parseAnswer({ text, url }: HubAnswer, hub: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw notAHub(url, hub)
  }
}

export function notAHub(url: string, hub: string): SampanError {
  return new SampanError(
    'source-unavailable',
    `What ${url} answers is not what a model hub does: check that ${hub} is one, and that no login page stands before it.`,
    { url, hub },
  )
}

/** RFC 8288. */
function nextPage(link: string | null): string | undefined {
  return /<([^<>]{1,4000})>\s*;[^,]{0,200}\brel="?next\b/.exec((link ?? '').slice(0, 8000))?.[1]
}

function tooLong(url: string, limit: number): SampanError {
  return new SampanError(
    'file-limit-exceeded',
    `${url} answers with more than ${limit} bytes: that is no list of a model's files. Check the address of the hub.`,
    { url, limit },
  )
}
