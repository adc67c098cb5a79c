import type { LoadOptions, LoadSource, StoredForm } from '@sampan/core'
import { pocket, pocketFacts } from '@sampan/pocket'
import { del, get, set } from 'idb-keyval'
import type { Compute, Settings } from './settings.ts'
import { keptOptions, readOptions, type SourceOptions } from './source-options.ts'

/** A repository or a URL. */
export interface AddressSource extends WithOptions {
  readonly kind: 'address'
  readonly name: string
  readonly address: string
  /** That is kept on this device and is to be loaded, whatever Settings say. */
  readonly form?: StoredForm
}

interface WithOptions {
  readonly options?: SourceOptions
}

/** Where a model comes from, as the visitor named it. */
export type Source =
  /** The model that comes with this page. */
  (
    | { readonly kind: 'pocket'; readonly name: string }
    | AddressSource
    | { readonly kind: 'file'; readonly name: string; readonly file: File; readonly handle?: FileSystemFileHandle }
    | { readonly kind: 'folder'; readonly name: string; readonly handle: FileSystemDirectoryHandle }
    /** A folder's files, where the browser has no handles for folders. */
    | { readonly kind: 'files'; readonly name: string; readonly files: readonly File[] }
  ) &
    WithOptions

/** What is remembered between visits: addresses and, where the browser has them, handles. */
export type KeptSource =
  | { readonly kind: 'address'; readonly name: string; readonly address: string; readonly options?: SourceOptions }
  | {
      readonly kind: 'handle'
      readonly name: string
      readonly handle: FileSystemFileHandle | FileSystemDirectoryHandle
    }

const key = 'chat-last-source'

export const pocketSource: Source = { kind: 'pocket', name: pocketFacts.name }

export function sourceFromAddress(text: string): AddressSource {
  const address = text.trim()
  return { kind: 'address', name: nameOfAddress(address), address }
}

/** A file's own name; of what is whole, the whole. */
function nameOfAddress(address: string): string {
  if (!/^https?:/i.test(address)) return /^[^:]+\/[^:]+:(?:.*\/)?([^/]+\.gguf)$/i.exec(address)?.[1] ?? address
  try {
    const { pathname, hostname } = new URL(address)
    return decodeURIComponent(pathname.split('/').findLast((part) => part !== '') ?? hostname)
  } catch {
    return address
  }
}

export async function sourceFromHandle(handle: FileSystemHandle): Promise<Source> {
  if (handle instanceof FileSystemDirectoryHandle) return { kind: 'folder', name: handle.name, handle }
  if (handle instanceof FileSystemFileHandle) {
    return { kind: 'file', name: handle.name, file: await handle.getFile(), handle }
  }
  throw new TypeError('neither a file nor a folder')
}

export function sourceFromFiles(files: readonly File[]): Source | undefined {
  const [first] = files
  if (!first) return undefined
  return { kind: 'files', name: first.webkitRelativePath.split('/', 1)[0] || first.name, files }
}

/** How the library is to load it, by Settings and what else was chosen; what is kept is loaded as it is. */
export function loadOptionsFor(
  source: Source,
  settings: Settings,
): Pick<LoadOptions, 'bits' | 'backend' | 'hub' | 'token' | 'adapters'> {
  const { hub, token, adapter } = source.options ?? {}
  return {
    ...formOptions(source, settings),
    ...(hub !== undefined && { hub }),
    ...(token !== undefined && { token }),
    ...(adapter !== undefined && { adapters: [adapter] }),
  }
}

function formOptions(source: Source, { bits, compute }: Settings): Pick<LoadOptions, 'bits' | 'backend'> {
  const form = source.kind === 'address' ? source.form : undefined
  switch (form?.kind) {
    case 'source':
      return { backend: 'wllama' }
    case 'planes':
      return { bits: form.bits ?? bits, backend: 'sampan' }
    case undefined:
      return { bits, backend: backendFor(source, compute) }
    default:
      return form satisfies never
  }
}

/** web-llm has no choice. */
export function backendFor(source: Source, compute: Compute): NonNullable<LoadOptions['backend']> {
  if (source.kind === 'address' && source.address.startsWith('mlc:')) return 'auto'
  switch (compute) {
    case 'auto':
      return 'auto'
    case 'webgpu':
      return 'sampan'
    case 'cpu':
      return 'wllama'
    default:
      return compute satisfies never
  }
}

/** What the library loads. */
export function loadable(source: Source): LoadSource {
  switch (source.kind) {
    case 'pocket':
      return pocket
    case 'address':
      return source.address
    case 'file':
      return source.file
    case 'folder':
      return source.handle
    case 'files':
      return source.files
    default:
      return source satisfies never
  }
}

/** Pocket is always at hand: it does not take the place of what else was loaded last. */
export async function keepSource(source: Source): Promise<void> {
  if (source.kind === 'pocket') return
  const kept = keptForm(source)
  await (kept ? set(key, kept) : del(key)).catch(() => undefined)
}

/** What was kept before, in place of what did not work. */
export async function keepAgain(kept: KeptSource | undefined): Promise<void> {
  await (kept ? set(key, kept) : del(key)).catch(() => undefined)
}

function keptForm(source: Source): KeptSource | undefined {
  switch (source.kind) {
    case 'address':
      return withKept({ kind: 'address', name: source.name, address: source.address }, source.options)
    case 'file':
      return source.handle && { kind: 'handle', name: source.name, handle: source.handle }
    case 'folder':
      return { kind: 'handle', name: source.name, handle: source.handle }
    case 'files':
    case 'pocket':
      return undefined
    default:
      return source satisfies never
  }
}

function withKept(source: KeptSource & { readonly kind: 'address' }, options: SourceOptions | undefined): KeptSource {
  const kept = keptOptions(options)
  return kept ? { ...source, options: kept } : source
}

export async function readKeptSource(): Promise<KeptSource | undefined> {
  const kept: unknown = await get(key).catch(() => undefined)
  if (typeof kept !== 'object' || kept === null || !('kind' in kept) || !('name' in kept)) return undefined
  const { kind, name } = kept
  if (typeof name !== 'string') return undefined
  if (kind === 'address' && 'address' in kept && typeof kept.address === 'string') {
    return withKept({ kind, name, address: kept.address }, readOptions('options' in kept ? kept.options : undefined))
  }
  if (kind !== 'handle' || !('handle' in kept)) return undefined
  const { handle } = kept
  const readable = handle instanceof FileSystemFileHandle || handle instanceof FileSystemDirectoryHandle
  return readable ? { kind, name, handle } : undefined
}

/** Asks for permission where the browser has forgotten it; needs a click. */
export async function reopen(kept: KeptSource): Promise<Source | 'denied'> {
  if (kept.kind === 'address') return kept
  const permission = await kept.handle.requestPermission?.({ mode: 'read' })
  if (permission === 'denied') return 'denied'
  try {
    return await sourceFromHandle(kept.handle)
  } catch {
    return 'denied'
  }
}
