/** Random access to a file of known size, wherever it lies. The engine reads checkpoints through nothing else. */
export interface ByteSource {
  /** File name or URL, for messages only. */
  readonly name: string
  /** Total size in bytes. */
  readonly size: number
  /**
   * The bytes `[start, end)`, exactly `end - start` of them, in a buffer of their own.
   * @throws EngineError `file-truncated` when the range passes the end of the file; whatever the transport throws otherwise.
   */
  read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>
}
