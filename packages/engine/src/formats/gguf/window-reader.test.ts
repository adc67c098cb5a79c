import { expect, it } from 'vitest'
import { readGguf } from './read-gguf.ts'

/** As Qwen's: what a string takes is its length and 8 bytes before it. */
const TOKENS = 151_936

/** The header of a file with a vocabulary of that size, before weights that are never looked at. */
function vocabularyHeader(tokens: readonly string[], merges: readonly string[]): Uint8Array {
  const parts: Buffer[] = []
  const u32 = (value: number): void => void parts.push(Buffer.from(Uint32Array.of(value).buffer))
  const u64 = (value: number): void => void parts.push(Buffer.from(BigUint64Array.of(BigInt(value)).buffer))
  const text = (value: string): void => {
    u64(Buffer.byteLength(value))
    parts.push(Buffer.from(value))
  }
  const strings = (key: string, values: readonly string[]): void => {
    text(key)
    u32(9)
    u32(8)
    u64(values.length)
    for (const value of values) text(value)
  }
  parts.push(Buffer.from('GGUF'))
  u32(3)
  u64(0)
  u64(4)
  strings('tokenizer.ggml.tokens', tokens)
  text('tokenizer.ggml.token_type')
  u32(9)
  u32(5)
  u64(tokens.length)
  parts.push(Buffer.alloc(4 * tokens.length))
  strings('tokenizer.ggml.merges', merges)
  text('tokenizer.chat_template')
  u32(8)
  text('x'.repeat(4000))
  return Buffer.concat(parts)
}

async function readsOf(header: Uint8Array, size: number): Promise<readonly (readonly [number, number])[]> {
  const reads: [number, number][] = []
  await readGguf({
    name: 'a.gguf',
    size,
    read: async (start, end) => {
      reads.push([start, end])
      const bytes = new Uint8Array(end - start)
      bytes.set(header.subarray(start, end))
      return bytes
    },
  })
  return reads
}

it('reads a header with a large vocabulary in a few reads, and little behind it', async () => {
  const tokens = Array.from({ length: TOKENS }, (_, index) => `t${index}`)
  const merges = Array.from({ length: TOKENS }, (_, index) => `t${index} u${index % 100}`)
  const header = vocabularyHeader(tokens, merges)
  expect(header.length).toBeGreaterThan(5e6)
  const reads = await readsOf(header, 500e6)
  expect(reads.length).toBeLessThanOrEqual(4)
  expect(Math.max(...reads.map(([, end]) => end)) - header.length).toBeLessThan(1 << 20)
})

it('reads a small header at once', async () => {
  const header = vocabularyHeader(['a', 'b'], ['a b'])
  expect(await readsOf(header, 500e6)).toEqual([[0, 256 << 10]])
})

it('goes by what strings turn out to have, not by what they mostly have', async () => {
  const long = Array.from({ length: 20_000 }, (_, index) => `${index}`.padEnd(200, 'long '))
  const header = vocabularyHeader(long, [])
  const reads = await readsOf(header, 500e6)
  expect(reads.length).toBeLessThanOrEqual(4)
  expect(Math.max(...reads.map(([, end]) => end)) - header.length).toBeLessThan(1 << 20)
})
