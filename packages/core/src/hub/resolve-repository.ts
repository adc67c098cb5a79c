import type { ModelSource } from '../backend.ts'
import { chooseFiles } from './choose-files.ts'
import { aboutCard } from './describe-about.ts'
import { fetchAnswer, notAHub, parseAnswer } from './fetch-answer.ts'
import { type HubApi, type HubInfo, hubApi, type ListedFile } from './hub-api.ts'
import type { HubContext } from './hub-context.ts'
import { listRepository } from './list-repository.ts'
import { probeBytes, probeFile } from './probe-file.ts'
import { type Asked, gatedError, refusal } from './refusal.ts'
import type { RemoteFile, RemoteModel } from './remote-model.ts'
import { indexName, safetensorsWeights, textPaths } from './safetensors-files.ts'
import { sourceKey } from './source-key.ts'

type HubSource = Extract<ModelSource, { readonly kind: 'hub' }>

/** Longest model card that is read, in bytes. */
const MAX_README_BYTES = 1 << 20
/** Longest index of shards, in bytes: one of 30,000 tensors has 3 MB. */
const MAX_INDEX_BYTES = 16 << 20

/** What is known of a repository while its files are looked for. */
interface Repository {
  readonly id: string
  /** The commit, or the revision where the hub tells none. */
  readonly revision: string
  readonly files: readonly ListedFile[]
  readonly api: HubApi
  readonly context: HubContext
}

/** @param context whose network knows the token */
export async function resolveRepository(
  source: HubSource,
  context: HubContext,
  hasToken: boolean,
): Promise<RemoteModel> {
  const { hub } = context
  const api = hubApi(hub)
  const { repository: written, revision: wanted } = source
  const asked: Asked = {
    repository: written,
    revision: wanted,
    hub: hub.base,
    page: api.pageUrl(written),
    hasToken,
  }
  const info = await readInfo(api, asked, context)
  const id = info?.id ?? written
  const revision = info?.commit ?? wanted
  const files = await listRepository(api, { ...asked, repository: id }, revision, context)
  const repository: Repository = { id, revision, files, api, context }
  const chosen = chooseFiles(id, files, source.file)
  const first = chosen.format === 'gguf' ? (chosen.weights[0]?.path ?? '') : `${chosen.folder}config.json`
  if (info?.gated) await checkGate({ ...asked, repository: id }, api.fileUrl(id, revision, first), context)
  const [{ weights, texts }, readme] = await Promise.all([
    chosen.format === 'gguf'
      ? { weights: chosen.weights.map((file) => remoteFile(repository, file)), texts: [] }
      : folderFiles(repository, chosen.folder),
    info?.readme ?? readReadme(repository),
  ])
  const shownRevision = wanted === hub.branch ? '' : `@${wanted}`
  const part = chosen.format === 'gguf' ? first : source.file
  return {
    name: `${id}${shownRevision}${part === undefined ? '' : `:${part}`}`,
    key: sourceKey(source, hub),
    hub: hub.base,
    repository: id,
    ...(info?.commit !== undefined && { revision: info.commit }),
    format: chosen.format,
    weights,
    texts,
    about: aboutCard({ card: info?.card, readme, page: api.pageUrl(id) }),
  }
}

/** Undefined where there is no such answer but perhaps a list, as of plain mirrors. */
async function readInfo(api: HubApi, asked: Asked, context: HubContext): Promise<HubInfo | undefined> {
  const answer = await fetchAnswer(api.infoUrl(asked.repository, asked.revision), context)
  if (answer.status === 404 && answer.reason === undefined) return undefined
  if (answer.status >= 400) throw refusal(answer, asked)
  const info = api.readInfo(parseAnswer(answer, asked.hub))
  if (!info) throw notAHub(answer.url, asked.hub)
  return info
}

async function folderFiles(
  repository: Repository,
  folder: string,
): Promise<{ readonly weights: readonly RemoteFile[]; readonly texts: readonly RemoteFile[] }> {
  const { id, files, context } = repository
  const within = new Map<string, RemoteFile>()
  for (const file of files)
    if (file.path.startsWith(folder)) {
      const remote = remoteFile(repository, file, folder)
      within.set(remote.path, remote)
    }
  const index = within.get(indexName)
  const weights = await safetensorsWeights(
    id,
    [...within.keys()].filter((path) => !path.includes('/')),
    async () => {
      const answer = index && (await fetchAnswer(index.url, context, MAX_INDEX_BYTES))
      return answer?.status === 200 ? answer.text : undefined
    },
  )
  const remoteFiles = (paths: readonly string[]): RemoteFile[] => paths.flatMap((path) => within.get(path) ?? [])
  return { weights: remoteFiles(weights), texts: remoteFiles(textPaths([...within.keys()])) }
}

function remoteFile({ id, revision, api }: Repository, file: ListedFile, folder = ''): RemoteFile {
  return { ...file, path: file.path.slice(folder.length), url: api.fileUrl(id, revision, file.path) }
}

/** Whether files of a gated repository are given to whoever asks, be it by the token or by headers of the app's own. */
async function checkGate(asked: Asked, url: string, context: HubContext): Promise<void> {
  const { status } = await probeFile(url, context, /\.gguf$/i.test(url) ? probeBytes.gguf : 'whole')
  if (status === 401 || status === 403) throw gatedError(asked, status)
}

/** A card that cannot be had is no reason not to load a model. */
async function readReadme({ id, revision, files, api, context }: Repository): Promise<string | undefined> {
  const listed = files.find(({ path }) => path === 'README.md')
  if (!listed || (listed.size ?? 0) > MAX_README_BYTES) return undefined
  try {
    const answer = await fetchAnswer(api.fileUrl(id, revision, listed.path), context, MAX_README_BYTES)
    return answer.status === 200 ? answer.text : undefined
  } catch {
    context.signal.throwIfAborted()
    return undefined
  }
}
