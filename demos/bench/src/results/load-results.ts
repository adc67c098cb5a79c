import type { BenchResult } from '@sampan/bench'

/** As long as a result file may be. */
const MOST_BYTES = 64 * 1024 * 1024
const MOST_COMMITTED = 500

/** What a file or an address gave: a result, or why it is none. */
export type LoadOutcome =
  | { readonly ok: true; readonly from: string; readonly result: BenchResult }
  | { readonly ok: false; readonly from: string; readonly problem: Problem }

export type Problem =
  /** `readResult` says what is wrong, in English. */
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'unreachable' | 'too-large' | 'no-address' }
  | { readonly kind: 'status'; readonly status: number }

/** The reader is a large part of this page's code, and many visitors need it late or never. */
async function read(text: string, from: string): Promise<LoadOutcome> {
  const { readResult } = await import('./reader.ts')
  try {
    return { ok: true, from, result: readResult(text) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { ok: false, from, problem: { kind: 'refused', message } }
  }
}

export async function resultFromFile(file: File): Promise<LoadOutcome> {
  if (file.size > MOST_BYTES) return { ok: false, from: file.name, problem: { kind: 'too-large' } }
  const text = await file.text().catch(() => undefined)
  return text === undefined ? { ok: false, from: file.name, problem: { kind: 'unreachable' } } : read(text, file.name)
}

/** Asked without cookies: whoever answers learns that somebody looks, and no more. */
export async function resultFromAddress(address: string): Promise<LoadOutcome> {
  const url = URL.canParse(address, location.href) ? new URL(address, location.href) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) return { ok: false, from: address, problem: { kind: 'no-address' } }
  const text = await textAt(url)
  return typeof text === 'string' ? read(text, address) : { ok: false, from: address, problem: text }
}

/** Those that come with this page. */
export async function committedResults(): Promise<readonly LoadOutcome[]> {
  const text = await textAt(new URL('./results/index.json', location.href))
  if (typeof text !== 'string') return []
  const names = listIn(text)
  const files = names.filter((name) => typeof name === 'string').slice(0, MOST_COMMITTED)
  return Promise.all(files.map((name) => resultFromAddress(`./results/${name}`)))
}

/** A server may answer with a page of its own where the list is not. */
function listIn(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}

async function textAt(url: URL): Promise<string | Problem> {
  try {
    const response = await fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer' })
    if (!response.ok) return { kind: 'status', status: response.status }
    const pieces: Uint8Array<ArrayBuffer>[] = []
    let bytes = 0
    for await (const piece of piecesOf(response)) {
      bytes += piece.length
      if (bytes > MOST_BYTES) return { kind: 'too-large' }
      pieces.push(piece)
    }
    return new Blob(pieces).text()
  } catch {
    return { kind: 'unreachable' }
  }
}

/** Safari's streams cannot be iterated over. */
async function* piecesOf({ body }: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = body?.getReader()
  if (!reader) return
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}
