import { encodePath } from '../sources/hub-id.ts'
import type { HubApi, ListedFile, QuantizedRepository } from './hub-api.ts'
import { byteCount, digest, field, repositoryId, repositoryPath } from './hub-values.ts'

/** Repositories asked for in one list: more could not be looked into anyway. */
const QUANTIZED_LIMIT = 20

/** Hugging Face's Hub API, and that of its mirrors. */
export function huggingFaceApi(base: string): HubApi {
  const model = (repository: string): string => `${base}/api/models/${repository}`
  return {
    infoUrl: (repository, revision) => `${model(repository)}/revision/${encodeURIComponent(revision)}`,
    readInfo(answer) {
      if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return undefined
      const id = repositoryId(field(answer, 'id') ?? field(answer, 'modelId'))
      const commit = digest(field(answer, 'sha'), 40)
      // Neither: it is some other server's JSON.
      if (id === undefined && commit === undefined) return undefined
      const gated = field(answer, 'gated')
      return {
        ...(id !== undefined && { id }),
        ...(commit !== undefined && { commit }),
        gated: gated === true || gated === 'auto' || gated === 'manual',
        card: field(answer, 'cardData'),
      }
    },
    treeUrl: (repository, revision) => `${model(repository)}/tree/${encodeURIComponent(revision)}?recursive=true`,
    readTree: (answer) => (Array.isArray(answer) ? answer.flatMap(readEntry) : undefined),
    fileUrl: (repository, revision, path) =>
      `${base}/${repository}/resolve/${encodeURIComponent(revision)}/${encodePath(path)}`,
    pageUrl: (repository) => `${base}/${repository}`,
    quantizedUrl: (repository) => {
      const filter = encodeURIComponent(`base_model:quantized:${repository}`)
      return `${base}/api/models?filter=${filter}&filter=gguf&sort=downloads&direction=-1&limit=${QUANTIZED_LIMIT}`
    },
    readQuantized: (answer) => (Array.isArray(answer) ? answer.slice(0, QUANTIZED_LIMIT).flatMap(readRepository) : []),
  }
}

function readEntry(entry: unknown): ListedFile[] {
  const path = repositoryPath(field(entry, 'path'))
  if (path === undefined || field(entry, 'type') !== 'file') return []
  const lfs = field(entry, 'lfs')
  const size = byteCount(field(lfs, 'size') ?? field(entry, 'size'))
  const sha256 = digest(field(lfs, 'oid'), 64)
  // Of a file in LFS this is the pointer's.
  const gitSha1 = lfs ? undefined : digest(field(entry, 'oid'), 40)
  return [
    {
      path,
      ...(size !== undefined && { size }),
      ...(sha256 !== undefined && { sha256 }),
      ...(gitSha1 !== undefined && { gitSha1 }),
    },
  ]
}

function readRepository(entry: unknown): QuantizedRepository[] {
  const id = repositoryId(field(entry, 'id') ?? field(entry, 'modelId'))
  return id === undefined || field(entry, 'private') === true || field(entry, 'gated') === true ? [] : [{ id }]
}
