import { SampanError } from '../errors.ts'
import { plainUrl } from '../hub/source-key.ts'

// An address may be signed: nobody is told more of it than its path.

export function rangeUnsupported(address: string, problem: string): SampanError {
  const url = plainUrl(address)
  return new SampanError(
    'range-unsupported',
    `The server of ${url} does not serve byte ranges as it must: ${problem}. Use a server that supports Range requests, or download the file and choose it from disk.`,
    { url },
  )
}

export function sourceChanged(address: string, details: Readonly<Record<string, unknown>>): SampanError {
  const url = plainUrl(address)
  return new SampanError('source-changed', `${url} is no longer the file that it was: load it again.`, {
    url,
    ...details,
  })
}

/** @param now undefined where it is only known to be something else */
export function otherSize(address: string, before: number, now: number | undefined): SampanError {
  const url = plainUrl(address)
  const is = now === undefined ? 'has another length' : `has ${now} bytes`
  return new SampanError(
    'source-changed',
    `${url} ${is}, but was said to have ${before}: it has been replaced, or its server gives a wrong length. Load it again.`,
    { url, before, now },
  )
}

export function longerThan(address: string, size: number): SampanError {
  const url = plainUrl(address)
  return new SampanError(
    'source-changed',
    `${url} was said to have ${size} bytes, but its server sends more: it has been replaced, or its server gives a wrong length. Load it again.`,
    { url, before: size },
  )
}

export function cutShort(address: string, at: number): SampanError {
  const url = plainUrl(address)
  return new SampanError(
    'network-failed',
    `The connection to ${url} was cut at byte ${at}: check the network and load again.`,
    { url, at },
  )
}

export function notAModelFile(address: string, contentType: string | undefined): SampanError {
  const url = plainUrl(address)
  return new SampanError(
    'not-a-model-file',
    `${url} gives a page or a message${contentType ? ` (${contentType})` : ''} in place of the file: open it in a tab, sign in to the network or site that answers there, or correct the address.`,
    { url, contentType },
  )
}

export function hashMismatch(address: string, expected: string, actual: string): SampanError {
  const url = plainUrl(address)
  return new SampanError(
    'hash-mismatch',
    `What came from ${url} is not what its hub lists: something changes it on the way, or that copy is damaged. Try another network or mirror.`,
    { url, expected, actual },
  )
}

export function stateUnreadable(address: string, cause: unknown): SampanError {
  const url = plainUrl(address)
  return new SampanError(
    'source-changed',
    `What is known of the interrupted download of ${url} does not fit it: download it from the start.`,
    { url },
    { cause },
  )
}
