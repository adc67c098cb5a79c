import { type ByteSource, blobSource, type Checkpoint, openGguf, openSafetensors, shardFileNames } from '@sampan/engine'
import type { ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { openBundled } from './bundled-source.ts'
import { startsAsGguf } from './gguf-magic.ts'
import { chooseHubFile } from './hub-files.ts'
import { hubFileUrl } from './hub-id.ts'
import { fileFolder, httpFolder, type ModelFolder } from './model-folder.ts'
import { UrlSource } from './url-source.ts'

/** Texts beside the weights that tell how to talk to a model; absent for GGUF, whose metadata has them. */
export interface ModelTexts {
  readonly tokenizer?: string
  readonly tokenizerConfig?: string
  readonly chatTemplate?: string
  readonly generationConfig?: string
}

export interface OpenedCheckpoint {
  readonly checkpoint: Checkpoint
  readonly texts: ModelTexts
  /** URL without query, repository id or file name, for people. */
  readonly name: string
}

/**
 * Finds a model's files and reads their headers and texts, no weights.
 * @throws SampanError for what cannot be found or fetched; EngineError for what cannot be understood
 */
export async function openCheckpoint(source: ModelSource, hub: string, signal: AbortSignal): Promise<OpenedCheckpoint> {
  switch (source.kind) {
    case 'url': {
      const { pathname, protocol } = new URL(source.url)
      const isFile = protocol === 'blob:' || pathname.toLowerCase().endsWith('.gguf')
      const shown = source.name ?? withoutQuery(source.url)
      // An extension's own files come without ranges.
      if (source.name !== undefined || (isFile && protocol.endsWith('-extension:'))) {
        return openFile(await openBundled(source.url, shown, { signal }), shown, signal)
      }
      if (isFile) return openFile(await UrlSource.open(source.url, { signal }), shown, signal)
      return openFolder(httpFolder(source.url), shown, signal, () => openUnnamed(source.url, shown, signal))
    }
    case 'hub': {
      const file = await chooseHubFile(hub, source, signal)
      const name = `${source.repository}${source.revision === 'main' ? '' : `@${source.revision}`}`
      if (file === undefined) return openFolder(httpFolder(hubFileUrl(hub, source, '')), name, signal)
      return openFile(await UrlSource.open(hubFileUrl(hub, source, file), { signal }), `${name}:${file}`, signal)
    }
    case 'blob':
      return openFile(blobSource(source.blob, source.name), source.name, signal)
    case 'files': {
      const folder = fileFolder(source.files)
      return openFolder(folder, folder.name, signal)
    }
    case 'mlc':
      throw new SampanError('option-invalid', "Models in MLC's format are loaded by the backend web-llm.")
    default:
      return source satisfies never
  }
}

async function openFile(source: ByteSource, name: string, signal: AbortSignal): Promise<OpenedCheckpoint> {
  return { checkpoint: await openGguf(source, signal), texts: {}, name }
}

/** A GGUF file behind an address that does not say so; undefined where there is none. */
async function openUnnamed(url: string, name: string, signal: AbortSignal): Promise<OpenedCheckpoint | undefined> {
  const source = await UrlSource.open(url, { signal }).catch((error: unknown) => {
    signal.throwIfAborted()
    if (SampanError.isInstance(error)) return undefined
    throw error
  })
  const isFile = source && source.size >= 4 && startsAsGguf(await source.read(0, 4, signal))
  return isFile ? openFile(source, name, signal) : undefined
}

/** A query may be a key, as in signed addresses: the name goes into answers, records and saved sessions. */
function withoutQuery(url: string): string {
  const shown = new URL(url)
  shown.search = ''
  shown.hash = ''
  return shown.href
}

/** @param otherwise what else there may be when there is no `config.json` */
async function openFolder(
  folder: ModelFolder,
  name: string,
  signal: AbortSignal,
  otherwise?: () => Promise<OpenedCheckpoint | undefined>,
): Promise<OpenedCheckpoint> {
  const [config, index, tokenizer, tokenizerConfig, chatTemplate, generationConfig] = await Promise.all([
    folder.text('config.json', signal),
    folder.text('model.safetensors.index.json', signal),
    folder.text('tokenizer.json', signal),
    folder.text('tokenizer_config.json', signal),
    folder.text('chat_template.jinja', signal),
    folder.text('generation_config.json', signal),
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
  const names = index === undefined ? ['model.safetensors'] : shardFileNames(index)
  const weights = await Promise.all(names.map((file) => folder.open(file, signal)))
  return {
    checkpoint: await openSafetensors({ config, weights }, signal),
    texts: {
      ...(tokenizer !== undefined && { tokenizer }),
      ...(tokenizerConfig !== undefined && { tokenizerConfig }),
      ...(chatTemplate !== undefined && { chatTemplate }),
      ...(generationConfig !== undefined && { generationConfig }),
    },
    name,
  }
}
