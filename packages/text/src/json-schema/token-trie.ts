import { TextError } from '../errors.ts'
import type { Tokenizer } from '../tokenizer/tokenizer.ts'
import { maxTrieBytes, maxTrieTokens } from './limits.ts'

const none = -1
/** Bytes that JSON in UTF-8 may be made of, each of which must be a token, so that no text is ever a dead end. */
const neededBytes: readonly (readonly [low: number, high: number])[] = [
  [0x20, 0x7f],
  [0x80, 0xbf],
  [0xc2, 0xf4],
]

/**
 * All tokens by their bytes, in preorder: about 14 bytes a node, and two or three nodes a token. Node 0 is the root.
 * Immutable; one serves every grammar.
 */
export interface TokenTrie {
  /** Tokens with the padding rows of the model's logits. */
  readonly vocabularySize: number
  /** The byte that leads to each node. */
  readonly bytes: Uint8Array
  /** One more than the last node below each. */
  readonly ends: Uint32Array
  readonly depths: Uint16Array
  readonly parents: Uint32Array
  /** The first token that ends at each node, or -1; `sameAs` has the next token with the same bytes, or -1. */
  readonly tokens: Int32Array
  readonly sameAs: Int32Array
  /** Bytes of the longest token. */
  readonly longestToken: number
  /** What a token adds to the text: a view not to be written to; empty for tokens that may not occur. */
  bytesOf(token: number): Uint8Array
}

/**
 * @param vocabularySize rows of the model's logits, where they are more than the tokenizer's tokens.
 * @param exclude tokens besides the special ones that no text may hold.
 * @throws TextError `tokenizer-unsupported` where a byte that JSON needs is no token, `tokenizer-limit-exceeded`
 */
export function createTokenTrie(
  tokenizer: Tokenizer,
  vocabularySize: number = tokenizer.vocabularySize,
  exclude: readonly number[] = [],
): TokenTrie {
  const count = Math.min(tokenizer.vocabularySize, vocabularySize)
  if (!Number.isInteger(vocabularySize) || vocabularySize < 0 || vocabularySize > maxTrieTokens) {
    throw new TextError('tokenizer-limit-exceeded', `${vocabularySize} tokens are not 0 to ${maxTrieTokens}.`)
  }
  const { text, starts } = readTokens(tokenizer, count, new Set([...exclude, ...tokenizer.endTokenIds]))
  return build({ text, starts }, vocabularySize)
}

interface TokenText {
  readonly text: Uint8Array
  /** Where each token's bytes begin, and where the last ends. */
  readonly starts: Uint32Array
}

function readTokens(tokenizer: Tokenizer, count: number, exclude: ReadonlySet<number>): TokenText {
  const starts = new Uint32Array(count + 1)
  let text = new Uint8Array(count * 8)
  for (let token = 0; token < count; token++) {
    const at = starts[token] ?? 0
    const bytes = exclude.has(token) || tokenizer.isSpecial(token) ? new Uint8Array() : tokenizer.tokenBytes(token)
    const end = at + bytes.length
    if (end > maxTrieBytes) {
      throw new TextError('tokenizer-limit-exceeded', `The tokens have more than ${maxTrieBytes} bytes together.`)
    }
    if (end > text.length) {
      const larger = new Uint8Array(end * 2)
      larger.set(text)
      text = larger
    }
    text.set(bytes, at)
    starts[token + 1] = end
  }
  return { text: text.slice(0, starts[count]), starts }
}

function build({ text, starts }: TokenText, vocabularySize: number): TokenTrie {
  const order = sortTokens({ text, starts })
  const capacity = text.length + 1
  const bytes = new Uint8Array(capacity)
  const ends = new Uint32Array(capacity)
  const depths = new Uint16Array(capacity)
  const parents = new Uint32Array(capacity)
  const tokens = new Int32Array(capacity).fill(none)
  const sameAs = new Int32Array(starts.length).fill(none)
  const path = [0]
  let size = 1
  let depth = 0
  let longestToken = 0
  for (const token of order) {
    const start = starts[token] ?? 0
    const length = (starts[token + 1] ?? 0) - start
    longestToken = Math.max(longestToken, length)
    let shared = 0
    while (shared < Math.min(depth, length) && bytes[path[shared + 1] ?? 0] === text[start + shared]) shared++
    for (; depth > shared; depth--) ends[path[depth] ?? 0] = size
    for (; depth < length; depth++) {
      bytes[size] = text[start + depth] ?? 0
      depths[size] = depth + 1
      parents[size] = path[depth] ?? 0
      path[depth + 1] = size++
    }
    const node = path[depth] ?? 0
    sameAs[token] = tokens[node] ?? none
    tokens[node] = token
  }
  for (; depth >= 0; depth--) ends[path[depth] ?? 0] = size
  requireBytes(bytes, ends, tokens)
  return {
    vocabularySize,
    bytes: bytes.slice(0, size),
    ends: ends.slice(0, size),
    depths: depths.slice(0, size),
    parents: parents.slice(0, size),
    tokens: tokens.slice(0, size),
    sameAs,
    longestToken,
    bytesOf: (token) => text.subarray(starts[token] ?? 0, starts[token + 1] ?? 0),
  }
}

/** Tokens with bytes, in the order of those. */
function sortTokens({ text, starts }: TokenText): Uint32Array {
  const order = Uint32Array.from({ length: starts.length - 1 }, (_, token) => token).filter(
    (token) => starts[token] !== starts[token + 1],
  )
  return order.sort((a, b) => {
    const endA = starts[a + 1] ?? 0
    const endB = starts[b + 1] ?? 0
    let atA = starts[a] ?? 0
    let atB = starts[b] ?? 0
    while (atA < endA && atB < endB) {
      const difference = (text[atA++] ?? 0) - (text[atB++] ?? 0)
      if (difference !== 0) return difference
    }
    return endA - atA - (endB - atB) || a - b
  })
}

function requireBytes(bytes: Uint8Array, ends: Uint32Array, tokens: Int32Array): void {
  const single = new Set<number>()
  for (let node = 1; node < (ends[0] ?? 0); node = ends[node] ?? 0) {
    if (tokens[node] !== none) single.add(bytes[node] ?? 0)
  }
  for (const [low, high] of neededBytes) {
    for (let byte = low; byte <= high; byte++) {
      if (single.has(byte)) continue
      throw new TextError(
        'tokenizer-unsupported',
        `Byte 0x${byte.toString(16)} is no token by itself, so not every JSON text can be written: use a model with a whole byte-level vocabulary for structured output.`,
        { byte },
      )
    }
  }
}
