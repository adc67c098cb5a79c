import { type ByteSource, blobSource, type LoraOutline, openLora, outlineLora } from '@sampan/engine'
import { type DownloadConsent, requireDownloadConsent } from '../acquire/consent.ts'
import type { ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { AnswerMemory } from '../hub/answer-memory.ts'
import type { HubDescription } from '../hub/hubs.ts'
import { forgetAnswers, keepAnswers, recentAnswers } from '../hub/recent-answers.ts'
import { sourceKey } from '../hub/source-key.ts'
import { authorizedNetwork } from '../network/authorized-network.ts'
import { hookedNetwork } from '../network/hooked-network.ts'
import { browserNetwork, type Network } from '../network/network.ts'
import type { NetworkHooks } from '../network/network-hooks.ts'
import { networkPort } from '../network/network-port.ts'
import { describeSource } from '../sources/describe-source.ts'
import { MAX_TEXT_BYTES } from '../sources/model-folder.ts'
import { openHead } from '../sources/open-head.ts'
import { digestOf } from './adapter-digest.ts'
import { adapterOfFolder } from './adapter-folder.ts'
import { notAnAdapter } from './adapter-names.ts'
import { findStoredAdapter, type StoredAdapter, storeAdapter } from './adapter-store.ts'
import type { AdapterChoice } from './check-adapters.ts'
import { fetchBlob } from './fetch-blob.ts'
import { findRemoteAdapter, type RemoteAdapter } from './remote-adapter.ts'

export interface FindAdaptersContext extends NetworkHooks {
  readonly hub: HubDescription
  readonly token?: string | undefined
  readonly download?: DownloadConsent | undefined
  readonly cache?: boolean | undefined
  readonly signal: AbortSignal
  /** False: nobody is asked for what is not here. */
  readonly online?: boolean
}

/** An adapter of which it is known where it is. */
export interface FoundAdapter {
  readonly name: string
  /** Names it where the browser gives no digests. */
  readonly id: string
  readonly scale: number
  /** To be fetched; 0: it is here. Undefined where the server does not tell. */
  readonly downloadBytes: number | undefined
  /** Kept by an earlier download. */
  readonly cachedBytes: number
  /** Reads config and header, no weights: what tells whether it fits a model. @throws EngineError for what is no adapter */
  outline(): Promise<LoraOutline>
  /** Reads all of it, once somebody has allowed that. @param onBytes what has come of `downloadBytes` */
  bring(onBytes: (loaded: number) => void): Promise<StoredAdapter>
}

/** @throws SampanError of what cannot be found or read; the signal's reason */
export async function findAdapter(
  { source: given, scale }: AdapterChoice,
  context: FindAdaptersContext,
): Promise<FoundAdapter> {
  const source = await describeSource(given, context.hub)
  switch (source.kind) {
    case 'blob':
      return here({ name: source.name, weights: source.blob }, { id: unnamedId(), scale, kept: false }, context.signal)
    case 'files':
      return here(await adapterOfFolder(source), { id: unnamedId(), scale, kept: false }, context.signal)
    case 'url':
    case 'hub': {
      const key = sourceKey(source, context.hub)
      const stored = await findStoredAdapter(key)
      if (stored) return here(stored, { id: key, scale, kept: true }, context.signal)
      if (context.online === false)
        throw new SampanError('network-failed', 'There is no connection, and the adapter is not on this device.')
      return onServer(source, { id: key, scale }, context)
    }
    case 'mlc':
    case 'stored':
      throw notAnAdapter(source.id)
    case 'remote':
      throw notAnAdapter(source.model.name)
    default:
      return source satisfies never
  }
}

function here(
  adapter: StoredAdapter,
  { kept, ...named }: { readonly id: string; readonly scale: number; readonly kept: boolean },
  signal: AbortSignal,
): FoundAdapter {
  const { name, weights, config } = adapter
  return {
    ...{ name, ...named, downloadBytes: 0, cachedBytes: kept ? weights.size + (config?.length ?? 0) : 0 },
    outline: () => outlineOf(config, blobSource(weights, name), signal),
    bring: async () => adapter,
  }
}

async function onServer(
  source: ModelSource & { readonly kind: 'url' | 'hub' },
  named: { readonly id: string; readonly scale: number },
  context: FindAdaptersContext,
): Promise<FoundAdapter> {
  const { hub, token, signal } = context
  // Of repositories, whose commit is known, `canRun` and `load` ask for each small thing once.
  const asker = source.kind === 'hub' && !context.fetch && !context.headers ? { source, hub, token } : undefined
  const memory = new AnswerMemory(asker && recentAnswers(asker))
  const online = async <T>(work: (network: Network) => Promise<T>): Promise<T> => {
    try {
      const result = await withNetwork(context, memory, work)
      if (asker) keepAnswers(asker, memory.answers)
      return result
    } catch (error) {
      // What was told may be why.
      if (asker) forgetAnswers(asker)
      throw error
    }
  }
  const remote = await online((network) => findRemoteAdapter(source, { hub, network, signal }, token !== undefined))
  const { name, config, weights } = remote
  const downloadBytes = weights.size === undefined ? undefined : weights.size + (config?.size ?? 0)
  // Read once, whether for the outline or to be kept.
  let text: Promise<string> | undefined
  const readConfig = (network: Network): Promise<string> | undefined => {
    text ??= config && fetchBlob(config, network, signal, { limit: MAX_TEXT_BYTES }).then((blob) => blob.text())
    return text
  }
  return {
    ...{ name, ...named, downloadBytes, cachedBytes: 0 },
    outline: () =>
      online(async (network) => {
        const told = await readConfig(network)
        // With such blocks not a byte behind a safetensors header is read.
        const blocks = config && { blockBytes: SAFETENSORS_LENGTH_BYTES }
        const head = await openHead(weights.url, { network, signal, size: weights.size, ...blocks })
        // As it is called everywhere else.
        const called = { name, size: head.size, read: head.read.bind(head) }
        return outlineOf(told, called, signal)
      }),
    bring: async (onBytes) => {
      await askFor(remote, downloadBytes, context)
      memory.close()
      return online(async (network) => {
        const told = await readConfig(network)
        const before = config?.size ?? 0
        const blob = await fetchBlob(weights, network, signal, { onBytes: (loaded) => onBytes(before + loaded) })
        return kept(named.id, remote, blob, told, context)
      })
    },
  }
}

const SAFETENSORS_LENGTH_BYTES = 8

/** What has been fetched. What is no adapter is not kept: it would be found there ever after. */
async function kept(
  key: string,
  { name, revision }: RemoteAdapter,
  weights: Blob,
  config: string | undefined,
  { cache = true, signal }: FindAdaptersContext,
): Promise<StoredAdapter> {
  const { baseModel } = await outlineOf(config, blobSource(weights, name), signal)
  const digest = await digestOf({ weights, ...(config !== undefined && { config }) })
  const adapter: StoredAdapter = {
    ...{ name, weights },
    ...(config !== undefined && { config }),
    ...(revision !== undefined && { revision }),
    ...(digest !== undefined && { sha256: digest }),
    ...(baseModel !== undefined && { base: baseModel }),
  }
  if (cache) await storeAdapter(key, adapter)
  return adapter
}

function askFor(
  { name, revision }: RemoteAdapter,
  bytes: number | undefined,
  { download, cache = true }: FindAdaptersContext,
): Promise<void> {
  return requireDownloadConsent(download, {
    ...{ source: name, reason: 'not-cached', cachedBytes: 0, storedBytes: cache ? (bytes ?? 0) : 0, about: {} },
    store: cache ? 'cache-storage' : 'memory',
    ...(bytes !== undefined && { bytes }),
    ...(revision !== undefined && { revision }),
  })
}

/** @throws EngineError for what is no adapter, or none that can be used */
async function outlineOf(config: string | undefined, source: ByteSource, signal: AbortSignal): Promise<LoraOutline> {
  return outlineLora(await openLora(config === undefined ? { gguf: source } : { config, weights: source }, signal))
}

async function withNetwork<T>(
  context: FindAdaptersContext,
  memory: AnswerMemory,
  work: (network: Network) => Promise<T>,
): Promise<T> {
  const port = networkPort(context)()
  try {
    const network = memory.over(port ? hookedNetwork(port) : browserNetwork)
    return await work(authorizedNetwork(network, context.hub, context.token))
  } finally {
    port?.close()
  }
}

let unnamed = 0

/** Of adapters whose content has no name: files from disk are never the same twice. */
function unnamedId(): string {
  unnamed += 1
  return `adapter ${unnamed}`
}
