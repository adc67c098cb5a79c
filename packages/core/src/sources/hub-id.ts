import type { ModelSource } from '../backend.ts'
import type { HubDescription } from '../hub/hubs.ts'

type HubSource = Extract<ModelSource, { kind: 'hub' }>

/** `org/name`, `org/name@revision`, `org/name:file.gguf`, `org/name@revision:folder/file.gguf`, `org/name:folder/`. */
const REPOSITORY =
  /^((?!\.+\/)[\w.-]+\/(?!\.+(?:[@:/]|$))[\w.-]+)(?:\/|(?:@(?!\.{1,2}(?::|$))([^:\s]+))?(?::(?!\/)(\S.*(?:\.gguf|\/)))?)$/i

const HUGGING_FACE = 'https://huggingface.co'
const ALIAS = /^(www\.)?(hf|huggingface)\.co$/

/** @param branch the revision where none is named */
export function parseRepository(text: string, branch: string): HubSource | undefined {
  const [, repository, revision = branch, file] = REPOSITORY.exec(text) ?? []
  if (repository === undefined) return undefined
  return { kind: 'hub', repository, revision, ...(file !== undefined && { file }) }
}

/**
 * The address of a repository's page, or of a file's page in it, as people copy it from the browser.
 * @throws URIError when its path is badly encoded
 */
export function parseHubUrl(given: URL, { preset, base, branch }: HubDescription): HubSource | undefined {
  const url = new URL(given)
  if (base === HUGGING_FACE && ALIAS.test(url.hostname)) url.hostname = new URL(base).hostname
  if (url.origin !== new URL(base).origin || !url.href.startsWith(`${base}/`)) return undefined
  const path = url.href
    .slice(base.length + 1)
    .replace(/[?#].*$/, '')
    .replace(/\/$/, '')
  const parts = path.split('/').map(decodeURIComponent)
  // ModelScope's pages lie below /models/, and name the view "summary" or "files" behind that.
  const isModelScope = preset === 'modelscope'
  if (isModelScope && parts.shift() !== 'models') return undefined
  const [owner, name, view, revision, ...rest] = parts
  if (!owner || !name) return undefined
  const repository = `${owner}/${name}`
  if (view === undefined || (isModelScope && revision === undefined && /^(summary|files)$/.test(view)))
    return { kind: 'hub', repository, revision: branch }
  if (revision === undefined) return undefined
  if ((view === 'tree' || view === 'resolve') && rest.length === 0) return { kind: 'hub', repository, revision }
  if (view === 'tree') return { kind: 'hub', repository, revision, file: `${rest.join('/')}/` }
  const isFile = view === 'blob' || view === 'resolve' || (isModelScope && view === 'file' && revision === 'view')
  return isFile && rest.length > 0 ? fileOf(parts, repository, view) : undefined
}

/** `org/name/blob/REVISION/path`, and ModelScope's `org/name/file/view/REVISION/path`. */
function fileOf(parts: readonly string[], repository: string, view: string): HubSource | undefined {
  const [revision, ...path] = parts.slice(view === 'file' ? 4 : 3)
  if (revision === undefined || path.length === 0) return undefined
  return { kind: 'hub', repository, revision, file: path.join('/') }
}

export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
