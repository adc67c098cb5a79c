const MAGIC = 'GGUF'

/** Whether a file is GGUF by its first four bytes, whatever it is called. */
export async function isGguf(file: Blob): Promise<boolean> {
  return startsAsGguf(new Uint8Array(await file.slice(0, MAGIC.length).arrayBuffer()))
}

export function startsAsGguf(bytes: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(0, MAGIC.length)) === MAGIC
}
