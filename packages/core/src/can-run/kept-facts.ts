import { type Checkpoint, packedBytes } from '@sampan/engine'
import type { WantedForm } from '../acquire/acquire-types.ts'
import { formOf, formsFor } from '../acquire/wanted-form.ts'
import type { RemoteModel } from '../hub/remote-model.ts'
import { modelId } from '../store/model-id.ts'
import { withMargin } from '../store/quota.ts'
import type { ModelStore } from '../store/store-types.ts'
import type { Kept, ModelFacts } from './facts.ts'
import type { ModelNeeds } from './model-needs.ts'
import { optional } from './optional.ts'

/** The index of a stored file, as `acquire` reckons it. */
const INDEX_BYTES = 1 << 20

export interface KeptQuestion {
  readonly store: ModelStore
  /** In the order in which they are wanted. */
  readonly forms: readonly WantedForm[]
  /** False: what is downloaded is not to be kept. */
  readonly keep: boolean
}

/** In every form that is wanted. */
export async function keptFor(
  question: KeptQuestion,
  remote: RemoteModel,
  checkpoint: Checkpoint,
  { sampan, wllama }: ModelNeeds,
): Promise<Pick<ModelFacts, 'sampan' | 'wllama'>> {
  const facts: { sampan?: ModelFacts['sampan']; wllama?: ModelFacts['wllama'] } = {}
  for (const wanted of question.forms) {
    const kept = await keptIn(question, remote, checkpoint, wanted)
    if (wanted.kind === 'planes') facts.sampan = { ...(sampan && { needs: sampan }), kept }
    else if (remote.format === 'gguf') facts.wllama = { ...(wllama && { needs: wllama }), kept }
  }
  return { ...(facts.sampan && { sampan: facts.sampan }), ...(facts.wllama && { wllama: facts.wllama }) }
}

async function keptIn(
  { store, keep }: KeptQuestion,
  remote: RemoteModel,
  checkpoint: Checkpoint,
  wanted: WantedForm,
): Promise<Kept> {
  const form = formOf(checkpoint, wanted)
  const id = await modelId([...remote.texts, ...remote.weights], form)
  const found = (await store.list()).find((stored) => stored.id === id)
  // Under another name, or another hub's.
  if (found?.state === 'complete') return { cachedBytes: found.bytes, downloadBytes: 0 }
  const total = totalBytes(remote)
  const cachedBytes = keep ? (found?.downloaded ?? 0) : 0
  const room = roomFor(remote, checkpoint, form.kind === 'planes' ? form : undefined)
  return {
    cachedBytes,
    ...optional('downloadBytes', total === undefined ? undefined : Math.max(0, total - cachedBytes)),
    ...(keep && optional('roomBytes', room === undefined ? undefined : Math.max(0, room - (found?.bytes ?? 0)))),
  }
}

/** @param planes undefined: the files are kept as they are */
function roomFor(
  { texts, weights, format }: RemoteModel,
  checkpoint: Checkpoint,
  planes: Parameters<typeof packedBytes>[1] | undefined,
): number | undefined {
  const inTexts = sumOf(texts)
  const files = sumOf(weights)
  if (inTexts === undefined || files === undefined) return undefined
  if (!planes) return withMargin(inTexts + files + INDEX_BYTES)
  // What comes before the tensors is kept too.
  const tensors = [...checkpoint.tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0)
  const heads = format === 'gguf' ? Math.max(0, files - tensors) : 0
  return withMargin(inTexts + heads + packedBytes(checkpoint, planes) + INDEX_BYTES)
}

/** The bits a weight with which the model is kept, where it is not with those that are wanted. */
export async function otherBitsOf({ store, forms }: KeptQuestion, key: string): Promise<ModelFacts['otherBits']> {
  const [wanted] = forms.flatMap((form) => (form.kind === 'planes' ? formsFor(form) : [])).slice(-1)
  if (!wanted) return undefined
  const { reason, model } = await store.explainMiss(key, wanted)
  if (reason !== 'other-bits' || model?.form.kind !== 'planes') return undefined
  const { bits, embeddingBits } = model.form
  return { ...(bits !== undefined && { bits }), ...(embeddingBits !== undefined && { embeddingBits }) }
}

/** @param sizes of the weights, as their servers tell */
export function sizedModel(remote: RemoteModel, sizes: readonly number[] | undefined): RemoteModel {
  if (!sizes) return remote
  return { ...remote, weights: remote.weights.map((file, index) => ({ ...file, ...optional('size', sizes[index]) })) }
}

/** Undefined where a server does not tell. */
export function totalBytes({ texts, weights }: RemoteModel): number | undefined {
  return sumOf([...texts, ...weights])
}

/** Undefined where one is not known. */
function sumOf(files: RemoteModel['weights']): number | undefined {
  let sum = 0
  for (const { size } of files) {
    if (size === undefined) return undefined
    sum += size
  }
  return sum
}
