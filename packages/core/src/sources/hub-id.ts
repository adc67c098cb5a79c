import type { ModelSource } from '../backend.ts'

type HubSource = Extract<ModelSource, { kind: 'hub' }>

/** `org/name`, `org/name@revision`, `org/name:file.gguf`, `org/name@revision:folder/file.gguf`. */
const REPOSITORY = /^([\w.-]+\/[\w.-]+)(?:@([^:\s]+))?(?::(\S.*\.gguf))?$/i

export function parseRepository(text: string): HubSource | undefined {
  const [, repository, revision = 'main', file] = REPOSITORY.exec(text) ?? []
  if (repository === undefined) return undefined
  return { kind: 'hub', repository, revision, ...(file !== undefined && { file }) }
}

/**
 * The address of a repository's page, or of a file's page in it, as people copy it from the browser.
 * @throws URIError when its path is badly encoded
 */
export function parseHubUrl(url: URL, hub: string): HubSource | undefined {
  if (url.origin !== new URL(hub).origin || !url.href.startsWith(`${hub}/`)) return undefined
  const path = url.href
    .slice(hub.length + 1)
    .replace(/[?#].*$/, '')
    .replace(/\/$/, '')
  const [owner, name, view, revision, ...rest] = path.split('/').map(decodeURIComponent)
  if (owner === undefined || name === undefined) return undefined
  const repository = `${owner}/${name}`
  if (view === undefined) return { kind: 'hub', repository, revision: 'main' }
  if (revision === undefined) return undefined
  if (view === 'tree' && rest.length === 0) return { kind: 'hub', repository, revision }
  if (view === 'blob' && rest.length > 0) return { kind: 'hub', repository, revision, file: rest.join('/') }
  return undefined
}

/** URL of a file, or of the folder when `path` is empty. */
export function hubFileUrl(hub: string, { repository, revision }: HubSource, path: string): string {
  return `${hub}/${repository}/resolve/${encodeURIComponent(revision)}/${encodePath(path)}`
}

export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
