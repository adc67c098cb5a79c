import type { WantedForm } from '../acquire/acquire-types.ts'
import { findStored } from '../acquire/find-stored.ts'
import { openStored, weightsOf } from '../acquire/open-stored.ts'
import { aboutGguf, joinAbout } from '../hub/describe-about.ts'
import { findAlternatives } from '../hub/find-alternatives.ts'
import type { RemoteModel } from '../hub/remote-model.ts'
import { type RemoteSource, resolveModel } from '../hub/resolve-model.ts'
import { sourceKey } from '../hub/source-key.ts'
import type { Network } from '../network/network.ts'
import type { StoredModel } from '../store/store-types.ts'
import type { WorkerLoadOptions } from '../worker/protocol.ts'
import type { GpuFacts } from './browser-facts.ts'
import type { Alternative } from './can-run-types.ts'
import { catchFailure } from './catch-failure.ts'
import type { Failure, Kept, ModelFacts } from './facts.ts'
import { type KeptQuestion, keptFor, otherBitsOf, sizedModel, totalBytes } from './kept-facts.ts'
import { type NeedOptions, needsOf } from './model-needs.ts'
import { openHeaders } from './open-headers.ts'
import { optional } from './optional.ts'

export interface RemoteQuestion extends KeptQuestion {
  readonly source: RemoteSource
  readonly options: WorkerLoadOptions & Pick<NeedOptions, 'outlines'>
  readonly gpu: GpuFacts
  /** False: nobody is asked. */
  readonly online: boolean
  /** The hub is asked for smaller forms of the model. */
  readonly alternatives: boolean
  /** The app's own, without the user's token. */
  readonly network: Network
  /** The same with it. */
  readonly authorized: Network
  readonly signal: AbortSignal
}

export interface RemoteAnswer {
  readonly model?: ModelFacts
  readonly failure?: Failure
  readonly alternatives?: readonly Alternative[]
}

/** What is to be known of a model that a server has: from the store alone where it is there. */
export async function gatherRemote(question: RemoteQuestion): Promise<RemoteAnswer> {
  const { source, options, store, forms } = question
  const key = sourceKey(source, options.hub)
  for (const form of forms) {
    const found = await findStored(store, key, form)
    const model = found && (await describeStored(question, key, form, found))
    if (model) return { model }
  }
  if (!question.online) return { failure: NO_CONNECTION }
  const context = {
    ...{ hub: options.hub, network: question.network, signal: question.signal },
    ...(options.token !== undefined && { token: options.token }),
  }
  const { value: remote, failure } = await catchFailure(() => resolveModel(source, context))
  if (!remote) return { ...(failure && { failure }) }
  const [described, found] = await Promise.all([
    describeRemote(question, key, remote),
    question.alternatives ? findAlternatives(remote, context) : [],
  ])
  return { ...described, alternatives: found.map((form) => ({ ...form, relation: 'same-model' })) }
}

/** Undefined where what is stored cannot be read: it is as if it were not there. */
async function describeStored(
  question: RemoteQuestion,
  key: string,
  form: WantedForm,
  { id, name, bytes }: StoredModel,
): Promise<ModelFacts | undefined> {
  const { store, gpu, options, signal } = question
  try {
    const { blob, index } = await store.open(id)
    const { checkpoint } = await openStored(blob, index, signal)
    const fileBytes = weightsOf(index).reduce((sum, file) => sum + file.bytes, 0)
    const { sampan, wllama, architecture } = needsOf(
      { checkpoint, fileBytes, path: weightsOf(index)[0]?.path },
      options,
      gpu,
    )
    const totalBytes = index.files.reduce((sum, file) => sum + file.bytes, 0)
    const kept: Kept = { cachedBytes: bytes, downloadBytes: 0 }
    const absent: Kept = { cachedBytes: 0, downloadBytes: totalBytes }
    const isPlanes = form.kind === 'planes'
    return {
      ...{ name, key, format: checkpoint.format, architecture, about: index.about, local: false },
      totalBytes,
      ...(index.revision !== undefined && { revision: index.revision }),
      sampan: { ...(sampan && { needs: sampan }), kept: isPlanes ? kept : absent },
      ...(checkpoint.format === 'gguf' && {
        wllama: { ...(wllama && { needs: wllama }), kept: isPlanes ? absent : kept },
      }),
    }
  } catch {
    signal.throwIfAborted()
    return undefined
  }
}

const NO_CONNECTION: Failure = { code: 'network-failed', message: 'There is no connection.', details: {} }

async function describeRemote(
  question: RemoteQuestion,
  key: string,
  remote: RemoteModel,
): Promise<Pick<RemoteAnswer, 'model' | 'failure'>> {
  const { name, format, about, revision } = remote
  const headers = await catchFailure(() =>
    openHeaders(remote, { network: question.authorized, signal: question.signal }),
  )
  const sized = sizedModel(remote, headers.value?.sizes)
  const known = {
    ...{ name, key, format, about, local: false },
    ...(revision !== undefined && { revision }),
    ...optional('totalBytes', totalBytes(sized)),
  }
  if (!headers.value) {
    const kept: Kept = { cachedBytes: 0, ...optional('downloadBytes', totalBytes(sized)) }
    const model = { ...known, sampan: { kept }, ...(format === 'gguf' && { wllama: { kept } }) }
    return { model, ...(headers.failure && { failure: headers.failure }) }
  }
  const { checkpoint } = headers.value
  const read = await catchFailure(async () => {
    const fileBytes = sized.weights.reduce((sum, { size = 0 }) => sum + size, 0)
    const needs = needsOf({ checkpoint, fileBytes, path: sized.weights[0]?.path }, question.options, question.gpu)
    return { needs, backends: await keptFor(question, sized, checkpoint, needs) }
  })
  const otherBits = await otherBitsOf(question, key)
  const model: ModelFacts = {
    ...{ ...known, architecture: checkpoint.config.architecture },
    about: joinAbout(about, aboutGguf(checkpoint.metadata)),
    ...read.value?.backends,
    ...(otherBits && { otherBits }),
  }
  return { model, ...(read.failure && { failure: read.failure }) }
}
