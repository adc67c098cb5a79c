import { type ByteSource, type Checkpoint, openSafetensors, openSplitGguf } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import type { RemoteModel } from '../hub/remote-model.ts'
import { LASTING } from '../network/patience.ts'
import { readFolderTexts } from '../sources/folder-texts.ts'
import type { ModelFolder } from '../sources/model-folder.ts'
import type { ModelTexts } from '../sources/open-checkpoint.ts'
import { openHead } from '../sources/open-head.ts'
import type { AcquireTools } from './acquire-context.ts'
import { fetchText } from './fetch-text.ts'
import { HeadSource } from './head-source.ts'

/** A file of weights, of which the header has been read. */
export interface OpenedFile {
  readonly source: ByteSource
  /** All before its first tensor. */
  readonly head: Uint8Array<ArrayBuffer>
}

/** A model on a server, its headers read. */
export interface RemoteCheckpoint {
  /** Its tensors lie in the sources of `files`. */
  readonly checkpoint: Checkpoint
  /** In the order of `RemoteModel.weights`. */
  readonly files: readonly OpenedFile[]
  /** What has been read of the others, by path. */
  readonly textFiles: ReadonlyMap<string, Uint8Array<ArrayBuffer>>
}

/** The same with all of its texts. */
export interface RemoteModelFiles extends RemoteCheckpoint {
  readonly texts: ModelTexts
}

type Tools = Pick<AcquireTools, 'network' | 'signal'>

/**
 * Reads what tells how to run a model, and how much it is: `config.json` and the beginnings of its weights.
 * @throws SampanError and EngineError, as `openCheckpoint`
 */
export async function openRemote(model: RemoteModel, { network, signal }: Tools): Promise<RemoteCheckpoint> {
  const open = (blockBytes?: number): Promise<HeadSource[]> =>
    Promise.all(
      model.weights.map(async ({ url, size }) => {
        const block = blockBytes === undefined ? {} : { blockBytes }
        return new HeadSource(await openHead(url, { network, signal, size, ...block }))
      }),
    )
  const withHeads = async (
    checkpoint: Checkpoint,
    sources: readonly HeadSource[],
    textFiles: RemoteCheckpoint['textFiles'],
  ): Promise<RemoteCheckpoint> => {
    const heads = sources.map((source) => source.head(headLength(checkpoint, source), signal))
    const files = await Promise.all(sources.map(async (source, index) => ({ source, head: await heads[index] })))
    // They live as long as the download.
    for (const source of sources) source.release()
    return { checkpoint, files: files.map(({ source, head = new Uint8Array() }) => ({ source, head })), textFiles }
  }
  if (model.format === 'gguf') {
    const sources = await open()
    return withHeads(await openSplitGguf(sources, signal), sources, new Map())
  }
  const [config, sources] = await Promise.all([readConfig(model, { network, signal }), open(LENGTH_BYTES)])
  const checkpoint = await openSafetensors({ config: new TextDecoder().decode(config), weights: sources }, signal)
  return withHeads(checkpoint, sources, new Map([[CONFIG, config]]))
}

const CONFIG = 'config.json'
/** Where a safetensors header says how long it is: with blocks of this size not a byte behind the header is read. */
const LENGTH_BYTES = 8

async function readConfig({ name, texts }: RemoteModel, tools: Tools): Promise<Uint8Array<ArrayBuffer>> {
  const file = texts.find(({ path }) => path === CONFIG)
  if (file) return fetchText(file, { ...tools, onBytes: () => {} })
  throw new SampanError('source-not-found', `${name} has no config.json: name a repository or folder that has one.`, {
    file: CONFIG,
  })
}

/** Reads tokenizer, templates and all else that is no weights. */
export async function readRemoteTexts(
  model: RemoteModel,
  opened: RemoteCheckpoint,
  tools: Tools,
): Promise<RemoteModelFiles> {
  const files = await Promise.all(
    model.texts.map(async (file) => {
      const known = opened.textFiles.get(file.path)
      return [file.path, known ?? (await fetchText(file, { ...tools, onBytes: () => {}, patience: LASTING }))] as const
    }),
  )
  const textFiles = new Map(files)
  const folder = textsAndFiles(model.name, textFiles, model.weights, () => Promise.reject(new Error('only texts')))
  const texts = model.format === 'gguf' ? {} : await readFolderTexts(folder, tools.signal)
  return { ...opened, texts, textFiles }
}

/** A folder of which the texts are there. */
export function textsAndFiles(
  name: string,
  texts: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  weights: readonly { readonly path: string }[],
  open: (path: string) => Promise<ByteSource>,
): ModelFolder {
  return {
    name,
    paths: [...texts.keys(), ...weights.map(({ path }) => path)],
    open,
    text: async (path) => {
      const bytes = texts.get(path)
      return bytes && new TextDecoder().decode(bytes)
    },
  }
}

/** Where the first tensor of a file begins; a file without any is all header. */
function headLength({ tensors }: Checkpoint, file: ByteSource): number {
  let first = file.size
  for (const { source, start } of tensors.values()) if (source === file) first = Math.min(first, start)
  return first
}
