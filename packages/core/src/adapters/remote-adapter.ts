import type { ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { fetchAnswer, notAHub, parseAnswer } from '../hub/fetch-answer.ts'
import { hubApi, type ListedFile } from '../hub/hub-api.ts'
import type { HubContext } from '../hub/hub-context.ts'
import { listRepository } from '../hub/list-repository.ts'
import { probeBytes, probeFile } from '../hub/probe-file.ts'
import { type Asked, refusal } from '../hub/refusal.ts'
import type { RemoteFile } from '../hub/remote-model.ts'
import { plainUrl } from '../hub/source-key.ts'
import { adapterConfigName, adapterWeightsName, notAnAdapter } from './adapter-names.ts'

/** An adapter on a server; of its files nothing has been read. */
export interface RemoteAdapter {
  readonly name: string
  readonly revision?: string
  /** Of PEFT's. */
  readonly config?: RemoteFile
  readonly weights: RemoteFile
}

type Fetched = Extract<ModelSource, { readonly kind: 'url' | 'hub' }>

/** @throws SampanError `source-not-found`, `source-forbidden`, `source-unavailable`, `source-ambiguous`, `network-failed` */
export function findRemoteAdapter(source: Fetched, context: HubContext, hasToken: boolean): Promise<RemoteAdapter> {
  return source.kind === 'url' ? atUrl(source.url, context) : inRepository(source, context, hasToken)
}

async function atUrl(url: string, context: HubContext): Promise<RemoteAdapter> {
  const name = plainUrl(url)
  const remote = async (address: string, path: string, wanted: number): Promise<RemoteFile> => {
    const { status, isPage, size, etag } = await probeFile(address, context, wanted)
    if (status === 401 || status === 403) throw forbidden(name, status)
    if (status >= 400 || isPage) throw notAnAdapter(name)
    return { path, url: address, ...(size !== undefined && { size }), ...(etag !== undefined && { etag }) }
  }
  if (/\.gguf$/i.test(new URL(url).pathname))
    return { name, weights: await remote(url, 'adapter.gguf', probeBytes.gguf) }
  const within = (path: string): string => {
    const address = new URL(url)
    address.pathname = `${address.pathname.replace(/\/+$/, '')}/${path}`
    return address.href
  }
  const [config, weights] = await Promise.all([
    remote(within(adapterConfigName), adapterConfigName, probeBytes.text),
    remote(within(adapterWeightsName), adapterWeightsName, probeBytes.safetensors),
  ])
  return { name, config, weights }
}

async function inRepository(
  { repository, revision: wanted, file }: Extract<ModelSource, { readonly kind: 'hub' }>,
  context: HubContext,
  hasToken: boolean,
): Promise<RemoteAdapter> {
  const { hub } = context
  const api = hubApi(hub)
  const asked: Asked = { repository, revision: wanted, hub: hub.base, page: api.pageUrl(repository), hasToken }
  const answer = await fetchAnswer(api.infoUrl(repository, wanted), context)
  if (answer.status >= 400) throw refusal(answer, asked)
  const info = api.readInfo(parseAnswer(answer, hub.base))
  if (!info) throw notAHub(answer.url, hub.base)
  const id = info.id ?? repository
  const revision = info.commit ?? wanted
  const files = await listRepository(api, { ...asked, repository: id }, revision, context)
  const remote = (found: ListedFile): RemoteFile => ({ ...found, url: api.fileUrl(id, revision, found.path) })
  const at = (path: string): ListedFile | undefined => files.find((one) => one.path === path)
  const name = `${id}${wanted === hub.branch ? '' : `@${wanted}`}${file === undefined ? '' : `:${file}`}`
  const common = { name, ...(info.commit !== undefined && { revision: info.commit }) }
  // Training leaves the adapters of earlier steps in folders.
  const folder = file === undefined ? '' : file.endsWith('/') ? file : undefined
  const [config, weights] = [at(folder + adapterConfigName), at(folder + adapterWeightsName)]
  if (folder !== undefined && config && weights) return { ...common, config: remote(config), weights: remote(weights) }
  const named =
    folder !== undefined
      ? files.filter(({ path }) => path.startsWith(folder) && /\.gguf$/i.test(path))
      : [at(file ?? '')].filter((one) => one !== undefined)
  const [only] = named
  if (named.length > 1)
    throw new SampanError('source-ambiguous', `${id} holds several .gguf files: name one, as in ${id}:${only?.path}.`, {
      repository: id,
      files: named.map(({ path }) => path),
    })
  if (!only) throw notAnAdapter(name)
  return { ...common, weights: remote(only) }
}

function forbidden(name: string, status: number): SampanError {
  return new SampanError(
    'source-forbidden',
    `The server does not give ${name} (status ${status}): it needs a login or a signed address. Give load \`headers\` or \`fetch\` that bring them.`,
    { source: name, status },
  )
}
