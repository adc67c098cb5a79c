import { type ByteSource, blobSource } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import type { RemoteFile, RemoteModel } from '../hub/remote-model.ts'
import { plainUrl } from '../hub/source-key.ts'
import type { Network } from '../network/network.ts'
import type { FolderFiles } from './folder-files.ts'
import { encodePath } from './hub-id.ts'
import { readText } from './read-text.ts'
import { UrlSource } from './url-source.ts'

/** The files of a Hugging Face model, wherever they lie. */
export interface ModelFolder {
  /** For messages. */
  readonly name: string
  /** Of all files, where they are known: within the folder, with slashes. */
  readonly paths?: readonly string[]
  /** @throws SampanError `source-not-found` when there is no such file */
  open(path: string, signal: AbortSignal): Promise<ByteSource>
  /** Undefined when there is no such file. */
  text(path: string, signal: AbortSignal): Promise<string | undefined>
}

/** @param base URL of the folder, with or without a slash at its end */
export function httpFolder(base: string, network: Network): ModelFolder {
  const address = (path: string): string => {
    const url = new URL(base)
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/${encodePath(path)}`
    return url.href
  }
  return {
    name: plainUrl(base),
    open: (path, signal) => UrlSource.open(address(path), { network, signal }),
    text: (path, signal) => readText(address(path), signal, { network }),
  }
}

/** A model of which all files are known. */
export function remoteFolder({ name, texts, weights }: RemoteModel, network: Network): ModelFolder {
  const files = new Map([...texts, ...weights].map((file) => [file.path, file]))
  return {
    name,
    paths: [...files.keys()],
    async open(path, signal) {
      const file = files.get(path)
      if (file) return openRemoteFile(file, network, signal)
      throw new SampanError('source-not-found', `${name} has no ${path}: take another copy of the model.`, { path })
    },
    async text(path, signal) {
      const file = files.get(path)
      return file && readText(file.url, signal, { network })
    },
  }
}

/** @throws SampanError also `source-changed` for another file than the hub lists */
export function openRemoteFile(file: RemoteFile, network: Network, signal: AbortSignal): Promise<ByteSource> {
  return UrlSource.open(file.url, { network, signal, size: file.size })
}

/** Longest text file of a model that is read, in bytes; `tokenizer.json` of large vocabularies has some 30 MB. */
export const MAX_TEXT_BYTES = 64 << 20

/** @param files of one folder, with those of the folders below it; chosen by hand they may come without paths */
export function fileFolder({ name, files }: FolderFiles): ModelFolder {
  return {
    name,
    paths: [...files.keys()],
    async open(path, signal) {
      signal.throwIfAborted()
      const file = files.get(path)
      if (!file)
        throw new SampanError('source-not-found', `${path} is not among the chosen files: choose it too.`, { path })
      return blobSource(file, file.name)
    },
    async text(path, signal) {
      signal.throwIfAborted()
      const file = files.get(path)
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
