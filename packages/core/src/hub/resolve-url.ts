import { shardFileNames } from '@sampan/engine'
import type { ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { startsAsGguf } from '../sources/gguf-magic.ts'
import { statusError, TransientFailure } from '../sources/http.ts'
import { encodePath } from '../sources/hub-id.ts'
import { fetchAnswer } from './fetch-answer.ts'
import { partPaths } from './gguf-parts.ts'
import type { HubContext } from './hub-context.ts'
import { type ProbedFile, probeFile } from './probe-file.ts'
import type { RemoteFile, RemoteModel } from './remote-model.ts'
import { indexName, slowTokenizerNames, textNames, textPaths, wholeName } from './safetensors-files.ts'
import { plainUrl } from './source-key.ts'

type UrlModel = Extract<ModelSource, { readonly kind: 'url' }>

/** Files asked for at once. */
const AT_ONCE = 6

/** A GGUF file, all its parts if it is one of several, or a folder with `config.json`: whatever is behind a URL. */
export async function resolveUrl(source: UrlModel, context: HubContext): Promise<RemoteModel> {
  const { url } = source
  const key = plainUrl(url)
  const common = { name: source.name ?? key, key, about: {} }
  const { pathname, protocol } = new URL(url)
  if (protocol === 'blob:' || /\.gguf$/i.test(pathname)) {
    const weights = await allOf(partUrls(url), (part) => ggufFile(part, context))
    return { ...common, format: 'gguf', weights, texts: [] }
  }
  const probed = new Map<string, ProbedFile>()
  const probe = async (name: string): Promise<void> => {
    const file = await probeFile(fileUrl(url, name), context)
    if (file.status < 400 && !file.isPage) probed.set(name, file)
  }
  await allOf([...textNames, wholeName], probe)
  if (!probed.has('config.json'))
    return { ...common, format: 'gguf', weights: [await unnamed(url, context)], texts: [] }
  if (!probed.has('tokenizer.json')) await allOf(slowTokenizerNames, probe)
  const names = probed.has(wholeName) ? [wholeName] : await shards(url, context)
  const remote = (name: string, file: ProbedFile): RemoteFile => remoteFile(name, fileUrl(url, name), file)
  const weights = await allOf(names, async (name) => {
    const file = probed.get(name) ?? (await probeFile(fileUrl(url, name), context))
    return remote(name, checked(file, fileUrl(url, name)))
  })
  const texts = textPaths([...probed.keys()]).flatMap((name) => {
    const file = probed.get(name)
    return file ? [remote(name, file)] : []
  })
  return { ...common, format: 'safetensors', weights, texts }
}

/** @throws SampanError `source-not-found` when the folder has neither one file nor an index of several */
async function shards(url: string, context: HubContext): Promise<readonly string[]> {
  const { status, text } = await fetchAnswer(fileUrl(url, indexName), context)
  if (status === 200) return shardFileNames(text)
  throw new SampanError(
    'source-not-found',
    `${plainUrl(url)} has a config.json but neither ${wholeName} nor ${indexName}: put the weights beside it under these names.`,
    { folder: plainUrl(url) },
  )
}

async function ggufFile(url: string, context: HubContext): Promise<RemoteFile> {
  const file = checked(await probeFile(url, context), url)
  if (file.bytes.length > 0 && !startsAsGguf(file.bytes))
    throw notAModel(
      url,
      'does not begin as a GGUF file does (perhaps it is a login, or the pointer that Git LFS keeps)',
    )
  const { pathname } = new URL(url)
  return remoteFile(decoded(pathname.slice(pathname.lastIndexOf('/') + 1)), url, file)
}

/** A GGUF file behind an address that does not say so. */
async function unnamed(url: string, context: HubContext): Promise<RemoteFile> {
  const file = await probeFile(url, context)
  if (file.status < 400 && startsAsGguf(file.bytes)) return remoteFile('model.gguf', url, file)
  const folder = plainUrl(url)
  if (file.status === 401 || file.status === 403) checked(file, url)
  throw new SampanError(
    'source-not-found',
    `${folder} is neither a folder with config.json nor a GGUF file: name a folder with config.json and .safetensors files, or a .gguf file.`,
    { folder },
  )
}

/** @throws SampanError `source-not-found`, `source-forbidden`, `source-unavailable`; `not-a-model-file` for a page in place of the file */
function checked(file: ProbedFile, url: string): ProbedFile {
  const shown = plainUrl(url)
  if (file.status >= 400 && file.status !== 416) {
    const error = statusError(shown, file.status)
    throw error instanceof TransientFailure ? error.outcome : error
  }
  if (!file.isPage) return file
  throw notAModel(url, 'is a web page, no model file (perhaps a login, or a page about the file)')
}

function notAModel(url: string, problem: string): SampanError {
  const shown = plainUrl(url)
  return new SampanError('not-a-model-file', `${shown} ${problem}: give the address that downloads the file itself.`, {
    url: shown,
  })
}

function remoteFile(path: string, url: string, { size, etag }: ProbedFile): RemoteFile {
  return { path, url, ...(size !== undefined && { size }), ...(etag !== undefined && { etag }) }
}

/** All parts of a split file, each with the query of the one that was named. */
function partUrls(url: string): readonly string[] {
  const { pathname } = new URL(url)
  return partPaths(pathname).map((path) => {
    const part = new URL(url)
    part.pathname = path
    return part.href
  })
}

function fileUrl(folder: string, path: string): string {
  const url = new URL(folder)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${encodePath(path)}`
  return url.href
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** In the order of `items`, a few at once. */
async function allOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const queue = items.entries()
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker))
  return results
}
