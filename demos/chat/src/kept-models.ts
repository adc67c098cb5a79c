import { cache, type StoredModel } from '@sampan/core'
import type { Settings } from './settings.ts'
import { type AddressSource, backendFor, sourceFromAddress } from './source.ts'

const hub = 'https://huggingface.co/'

/** What the library calls an address: the key of models that were stored for it. */
export function keyOf(address: string): string {
  const repository = repositoryOf(address)
  if (repository) return hub + repository
  if (!URL.canParse(address)) return address
  const { origin, pathname, protocol } = new URL(address)
  return /^https?:$/.test(protocol) ? origin + pathname : address
}

/** `org/name@revision:file.gguf` of what names a repository, or of the address of its page or of a file's page there. */
function repositoryOf(address: string): string | undefined {
  const named = /^([\w.-]+\/[\w.-]+)(@[^:\s]+)?(:\S.*)?$/.exec(address)
  if (named) return `${named[1]}${named[2] ?? '@main'}${named[3] ?? ''}`
  const page = /^([^/]+\/[^/?#]+)(?:\/(?:tree|blob|resolve)\/([^/?#]+)(?:\/([^?#]+))?)?\/?(?:[?#]|$)/.exec(
    address.startsWith(hub) ? address.slice(hub.length) : '',
  )
  if (!page) return undefined
  const [, repository, revision = 'main', file] = page
  return `${repository}@${revision}${file === undefined ? '' : `:${decodeURIComponent(file)}`}`
}

/** How a model that is kept is named to load it. Undefined where it came from a file and no address is known. */
export function sourceOf({ keys, form }: StoredModel): AddressSource | undefined {
  const key = keys.find((known) => URL.canParse(known) && /^https?:/.test(known))
  if (key === undefined) return undefined
  const address = key.startsWith(hub) ? key.slice(hub.length).replace(/@main(?=:|$)/, '') : key
  return { ...sourceFromAddress(address), form }
}

/** All that is kept, latest first; nothing where the browser does not say. */
export async function keptModels(): Promise<readonly StoredModel[]> {
  const models = await cache.list().catch(() => [])
  return [...models].sort((a, b) => b.changed.localeCompare(a.changed))
}

/** What is kept of a source as `load` would take it by the settings: it loads without a question or a request. */
export async function findKept(
  source: AddressSource,
  { bits, compute }: Pick<Settings, 'bits' | 'compute'>,
): Promise<AddressSource | undefined> {
  const options = { bits, backend: backendFor(source, compute) }
  const found = await cache.find(source.address, options).catch(() => undefined)
  return found && { ...source, form: found.form }
}

/** A download of it that was begun. */
export async function findPart(source: AddressSource): Promise<StoredModel | undefined> {
  const key = keyOf(source.address)
  return (await keptModels()).find(({ state, keys, downloaded }) => {
    return state === 'partial' && keys.includes(key) && downloaded !== undefined && downloaded > 0
  })
}
