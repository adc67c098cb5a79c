import { SampanError } from '../errors.ts'
import { ggufPart, partPaths } from './gguf-parts.ts'
import type { ListedFile } from './hub-api.ts'
import { quantizationOf } from './quantization-of.ts'

/** Of several GGUF files in a repository, the first of these that there is: good answers for few bytes, then what is left of those that run. */
const PREFERRED_QUANTISATIONS = [
  ...[
    'Q4_K_M',
    'Q4_K_S',
    'Q4_K_L',
    'Q4_0',
    'Q4_1',
    'Q5_K_M',
    'Q5_K_S',
    'Q5_K_L',
    'Q5_0',
    'Q5_1',
    'Q6_K',
    'Q6_K_L',
    'Q8_0',
  ],
  ...['F16', 'BF16', 'F32'],
]

/** Names in an error's message; details have all. */
const SHOWN_NAMES = 5

/** Which of a repository's files are the model. */
export type ChosenFiles =
  /** In order. */
  | { readonly format: 'gguf'; readonly weights: readonly ListedFile[] }
  /** `folder`: '' or with a slash at its end. */
  | { readonly format: 'safetensors'; readonly folder: string }

/**
 * @param file what the source names: a file, or a folder with a slash at its end
 * @throws SampanError `source-not-found`, `source-ambiguous`
 */
export function chooseFiles(repository: string, files: readonly ListedFile[], file: string | undefined): ChosenFiles {
  if (file?.endsWith('/')) return chooseIn(repository, files, file)
  if (file !== undefined) return { format: 'gguf', weights: namedParts(repository, files, file) }
  const folders = safetensorsFolders(files)
  const [folder, another] = folders.includes('') ? [''] : folders
  const hasGguf = files.some(({ path }) => /\.gguf$/i.test(path))
  if (folder !== undefined && (folder === '' || (another === undefined && !hasGguf)))
    return { format: 'safetensors', folder }
  if (folder !== undefined && !hasGguf)
    throw new SampanError(
      'source-ambiguous',
      `${repository} holds several models, in ${shown(folders)}: name one, as in ${repository}:${folder}.`,
      { repository, files: folders },
    )
  return { format: 'gguf', weights: namedParts(repository, files, chooseGguf(repository, files)) }
}

/** GGUF models among files, each by its first part: vision encoders and matrices of importance are no models by themselves. */
export function ggufModels(files: readonly ListedFile[]): readonly string[] {
  return files.flatMap(({ path }) => {
    const isModel = /\.gguf$/i.test(path) && !/mmproj|imatrix/i.test(path)
    return isModel && (ggufPart(path)?.number ?? 1) === 1 ? [path] : []
  })
}

/** The file, or all parts of it. @throws SampanError `source-not-found` when there is not all of it */
export function namedParts(repository: string, files: readonly ListedFile[], path: string): readonly ListedFile[] {
  const byPath = new Map(files.map((listed) => [listed.path, listed]))
  return partPaths(path).map((part) => {
    const listed = byPath.get(part)
    if (listed) return listed
    const models = ggufModels(files)
    const others = models.length === 0 ? 'no .gguf file' : shown(models)
    throw new SampanError(
      'source-not-found',
      `${repository} has no file ${part}; it has ${others}. Names count with their capitals.`,
      { repository, file: part, files: models },
    )
  })
}

function chooseIn(repository: string, files: readonly ListedFile[], folder: string): ChosenFiles {
  const within = files.filter(({ path }) => path.startsWith(folder))
  if (safetensorsFolders(within).includes(folder)) return { format: 'safetensors', folder }
  return { format: 'gguf', weights: namedParts(repository, files, chooseGguf(repository, within)) }
}

/** Folders with a model; the top of the repository is ''. */
function safetensorsFolders(files: readonly ListedFile[]): readonly string[] {
  const present = new Set(files.map(({ path }) => path))
  const folders = new Set<string>()
  for (const path of present) {
    const folder = path.slice(0, path.lastIndexOf('/') + 1)
    if (/\.safetensors$/i.test(path) && present.has(`${folder}config.json`)) folders.add(folder)
  }
  return [...folders]
}

function chooseGguf(repository: string, files: readonly ListedFile[]): string {
  const models = ggufModels(files)
  const [only] = models
  if (only === undefined) throw noModel(repository, files)
  if (models.length === 1) return only
  for (const quantisation of PREFERRED_QUANTISATIONS) {
    const [first, another] = models.filter((path) => quantizationOf(path) === quantisation)
    if (first !== undefined && another === undefined) return first
    // Of several models, or several makings of one, nobody can tell which is meant.
    if (another !== undefined) break
  }
  throw new SampanError(
    'source-ambiguous',
    `${repository} holds several .gguf files (${shown(models)}): name one, as in ${repository}:${only}.`,
    { repository, files: models },
  )
}

function noModel(repository: string, files: readonly ListedFile[]): SampanError {
  const has = (name: string): boolean => files.some(({ path }) => path === name)
  if (has('adapter_config.json'))
    return new SampanError(
      'source-not-found',
      `${repository} is a LoRA adapter, no model by itself: load its base model with this as one of its adapters.`,
      { repository, adapter: true },
    )
  const old = files.find(({ path }) => /\.(bin|pth?|onnx)$/i.test(path))?.path
  const held = old === undefined ? '' : ` (${old} is a format that Sampan does not read)`
  return new SampanError(
    'source-not-found',
    `${repository} holds neither config.json with .safetensors files nor a .gguf file${held}: name another repository.`,
    { repository },
  )
}

function shown(names: readonly string[]): string {
  const more = names.length - SHOWN_NAMES
  return names.slice(0, SHOWN_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
