import { EngineError } from '../../errors.ts'
import type { ByteSource } from '../byte-source.ts'
import { canonicalName, ggufArchitectures, ggufKeys } from '../gguf/names.ts'
import { type GgufFile, readGguf } from '../gguf/read-gguf.ts'
import type { LoraAdapter } from './lora-adapter.ts'
import { type LoraPart, pairTargets } from './pair-targets.ts'

const keys = {
  type: 'general.type',
  adapterType: 'adapter.type',
  alpha: 'adapter.lora.alpha',
  invocationTokens: 'adapter.alora.invocation_tokens',
  name: 'general.name',
  baseName: 'general.base_model.0.name',
} as const

/**
 * Opens an adapter as llama.cpp's `convert_lora_to_gguf.py` writes it: `NAME.lora_a` is [rank, inputs], `NAME.lora_b` [outputs, rank],
 * one alpha for all (0: no scale), and B's rows of q and k in the order that the architecture's base has them in.
 */
export async function openGgufLora(source: ByteSource, signal?: AbortSignal): Promise<LoraAdapter> {
  const file = await readGguf(source, signal)
  const text = (key: string): string | undefined => {
    const value = file.metadata.get(key)
    return typeof value === 'string' ? value : undefined
  }
  checkKind(source, text(keys.type), text(keys.adapterType))
  if (file.metadata.has(keys.invocationTokens))
    throw unsupported(source, 'is an activated LoRA (aLoRA), which works on a part of the text only')
  const architecture = text(ggufKeys.architecture)
  if (architecture === undefined)
    throw new EngineError(
      'file-malformed',
      `${source.name} does not name its ${ggufKeys.architecture}. Use another file.`,
      { name: source.name },
    )
  const alpha = file.metadata.get(keys.alpha)
  if (typeof alpha !== 'number')
    throw new EngineError('file-malformed', `${source.name} has no number ${keys.alpha}. Use another file.`, {
      name: source.name,
      key: keys.alpha,
    })
  return {
    format: 'gguf',
    name: source.name,
    baseModel: text(keys.baseName),
    architecture,
    interleavedRope: ggufArchitectures[architecture]?.interleavedRope === true,
    targets: pairTargets(source.name, partsOf(source, file), (_, rank) => (alpha === 0 ? 1 : alpha / rank)),
  }
}

function* partsOf(source: ByteSource, file: GgufFile): Generator<LoraPart> {
  for (const tensor of file.tensors.values()) {
    const [, name, side] = /^(.+)\.lora_([ab])$/.exec(tensor.name) ?? []
    if (name === undefined || (side !== 'a' && side !== 'b'))
      throw unsupported(source, `holds the tensor ${tensor.name}, which is no part of a plain LoRA`)
    yield { target: canonicalName(name), side, tensor }
  }
}

function checkKind(source: ByteSource, type: string | undefined, adapterType: string | undefined): void {
  if (type !== 'adapter') throw unsupported(source, `is a ${type ?? 'model'}, not an adapter`)
  if (adapterType !== 'lora') throw unsupported(source, `is an adapter of the type ${adapterType ?? 'unknown'}`)
}

const unsupported = (source: ByteSource, what: string): EngineError =>
  new EngineError(
    'format-unsupported',
    `${source.name} ${what}. Use a LoRA adapter (PEFT's, or a GGUF of convert_lora_to_gguf.py).`,
    { name: source.name },
  )
