import { shardFileNames } from '@sampan/engine'
import type { ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { startsAsGguf } from '../sources/gguf-magic.ts'
import { statusError, TransientFailure } from '../sources/http.ts'
import { encodePath } from '../sources/hub-id.ts'
import { partUrls } from './gguf-parts.ts'
import type { HubContext } from './hub-context.ts'
import { field } from './hub-values.ts'
import { type ProbedFile, probeBytes, probeFile } from './probe-file.ts'
import type { RemoteFile, RemoteModel } from './remote-model.ts'
import { indexName, textPaths, wholeName } from './safetensors-files.ts'
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
  const folder = new ProbedFolder(url, context)
  // Before all others: of what is no folder nothing else is asked for.
  if (!(await folder.has('config.json')))
    return { ...common, format: 'gguf', weights: [await unnamed(url, context)], texts: [] }
  const [names] = await Promise.all([weightNames(folder), findTexts(folder)])
  const weights = await allOf(names, async (name) => {
    const file = (await folder.has(name)) ?? folder.refused(name)
    return remoteFile(name, fileUrl(url, name), file)
  })
  return { ...common, format: 'safetensors', weights, texts: folder.texts() }
}

/** Tokenizer, templates and defaults: each name that a folder lacks is a line in red in the visitor's network panel. */
async function findTexts(folder: ProbedFolder): Promise<void> {
  const [tokenizer, config, template] = await allOf(FIRST_TEXTS, (name) => folder.has(name))
  if (!tokenizer && (await folder.has('vocab.json'))) {
    await folder.has('merges.txt')
    if (!holds(config, 'added_tokens_decoder')) await folder.has('added_tokens.json')
  }
  if (!template && !holds(config, 'chat_template')) await folder.has('chat_template.json')
}

const FIRST_TEXTS = [
  'tokenizer.json',
  'tokenizer_config.json',
  'chat_template.jinja',
  'generation_config.json',
] as const

function holds(file: ProbedFile | undefined, name: string): boolean {
  try {
    return field(JSON.parse(new TextDecoder().decode(file?.bytes)), name) !== undefined
  } catch {
    return false
  }
}

/** One file, as most have; else what an index names. @throws SampanError `source-not-found` when there is neither */
async function weightNames(folder: ProbedFolder): Promise<readonly string[]> {
  if (await folder.has(wholeName)) return [wholeName]
  const index = await folder.has(indexName)
  if (index) return shardFileNames(new TextDecoder().decode(index.bytes))
  throw new SampanError(
    'source-not-found',
    `${folder.name} has a config.json but neither ${wholeName} nor ${indexName}: put the weights beside it under these names, or give the repository's id on a hub, which lists what it has.`,
    { folder: folder.name },
  )
}

/** The files of a folder that cannot be listed, found by asking for each. */
class ProbedFolder {
  readonly name: string
  readonly #url: string
  readonly #context: HubContext
  readonly #files = new Map<string, ProbedFile>()

  constructor(url: string, context: HubContext) {
    this.name = plainUrl(url)
    this.#url = url
    this.#context = context
  }

  /** Undefined where it is not given, or a page is in its place. */
  async has(path: string): Promise<ProbedFile | undefined> {
    const file = this.#files.get(path) ?? (await probeFile(fileUrl(this.#url, path), this.#context, firstBytesOf(path)))
    this.#files.set(path, file)
    return file.status < 400 && !file.isPage ? file : undefined
  }

  /** Why a file that there must be is not there. @throws SampanError */
  refused(path: string): ProbedFile {
    const file = this.#files.get(path)
    if (file) return checked(file, fileUrl(this.#url, path))
    throw new Error(`${path} was not asked for`)
  }

  texts(): readonly RemoteFile[] {
    const there = [...this.#files].flatMap(([path, { status, isPage }]) => (status < 400 && !isPage ? [path] : []))
    return textPaths(there).flatMap((path) => {
      const file = this.#files.get(path)
      return file ? [remoteFile(path, fileUrl(this.#url, path), file)] : []
    })
  }
}

/** Small files are read whole, once; of a tokenizer, which has megabytes, only how long it is. */
function firstBytesOf(path: string): number | 'whole' {
  if (/\.safetensors$/i.test(path)) return probeBytes.safetensors
  return /^(tokenizer\.json|vocab\.json|merges\.txt)$/.test(path) ? probeBytes.text : 'whole'
}

async function ggufFile(url: string, context: HubContext): Promise<RemoteFile> {
  const file = checked(await probeFile(url, context, probeBytes.gguf), url)
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
  const file = await probeFile(url, context, probeBytes.gguf)
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
