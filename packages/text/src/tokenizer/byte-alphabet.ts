const byteCount = 256
const notAByte = -1

/**
 * GPT-2's spelling of bytes as printable characters: printable Latin-1 stands for itself, the other 68 bytes are
 * U+0100 and up in order. Source: "Language Models are Unsupervised Multitask Learners", released encoder.
 */
const characterOfByte = spellBytes()
const byteOfCharacter = new Int16Array(0x200).fill(notAByte)
for (const [byte, character] of characterOfByte.entries()) byteOfCharacter[character] = byte

function spellBytes(): Uint16Array {
  const characters = new Uint16Array(byteCount)
  let next = 0x100
  for (let byte = 0; byte < byteCount; byte++) {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
    characters[byte] = printable ? byte : next++
  }
  return characters
}

/** The character that spells `byte` in a byte-level vocabulary. */
export function spellByte(byte: number): string {
  return String.fromCharCode(characterOfByte[byte] ?? 0)
}

/**
 * Writes the bytes that `spelled` stands for at `offset` and returns how many, or -1 when a character is outside the
 * alphabet (the token is then plain text: an added token such as `<｜User｜>`). `target` needs `spelled.length` bytes free.
 */
export function writeSpelledBytes(spelled: string, target: Uint8Array, offset: number): number {
  for (let index = 0; index < spelled.length; index++) {
    const byte = byteOfCharacter[spelled.charCodeAt(index)] ?? notAByte
    if (byte === notAByte) return notAByte
    target[offset + index] = byte
  }
  return spelled.length
}
