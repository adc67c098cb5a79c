import type { ModelSource } from '../backend.ts'
import { SampanError } from '../errors.ts'
import type { LoadSource } from '../load/load-types.ts'
import { parseHubUrl, parseRepository } from './hub-id.ts'

/** Files of a folder that may be looked at; a checkpoint has a few hundred at most. */
const MAX_FOLDER_FILES = 10_000

/**
 * What `source` stands for, as plain data that crosses to the Worker.
 * @throws SampanError `source-invalid` when it is nothing that can be loaded.
 */
export async function describeSource(source: LoadSource, hub: string): Promise<ModelSource> {
  if (typeof source === 'string') return describeString(source.trim(), hub)
  if (source instanceof URL) return describeUrl(source, hub)
  if (source instanceof Blob) return describeBlob(source)
  if ('mlc' in source) {
    const { id, model, modelLib } = source.mlc
    return { kind: 'mlc', id, model: { id, model: absolute(model), modelLib: absolute(modelLib) } }
  }
  if ('kind' in source) return source.kind === 'file' ? describeBlob(await source.getFile()) : describeFolder(source)
  if (Symbol.iterator in source) return describeFiles([...source])
  throw invalid(source satisfies never)
}

function describeString(source: string, hub: string): ModelSource {
  if (source.startsWith('mlc:') && source.length > 4) return { kind: 'mlc', id: source.slice(4) }
  if (/^(https?|blob):/i.test(source) && URL.canParse(source)) return describeUrl(new URL(source), hub)
  if (/^(\.{0,2}\/)/.test(source)) return describeUrl(new URL(source, globalThis.location.href), hub)
  const repository = parseRepository(source)
  if (repository) return repository
  throw invalid(source)
}

function describeUrl(url: URL, hub: string): ModelSource {
  return parseHubUrl(url, hub) ?? { kind: 'url', url: url.href }
}

function describeBlob(blob: Blob): ModelSource {
  return { kind: 'blob', blob, name: blob instanceof File ? blob.name : 'a Blob' }
}

function describeFiles(files: readonly File[]): ModelSource {
  const gguf = files.filter((file) => file.name.toLowerCase().endsWith('.gguf'))
  const [only] = gguf
  if (only && gguf.length === 1) return describeBlob(only)
  if (gguf.length > 1)
    throw new SampanError('source-ambiguous', 'There are several .gguf files here: choose one of them.', {
      files: gguf.map((file) => file.name),
    })
  if (files.length === 0) throw new SampanError('source-not-found', 'The folder is empty: choose one with config.json.')
  return { kind: 'files', files }
}

async function describeFolder(folder: FileSystemDirectoryHandle): Promise<ModelSource> {
  const files: File[] = []
  for await (const entry of folder.values()) {
    if (entry.kind === 'file') files.push(await entry.getFile())
    if (files.length > MAX_FOLDER_FILES)
      throw new SampanError(
        'source-invalid',
        `The folder has more than ${MAX_FOLDER_FILES} files: choose a model's own.`,
      )
  }
  return describeFiles(files)
}

function absolute(url: string): string {
  return new URL(url, globalThis.location.href).href
}

function invalid(source: string): SampanError {
  return new SampanError(
    'source-invalid',
    `"${source}" is no model source. Give the URL of a .gguf file or of a folder with config.json, a repository on the hub (org/name, org/name@revision, org/name:file.gguf), a file from disk, or mlc:<id>.`,
    { source },
  )
}
