import {
  type ByteSource,
  blobSource,
  type Checkpoint,
  openSafetensors,
  openSplitGguf,
  shardFileNames,
} from '@sampan/engine'
import type { BackendLoadOptions, ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { aboutCard, aboutGguf, joinAbout } from '../hub/describe-about.ts'
import { partUrls } from '../hub/gguf-parts.ts'
import type { ModelAbout, RemoteModel } from '../hub/remote-model.ts'
import { indexName, safetensorsWeights } from '../hub/safetensors-files.ts'
import { plainUrl } from '../hub/source-key.ts'
import { openBundled } from './bundled-source.ts'
import { filePath, folderOf, type PlacedFile } from './folder-files.ts'
import { readFolderTexts } from './folder-texts.ts'
import { withEnds } from './generation-ends.ts'
import { startsAsGguf } from './gguf-magic.ts'
import { fileFolder, httpFolder, type ModelFolder, openRemoteFile, remoteFolder } from './model-folder.ts'
import { UrlSource } from './url-source.ts'

/** Texts beside the weights that tell how to talk to a model; absent for GGUF, whose metadata has them. */
export interface ModelTexts {
  readonly tokenizer?: string
  readonly tokenizerConfig?: string
  readonly chatTemplate?: string
  /** JSON: templates with a purpose of their own, as `chat_template` of `tokenizer_config.json` lists them. */
  readonly namedTemplates?: string
  readonly generationConfig?: string
}

export interface OpenedCheckpoint {
  readonly checkpoint: Checkpoint
  readonly texts: ModelTexts
  /** URL without query, repository id or file name, for people. */
  readonly name: string
  /** As far as its hub, card or metadata tell. */
  readonly about?: ModelAbout
  /** The commit it is read from. */
  readonly revision?: string
}

export type OpenOptions = Pick<BackendLoadOptions, 'hub' | 'network' | 'signal'>

/**
 * Reads headers and texts of a model whose files are known, or lie where it says; no weights.
 * @throws SampanError for what cannot be found or fetched; EngineError for what cannot be understood
 */
export async function openCheckpoint(source: ModelSource, options: OpenOptions): Promise<OpenedCheckpoint> {
  const { network, signal } = options
  switch (source.kind) {
    case 'url': {
      const { pathname, protocol } = new URL(source.url)
      const isFile = protocol === 'blob:' || pathname.toLowerCase().endsWith('.gguf')
      const shown = source.name ?? plainUrl(source.url)
      // An extension's own files come without ranges.
      if (source.name !== undefined || (isFile && protocol.endsWith('-extension:'))) {
        const parts = partUrls(source.url).map((url) => openBundled(url, shown, { network, signal }))
        return openGgufFiles(await Promise.all(parts), shown, signal)
      }
      const open = (): Promise<UrlSource> => UrlSource.open(source.url, { network, signal })
      if (isFile) return openGgufFiles([await open()], shown, signal)
      return openFolder(httpFolder(source.url, network), shown, signal, () => openUnnamed(open, shown, signal))
    }
    case 'remote':
      return openRemoteModel(source.model, options)
    case 'blob':
      return openGgufFiles([blobSource(source.blob, source.name)], source.name, signal)
    case 'files': {
      const { files, paths } = source
      const [first] = files
      if (first && files.every(({ name }) => /\.gguf$/i.test(name)))
        return openGgufFiles(
          files.map((file) => blobSource(file, file.name)),
          source.name ?? first.name,
          signal,
        )
      const named = (file: File, index: number): PlacedFile => ({ file, path: paths?.[index] ?? filePath(file) })
      const folder = fileFolder(folderOf(files.map(named), source.name))
      return openFolder(folder, folder.name, signal)
    }
    case 'hub':
    case 'stored':
    case 'mlc':
      throw new SampanError('option-invalid', `Models of the kind ${source.kind} are opened by another part of Sampan.`)
    default:
      return source satisfies never
  }
}

/** Reads headers and texts of a model whose files are known. */
export async function openRemoteModel(
  model: RemoteModel,
  { network, signal }: Pick<OpenOptions, 'network' | 'signal'>,
): Promise<OpenedCheckpoint> {
  const opened =
    model.format === 'gguf'
      ? await openGgufFiles(
          await Promise.all(model.weights.map((file) => openRemoteFile(file, network, signal))),
          model.name,
          signal,
        )
      : await openFolder(remoteFolder(model, network), model.name, signal)
  return {
    ...opened,
    about: joinAbout(model.about, opened.about ?? {}),
    ...(model.revision !== undefined && { revision: model.revision }),
  }
}

/** @param files one, or all parts of a split one */
export async function openGgufFiles(
  files: readonly ByteSource[],
  name: string,
  signal: AbortSignal,
): Promise<OpenedCheckpoint> {
  const checkpoint = await openSplitGguf(files, signal)
  return { checkpoint, texts: {}, name, about: aboutGguf(checkpoint.metadata) }
}

/**
 * A folder in Hugging Face's layout.
 * @param otherwise what else there may be when there is no `config.json`
 */
export async function openFolder(
  folder: ModelFolder,
  name: string,
  signal: AbortSignal,
  otherwise?: () => Promise<OpenedCheckpoint | undefined>,
): Promise<OpenedCheckpoint> {
  const [config, texts, readme] = await Promise.all([
    folder.text('config.json', signal),
    readFolderTexts(folder, signal),
    folder.paths?.includes('README.md') ? folder.text('README.md', signal) : undefined,
  ])
  if (config === undefined) {
    const other = await otherwise?.()
    if (other) return other
    throw new SampanError(
      'source-not-found',
      `${folder.name} is neither a folder with config.json nor a GGUF file: name a folder with config.json and .safetensors files, or a .gguf file.`,
      { folder: folder.name },
    )
  }
  const names = await weightsOf(folder, signal)
  const weights = await Promise.all(names.map((file) => folder.open(file, signal)))
  const checkpoint = await openSafetensors({ config, weights }, signal)
  return { checkpoint, texts: withEnds(texts, config), name, about: aboutCard({ readme }) }
}

async function weightsOf(folder: ModelFolder, signal: AbortSignal): Promise<readonly string[]> {
  const readIndex = (): Promise<string | undefined> => folder.text(indexName, signal)
  if (folder.paths)
    return safetensorsWeights(
      folder.name,
      folder.paths.filter((path) => !path.includes('/')),
      readIndex,
    )
  const index = await readIndex()
  return index === undefined ? ['model.safetensors'] : shardFileNames(index)
}

/** A GGUF file behind an address that does not say so; undefined where there is none. */
async function openUnnamed(
  open: () => Promise<UrlSource>,
  name: string,
  signal: AbortSignal,
): Promise<OpenedCheckpoint | undefined> {
  const source = await open().catch((error: unknown) => {
    signal.throwIfAborted()
    if (SampanError.isInstance(error)) return undefined
    throw error
  })
  const isFile = source && source.size >= 4 && startsAsGguf(await source.read(0, 4, signal))
  return isFile ? openGgufFiles([source], name, signal) : undefined
}
