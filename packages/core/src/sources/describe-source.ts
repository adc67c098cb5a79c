import type { ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { ggufPart, partPaths } from '../hub/gguf-parts.ts'
import type { HubDescription } from '../hub/hubs.ts'
import type { LoadSource } from '../load/load-types.ts'
import { checkFileCount, filePath, folderOf, type PlacedFile } from './folder-files.ts'
import { isGguf } from './gguf-magic.ts'
import { parseHubUrl, parseRepository } from './hub-id.ts'
import { absoluteHref, pocketName, pocketUrl } from './pocket.ts'

/** What a page can fetch; an extension has its own files under the address of its kind. */
const FETCHED = /^(https?|blob|(chrome|moz|safari-web)-extension):/i

/**
 * What `source` stands for, as plain data that crosses to the Worker. Plain JavaScript callers have no compiler, so that it may
 * be anything.
 * @throws SampanError `source-invalid` when it is nothing that can be loaded; `pocket-missing`; `source-not-found`, `source-forbidden` when it is
 * a file or folder on disk that cannot be read; `source-ambiguous`
 */
export async function describeSource(source: LoadSource, hub: HubDescription): Promise<ModelSource> {
  const given: unknown = source
  if (typeof given === 'string') return describeString(given.trim(), hub)
  if (typeof given !== 'object' || given === null) throw invalid(String(given))
  if (given instanceof URL) return describeUrl(new URL(absoluteHref(given)), hub)
  if (given instanceof Blob) return describeBlob(given)
  if (isFileHandle(given)) return describeBlob(await readingDisk(() => given.getFile()))
  if (isFolderHandle(given))
    return describeFiles(await readingDisk(async () => (await reader()).filesOfHandle(given)), given.name)
  if (isEntry(given)) return describeEntry(given)
  if ('mlc' in given) return describeMlc(given.mlc)
  if (Symbol.iterator in given) return describeFiles(collectFiles(given))
  throw invalid('This object')
}

function describeString(source: string, hub: HubDescription): ModelSource {
  if (source === pocketName) return describePocket()
  if (source.startsWith('mlc:') && source.length > 4) return { kind: 'mlc', id: source.slice(4) }
  if (FETCHED.test(source) && URL.canParse(source)) return describeUrl(new URL(source), hub)
  if (/^(\.{0,2}\/)/.test(source)) return describeUrl(new URL(absolute(source)), hub)
  const repository = parseRepository(source, hub.branch)
  if (repository) return repository
  throw invalid(source)
}

/** @throws SampanError `pocket-missing` */
function describePocket(): ModelSource {
  const url = pocketUrl()
  if (url !== undefined) return { kind: 'url', url, name: pocketName }
  throw new SampanError(
    'pocket-missing',
    "This app does not bring Pocket along: install @sampan/pocket and add the line `import '@sampan/pocket'`.",
    { source: pocketName },
  )
}

function describeUrl(url: URL, hub: HubDescription): ModelSource {
  if (url.href === pocketUrl()) return describePocket()
  if (!FETCHED.test(url.protocol)) throw invalid(url.href)
  if (url.username !== '' || url.password !== '') throw withPassword(url)
  try {
    const source = parseHubUrl(url, hub) ?? { kind: 'url', url: url.href }
    if (isSafetensors(source.kind === 'hub' ? (source.file ?? '') : url.pathname)) throw notAlone(url.href)
    return source
  } catch (error) {
    if (error instanceof URIError) throw invalid(url.href)
    throw error
  }
}

function describeMlc(model: unknown): ModelSource {
  if (typeof model !== 'object' || model === null || !('id' in model && 'model' in model && 'modelLib' in model))
    throw invalid('{ mlc } without id, model and modelLib')
  const { id } = model
  if (typeof id !== 'string' || id === '') throw invalid('{ mlc } without an id')
  return { kind: 'mlc', id, model: { id, model: absolute(model.model), modelLib: absolute(model.modelLib) } }
}

function describeBlob(blob: Blob): ModelSource {
  const name = blob instanceof File ? blob.name : 'a Blob'
  if (isSafetensors(name)) throw notAlone(name)
  return { kind: 'blob', blob, name }
}

async function describeEntry(entry: FileSystemEntry): Promise<ModelSource> {
  const files = await readingDisk(async () => (await reader()).filesOfEntry(entry))
  const [only] = files
  return entry.isFile && only ? describeBlob(only.file) : describeFiles(files, entry.name)
}

/** Few sources are folders. */
function reader(): Promise<typeof import('./read-folder.ts')> {
  return import('./read-folder.ts')
}

async function describeFiles(placed: readonly PlacedFile[], folderName?: string): Promise<ModelSource> {
  const files = placed.map(({ file }) => file)
  const named = files.filter((file) => file.name.toLowerCase().endsWith('.gguf'))
  const isFolder = files.some((file) => file.name === 'config.json')
  const gguf = named.length > 0 || isFolder ? named : await withMagic(files)
  const [only] = gguf
  if (only && gguf.length === 1) return describeBlob(only)
  if (gguf.length > 1) {
    const parts = partsOf(gguf)
    return { kind: 'files', files: parts, name: parts[0]?.name ?? '' }
  }
  const [first] = files
  if (!first) throw new SampanError('source-not-found', 'The folder is empty: choose one with config.json.')
  if (files.length === 1 && isSafetensors(first.name)) throw notAlone(first.name)
  const folder = folderOf(placed, folderName)
  return { kind: 'files', files: [...folder.files.values()], paths: [...folder.files.keys()], name: folder.name }
}

/** All parts of one model, in order. @throws SampanError `source-ambiguous` when there are several, or parts are missing */
function partsOf(gguf: readonly File[]): readonly File[] {
  const byName = new Map(gguf.map((file) => [file.name, file]))
  const parts = partPaths(gguf[0]?.name ?? '').flatMap((name) => byName.get(name) ?? [])
  const told = ggufPart(gguf[0]?.name ?? '')?.count
  if (told === parts.length && byName.size === parts.length) return parts
  throw new SampanError(
    'source-ambiguous',
    'There are several GGUF files here: choose one of them, or all parts of one.',
    {
      files: gguf.map((file) => file.name),
    },
  )
}

/** Files that are GGUF by their first bytes: Ollama keeps its models under names without an ending. */
async function withMagic(files: readonly File[]): Promise<File[]> {
  const found = await Promise.all(files.map((file) => readingDisk(() => isGguf(file))))
  return files.filter((_, index) => found[index])
}

function collectFiles(given: object): PlacedFile[] {
  const files: PlacedFile[] = []
  if (!isIterable(given)) throw invalid('This object')
  for (const file of given) {
    if (!(file instanceof File))
      throw invalid(`A list with ${typeof file === 'object' ? 'an object' : String(file)} in it`)
    files.push({ file, path: filePath(file) })
    checkFileCount(files.length)
  }
  return files
}

/** What the browser throws when a file is gone or may not be read, in Sampan's words. */
async function readingDisk<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    if (SampanError.isInstance(cause)) throw cause
    const forbidden = cause instanceof DOMException && /^(NotAllowed|Security)Error$/.test(cause.name)
    throw forbidden
      ? new SampanError(
          'source-forbidden',
          'The page may not read this file or folder: choose it again.',
          {},
          { cause },
        )
      : new SampanError(
          'source-not-found',
          'The file or folder cannot be read: it was moved or changed since it was chosen. Choose it again.',
          {},
          { cause },
        )
  }
}

function isFileHandle(value: object): value is FileSystemFileHandle {
  return 'kind' in value && value.kind === 'file' && 'getFile' in value && typeof value.getFile === 'function'
}

function isFolderHandle(value: object): value is FileSystemDirectoryHandle {
  return 'kind' in value && value.kind === 'directory' && 'values' in value && typeof value.values === 'function'
}

function isEntry(value: object): value is FileSystemEntry {
  return 'isFile' in value && 'isDirectory' in value && 'fullPath' in value
}

function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value && typeof value[Symbol.iterator] === 'function'
}

function isSafetensors(name: string): boolean {
  return /\.safetensors$/i.test(name)
}

function absolute(url: unknown): string {
  const base = globalThis.location?.href
  if (typeof url !== 'string' || !URL.canParse(url, base)) throw invalid(String(url))
  return new URL(url, base).href
}

/** Browsers fetch no such address. */
function withPassword({ origin, pathname }: URL): SampanError {
  const source = origin + pathname
  return new SampanError(
    'source-invalid',
    `${source} was given with a user or a password in it, which browsers do not fetch: give them as \`headers\`, in \`Authorization\`.`,
    { source },
  )
}

function notAlone(name: string): SampanError {
  return new SampanError(
    'source-invalid',
    `${name} holds weights only: name its folder, which has config.json and tokenizer.json beside it, or choose all files of it.`,
    { source: name },
  )
}

function invalid(source: string): SampanError {
  return new SampanError(
    'source-invalid',
    `"${source}" is no model source. Give the URL of a .gguf file or of a folder with config.json, a repository on the hub (org/name, org/name@revision, org/name:file.gguf), a file from disk, mlc:<id>, or pocket.`,
    { source },
  )
}
