import { encodePath } from '../sources/hub-id.ts'
import type { HubApi, ListedFile } from './hub-api.ts'
import { byteCount, digest, field, repositoryPath } from './hub-values.ts'

/**
 * ModelScope's API. Its list gives the SHA-256 of every file, and no commit of the whole: that is what pins a file's content. One list has
 * 3000 entries at most, without a next page.
 */
export function modelScopeApi(base: string): HubApi {
  const model = (repository: string): string => `${base}/api/v1/models/${repository}`
  return {
    infoUrl: (repository, revision) => `${model(repository)}?Revision=${encodeURIComponent(revision)}`,
    readInfo(answer) {
      const data = field(answer, 'Data')
      if (typeof data !== 'object' || data === null) return undefined
      const readme = field(data, 'ReadMeContent')
      return {
        gated: false,
        card: { license: field(data, 'License'), base_model: field(data, 'BaseModel') },
        ...(typeof readme === 'string' && { readme }),
      }
    },
    treeUrl: (repository, revision) =>
      `${model(repository)}/repo/files?Revision=${encodeURIComponent(revision)}&Recursive=True`,
    readTree(answer) {
      const data = field(answer, 'Data')
      const files = field(data, 'Files')
      // An unknown revision has no list at all.
      if (files === null && field(answer, 'Success') === true) return []
      return Array.isArray(files) ? files.flatMap(readEntry) : undefined
    },
    fileUrl: (repository, revision, path) =>
      `${base}/models/${repository}/resolve/${encodeURIComponent(revision)}/${encodePath(path)}`,
    pageUrl: (repository) => `${base}/models/${repository}`,
  }
}

function readEntry(entry: unknown): ListedFile[] {
  const path = repositoryPath(field(entry, 'Path'))
  if (path === undefined || field(entry, 'Type') === 'tree') return []
  const size = byteCount(field(entry, 'Size'))
  const sha256 = digest(field(entry, 'Sha256'), 64)
  return [{ path, ...(size !== undefined && { size }), ...(sha256 !== undefined && { sha256 }) }]
}
