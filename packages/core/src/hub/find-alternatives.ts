import { authorizedNetwork } from '../network/authorized-network.ts'
import { ggufModels, namedParts } from './choose-files.ts'
import { fetchAnswer, parseAnswer } from './fetch-answer.ts'
import { type HubApi, hubApi, type ListedFile } from './hub-api.ts'
import type { HubContext } from './hub-context.ts'
import { isReadable, quantizationOf } from './quantization-of.ts'
import type { RemoteModel } from './remote-model.ts'

/** Repositories of others that are looked into. With the model's own, and the list of them, that is four requests. */
const MAX_REPOSITORIES = 2

/** The same model in fewer bytes. */
export interface Alternative {
  /** For `load`: `org/name:file.gguf`. */
  readonly source: string
  /** To download. */
  readonly bytes: number
  /** Most of its weights' format, by its name: `Q4_K_M`. */
  readonly quantization?: string
  readonly licence?: string
}

/**
 * Quantised forms of a model that the engine reads, smallest first, one of each format: GGUF files beside it, and in repositories that the hub
 * lists as quantised from it. At most four small requests; what cannot be had is left out.
 * @throws the signal's reason only
 */
export async function findAlternatives(model: RemoteModel, context: HubContext): Promise<readonly Alternative[]> {
  const { repository } = model
  if (repository === undefined || model.hub !== context.hub.base) return []
  const network = authorizedNetwork(context.network, context.hub, context.token)
  const api = hubApi(context.hub)
  const asked = { ...context, network }
  const [own, others] = await Promise.all([
    // As it was listed a moment ago.
    listed(api, repository, model.revision ?? writtenRevision(model) ?? context.hub.branch, asked),
    // A GGUF file has its siblings beside it.
    model.format === 'safetensors' ? quantizedFrom(api, repository, asked) : [],
  ])
  const lists = await Promise.all(
    others.map(async (id) => ({ id, files: await listed(api, id, context.hub.branch, asked) })),
  )
  const bytes = model.weights.reduce((sum, { size }) => sum + (size ?? 0), 0) || Number.POSITIVE_INFINITY
  const found = new Map<string, Alternative>()
  const ownName = writtenRevision(model) === undefined ? repository : `${repository}@${writtenRevision(model)}`
  for (const { id, files } of [{ id: ownName, files: siblings(model, own) }, ...lists])
    for (const alternative of formsIn(id, files, model.about.licence)) {
      const format = alternative.quantization ?? ''
      if (alternative.bytes < bytes && !found.has(format)) found.set(format, alternative)
    }
  return [...found.values()].toSorted((a, b) => a.bytes - b.bytes)
}

function formsIn(id: string, files: readonly ListedFile[], licence: string | undefined): Alternative[] {
  return ggufModels(files).flatMap((path) => {
    const quantization = quantizationOf(path)
    const bytes = bytesOf(id, files, path)
    if (quantization === undefined || !isReadable(quantization) || bytes === undefined) return []
    return [{ source: `${id}:${path}`, bytes, quantization, ...(licence !== undefined && { licence }) }]
  })
}

/** Undefined where parts are missing, or the hub tells no sizes. */
function bytesOf(id: string, files: readonly ListedFile[], path: string): number | undefined {
  try {
    const sum = namedParts(id, files, path).reduce((sum, { size }) => sum + (size ?? Number.NaN), 0)
    return sum > 0 ? sum : undefined
  } catch {
    return undefined
  }
}

/** Of a GGUF file, those of the same model in another format; a repository may hold several models. */
function siblings(model: RemoteModel, files: readonly ListedFile[]): readonly ListedFile[] {
  const path = model.format === 'gguf' ? model.weights[0]?.path : undefined
  if (path === undefined) return files
  const stem = stemOf(path)
  return files.filter((file) => stemOf(file.path) === stem)
}

/** What is left of a file's name without its format and the numbers of its parts. */
function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/(-\d{5}-of-\d{5})?\.gguf$/i, '')
  const quantization = quantizationOf(`${name}.gguf`)
  const at = quantization === undefined ? -1 : name.toUpperCase().lastIndexOf(quantization)
  return (at < 0 ? name : name.slice(0, at)).replace(/[-._]+$/, '').toLowerCase()
}

/** The first page has a thousand files: enough for what is offered. */
async function listed(
  api: HubApi,
  repository: string,
  revision: string,
  context: HubContext,
): Promise<readonly ListedFile[]> {
  return (await askedOf(api.treeUrl(repository, revision), context, (answer) => api.readTree(answer))) ?? []
}

/** Ids, the model's own maker first, then those that most people take. */
async function quantizedFrom(api: HubApi, repository: string, context: HubContext): Promise<readonly string[]> {
  const { quantizedUrl, readQuantized } = api
  if (!quantizedUrl || !readQuantized) return []
  const found = (await askedOf(quantizedUrl(repository), context, readQuantized)) ?? []
  const maker = repository.slice(0, repository.indexOf('/') + 1)
  const ids = found.map(({ id }) => id).filter((id) => id !== repository)
  const own = ids.filter((id) => id.startsWith(maker))
  return [...new Set([...own, ...ids])].slice(0, MAX_REPOSITORIES)
}

async function askedOf<T>(url: string, context: HubContext, read: (answer: unknown) => T): Promise<T | undefined> {
  try {
    const answer = await fetchAnswer(url, context)
    return answer.status === 200 ? read(parseAnswer(answer, context.hub.base)) : undefined
  } catch {
    context.signal.throwIfAborted()
    return undefined
  }
}

/** The revision that the source names, where that is not the hub's branch. */
function writtenRevision({ name }: RemoteModel): string | undefined {
  return /^[^@:]+@([^:]+)/.exec(name)?.[1]
}
