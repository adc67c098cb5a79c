import type { ByteSource } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import { StreamedHead } from './streamed-head.ts'
import { UrlSource, type UrlSourceOptions } from './url-source.ts'

/** Where a safetensors header says how long it is: with blocks of this size not a byte behind the header is read. */
export const HEADER_LENGTH_BYTES = 8

/**
 * A file behind HTTP of which the beginning is to be read. Of a server that knows no ranges as much is read of the whole as is needed.
 * @throws SampanError as `UrlSource.open`
 */
export async function openHead(url: string, options: UrlSourceOptions): Promise<ByteSource> {
  try {
    return await UrlSource.open(url, options)
  } catch (error) {
    if (!SampanError.isInstance(error) || error.code !== 'range-unsupported') throw error
    return StreamedHead.open(url, options, error)
  }
}
