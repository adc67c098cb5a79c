import { bytesSource } from '../bytes-source.ts'

export interface TestEntry {
  readonly dtype?: unknown
  readonly shape?: unknown
  readonly data_offsets?: unknown
}

/** A safetensors file with a header as given (text or object) and a data section of `dataBytes` zeros. */
export function buildSafetensors(
  header: string | Uint8Array | Readonly<Record<string, unknown>>,
  dataBytes: number,
  declaredLength?: bigint,
): Uint8Array {
  const text =
    header instanceof Uint8Array
      ? header
      : new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + text.length + dataBytes)
  new DataView(bytes.buffer).setBigUint64(0, declaredLength ?? BigInt(text.length), true)
  bytes.set(text, 8)
  return bytes
}

export const safetensorsSource = (...parts: Parameters<typeof buildSafetensors>) =>
  bytesSource(buildSafetensors(...parts), 'model.safetensors')

/** `config.json` of a tiny, sound checkpoint, with changes; `undefined` leaves a key out. */
export function modelConfig(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    model_type: 'llama',
    hidden_size: 64,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    intermediate_size: 96,
    vocab_size: 10,
    max_position_embeddings: 128,
    rms_norm_eps: 1e-5,
    hidden_act: 'silu',
    rope_theta: 10_000,
    torch_dtype: 'bfloat16',
    ...changes,
  })
}
