import { readdirSync, readFileSync } from 'node:fs'

export type Files = Readonly<Record<string, string | Uint8Array>>
export type Json = Readonly<Record<string, unknown>>

const tiny = new URL('../../../../test/fixtures/tiny/', import.meta.url)
/** What transformers 5 wrote: a Qwen2 of two layers that has learnt one sentence. */
export const released = Object.fromEntries(readdirSync(tiny).map((name) => [name, readFileSync(new URL(name, tiny))]))
export const text = (name: string): string => String(released[name])
const weights = released['model.safetensors'] ?? new Uint8Array()

/** A file of it, changed. */
export function json(name: string, change: (object: Json) => Json): Files {
  return { [name]: JSON.stringify(change(JSON.parse(text(name)))) }
}

/** A safetensors file with some of the weights' tensors, under other names if need be. */
export function tensorsOf(wanted: (name: string) => boolean, rename = (name: string): string => name): Uint8Array {
  const headerBytes = Number(Buffer.from(weights).readBigUInt64LE())
  const { __metadata__: _, ...header } = JSON.parse(Buffer.from(weights).toString('utf8', 8, 8 + headerBytes))
  const own: Record<string, unknown> = {}
  const parts: Uint8Array[] = []
  let at = 0
  for (const [name, tensor] of Object.entries<{ data_offsets: [number, number] }>(header)) {
    if (!wanted(name)) continue
    const [start, end] = tensor.data_offsets
    parts.push(weights.subarray(8 + headerBytes + start, 8 + headerBytes + end))
    own[rename(name)] = { ...tensor, data_offsets: [at, at + end - start] }
    at += end - start
  }
  const text = Buffer.from(JSON.stringify(own))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, ...parts])
}

/** All of it, with more tensors behind them. */
export function withTensors(
  more: Readonly<Record<string, { readonly dtype: string; readonly shape: readonly number[] }>>,
) {
  const bytesOf: Readonly<Record<string, number>> = { F64: 8, I64: 8, F32: 4, I32: 4, F16: 2, BF16: 2, BOOL: 1, U8: 1 }
  const headerBytes = Number(Buffer.from(weights).readBigUInt64LE())
  const header = JSON.parse(Buffer.from(weights).toString('utf8', 8, 8 + headerBytes))
  const data = weights.subarray(8 + headerBytes)
  let at = data.length
  for (const [name, { dtype, shape }] of Object.entries(more)) {
    const bytes = shape.reduce((product, size) => product * size, bytesOf[dtype] ?? 1)
    header[name] = { dtype, shape, data_offsets: [at, at + bytes] }
    at += bytes
  }
  const own = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(own.length))
  return { ...released, 'model.safetensors': Buffer.concat([length, own, data, Buffer.alloc(at - data.length)]) }
}

/** Weights of which the first tensor is said to be of 64 bits. */
export function asDoubles(): Uint8Array {
  const headerBytes = Number(Buffer.from(weights).readBigUInt64LE())
  const header = Buffer.from(weights)
    .toString('utf8', 8, 8 + headerBytes)
    .replace(/"(BF16|F16|F32)"/, '"F64"')
  const own = Buffer.from(header)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(own.length))
  return Buffer.concat([length, own, weights.subarray(8 + headerBytes)])
}
