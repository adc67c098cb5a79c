import { packedBytes } from '@sampan/engine'
import { TransferRate } from '../download/transfer-rate.ts'
import { aboutGguf, joinAbout } from '../hub/describe-about.ts'
import type { RemoteModel } from '../hub/remote-model.ts'
import { type RemoteSource, resolveModel } from '../hub/resolve-model.ts'
import { sourceKey } from '../hub/source-key.ts'
import { announceProgress, watchProgress } from '../store/announce-progress.ts'
import { modelId } from '../store/model-id.ts'
import { isLocked, lockModel, type Release } from '../store/model-locks.ts'
import { openStore } from '../store/open-store.ts'
import type { ModelPlan, ModelStore, StoredForm, StoredModel } from '../store/store-types.ts'
import type { AcquireTools } from './acquire-context.ts'
import type { Acquired, AcquireRequest } from './acquire-types.ts'
import { checkConversation, checkForm, checkStored } from './check-model.ts'
import type { DownloadReason, DownloadRequest } from './download-request.ts'
import { findStored } from './find-stored.ts'
import { findDamage, mend } from './mend.ts'
import {
  type DescribedModel,
  describeRemote,
  openRemote,
  type RemoteCheckpoint,
  readRemoteTexts,
} from './remote-checkpoint.ts'
import { storeModel } from './store-model.ts'
import { sizeOfTexts } from './store-texts.ts'
import { formOf, formsFor } from './wanted-form.ts'

/** Room for the index of a stored file: some 100 bytes for every 2 MB of weights, and what the hub says of the model. */
const INDEX_BYTES = 1 << 20

/**
 * Brings a model of a server into the store, unless it is there: resolves what is meant, reads texts and headers, asks for consent, and
 * downloads. Another tab that does the same is waited for, without asking.
 * @throws SampanError, EngineError and TextError for what cannot be found, fetched, understood or kept
 */
export async function acquire(request: AcquireRequest, tools: AcquireTools): Promise<Acquired> {
  const prepared = await prepare(request, tools)
  return prepared.kind === 'wanted' ? download(prepared, tools) : prepared
}

/** To be downloaded now. */
interface Wanted {
  readonly kind: 'wanted'
  readonly store: ModelStore
  readonly model: RemoteModel
  readonly opened: DescribedModel
  readonly plan: ModelPlan
}

/** All before the download, in a function of its own: what it has read and needs no more is not held meanwhile. */
async function prepare(request: AcquireRequest, tools: AcquireTools): Promise<Acquired | Wanted> {
  const { signal, network, onProgress } = tools
  const source = remoteSource(request)
  onProgress({ phase: 'open', loaded: 0, total: 1 })
  const store = await openStore()
  const key = sourceKey(source, request.hub)
  const known = await findStored(store, key, request.form)
  if (known && !request.damaged) {
    await checkStored(store, known.id, request, signal)
    return { kind: 'stored', id: known.id }
  }
  const damage = known && (await findDamage(store, known.id, signal))
  if (known && damage?.wounds.length === 0) return { kind: 'stored', id: known.id }
  const model = await resolveModel(source, { hub: request.hub, network, signal })
  const headers = await openRemote(model, tools)
  checkForm(request, model, headers)
  onProgress({ phase: 'open', loaded: 1, total: 1 })

  const form = formOf(headers.checkpoint, request.form)
  // Throws for what the engine does not know.
  const weightsBytes = storedBytes(headers, form)
  const id = await modelId([...model.texts, ...sized(model, headers)], form)
  if (damage && known?.id === id) {
    await tools.ask({
      ...about(model, headers, store),
      reason: 'damaged',
      bytes: damage.bytes,
      cachedBytes: 0,
      storedBytes: known.bytes,
    })
    if (await mend(store, damage, model, headers, tools)) return { kind: 'stored', id }
  }
  const keep = request.keep && store.kind !== 'memory'
  const textsBytes = model.texts.reduce((sum, { size = 0 }) => sum + size, 0)
  if (keep && !known) await awaitOthers(id, reporter(tools, totalBytes(headers) + textsBytes), signal)
  const same = await store.findId(id, key)
  if (same?.state === 'complete' && id !== known?.id) return { kind: 'stored', id }
  const found = (await store.list()).find((stored) => stored.id === id)
  const cachedBytes = keep ? (found?.downloaded ?? 0) : 0
  const wanted: DownloadRequest = {
    ...about(model, headers, store),
    ...(!keep && { store: 'memory' }),
    reason: known ? 'damaged' : await reasonOf(store, key, request, found),
    bytes: Math.max(0, totalBytes(headers) + textsBytes - cachedBytes),
    ...{ cachedBytes, storedBytes: keep ? weightsBytes + textsBytes : 0 },
  }
  await tools.ask(wanted)
  // Its server has other files now.
  if (known) await store.delete(known.id)
  if (!keep) return { kind: 'direct', source: { kind: 'remote', model }, request: wanted }

  const opened = await readRemoteTexts(model, headers, tools)
  checkConversation(model, opened)
  const bytes = weightsBytes + sizeOfTexts(opened)
  const plan = { id, name: model.name, key, form, bytes, total: totalBytes(opened) }
  return { kind: 'wanted', store, model, opened: await describeRemote(opened), plan }
}

async function download({ store, model, opened, plan }: Wanted, tools: AcquireTools): Promise<Acquired> {
  const { id, key, total } = plan
  const report = reporter(tools, total)
  const release = await lockWatching(id, report, tools.signal)
  try {
    if ((await store.findId(id, key))?.state === 'complete') return { kind: 'stored', id }
    await storeModel(store, {
      ...{ model, opened, plan, tools, onBytes: report.bytes },
      onProgress: (progress) => {
        report.told(progress.downloaded)
        announceProgress(id, progress)
      },
    })
    return { kind: 'stored', id }
  } finally {
    release()
  }
}

/**
 * As long as another tab downloads the model nobody is asked here, as nothing is fetched: whether it is there afterwards, or its tab has
 * died or given up, is to be seen then.
 */
async function awaitOthers(id: string, report: Reporter, signal: AbortSignal): Promise<void> {
  if (!(await isLocked(id))) return
  const release = await lockWatching(id, report, signal)
  release()
}

async function lockWatching(id: string, { told }: Reporter, signal: AbortSignal): Promise<Release> {
  const stop = watchProgress(id, ({ downloaded }) => told(downloaded))
  return lockModel(id, signal).finally(stop)
}

function remoteSource({ source }: AcquireRequest): RemoteSource {
  if (source.kind === 'url' || source.kind === 'hub') return source
  throw new Error(`a source of the kind ${source.kind} is not downloaded`)
}

function about(
  { name, revision, about }: RemoteModel,
  { checkpoint }: RemoteCheckpoint,
  { kind, reason }: ModelStore,
): Pick<DownloadRequest, 'source' | 'revision' | 'about' | 'store' | 'storeReason'> {
  return {
    ...{ source: name, about: joinAbout(about, aboutGguf(checkpoint.metadata)), store: kind },
    ...(reason !== undefined && { storeReason: reason }),
    ...(revision !== undefined && { revision }),
  }
}

/** The weights' files with the sizes that their servers tell. */
function sized(model: RemoteModel, { files }: RemoteCheckpoint): RemoteModel['weights'] {
  return model.weights.map((file, index) => ({ ...file, size: files[index]?.source.size ?? file.size ?? 0 }))
}

function totalBytes({ files, textFiles }: RemoteCheckpoint): number {
  const texts = [...textFiles.values()].reduce((sum, { size }) => sum + size, 0)
  return texts + files.reduce((sum, { source }) => sum + source.size, 0)
}

function storedBytes(opened: RemoteCheckpoint, form: StoredForm): number {
  const weights =
    form.kind === 'planes'
      ? packedBytes(opened.checkpoint, form)
      : opened.files.reduce((sum, { source }) => sum + source.size + 16, 0)
  return weights + INDEX_BYTES
}

async function reasonOf(
  store: ModelStore,
  key: string,
  { form }: AcquireRequest,
  found: StoredModel | undefined,
): Promise<DownloadReason> {
  // A download that was begun has a journal: this one was whole once.
  if (found) return found.downloaded === undefined && found.bytes > 0 ? 'damaged' : 'partial'
  const [wanted] = formsFor(form).slice(-1)
  const { reason } = wanted ? await store.explainMiss(key, wanted) : { reason: 'absent' as const }
  return reason === 'absent' ? 'not-cached' : reason
}

interface Reporter {
  bytes(bytes: number): void
  told(downloaded: number): void
}

/** Tells how the download goes, also while another tab does it. */
function reporter({ onProgress }: AcquireTools, total: number): Reporter {
  const rate = new TransferRate()
  let before = -1
  return {
    /** Over the network, now. */
    bytes: (bytes: number): void => rate.add(bytes, performance.now()),
    told: (downloaded: number): void => {
      if (downloaded === before) return
      before = downloaded
      const now = performance.now()
      const bytesPerSecond = rate.bytesPerSecond(now)
      const secondsLeft = rate.secondsLeft(total - downloaded, now)
      onProgress({
        ...{ phase: 'download', loaded: downloaded, total },
        ...(bytesPerSecond !== undefined && { bytesPerSecond }),
        ...(secondsLeft !== undefined && { secondsLeft }),
      })
    },
  }
}
