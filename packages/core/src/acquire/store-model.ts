import { SampanError } from '../errors.ts'
import { aboutGguf, joinAbout } from '../hub/describe-about.ts'
import type { RemoteModel } from '../hub/remote-model.ts'
import { markedUrl } from '../hub/source-key.ts'
import type { ModelIndex, ModelPlan, ModelStore, ModelWriter, StoredFile, StoredForm } from '../store/store-types.ts'
import type { AcquireTools } from './acquire-context.ts'
import { DownloadJob, type DownloadProgress } from './download-job.ts'
import { hashOfFiles } from './hash-plans.ts'
import type { RemoteModelFiles } from './remote-checkpoint.ts'
import { storeFiles } from './store-files.ts'
import { storePlanes } from './store-planes.ts'

export interface StoreModelOptions {
  readonly model: RemoteModel
  readonly opened: RemoteModelFiles
  readonly plan: ModelPlan
  readonly tools: AcquireTools
  readonly onProgress: (progress: DownloadProgress) => void
  readonly onBytes: (bytes: number) => void
}

/**
 * Downloads a model into the store, from where an earlier download was cut. What turns out not to be what its hub lists is fetched anew,
 * once. The caller holds the model's lock.
 * @throws SampanError `hash-mismatch`, `quota-exceeded`, and what downloading throws; what has come so far is kept
 */
export async function storeModel(store: ModelStore, options: StoreModelOptions): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const writer = await store.write(options.plan)
    try {
      await fill(writer, options)
      return
    } catch (error) {
      if (!(SampanError.isInstance(error) && STALE.has(error.code))) {
        await writer.close()
        throw error
      }
      await writer.discard()
      if (attempt > 1) throw error
    }
  }
}

/** What is there is of another file than what comes, or was packed by another version. */
const STALE: ReadonlySet<string> = new Set(['hash-mismatch', 'source-changed', 'file-damaged'])

async function fill(writer: ModelWriter, options: StoreModelOptions): Promise<void> {
  const { model, opened, plan, tools, onProgress, onBytes } = options
  const job = new DownloadJob(model, opened, writer, tools, onProgress, onBytes)
  try {
    await job.begin(model, opened)
    const stored = await storeWeights(job, opened, plan.form, tools.signal)
    const finished = await job.finish(tools.signal)
    const hashed = finished.map(({ file, hashing }) => ({ hashing, pieces: file.pieces }))
    const hash = await hashOfFiles(opened.checkpoint, opened.texts, hashed)
    const weights = model.weights.map((file, index): StoredFile => {
      const offset = stored.offsets?.[index]
      const { sha256, gitSha1 } = finished[index]?.file ?? {}
      return {
        ...{ path: file.path, url: markedUrl(file.url), bytes: opened.files[index]?.source.size ?? 0 },
        ...(sha256 === undefined ? file.sha256 !== undefined && { sha256: file.sha256 } : { sha256 }),
        ...(gitSha1 === undefined ? file.gitSha1 !== undefined && { gitSha1: file.gitSha1 } : { gitSha1 }),
        ...(file.etag !== undefined && { etag: file.etag }),
        ...(offset !== undefined && { offset }),
      }
    })
    const index: ModelIndex = {
      ...{ format: 'sampan-model', version: 1, id: plan.id, name: model.name, keys: [plan.key] },
      ...(model.hub !== undefined && { hub: model.hub }),
      ...(model.revision !== undefined && { revision: model.revision }),
      ...{ checkpoint: model.format, form: plan.form, texts: job.texts },
      about: joinAbout(model.about, aboutGguf(opened.checkpoint.metadata)),
      files: [...textsOf(model, opened), ...weights],
      ...(stored.tensors && { tensors: stored.tensors }),
      ...(stored.pieces && { pieces: stored.pieces }),
      ...(hash !== undefined && { hash }),
      stored: new Date().toISOString(),
    }
    await writer.commit(index)
  } finally {
    await job.close()
  }
}

interface StoredWeights extends Pick<ModelIndex, 'tensors' | 'pieces'> {
  readonly offsets?: readonly number[]
}

async function storeWeights(
  job: DownloadJob,
  opened: RemoteModelFiles,
  form: StoredForm,
  signal: AbortSignal,
): Promise<StoredWeights> {
  switch (form.kind) {
    case 'planes':
      return { tensors: await storePlanes(job, opened, form, signal) }
    case 'source':
      return storeFiles(job, signal)
    default:
      return form satisfies never
  }
}

function textsOf({ texts }: RemoteModel, { textFiles }: RemoteModelFiles): StoredFile[] {
  return texts.map(({ path, url, sha256, gitSha1, etag }) => ({
    ...{ path, url: markedUrl(url), bytes: textFiles.get(path)?.length ?? 0 },
    ...(sha256 !== undefined && { sha256 }),
    ...(gitSha1 !== undefined && { gitSha1 }),
    ...(etag !== undefined && { etag }),
  }))
}
