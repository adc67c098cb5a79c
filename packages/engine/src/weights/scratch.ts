/** Memory that a load uses again and again; it grows to the largest run of rows (≤ 16 MiB of source, usually 2). */
export class LoadScratch {
  #words = new Uint32Array(0)
  #bytes = new Uint8Array(0)

  /** At least so many words, for planes. */
  words(count: number): Uint32Array<ArrayBuffer> {
    if (this.#words.length < count) this.#words = new Uint32Array(count)
    return this.#words
  }

  /** So many bytes, for rows in another order. */
  bytes(count: number): Uint8Array<ArrayBuffer> {
    if (this.#bytes.length < count) this.#bytes = new Uint8Array(count)
    return this.#bytes.subarray(0, count)
  }
}
