import { expect } from 'vitest'
import { EngineError, type EngineErrorCode } from '../errors.ts'
import type { ByteSource } from './byte-source.ts'
import { bytesSource } from './bytes-source.ts'
import { checkRange } from './check-range.ts'

/** The typed error that `work` ends with; fails the test when it ends otherwise. */
export async function failure(work: Promise<unknown>): Promise<EngineError> {
  const outcome = await work.then(
    () => 'no error',
    (error: unknown) => error,
  )
  if (outcome instanceof EngineError) return outcome
  throw new Error(`Expected an EngineError, got ${outcome instanceof Error ? outcome.stack : String(outcome)}`)
}

export async function expectFailure(work: Promise<unknown>, code: EngineErrorCode, message: RegExp): Promise<void> {
  const error = await failure(work)
  expect({ code: error.code, message: error.message }).toEqual({ code, message: expect.stringMatching(message) })
}

/** A source that claims to be larger than its bytes, whose reads past them give zeros; counts what is read. */
export function sparseSource(bytes: Uint8Array, size: number): ByteSource & { readonly reads: number[] } {
  const head = bytesSource(bytes, 'sparse')
  const reads: number[] = []
  return {
    name: 'sparse',
    size,
    reads,
    async read(start, end) {
      checkRange('sparse', size, start, end)
      reads.push(end - start)
      const out = new Uint8Array(end - start)
      if (start < bytes.length) out.set(await head.read(start, Math.min(end, bytes.length)))
      return out
    },
  }
}

/** Seeded numbers in [0, 1) for tests: Marsaglia's xorshift with 32 bits. */
export function seededRandom(seed: number): () => number {
  let state = seed | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
