import { expect, test } from 'vitest'
import { EngineError } from '../../errors.ts'
import { seededRandom, sparseSource } from '../testing.ts'
import { maximumHeaderBytes } from './limits.ts'
import { openGguf } from './open-gguf.ts'
import { array, buildGguf, f32, modelMetadata, text, u32 } from './testing.ts'

const mutants = 4000

const sound = buildGguf({
  metadata: modelMetadata('llama', {
    'tokenizer.ggml.tokens': array(8, [text('a'), text('bc'), text('é')]),
    'tokenizer.ggml.scores': array(6, [f32(1), f32(2)]),
    nested: array(9, [array(4, [u32(1)])]),
  }),
  tensors: [
    { name: 'token_embd.weight', dimensions: [64, 10], type: 0, offset: 0 },
    { name: 'rope_freqs.weight', dimensions: [8], type: 0, offset: 2560 },
    { name: 'blk.0.attn_q.weight', dimensions: [64, 64], type: 2, offset: 2592 },
  ],
  dataBytes: 2592 + 2304,
})
const headerBytes = sound.length - 4896
new Float32Array(sound.buffer, headerBytes + 2560, 8).fill(1)

/** Replaced, swapped, erased or inflated bytes: one to four of them, mostly in the header. */
function mutate(random: () => number): Uint8Array {
  const bytes = [...sound]
  const pick = (below: number) => Math.floor(random() * below)
  for (let edits = 1 + pick(4); edits > 0; edits--) {
    const at = pick(headerBytes)
    const kind = pick(6)
    if (kind === 0) bytes[at] = pick(256)
    else if (kind === 1) bytes[at] = 255
    else if (kind === 2) bytes.splice(at, 1 + pick(8))
    else if (kind === 3) bytes.splice(at, 0, ...Array.from({ length: 1 + pick(8) }, () => pick(256)))
    else if (kind === 4) bytes[at] = (bytes[at] ?? 0) ^ (1 << pick(8))
    else bytes.splice(at, 8, ...bytes.slice(pick(headerBytes)).slice(0, 8))
  }
  return Uint8Array.from(bytes)
}

test(`${mutants} damaged files parse or fail with a typed error, and none makes the reader allocate much`, async () => {
  await openGguf(sparseSource(sound, sound.length))
  const random = seededRandom(2026)
  const outcomes = new Map<string, number>()
  for (let index = 0; index < mutants; index++) {
    const bytes = mutate(random)
    // Half of them pretend to be part of a huge file, so that only the limits hold the reader back.
    const source = sparseSource(bytes, index % 2 === 0 ? bytes.length : 2 ** 40)
    const outcome = await openGguf(source).then(
      () => 'parsed',
      (error: unknown) => {
        if (EngineError.isInstance(error)) return error.code
        throw new Error(`Mutant ${index} ended with ${String(error)}`, { cause: error })
      },
    )
    expect(source.reads.reduce((sum, size) => sum + size, 0)).toBeLessThan(1.5 * maximumHeaderBytes)
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  }
  // The mutations reach past the first checks: every kind of outcome occurs.
  for (const outcome of ['parsed', 'file-malformed', 'file-truncated', 'file-limit-exceeded', 'format-unsupported'])
    expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(20)
})
