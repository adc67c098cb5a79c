import { describe, expect, it } from 'vitest'
import { copyWork, type PreparedWork } from './copy.ts'
import { gemmTiles, gemmWork } from './gemm.ts'
import { bufferUsage, mapRead } from './gpu-flags.ts'
import { matvecWork, type NumberType } from './matvec.ts'
import { probeRoofline } from './probe.ts'

const adapter = await navigator.gpu.requestAdapter()
if (!adapter) throw new Error('no adapter')
const hasHalf = adapter.features.has('shader-f16')
const device = await adapter.requestDevice({ requiredFeatures: hasHalf ? ['shader-f16'] : [] })
const hasDot = navigator.gpu.wgslLanguageFeatures?.has('packed_4x8_integer_dot_product') === true
const types: readonly NumberType[] = [
  'f32',
  ...(hasHalf ? (['f16'] as const) : []),
  ...(hasDot ? (['int-dot'] as const) : []),
]

async function outputOf({ record, output, destroy }: PreparedWork, repeats: number): Promise<Float32Array> {
  const read = device.createBuffer({ size: output.size, usage: bufferUsage.mapRead | bufferUsage.copyDestination })
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  record(pass, repeats)
  pass.end()
  encoder.copyBufferToBuffer(output, 0, read, 0, output.size)
  device.queue.submit([encoder.finish()])
  await read.mapAsync(mapRead)
  const values = new Float32Array(read.getMappedRange().slice(0))
  read.destroy()
  destroy()
  return values
}

/** Whole numbers from −3 to 3, which every type holds and adds up exactly, and the words that hold them. */
function numbers(type: NumberType, count: number, seed: number): { values: number[]; words: Uint32Array<ArrayBuffer> } {
  const values = Array.from({ length: count }, (_, index) => ((index * 7919 + seed * 104_729) % 7) - 3)
  switch (type) {
    case 'f32':
      return { values, words: new Uint32Array(Float32Array.from(values).buffer) }
    case 'int-dot':
      return { values, words: new Uint32Array(Int8Array.from(values).buffer) }
    case 'f16': {
      const halves = new Uint16Array(count)
      for (const [index, value] of values.entries()) halves[index] = halfOf(value)
      return { values, words: new Uint32Array(halves.buffer) }
    }
    default:
      return type satisfies never
  }
}

/** Of a whole number from −3 to 3. */
function halfOf(value: number): number {
  const magnitude = [0, 0x3c00, 0x4000, 0x4200][Math.abs(value)] ?? 0
  return value < 0 ? magnitude | 0x8000 : magnitude
}

describe('what the probe times is work that was done', () => {
  it('copies every byte, also of sizes that fill no workgroup', async () => {
    for (const bytes of [4096, 32 * 1025, 2 ** 21]) {
      const fill = Uint32Array.from({ length: bytes / 8 }, (_, index) => index)
      const copied = new Uint32Array((await outputOf(await copyWork(device, bytes, fill), 2)).buffer)
      expect(copied).toEqual(fill)
    }
  })

  it.each(types)('multiplies a matrix by a vector, in %s', async (type) => {
    const [rows, columns] = [64, 512]
    const weights = numbers(type, rows * columns, 1)
    const input = numbers(type, columns, 2)
    const fill = { weights: weights.words, input: input.words }
    const output = await outputOf(await matvecWork(device, type, { rows, columns }, fill), 1)
    const expected = Array.from({ length: rows }, (_, row) =>
      input.values.reduce((sum, value, at) => sum + value * (weights.values[row * columns + at] ?? 0), 0),
    )
    expect([...output]).toEqual(expected)
  })

  it.each(
    types.flatMap((type) =>
      gemmTiles.map((tile) => ({ type, tile, name: `${tile.size}/${tile.each}${tile.shared ? '' : ', directly'}` })),
    ),
  )('multiplies matrices, in $type by tiles of $name', async ({ type, tile }) => {
    const shape = { m: 128, n: 128, k: 128 }
    const a = numbers(type, shape.m * shape.k, 3)
    const b = numbers(type, shape.n * shape.k, 4)
    const output = await outputOf(await gemmWork(device, type, shape, tile, { a: a.words, b: b.words }), 1)
    const at = (row: number, column: number): number => {
      let sum = 0
      for (let k = 0; k < shape.k; k++)
        sum += (a.values[row * shape.k + k] ?? 0) * (b.values[column * shape.k + k] ?? 0)
      return sum
    }
    const expected = Float32Array.from({ length: shape.m * shape.n }, (_, index) =>
      at(Math.floor(index / shape.n), index % shape.n),
    )
    expect(output).toEqual(expected)
  })
})

describe('the probe', () => {
  it('tells bandwidth at the working sets and what the way costs, on a CPU no products', async () => {
    const seen: number[] = []
    const signal = new AbortController().signal
    const roofline = await probeRoofline({
      workingSets: [100_000],
      small: true,
      signal,
      onProgress: (fraction) => seen.push(fraction),
    })
    expect(roofline?.copy.map(({ bytes }) => bytes)).toEqual([98_304, 2 ** 22])
    expect([roofline?.gemm, roofline?.matvec]).toEqual([[], []])
    for (const { gigabytesPerSecond } of roofline?.copy ?? []) expect(gigabytesPerSecond.median).toBeGreaterThan(0)
    expect(roofline?.emptyDispatchUs?.samples).toHaveLength(3)
    expect(roofline?.mapAsyncMs?.median).toBeGreaterThan(0)
    expect(roofline?.notAvailable.map(({ what }) => what)).toEqual(['products'])
    expect(roofline?.adapter?.software).toBe(true)
    expect(seen.at(-1)).toBe(1)
  })

  it('measures products of every type there is, and says which there are not', async () => {
    const roofline = await probeRoofline({
      workingSets: [],
      shapes: { gemm: { m: 128, n: 128, k: 128 }, matvec: { rows: 64, columns: 512 } },
      budgetMs: 1,
      signal: new AbortController().signal,
    })
    expect(roofline?.gemm.map(({ type }) => type)).toEqual(types)
    expect(roofline?.matvec.map(({ type }) => type)).toEqual(types)
    for (const { gigaflops } of roofline?.gemm ?? []) expect(gigaflops.median).toBeGreaterThan(0)
    const absent = ['f16', 'int-dot'].filter((type) => !types.some((one) => one === type))
    expect(roofline?.notAvailable.map(({ what }) => what)).toEqual(absent)
  })

  it('ends when it is told to', async () => {
    const controller = new AbortController()
    const probing = probeRoofline({
      workingSets: [],
      small: true,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    await expect(probing).rejects.toThrow('abort')
  })
})
