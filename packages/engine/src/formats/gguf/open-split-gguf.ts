import { EngineError } from '../../errors.ts'
import type { ByteSource } from '../byte-source.ts'
import type { Checkpoint, MetadataValue, TensorInfo } from '../checkpoint.ts'
import { maximumSplitParts } from './limits.ts'
import { ggufCheckpoint, openGguf } from './open-gguf.ts'
import { fullHeaderBudget, type GgufFile, readGguf } from './read-gguf.ts'

/** Metadata of llama.cpp's `llama-gguf-split`. */
const splitKeys = { count: 'split.count', number: 'split.no', tensors: 'split.tensors.count' } as const

interface Part {
  readonly source: ByteSource
  /** Without metadata, but for the first. */
  readonly file: GgufFile
  /** From 0. */
  readonly number: number
}

/**
 * Opens a GGUF model that lies in several files, given in any order. What says how to run it is in the first; its tensors are as they
 * would be in one file, and so is its metadata, which says nothing of parts. Headers of all parts together have the limits of one file's.
 * @throws EngineError as `openGguf`, and `file-malformed` when parts are missing, given twice or of different models
 */
export async function openSplitGguf(sources: readonly ByteSource[], signal?: AbortSignal): Promise<Checkpoint> {
  const [only] = sources
  if (only && sources.length === 1) return openGguf(only, signal)
  if (sources.length > maximumSplitParts)
    throw new EngineError('file-limit-exceeded', `${sources.length} parts are more than ${maximumSplitParts}.`, {
      limit: maximumSplitParts,
    })
  const parts: Part[] = []
  const budget = fullHeaderBudget()
  // One after another: headers of several tokenizers at once would take much memory.
  for (const source of sources) {
    const file = await readGguf(source, signal, budget)
    const number = numberOf(source, file, sources.length)
    parts.push({ source, file: number === 0 ? file : { ...file, metadata: new Map() }, number })
  }
  parts.sort((a, b) => a.number - b.number)
  parts.forEach((part, index) => {
    if (part.number !== index)
      throw mixed(part.source, `part ${index + 1} of ${parts.length} is missing, and another is there twice`)
  })
  const [first] = parts
  if (!first) throw new EngineError('file-malformed', 'There is no part of a GGUF file here: give all of them.')
  return ggufCheckpoint(first.source, { ...first.file, metadata: unsplit(first), tensors: allTensors(parts) }, signal)
}

function numberOf(source: ByteSource, { metadata }: GgufFile, given: number): number {
  const count = metadata.get(splitKeys.count)
  const number = metadata.get(splitKeys.number)
  if (typeof count !== 'number' || typeof number !== 'number' || count < 2)
    throw mixed(source, 'it is no part of a split GGUF')
  if (count !== given) throw mixed(source, `the model has ${count} parts, and ${given} are given`)
  return number
}

function unsplit({ file }: Part): Map<string, MetadataValue> {
  const own: readonly string[] = Object.values(splitKeys)
  return new Map([...file.metadata].filter(([key]) => !own.includes(key)))
}

function allTensors(parts: readonly Part[]): Map<string, TensorInfo> {
  const tensors = new Map<string, TensorInfo>()
  for (const { source, file } of parts)
    for (const [name, tensor] of file.tensors) {
      if (tensors.has(name)) throw mixed(source, `the tensor ${JSON.stringify(name)} is in another part too`)
      tensors.set(name, tensor)
    }
  const [first] = parts
  const told = first?.file.metadata.get(splitKeys.tensors)
  if (first && typeof told === 'number' && told !== tensors.size)
    throw mixed(first.source, `it tells of ${told} tensors, and all parts together have ${tensors.size}`)
  return tensors
}

function mixed(source: ByteSource, problem: string): EngineError {
  return new EngineError(
    'file-malformed',
    `${source.name} does not go with the files beside it: ${problem}. Give every part of one model once.`,
    { name: source.name },
  )
}
