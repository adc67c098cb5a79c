import { blobSource, openLora } from '@sampan/engine'
import { type DownloadConsent, requireDownloadConsent } from '../acquire/consent.ts'
import type { ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import type { HubDescription } from '../hub/hubs.ts'
import type { RemoteFile } from '../hub/remote-model.ts'
import { sourceKey } from '../hub/source-key.ts'
import { authorizedNetwork } from '../network/authorized-network.ts'
import { hookedNetwork } from '../network/hooked-network.ts'
import { browserNetwork, type Network } from '../network/network.ts'
import type { NetworkHooks } from '../network/network-hooks.ts'
import { networkPort } from '../network/network-port.ts'
import { canHash, sha256 } from '../sampan/sha256.ts'
import { checkpointBlob } from '../sources/checkpoint-blob.ts'
import { describeSource } from '../sources/describe-source.ts'
import { MAX_TEXT_BYTES, openRemoteFile, textTooLong } from '../sources/model-folder.ts'
import { adapterConfigName, adapterWeightsName, notAnAdapter, severalAdapters } from './adapter-names.ts'
import { findStoredAdapter, hasStoredAdapter, type StoredAdapter, storeAdapter } from './adapter-store.ts'
import type { AdapterFiles } from './adapter-types.ts'
import type { AdapterChoice } from './check-adapters.ts'
import { findRemoteAdapter } from './remote-adapter.ts'

/** An adapter is read whole: one of rank 256 over all of a 7B model has 1.3 GB in 16 bits. */
const MAX_ADAPTER_BYTES = 2 ** 31

export interface ReadAdaptersContext extends NetworkHooks {
  readonly hub: HubDescription
  readonly token?: string | undefined
  readonly download?: DownloadConsent | undefined
  readonly cache?: boolean | undefined
  readonly signal: AbortSignal
}

/**
 * Brings adapters to this page: from disk, from where they were kept, or from their server once somebody has allowed it. In the order in
 * which they were given.
 * @throws SampanError `download-required`, `hash-mismatch`, `file-limit-exceeded` and what finding and fetching throw; the signal's reason
 */
export async function readAdapters(
  choices: readonly AdapterChoice[],
  context: ReadAdaptersContext,
): Promise<readonly AdapterFiles[]> {
  const files: AdapterFiles[] = []
  for (const { source, scale } of choices) {
    const described = await describeSource(source, context.hub)
    const adapter = await readAdapter(described, context)
    const digest = adapter.sha256 ?? (await digestOf(adapter))
    files.push({
      ...adapter,
      id: digest ?? idOf(described, context.hub),
      ...(digest !== undefined && { sha256: digest }),
      scale,
    })
  }
  return files
}

/** Whether none of them is to be downloaded. */
export async function areHere(choices: readonly AdapterChoice[], hub: HubDescription): Promise<boolean> {
  for (const { source } of choices) {
    const described = await describeSource(source, hub)
    if (!isRemote(described) || (await hasStoredAdapter(sourceKey(described, hub)))) continue
    return false
  }
  return true
}

type FetchedSource = ModelSource & { readonly kind: 'url' | 'hub' }

function isRemote(source: ModelSource): source is FetchedSource {
  return source.kind === 'url' || source.kind === 'hub'
}

async function readAdapter(source: ModelSource, context: ReadAdaptersContext): Promise<StoredAdapter> {
  switch (source.kind) {
    case 'blob':
      return { name: source.name, weights: source.blob }
    case 'files':
      return fromFiles(source)
    case 'url':
    case 'hub':
      return fetchedAdapter(source, context)
    case 'mlc':
    case 'stored':
      throw notAnAdapter(source.id)
    default:
      return source satisfies never
  }
}

async function fromFiles({
  files,
  paths,
  name = 'the chosen folder',
}: ModelSource & { readonly kind: 'files' }): Promise<StoredAdapter> {
  const placed = new Map(files.map((file, index) => [paths?.[index] ?? file.name, file]))
  const { config, weights } = shallowest(placed, name)
  if (config.size > MAX_TEXT_BYTES) throw textTooLong(config.name)
  return { name, config: await config.text(), weights }
}

/** Training leaves the adapters of earlier steps in folders below that of the last. */
function shallowest(
  placed: ReadonlyMap<string, File>,
  name: string,
): { readonly config: File; readonly weights: File } {
  const found = [...placed].flatMap(([path, config]) => {
    if (path !== adapterConfigName && !path.endsWith(`/${adapterConfigName}`)) return []
    const folder = path.slice(0, -adapterConfigName.length)
    const weights = placed.get(folder + adapterWeightsName)
    return weights ? [{ folder, depth: folder.split('/').length, config, weights }] : []
  })
  const depth = Math.min(...found.map((one) => one.depth))
  const [first, ...more] = found.filter((one) => one.depth === depth)
  if (!first) throw notAnAdapter(name)
  if (more.length > 0)
    throw severalAdapters(
      name,
      [first, ...more].map(({ folder }) => folder),
    )
  return first
}

async function fetchedAdapter(source: FetchedSource, context: ReadAdaptersContext): Promise<StoredAdapter> {
  const { hub, token } = context
  const stored = await findStoredAdapter(sourceKey(source, hub))
  if (stored) return stored
  const port = networkPort(context)()
  try {
    return await download(source, context, authorizedNetwork(port ? hookedNetwork(port) : browserNetwork, hub, token))
  } finally {
    port?.close()
  }
}

async function download(
  source: FetchedSource,
  { hub, token, download, cache = true, signal }: ReadAdaptersContext,
  network: Network,
): Promise<StoredAdapter> {
  const remote = await findRemoteAdapter(source, { hub, network, signal }, token !== undefined)
  const { name, revision, config, weights } = remote
  const bytes = weights.size === undefined ? undefined : weights.size + (config?.size ?? 0)
  await requireDownloadConsent(download, {
    ...{ source: name, reason: 'not-cached', cachedBytes: 0, storedBytes: cache ? (bytes ?? 0) : 0, about: {} },
    store: cache ? 'cache-storage' : 'memory',
    ...(bytes !== undefined && { bytes }),
    ...(revision !== undefined && { revision }),
  })
  const blob = await fetchBlob(weights, network, signal)
  const text = config && (await (await fetchBlob(config, network, signal, MAX_TEXT_BYTES)).text())
  const adapter: StoredAdapter = {
    ...{ name, weights: blob },
    ...(text !== undefined && { config: text }),
    ...(revision !== undefined && { revision }),
  }
  // What is no adapter is not kept: it would be found there ever after.
  await checkAdapter(adapter, signal)
  const digest = await digestOf(adapter)
  const whole = { ...adapter, ...(digest !== undefined && { sha256: digest }) }
  if (cache) await storeAdapter(sourceKey(source, hub), whole)
  return whole
}

/** @throws EngineError for what is no adapter, or none that can be used */
async function checkAdapter({ name, config, weights }: StoredAdapter, signal: AbortSignal): Promise<void> {
  const source = blobSource(weights, name)
  await openLora(config === undefined ? { gguf: source } : { config, weights: source }, signal)
}

async function fetchBlob(
  file: RemoteFile,
  network: Network,
  signal: AbortSignal,
  limit = MAX_ADAPTER_BYTES,
): Promise<Blob> {
  // Once more: what was changed on the way may come whole the next time.
  const blob = (await fetchOnce(file, network, signal, limit)) ?? (await fetchOnce(file, network, signal, limit))
  if (blob) return blob
  throw new SampanError(
    'hash-mismatch',
    `${file.path} is not the file that ${new URL(file.url).host} lists: its content was changed on the way or at the server. Try again later, or take another copy of the adapter.`,
    { file: file.path },
  )
}

/** Undefined for another file than is listed. */
async function fetchOnce(
  file: RemoteFile,
  network: Network,
  signal: AbortSignal,
  limit: number,
): Promise<Blob | undefined> {
  const source = await openRemoteFile(file, network, signal)
  if (source.size > limit)
    throw new SampanError(
      'file-limit-exceeded',
      `${file.path} has ${source.size} bytes; an adapter’s may have ${limit}.`,
      {
        path: file.path,
        limit,
      },
    )
  const blob = await checkpointBlob(source, () => {}, signal)
  if (file.sha256 === undefined || !canHash()) return blob
  return (await sha256(new Uint8Array(await blob.arrayBuffer()))) === file.sha256 ? blob : undefined
}

/** Of the weights, and of the config where there is one. */
async function digestOf({ weights, config }: Pick<StoredAdapter, 'weights' | 'config'>): Promise<string | undefined> {
  if (!canHash()) return undefined
  if (weights.size > MAX_ADAPTER_BYTES)
    throw new SampanError(
      'file-limit-exceeded',
      `An adapter of ${weights.size} bytes is more than ${MAX_ADAPTER_BYTES}.`,
      {
        limit: MAX_ADAPTER_BYTES,
      },
    )
  const parts = [weights, ...(config === undefined ? [] : [new Blob([config])])]
  const digests: string[] = []
  for (const part of parts) digests.push(await sha256(new Uint8Array(await part.arrayBuffer())))
  const [only] = digests
  return digests.length === 1 ? only : sha256(new TextEncoder().encode(digests.join()))
}

let unnamed = 0

/** Of adapters whose content has no name: files from disk are never the same twice. */
function idOf(source: ModelSource, hub: HubDescription): string {
  if (isRemote(source)) return sourceKey(source, hub)
  unnamed += 1
  return `adapter ${unnamed}`
}
