import { SampanError } from '../errors.ts'

export function rangeUnsupported(url: string, problem: string): SampanError {
  return new SampanError(
    'range-unsupported',
    `The server of ${url} does not serve byte ranges as it must: ${problem}. Use a server that supports Range requests, or download the file and choose it from disk.`,
    { url },
  )
}

export function sourceChanged(url: string, details: Readonly<Record<string, unknown>>): SampanError {
  return new SampanError('source-changed', `${url} is no longer the file that it was: load it again.`, {
    url,
    ...details,
  })
}

export function cutShort(url: string, at: number): SampanError {
  return new SampanError(
    'network-failed',
    `The connection to ${url} was cut at byte ${at}: check the network and load again.`,
    { url, at },
  )
}

export function notAModelFile(url: string, contentType: string | undefined): SampanError {
  return new SampanError(
    'not-a-model-file',
    `${url} gives a page or a message${contentType ? ` (${contentType})` : ''} in place of the file: open it in a tab, sign in to the network or site that answers there, or correct the address.`,
    { url, contentType },
  )
}

export function hashMismatch(url: string, expected: string, actual: string): SampanError {
  return new SampanError(
    'hash-mismatch',
    `What came from ${url} is not what its hub lists: something changes it on the way, or that copy is damaged. Try another network or mirror.`,
    { url, expected, actual },
  )
}

export function stateUnreadable(url: string, cause: unknown): SampanError {
  return new SampanError(
    'source-changed',
    `What is known of the interrupted download of ${url} does not fit it: download it from the start.`,
    { url },
    { cause },
  )
}
