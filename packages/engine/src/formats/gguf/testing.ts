/** Writes small GGUF files, sound or not, for tests of the reader. */

export type TestValue =
  | { readonly type: 4 | 5; readonly value: number }
  | { readonly type: 6; readonly value: number }
  | { readonly type: 7; readonly value: boolean }
  | { readonly type: 8; readonly value: string | Uint8Array }
  | { readonly type: 10; readonly value: bigint }
  | { readonly type: 9; readonly value: readonly TestValue[]; readonly element: number; readonly count?: bigint }
  /** A value type that does not exist, or raw bytes for one that does. */
  | { readonly type: number; readonly raw: Uint8Array }

export interface TestTensor {
  readonly name: string | Uint8Array
  readonly dimensions: readonly (number | bigint)[]
  readonly type: number
  readonly offset: number | bigint
}

export interface TestGguf {
  readonly magic?: string
  readonly version?: number
  readonly tensorCount?: bigint
  readonly metadataCount?: bigint
  readonly metadata?: readonly (readonly [string | Uint8Array, TestValue])[]
  readonly tensors?: readonly TestTensor[]
  /** Bytes of the data section. */
  readonly dataBytes?: number
  readonly alignment?: number
}

export const u32 = (value: number): TestValue => ({ type: 4, value })
export const f32 = (value: number): TestValue => ({ type: 6, value })
export const text = (value: string | Uint8Array): TestValue => ({ type: 8, value })
export const u64 = (value: bigint): TestValue => ({ type: 10, value })
export const array = (element: number, value: readonly TestValue[], count?: bigint): TestValue =>
  count === undefined ? { type: 9, element, value } : { type: 9, element, value, count }

export function buildGguf(file: TestGguf): Uint8Array {
  const out = new Writer()
  for (const character of file.magic ?? 'GGUF') out.byte(character.charCodeAt(0))
  out.uint32(file.version ?? 3)
  out.uint64(file.tensorCount ?? BigInt(file.tensors?.length ?? 0))
  out.uint64(file.metadataCount ?? BigInt(file.metadata?.length ?? 0))
  for (const [key, value] of file.metadata ?? []) {
    out.text(key)
    out.uint32(value.type)
    out.value(value)
  }
  for (const tensor of file.tensors ?? []) {
    out.text(tensor.name)
    out.uint32(tensor.dimensions.length)
    for (const size of tensor.dimensions) out.uint64(BigInt(size))
    out.uint32(tensor.type)
    out.uint64(BigInt(tensor.offset))
  }
  const alignment = file.alignment ?? 32
  while (out.bytes.length % alignment !== 0) out.byte(0)
  for (let i = 0; i < (file.dataBytes ?? 0); i++) out.byte(0)
  return Uint8Array.from(out.bytes)
}

class Writer {
  readonly bytes: number[] = []

  byte(value: number): void {
    this.bytes.push(value & 255)
  }

  uint32(value: number): void {
    for (let shift = 0; shift < 32; shift += 8) this.byte(value >>> shift)
  }

  uint64(value: bigint): void {
    for (let shift = 0n; shift < 64n; shift += 8n) this.byte(Number((value >> shift) & 255n))
  }

  text(value: string | Uint8Array): void {
    const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value
    this.uint64(BigInt(bytes.length))
    for (const byte of bytes) this.byte(byte)
  }

  value(value: TestValue): void {
    if ('raw' in value) for (const byte of value.raw) this.byte(byte)
    else if (value.type === 9) {
      this.uint32(value.element)
      this.uint64(value.count ?? BigInt(value.value.length))
      for (const item of value.value) this.value(item)
    } else if (value.type === 8) this.text(value.value)
    else if (value.type === 7) this.byte(value.value ? 1 : 0)
    else if (value.type === 10) this.uint64(value.value)
    else if (value.type === 6) this.uint32(new Uint32Array(Float32Array.of(value.value).buffer)[0] ?? 0)
    else this.uint32(value.value)
  }
}

/** The metadata of a tiny, sound checkpoint of `architecture`, with changes; `undefined` leaves a key out. */
export function modelMetadata(
  architecture: string,
  changes: Readonly<Record<string, TestValue | undefined>> = {},
): readonly (readonly [string, TestValue])[] {
  const values: Readonly<Record<string, TestValue | undefined>> = {
    'general.architecture': text(architecture),
    [`${architecture}.embedding_length`]: u32(64),
    [`${architecture}.block_count`]: u32(1),
    [`${architecture}.attention.head_count`]: u32(4),
    [`${architecture}.attention.head_count_kv`]: u32(2),
    [`${architecture}.feed_forward_length`]: u32(96),
    [`${architecture}.context_length`]: u32(128),
    [`${architecture}.attention.layer_norm_rms_epsilon`]: f32(1e-6),
    [`${architecture}.vocab_size`]: u32(10),
    ...changes,
  }
  return Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]))
}
