import type { Checkpoint, ModelConfig, TensorInfo } from '../../packages/engine/src/formats/checkpoint.ts'
import { dequantize } from '../../packages/engine/src/formats/dequantize.ts'

/**
 * Logits `[tokens.length, vocabularySize]` of a tiny checkpoint, in float64 and the plainest loops: what a checkpoint means, with no
 * GPU in between. Reads every weight at once; for golden checkpoints only. Serves qwen2, qwen3 and llama.
 */
export async function referenceLogits(checkpoint: Checkpoint, tokens: readonly number[]): Promise<Float64Array> {
  const { config } = checkpoint
  const weights = await readWeights(checkpoint)
  const get = (name: string) => {
    const values = weights.get(name)
    if (!values) throw new Error(`The checkpoint has no ${name}`)
    return values
  }
  const { hiddenSize, headSize, headCount, keyValueHeadCount } = config
  const frequencies = inverseFrequencies(config)
  const embedding = get('embed_tokens.weight')
  let hidden = tokens.map((token) =>
    Float64Array.from(embedding.subarray(token * hiddenSize, (token + 1) * hiddenSize)),
  )
  for (let layer = 0; layer < config.layerCount; layer++) {
    const at = (name: string) => `layers.${layer}.${name}`
    const project = (name: string, input: Float64Array) =>
      multiply(get(at(`${name}.weight`)), input, weights.get(at(`${name}.bias`)))
    const normed = hidden.map((row) => norm(row, get(at('input_layernorm.weight')), config.normEpsilon))
    const rotated = (name: string, normName: string, heads: number) =>
      normed.map((row, position) => {
        const out = project(name, row)
        const weight = weights.get(at(normName))
        for (let head = 0; head < heads; head++) {
          const part = out.subarray(head * headSize, (head + 1) * headSize)
          if (weight) part.set(norm(part, weight, config.normEpsilon))
          rotate(part, position, frequencies)
        }
        return out
      })
    const queries = rotated('self_attn.q_proj', 'self_attn.q_norm.weight', headCount)
    const keys = rotated('self_attn.k_proj', 'self_attn.k_norm.weight', keyValueHeadCount)
    const values = normed.map((row) => project('self_attn.v_proj', row))
    hidden = hidden.map((row, position) => {
      const mixed = new Float64Array(headCount * headSize)
      for (let head = 0; head < headCount; head++) {
        const shared = Math.floor(head / (headCount / keyValueHeadCount)) * headSize
        attend(
          mixed.subarray(head * headSize, (head + 1) * headSize),
          queries[position]?.subarray(head * headSize) ?? mixed,
          keys,
          values,
          shared,
          position,
        )
      }
      return add(row, project('self_attn.o_proj', mixed))
    })
    hidden = hidden.map((row) => {
      const input = norm(row, get(at('post_attention_layernorm.weight')), config.normEpsilon)
      const up = project('mlp.up_proj', input)
      const gated = project('mlp.gate_proj', input).map((gate, i) => (gate / (1 + Math.exp(-gate))) * (up[i] ?? 0))
      return add(row, project('mlp.down_proj', gated))
    })
  }
  const head = config.tiedEmbeddings ? embedding : get('lm_head.weight')
  const logits = new Float64Array(tokens.length * config.vocabularySize)
  hidden.forEach((row, position) => {
    logits.set(multiply(head, norm(row, get('norm.weight'), config.normEpsilon)), position * config.vocabularySize)
  })
  return logits
}

async function readWeights(checkpoint: Checkpoint): Promise<Map<string, Float32Array>> {
  const weights = new Map<string, Float32Array>()
  for (const tensor of checkpoint.tensors.values()) {
    const bytes = await tensor.source.read(tensor.start, tensor.start + tensor.byteLength)
    const values = dequantize(
      tensor.type,
      bytes,
      tensor.shape.reduce((product, size) => product * size, 1),
    )
    weights.set(tensor.name, separateRopeRows(tensor, values))
  }
  return weights
}

function separateRopeRows(tensor: TensorInfo, values: Float32Array): Float32Array {
  const size = tensor.interleavedRopeHeadSize
  if (size === undefined) return values
  const [rows = 0, columns = 1] = tensor.shape
  const out = new Float32Array(values.length)
  for (let row = 0; row < rows; row++) {
    const inHead = row % size
    const target = row - inHead + (inHead % 2) * (size / 2) + Math.floor(inHead / 2)
    out.set(values.subarray(row * columns, (row + 1) * columns), target * columns)
  }
  return out
}

function inverseFrequencies(config: ModelConfig): Float64Array {
  const { headSize, ropeBase, ropeScaling } = config
  return Float64Array.from({ length: headSize / 2 }, (_, pair) => {
    const frequency = ropeBase ** ((-2 * pair) / headSize)
    switch (ropeScaling.kind) {
      case 'none':
        return frequency
      case 'linear':
        return frequency / ropeScaling.factor
      case 'divisors':
        return frequency / (ropeScaling.divisors[pair] ?? 1)
      case 'llama3': {
        const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalContextLength } = ropeScaling
        const turns = (originalContextLength * frequency) / (2 * Math.PI)
        const smooth = Math.min(1, Math.max(0, (turns - low) / (high - low)))
        return frequency * (smooth + (1 - smooth) / factor)
      }
      case 'yarn':
        throw new Error('No golden checkpoint uses yarn')
      default:
        throw ropeScaling satisfies never
    }
  })
}

function rotate(head: Float64Array, position: number, frequencies: Float64Array): void {
  const half = frequencies.length
  frequencies.forEach((frequency, pair) => {
    const [first = 0, second = 0] = [head[pair], head[pair + half]]
    const [cos, sin] = [Math.cos(position * frequency), Math.sin(position * frequency)]
    head[pair] = first * cos - second * sin
    head[pair + half] = second * cos + first * sin
  })
}

function attend(
  out: Float64Array,
  query: Float64Array,
  keys: readonly Float64Array[],
  values: readonly Float64Array[],
  offset: number,
  position: number,
): void {
  const size = out.length
  const scores = keys
    .slice(0, position + 1)
    .map((key) => dot(query, key.subarray(offset, offset + size)) / Math.sqrt(size))
  const largest = Math.max(...scores)
  const shares = scores.map((score) => Math.exp(score - largest))
  const sum = shares.reduce((total, share) => total + share, 0)
  shares.forEach((share, at) => {
    for (let i = 0; i < size; i++) out[i] = (out[i] ?? 0) + (share / sum) * (values[at]?.[offset + i] ?? 0)
  })
}

function norm(row: Float64Array, weight: Float32Array, epsilon: number): Float64Array {
  const scale = 1 / Math.sqrt(dot(row, row) / row.length + epsilon)
  return row.map((value, i) => value * scale * (weight[i] ?? 0))
}

function multiply(matrix: Float32Array, input: Float64Array, bias?: Float32Array): Float64Array {
  const columns = input.length
  return Float64Array.from(
    { length: matrix.length / columns },
    (_, row) => dot(input, matrix.subarray(row * columns, (row + 1) * columns)) + (bias?.[row] ?? 0),
  )
}

function dot(a: Float64Array, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < b.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}

function add(a: Float64Array, b: Float64Array): Float64Array<ArrayBuffer> {
  return Float64Array.from(a, (value, i) => value + (b[i] ?? 0))
}
