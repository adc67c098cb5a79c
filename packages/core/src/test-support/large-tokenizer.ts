import { seededRandom } from './seeded-random.ts'

/** As many as Qwen's, whose file has some 11 MB too. */
export const LARGE_VOCABULARY = 151_936

/** Of tokens that are made by merging. */
const MOST_LETTERS = 9

/** A made-up `tokenizer.json` of byte-level BPE, of the layout and size of published ones. */
export function largeTokenizer(): string {
  const random = seededRandom(6)
  const end = '<|im_end|>'
  const tokens = byteAlphabet()
  const known = new Set(tokens)
  const merges: [string, string][] = []
  const any = (): string => tokens[Math.floor(random() * tokens.length)] ?? ''
  while (tokens.length < LARGE_VOCABULARY - 1) {
    const pair: [string, string] = [any(), any()]
    const joined = pair.join('')
    if (joined.length > MOST_LETTERS || known.has(joined)) continue
    known.add(joined)
    tokens.push(joined)
    merges.push(pair)
  }
  const added = { id: tokens.length, content: end, special: true }
  const tokenizer = {
    version: '1.0',
    added_tokens: [{ ...added, single_word: false, lstrip: false, rstrip: false, normalized: false }],
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { type: 'BPE', vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges },
  }
  return JSON.stringify(tokenizer, null, 2)
}

/** Letters for all bytes: those of Latin 1 that can be seen, and others from U+0100 on. */
function byteAlphabet(): string[] {
  let others = 0x100
  return Array.from({ length: 256 }, (_, byte) => {
    const isSeen = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad)
    return String.fromCharCode(isSeen ? byte : others++)
  })
}
