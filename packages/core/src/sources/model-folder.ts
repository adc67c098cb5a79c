import { type ByteSource, blobSource } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import { encodePath } from './hub-id.ts'
import { readText } from './read-text.ts'
import { UrlSource } from './url-source.ts'

/** The files of a Hugging Face model, wherever they lie. */
export interface ModelFolder {
  /** For messages. */
  readonly name: string
  /** @throws SampanError `source-not-found` when there is no such file */
  open(path: string, signal: AbortSignal): Promise<ByteSource>
  /** Undefined when there is no such file. */
  text(path: string, signal: AbortSignal): Promise<string | undefined>
}

/** @param base URL of the folder, with or without a slash at its end */
export function httpFolder(base: string): ModelFolder {
  const address = (path: string): string => {
    const url = new URL(base)
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/${encodePath(path)}`
    return url.href
  }
  return {
    name: base,
    open: (path, signal) => UrlSource.open(address(path), { signal }),
    text: (path, signal) => readText(address(path), signal),
  }
}

/** Longest text file of a model that is read, in bytes; `tokenizer.json` of large vocabularies has some 30 MB. */
export const MAX_TEXT_BYTES = 64 << 20

/** @param files of one folder; a file in a folder below goes by its name all the same */
export function fileFolder(files: readonly File[]): ModelFolder {
  const find = (path: string): File | undefined => files.find((file) => file.name === path.split('/').at(-1))
  return {
    name: files[0]?.webkitRelativePath.split('/')[0] || 'the chosen folder',
    async open(path, signal) {
      signal.throwIfAborted()
      const file = find(path)
      if (!file)
        throw new SampanError('source-not-found', `${path} is not among the chosen files: choose it too.`, { path })
      return blobSource(file, file.name)
    },
    async text(path, signal) {
      signal.throwIfAborted()
      const file = find(path)
      if (file && file.size > MAX_TEXT_BYTES) throw textTooLong(file.name)
      return file?.text()
    },
  }
}

export function textTooLong(name: string): SampanError {
  return new SampanError(
    'file-limit-exceeded',
    `${name} is longer than ${MAX_TEXT_BYTES} bytes: that is no file of a model's description. Check the address.`,
    { name, limit: MAX_TEXT_BYTES },
  )
}
