import { SampanError } from '../errors.ts'
import { joinAbout } from '../hub/describe-about.ts'
import type { RemoteModel } from '../hub/remote-model.ts'
import { markedUrl } from '../hub/source-key.ts'
import type { ModelIndex, ModelPlan, ModelStore, ModelWriter, StoredFile, StoredForm } from '../store/store-types.ts'
import type { AcquireTools } from './acquire-context.ts'
import { DownloadJob, type DownloadProgress, type WrongFile } from './download-job.ts'
import { hashOfFiles } from './hash-plans.ts'
import { type DescribedModel, describeRemote, openRemote, readRemoteTexts } from './remote-checkpoint.ts'
import { storeFiles } from './store-files.ts'
import { storePlanes } from './store-planes.ts'

export interface StoreModelOptions {
  readonly model: RemoteModel
  readonly opened: DescribedModel
  readonly plan: ModelPlan
  readonly tools: AcquireTools
  readonly onProgress: (progress: DownloadProgress) => void
  readonly onBytes: (bytes: number) => void
}

/** A file that is not what was promised is fetched again, once. */
const MOST_FETCHES = 2

/**
 * Downloads a model into the store, from where an earlier download was cut. A file that turns out not to be what its hub lists is fetched
 * anew, once, and those before it stay; where the server has other files than when the download was begun, all are. The caller holds the
 * model's lock.
 * @throws SampanError `hash-mismatch`, `quota-exceeded`, and what downloading throws; what has come so far is kept, without the file that
 * is wrong
 */
export async function storeModel(store: ModelStore, options: StoreModelOptions): Promise<void> {
  const fetched = new Map<number, number>()
  let { opened } = options
  for (let attempt = 1; ; ) {
    const writer = await store.write(options.plan)
    try {
      const wrong = await fill(writer, { ...options, opened })
      if (!wrong) return
      const times = (fetched.get(wrong.index) ?? 0) + 1
      fetched.set(wrong.index, times)
      if (times === MOST_FETCHES) {
        if (!wrong.isSomeLeft) await writer.discard()
        throw wrong.error
      }
      // What is wrong may be its header.
      opened = await openAgain(options)
      await writer.close()
    } catch (error) {
      if (!(SampanError.isInstance(error) && STALE.has(error.code))) {
        await writer.close()
        throw error
      }
      await writer.discard()
      if (attempt++ > 1) throw error
    }
  }
}

/** What is there is of another file than what comes, or was packed by another version. */
const STALE: ReadonlySet<string> = new Set(['source-changed', 'file-damaged'])

async function openAgain({ model, opened, tools }: StoreModelOptions): Promise<DescribedModel> {
  const { textFiles } = opened
  const headers = await openRemote(model, tools)
  return describeRemote(await readRemoteTexts(model, { ...headers, textFiles }, tools))
}

/** Returns what is wrong with it, when that has been taken out of what is there. */
async function fill(
  writer: ModelWriter,
  options: StoreModelOptions,
): Promise<(WrongFile & { readonly isSomeLeft: boolean }) | undefined> {
  const { model, opened, plan, tools, onProgress, onBytes } = options
  const job = new DownloadJob(model, opened, writer, tools, onProgress, onBytes)
  try {
    await job.begin(model, opened)
    const stored = await storeWeights(job, opened, plan.form, tools.signal)
    const finished = await job.finish(tools.signal)
    const hashed = finished.map(({ file, hashing }) => ({ hashing, pieces: file.pieces }))
    const hash = await hashOfFiles(opened.checkpoint, opened.description, hashed)
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
      about: joinAbout(model.about, opened.about),
      files: [...textsOf(model, opened), ...weights],
      ...(stored.tensors && { tensors: stored.tensors }),
      ...(stored.pieces && { pieces: stored.pieces }),
      ...(hash !== undefined && { hash }),
      stored: new Date().toISOString(),
    }
    await writer.commit(index)
    return undefined
  } catch (error) {
    const wrong = await job.findWrong(error)
    if (!wrong) throw error
    return { ...wrong, isSomeLeft: await job.rewind(wrong.index, opened, plan.form) }
  } finally {
    await job.close()
  }
}

interface StoredWeights extends Pick<ModelIndex, 'tensors' | 'pieces'> {
  readonly offsets?: readonly number[]
}

async function storeWeights(
  job: DownloadJob,
  opened: DescribedModel,
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

function textsOf({ texts }: RemoteModel, { textFiles }: DescribedModel): StoredFile[] {
  return texts.map(({ path, url, sha256, gitSha1, etag }) => ({
    ...{ path, url: markedUrl(url), bytes: textFiles.get(path)?.size ?? 0 },
    ...(sha256 !== undefined && { sha256 }),
    ...(gitSha1 !== undefined && { gitSha1 }),
    ...(etag !== undefined && { etag }),
  }))
}
