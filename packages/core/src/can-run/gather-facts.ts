import type { WantedForm } from '../acquire/acquire-types.ts'
import { isFetched } from '../acquire/is-fetched.ts'
import { planesFor } from '../acquire/wanted-form.ts'
import type { ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { AnswerMemory } from '../hub/answer-memory.ts'
import { forgetAnswers, keepAnswers, recentAnswers } from '../hub/recent-answers.ts'
import { checkLoadOptions } from '../load/check-load-options.ts'
import { chooseBackend } from '../load/choose-backend.ts'
import type { GpuKind } from '../load/gpu-kind.ts'
import type { LoadSource } from '../load/load-types.ts'
import { authorizedNetwork } from '../network/authorized-network.ts'
import { hookedNetwork } from '../network/hooked-network.ts'
import { browserNetwork, type Network } from '../network/network.ts'
import { networkPort } from '../network/network-port.ts'
import { describeSource } from '../sources/describe-source.ts'
import { openStore } from '../store/open-store.ts'
import { readRoom, UNTOLD_BYTES } from '../store/quota.ts'
import type { ModelStore } from '../store/store-types.ts'
import { gpuFacts, isReachable, isSecure } from './browser-facts.ts'
import type { Alternative, CanRunOptions } from './can-run-types.ts'
import { catchFailure } from './catch-failure.ts'
import { connectionFacts } from './connection.ts'
import { findCrashes } from './crash-mark.ts'
import { deviceHints, pageMemoryOf } from './device-limits.ts'
import type { Facts, Failure, ModelFacts } from './facts.ts'
import { gatherAdapters } from './gather-adapters.ts'
import { gatherLocal } from './gather-local.ts'
import { gatherRemote, type RemoteAnswer } from './gather-remote.ts'

/**
 * Asks browser, store and server all that a verdict rests on; of a server, no byte of weights.
 * @throws as `canRun`
 */
export async function gatherFacts(given: LoadSource, options: CanRunOptions): Promise<Facts> {
  const plain = checkLoadOptions(options)
  if (typeof given === 'object' && given !== null && 'server' in given)
    throw new SampanError(
      'option-invalid',
      'A model on a server does not run here, so that `canRun` has nothing to tell of it: load it, with `consent`.',
      { option: 'source' },
    )
  const signal = options.signal ?? new AbortController().signal
  signal.throwIfAborted()
  const wish = options.backend ?? 'auto'
  const [{ source, failure: unread }, gpu, crashes, store, room] = await Promise.all([
    describe(given, plain.hub),
    gpuFacts(),
    findCrashes(),
    openStore(),
    readRoom(),
  ])
  // A backend that does not load such sources is a mistake in the call, whatever the machine.
  if (source && wish !== 'auto') await chooseBackend(source, wish, async () => gpu.kind)
  // An app's own `fetch` may need no connection.
  const online = options.fetch !== undefined || isReachable(source?.kind === 'url' ? source.url : plain.hub.base)
  const asker =
    source && isFetched(source) && !options.fetch && !options.headers
      ? { source, hub: plain.hub, token: plain.token }
      : undefined
  const memory = new AnswerMemory(asker && recentAnswers(asker))
  const networks = networksOf(options, memory, plain.hub, plain.token)
  const adapters = await gatherAdapters(source?.kind === 'mlc' ? 'web-llm' : wish, options, {
    ...plain,
    signal,
    online,
  })
  const planned = { ...plain, ...(adapters && { outlines: adapters.outlines }) }
  const answer: RemoteAnswer = unread
    ? { failure: unread }
    : source.kind === 'mlc'
      ? { model: mlcFacts(source.id) }
      : isFetched(source)
        ? await gatherRemote({
            ...{ source, options: planned, gpu, store, signal, ...networks },
            ...{ forms: formsFor(adapters ? 'sampan' : wish, gpu.kind, plain), keep: options.cache ?? true },
            ...{ online, alternatives: options.alternatives ?? true },
          })
        : await gatherLocal(source, planned, gpu, { network: networks.network, signal })
  const { model, failure, alternatives = ambiguousFiles(failure) } = answer
  if (asker && model && !failure) keepAnswers(asker, memory.answers)
  else if (asker) forgetAnswers(asker)
  signal.throwIfAborted()
  const pageMemory = pageMemoryOf(deviceHints())
  return {
    ...{
      wish,
      hub: plain.hub,
      gpu: gpu.kind,
      secure: isSecure(),
      online,
      connection: connectionFacts(),
      crashes,
      alternatives,
    },
    ...(model && { model }),
    ...(failure && { failure }),
    ...(adapters && { adapters: adapters.facts }),
    ...(pageMemory && { memory: pageMemory }),
    store: storeFacts(store, room?.free),
  }
}

async function describe(
  given: LoadSource,
  hub: Parameters<typeof describeSource>[1],
): Promise<
  { readonly source: ModelSource; readonly failure?: never } | { readonly source?: never; readonly failure: Failure }
> {
  const described = await catchFailure(() => describeSource(given, hub))
  return described.failure ? { failure: described.failure } : { source: described.value }
}

/** What the backends that come into question take: first that which `load` would choose. */
function formsFor(
  wish: Facts['wish'],
  gpu: GpuKind,
  options: Parameters<typeof planesFor>[0],
): readonly [WantedForm, ...WantedForm[]] {
  const planes = planesFor(options)
  const files = { kind: 'source' } as const
  switch (wish) {
    case 'auto':
      return gpu === 'hardware' ? [planes, files] : [files, planes]
    case 'sampan':
    case 'web-llm':
      return [planes]
    case 'wllama':
      return [files]
    default:
      return wish satisfies never
  }
}

function networksOf(
  options: CanRunOptions,
  memory: AnswerMemory,
  hub: Parameters<typeof authorizedNetwork>[1],
  token: string | undefined,
): { readonly network: Network; readonly authorized: Network } {
  // As in a Worker, so that an app's own `fetch` and headers are used in one way.
  const port = networkPort(options)()
  const network = memory.over(port ? hookedNetwork(port) : browserNetwork)
  return { network, authorized: authorizedNetwork(network, hub, token) }
}

function mlcFacts(id: string): ModelFacts {
  const name = `mlc:${id}`
  return { name, key: name, format: 'mlc', local: false }
}

/** The files that the source could have meant. */
function ambiguousFiles(failure: Failure | undefined): readonly Alternative[] {
  const { repository, files } = failure?.code === 'source-ambiguous' ? failure.details : {}
  if (typeof repository !== 'string' || !Array.isArray(files)) return []
  return files.flatMap((file: unknown) =>
    typeof file === 'string' ? [{ source: `${repository}:${file}`, relation: 'same-model' }] : [],
  )
}

function storeFacts({ kind, reason }: ModelStore, freeBytes: number | undefined): Facts['store'] {
  return {
    kind,
    ...(reason !== undefined && { reason }),
    ...(freeBytes !== undefined && freeBytes !== UNTOLD_BYTES && { freeBytes }),
  }
}
