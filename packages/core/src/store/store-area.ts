import type { StoreKind } from './store-types.ts'

/**
 * Where models' bytes are kept: a folder for each, with one large file, the data, and a few small ones. It tells what is really there.
 * Failures are those of the browser.
 */
export interface StoreArea {
  readonly kind: StoreKind
  /** Folders. */
  ids(): Promise<readonly string[]>
  /** Bytes of the data; undefined where there are none. */
  dataSize(id: string): Promise<number | undefined>
  readData(id: string, start: number, end: number): Promise<Uint8Array<ArrayBuffer>>
  /** A view of all the data, which may be sent to other Workers. */
  data(id: string): Promise<Blob>
  /** Makes them if need be. For one at a time. */
  openData(id: string): Promise<DataFile>
  /** A small file; undefined where there is none, or none that can be read. */
  read(id: string, name: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  /** Replaces a small file, on disk when this resolves. Who dies meanwhile may leave any bytes. */
  put(id: string, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  remove(id: string, name: string): Promise<void>
  /** The folder with all that is in it; whether there is one or not. */
  removeModel(id: string): Promise<void>
}

/** Data that are written. What was not flushed may or may not be there when the tab has died, each byte for itself. */
export interface DataFile {
  readonly size: number
  /** The bytes are taken before this returns. A gap is filled with zeros. */
  write(bytes: Uint8Array<ArrayBuffer>, at: number): Promise<void>
  truncate(size: number): Promise<void>
  /** Whether the browser would let the file grow to this size; true where that cannot be known. Leaves it as it is. */
  canGrow(size: number): Promise<boolean>
  flush(): Promise<void>
  close(): Promise<void>
}
