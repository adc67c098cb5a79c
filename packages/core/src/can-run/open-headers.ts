import { type ByteSource, type Checkpoint, openSafetensors, openSplitGguf } from '@sampan/engine'
import { fetchText } from '../acquire/fetch-text.ts'
import { SampanError } from '../errors.ts'
import type { RemoteModel } from '../hub/remote-model.ts'
import type { Network } from '../network/network.ts'
import { HEADER_LENGTH_BYTES, openHead } from '../sources/open-head.ts'

export interface HeaderOptions {
  /** Knows the user's token, if there is one. */
  readonly network: Network
  readonly signal: AbortSignal
}

/** A model on a server, of which only what describes it has been read. */
export interface OpenedHeaders {
  readonly checkpoint: Checkpoint
  /** In the order of `RemoteModel.weights`, in bytes, as their servers tell. */
  readonly sizes: readonly number[]
}

/**
 * Reads `config.json` and the headers of safetensors files, or those of GGUF files, which hold all there is to know: neither tokenizer nor
 * templates. Of a GGUF file the last block that is asked for reaches a little into the weights, since nothing before its end tells where the
 * header ends.
 * @throws SampanError and EngineError for what cannot be fetched or understood
 */
export async function openHeaders(model: RemoteModel, { network, signal }: HeaderOptions): Promise<OpenedHeaders> {
  const open = (blockBytes?: number): Promise<ByteSource[]> =>
    Promise.all(
      model.weights.map(({ url, size }) =>
        openHead(url, { network, signal, size, ...(blockBytes !== undefined && { blockBytes }) }),
      ),
    )
  if (model.format === 'gguf') {
    const files = await open()
    return { checkpoint: await openSplitGguf(files, signal), sizes: sizesOf(files) }
  }
  const [config, files] = await Promise.all([readConfig(model, { network, signal }), open(HEADER_LENGTH_BYTES)])
  return { checkpoint: await openSafetensors({ config, weights: files }, signal), sizes: sizesOf(files) }
}

const sizesOf = (files: readonly ByteSource[]): readonly number[] => files.map(({ size }) => size)

async function readConfig({ name, texts }: RemoteModel, { network, signal }: HeaderOptions): Promise<string> {
  const file = texts.find(({ path }) => path === 'config.json')
  if (!file)
    throw new SampanError('source-not-found', `${name} has no config.json: name a repository or folder that has one.`, {
      file: 'config.json',
    })
  const bytes = await fetchText(file, { network, signal, onBytes: () => {} })
  return new TextDecoder().decode(bytes)
}
