/**
 * Puts the rows of whole heads from llama.cpp's interleaved-rope order into Hugging Face's: row 2i + j of a head of size D
 * becomes row j·D/2 + i. `to` has room for `from`.
 */
export function undoInterleavedRope(from: Uint8Array, to: Uint8Array, rowBytes: number, headSize: number): void {
  const half = headSize / 2
  const headBytes = headSize * rowBytes
  for (let head = 0; head < from.byteLength; head += headBytes) {
    for (let row = 0; row < headSize; row++) {
      const at = head + row * rowBytes
      to.set(from.subarray(at, at + rowBytes), head + ((row & 1) * half + (row >> 1)) * rowBytes)
    }
  }
}
