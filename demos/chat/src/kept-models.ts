import { type CachedModel, cache } from '@sampan/core'
import type { Settings } from './settings.ts'
import { type AddressSource, backendFor, sourceFromAddress } from './source.ts'
import type { SourceOptions } from './source-options.ts'

const hub = 'https://huggingface.co/'
const modelScope = 'https://modelscope.cn'
/** Models of other hubs: base, repository, revision and perhaps a file. */
const otherHub = /^(https?:\/\/[^@]+)\/([^/@]+\/[^/@]+)@([^:]+)(?::(.+))?$/s

/** What the library calls an address: the key of models that were stored for it. */
export function keyOf(address: string, { hub: chosen }: SourceOptions = {}): string {
  const repository = repositoryOf(address)
  if (repository) {
    const isModelScope = chosen === 'modelscope'
    const base = isModelScope ? modelScope : (chosen ?? hub).replace(/\/+$/, '')
    return `${base}/${isModelScope ? repository.replace(/@main(?=:|$)/, '@master') : repository}`
  }
  if (!URL.canParse(address)) return address
  const { origin, pathname, protocol } = new URL(address)
  return /^https?:$/.test(protocol) ? origin + pathname : address
}

/** `org/name@revision:file.gguf` of what names a repository, or of the address of its page or of a file's page there. */
function repositoryOf(address: string): string | undefined {
  const named = /^([\w.-]+\/[\w.-]+)(?:\/|(@[^:\s]+)?(:\S.*)?)$/.exec(address)
  if (named) return `${named[1]}${named[2] ?? '@main'}${named[3] ?? ''}`
  const page = /^([^/]+\/[^/?#]+)(?:\/(tree|blob|resolve)\/([^/?#]+)(?:\/([^?#]+?))?)?\/?(?:[?#]|$)/.exec(
    address.startsWith(hub) ? address.slice(hub.length) : '',
  )
  if (!page) return undefined
  const [, repository, view, revision = 'main', file] = page
  const folder = view === 'tree' ? '/' : ''
  return `${repository}@${revision}${file === undefined ? '' : `:${decodeURIComponent(file)}${folder}`}`
}

/** How a model that is kept is named to load it. Undefined where it came from a file and no address is known, and of adapters. */
export function sourceOf({ keys, form }: CachedModel): AddressSource | undefined {
  if (form.kind === 'adapter') return undefined
  const key = keys.find((known) => URL.canParse(known) && /^https?:/.test(known))
  if (key === undefined) return undefined
  if (key.startsWith(hub)) return { ...sourceFromAddress(key.slice(hub.length).replace(/@main(?=:|$)/, '')), form }
  const [, base, repository, revision, file] = otherHub.exec(key) ?? []
  if (base === undefined || repository === undefined) return { ...sourceFromAddress(key), form }
  const isModelScope = base === modelScope
  const named = revision === (isModelScope ? 'master' : 'main') ? repository : `${repository}@${revision}`
  const address = file === undefined ? named : `${named}:${file}`
  return { ...sourceFromAddress(address), form, options: { hub: isModelScope ? 'modelscope' : base } }
}

/** What a model or an adapter is called that is kept. */
export function nameOf(model: CachedModel): string {
  const { name, form } = model
  return sourceOf(model)?.name ?? (form.kind === 'adapter' ? sourceFromAddress(name).name : name)
}

/** All that is kept, latest first; nothing where the browser does not say. */
export async function keptModels(): Promise<readonly CachedModel[]> {
  const models = await cache.list().catch(() => [])
  return [...models].sort((a, b) => b.changed.localeCompare(a.changed))
}

/** What is kept of a source as `load` would take it by the settings: it loads without a question or a request. */
export async function findKept(
  source: AddressSource,
  { bits, compute }: Pick<Settings, 'bits' | 'compute'>,
): Promise<AddressSource | undefined> {
  const { hub, adapter } = source.options ?? {}
  const backend = adapter === undefined ? backendFor(source, compute) : 'sampan'
  const options = { bits, backend, ...(hub !== undefined && { hub }) }
  const found = await cache.find(source.address, options).catch(() => undefined)
  return found && { ...source, form: found.form }
}

/** A download of it that was begun. */
export async function findPart(source: AddressSource): Promise<CachedModel | undefined> {
  const key = keyOf(source.address, source.options)
  return (await keptModels()).find(({ state, keys, downloaded }) => {
    return state === 'partial' && keys.includes(key) && downloaded !== undefined && downloaded > 0
  })
}
