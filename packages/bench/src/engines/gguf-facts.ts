import type { ByteSource, Checkpoint } from '@sampan/engine'
import { BenchError } from '../errors.ts'
import type { EngineIdentity } from './bench-engine.ts'
import { parametersOf } from './model-parameters.ts'

/** A key or a value in llama.cpp, unless it is told otherwise. */
const LLAMA_KEY_VALUE_BYTES = 2

/** Looked up a row at a time. */
const EMBEDDING = 'embed_tokens.weight'

/** `general.file_type` of llama.cpp, by what people call it. */
const FILE_TYPES: ReadonlyMap<unknown, string> = new Map([
  [0, 'F32'],
  [1, 'F16'],
  [2, 'Q4_0'],
  [3, 'Q4_1'],
  [7, 'Q8_0'],
  [8, 'Q5_0'],
  [9, 'Q5_1'],
  [11, 'Q3_K_S'],
  [12, 'Q3_K_M'],
  [13, 'Q3_K_L'],
  [14, 'Q4_K_S'],
  [15, 'Q4_K_M'],
  [16, 'Q5_K_S'],
  [17, 'Q5_K_M'],
  [18, 'Q6_K'],
  [32, 'BF16'],
])

/** A GGUF file as an engine has it that keeps the file's own quantisation, as llama.cpp does. */
export function checkpointModel({ config, tensors, metadata }: Checkpoint): EngineIdentity['model'] {
  const { layerCount, keyValueHeadCount, headSize, tiedEmbeddings } = config
  const read = [...tensors.values()].filter(({ name }) => tiedEmbeddings || name !== EMBEDDING)
  const bytes = read.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const weights = read.reduce((sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1), 0)
  const quantization = quantizationOf({ metadata, tensors })
  return {
    architecture: config.architecture,
    ...parametersOf({
      layers: layerCount,
      hidden: config.hiddenSize,
      heads: config.headCount,
      keyValueHeads: keyValueHeadCount,
      headSize,
      feedForward: config.feedForwardSize,
      vocabulary: config.vocabularySize,
      tiedEmbeddings,
    }),
    weightBytes: bytes,
    bitsPerWeight: (8 * bytes) / weights,
    ...(quantization !== undefined && { quantization }),
    keyValueBytesPerToken: 2 * layerCount * keyValueHeadCount * headSize * LLAMA_KEY_VALUE_BYTES,
    vocabularySize: config.vocabularySize,
  }
}

/** As the file says, else the type that most of its bytes have. */
function quantizationOf({ metadata, tensors }: Pick<Checkpoint, 'metadata' | 'tensors'>): string | undefined {
  const told = FILE_TYPES.get(metadata.get('general.file_type'))
  if (told !== undefined) return told
  const bytes = new Map<string, number>()
  for (const { type, byteLength } of tensors.values()) bytes.set(type, (bytes.get(type) ?? 0) + byteLength)
  return [...bytes].sort(([, one], [, other]) => other - one)[0]?.[0]
}

/**
 * A file on a server, read by ranges.
 * @throws BenchError `engine-misbehaved` where the server does not answer with them
 */
export async function remoteFile(url: string, signal?: AbortSignal): Promise<ByteSource> {
  const first = await ranged(url, 0, 1, signal)
  const size = Number(/\/(\d+)$/.exec(first.headers.get('content-range') ?? '')?.[1])
  await first.arrayBuffer()
  if (!Number.isSafeInteger(size))
    throw new BenchError('engine-misbehaved', `${url}: the server does not tell the file's size.`)
  return {
    name: url,
    size,
    read: async (start, end, signal) => {
      const bytes = new Uint8Array(await (await ranged(url, start, end, signal)).arrayBuffer())
      if (bytes.length !== end - start)
        throw new BenchError('engine-misbehaved', `${url}: the server sent another range.`)
      return bytes
    },
  }
}

async function ranged(url: string, start: number, end: number, signal: AbortSignal | undefined): Promise<Response> {
  const response = await fetch(url, { headers: { range: `bytes=${start}-${end - 1}` }, signal: signal ?? null })
  if (response.status === 206) return response
  await response.body?.cancel()
  throw new BenchError(
    'engine-misbehaved',
    `${url}: the server answered ${response.status} where a range was asked for.`,
  )
}

/** @throws BenchError `engine-misbehaved` */
export async function remoteBlob(url: string, signal: AbortSignal): Promise<Blob> {
  const response = await fetch(url, { signal })
  if (!response.ok) throw new BenchError('engine-misbehaved', `${url}: the server answered ${response.status}.`)
  return response.blob()
}

/**
 * Of a GGUF file by its URL, or by `org/name:file.gguf` on Hugging Face.
 * @throws BenchError `not-available` for what is no GGUF file
 */
export function ggufUrl(source: string): string {
  if (/^https?:\/\/[^?#]+\.gguf([?#]|$)/i.test(source)) return source
  const match = /^([\w.-]+\/[\w.-]+)(?:@([\w./-]+))?:([\w./-]+\.gguf)$/i.exec(source)
  const [, repository, revision = 'main', file] = match ?? []
  if (repository !== undefined && file !== undefined)
    return `https://huggingface.co/${repository}/resolve/${revision}/${file}`
  throw new BenchError('not-available', `llama.cpp runs GGUF files, and ${source} names none.`)
}
