import { type ByteSource, type Checkpoint, openSafetensors, openSplitGguf } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import { aboutGguf } from '../hub/describe-about.ts'
import type { ModelAbout, RemoteModel } from '../hub/remote-model.ts'
import { LASTING } from '../network/patience.ts'
import { type DescriptionDigest, describeModelFiles } from '../sampan/model-hash-description.ts'
import { readFolderTexts } from '../sources/folder-texts.ts'
import type { ModelFolder } from '../sources/model-folder.ts'
import type { ModelTexts } from '../sources/open-checkpoint.ts'
import { HEADER_LENGTH_BYTES, openHead } from '../sources/open-head.ts'
import type { AcquireTools } from './acquire-context.ts'
import { fetchText } from './fetch-text.ts'
import { HeadSource } from './head-source.ts'

/** A file of weights, of which the header has been read. */
export interface OpenedFile {
  readonly source: ByteSource
  /** All before its first tensor; as a Blob, which is not in this Worker's memory. */
  readonly head: Blob
}

/** A model on a server, its headers read. */
export interface RemoteCheckpoint {
  /** Its tensors lie in the sources of `files`. */
  readonly checkpoint: Checkpoint
  /** In the order of `RemoteModel.weights`. */
  readonly files: readonly OpenedFile[]
  /** What has been read of the others, by path. */
  readonly textFiles: ReadonlyMap<string, Blob>
}

/** The same with all of its texts. */
export interface RemoteModelFiles extends RemoteCheckpoint {
  readonly texts: ModelTexts
}

/** What is held of a model as long as it is downloaded: neither metadata nor texts, which take as much as all else. */
export interface DescribedModel extends RemoteCheckpoint {
  readonly description: readonly DescriptionDigest[]
  /** What its files say about it. */
  readonly about: ModelAbout
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
    return {
      checkpoint,
      files: files.map(({ source, head = new Uint8Array() }) => ({ source, head: new Blob([head]) })),
      textFiles,
    }
  }
  if (model.format === 'gguf') {
    const sources = await open()
    return withHeads(await openSplitGguf(sources, signal), sources, new Map())
  }
  const [config, sources] = await Promise.all([readConfig(model, { network, signal }), open(HEADER_LENGTH_BYTES)])
  const checkpoint = await openSafetensors({ config: new TextDecoder().decode(config), weights: sources }, signal)
  return withHeads(checkpoint, sources, new Map([[CONFIG, new Blob([config])]]))
}

const CONFIG = 'config.json'
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
      if (known) return [file.path, known] as const
      const bytes = await fetchText(file, { ...tools, onBytes: () => {}, patience: LASTING })
      return [file.path, new Blob([bytes])] as const
    }),
  )
  const textFiles = new Map(files)
  const folder = textsAndFiles(model.name, textFiles, model.weights, () => Promise.reject(new Error('only texts')))
  const texts = model.format === 'gguf' ? {} : await readFolderTexts(folder, tools.signal)
  return { ...opened, texts, textFiles }
}

export async function describeRemote({
  checkpoint,
  files,
  textFiles,
  texts,
}: RemoteModelFiles): Promise<DescribedModel> {
  const description = await describeModelFiles(checkpoint, texts)
  const about = aboutGguf(checkpoint.metadata)
  return { checkpoint: { ...checkpoint, metadata: new Map() }, files, textFiles, description, about }
}

/** A folder of which the texts are there. */
export function textsAndFiles(
  name: string,
  texts: ReadonlyMap<string, Blob | Uint8Array<ArrayBuffer>>,
  weights: readonly { readonly path: string }[],
  open: (path: string) => Promise<ByteSource>,
): ModelFolder {
  return {
    name,
    paths: [...texts.keys(), ...weights.map(({ path }) => path)],
    open,
    text: async (path) => {
      const text = texts.get(path)
      return text && new TextDecoder().decode(text instanceof Blob ? await text.arrayBuffer() : text)
    },
  }
}

/** Where the first tensor of a file begins; a file without any is all header. */
function headLength({ tensors }: Checkpoint, file: ByteSource): number {
  let first = file.size
  for (const { source, start } of tensors.values()) if (source === file) first = Math.min(first, start)
  return first
}
