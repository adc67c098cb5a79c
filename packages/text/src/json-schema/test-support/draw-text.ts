import type { JsonGrammar } from '../grammar.ts'
import { createJsonConstraint } from '../json-constraint.ts'
import type { TokenTrie } from '../token-trie.ts'

export type Drawing = 'random' | 'longest' | 'rarest' | 'white-space' | 'quotes' | 'shortest'

export interface Drawn {
  readonly text: string
  readonly ended: boolean
  readonly tokens: readonly number[]
}

export interface DrawOptions {
  readonly drawing: Drawing
  readonly random: () => number
  /** Tokens before ends are preferred. */
  readonly wander: number
  /** Tokens after which the text is cut. */
  readonly most: number
}

/** Shortest ways on outside strings, best first. */
const closers = ['}', ']', '"', ':', ',']

/** Draws tokens among those allowed, as an engine with a hostile model would. Throws where none is. */
export function drawText(
  grammar: JsonGrammar,
  trie: TokenTrie,
  endTokens: readonly number[],
  { drawing, random, wander, most }: DrawOptions,
): Drawn {
  const constraint = createJsonConstraint(grammar, trie, endTokens)
  const closing = closers.map((text) => singleToken(trie, text))
  const tilde = singleToken(trie, '~')
  const quote = singleToken(trie, '"')
  const tokens: number[] = []
  while (tokens.length < most) {
    const allowed = constraint.allowed()
    const has = (token: number): boolean => (((allowed[token >> 5] ?? 0) >>> (token & 31)) & 1) === 1
    const end = endTokens.find(has)
    // Where this may come a string is open, so that the quotation mark ends it.
    const inString = has(tilde) && has(quote)
    // Not always, since a pattern may ask for something else first.
    const hurries = tokens.length >= wander && random() < 0.7
    const closer = hurries ? (inString ? quote : closing.find(has)) : undefined
    const token =
      tokens.length >= wander && end !== undefined
        ? end
        : (closer ?? draw(listedOrFail(allowed, tokens, trie), trie, hurries ? 'shortest' : drawing, random))
    constraint.accept(token)
    if (constraint.done) return { text: textOf(tokens, trie), ended: true, tokens }
    tokens.push(token)
  }
  return { text: textOf(tokens, trie), ended: false, tokens }
}

function listedOrFail(allowed: Uint32Array, before: readonly number[], trie: TokenTrie): number[] {
  const tokens = listed(allowed)
  if (tokens.length === 0) throw new RangeError(`No token may come after ${textOf(before, trie)}`)
  return tokens
}

export function listed(allowed: Uint32Array): number[] {
  const tokens: number[] = []
  for (const [index, word] of allowed.entries()) {
    for (let bits = word; bits !== 0; bits &= bits - 1) tokens.push(index * 32 + 31 - Math.clz32(bits & -bits))
  }
  return tokens
}

/** Only whole UTF-8: a sequence cut off throws. */
export function textOf(tokens: readonly number[], trie: TokenTrie): string {
  const bytes = tokens.flatMap((token) => [...trie.bytesOf(token)])
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes), { stream: true })
}

function draw(tokens: readonly number[], trie: TokenTrie, drawing: Drawing, random: () => number): number {
  const among = (score: (bytes: Uint8Array, token: number) => number): number => {
    let best = Number.NEGATIVE_INFINITY
    let found: number[] = []
    for (const token of tokens) {
      const value = score(trie.bytesOf(token), token)
      if (value > best) {
        best = value
        found = []
      }
      if (value === best) found.push(token)
    }
    return found[Math.floor(random() * found.length)] ?? -1
  }
  switch (drawing) {
    case 'random':
      return tokens[Math.floor(random() * tokens.length)] ?? -1
    case 'longest':
      return among((bytes) => bytes.length)
    case 'shortest':
      return among((bytes) => -bytes.length)
    case 'rarest':
      return among((_, token) => token)
    case 'white-space':
      return among((bytes) => bytes.filter((byte) => byte <= 0x20).length / Math.max(1, bytes.length))
    case 'quotes':
      return among((bytes) => bytes.filter((byte) => byte === 0x22).length)
    default:
      return drawing satisfies never
  }
}

function singleToken(trie: TokenTrie, text: string): number {
  for (let token = 0; token < trie.vocabularySize; token++) {
    const bytes = trie.bytesOf(token)
    if (bytes.length === 1 && bytes[0] === text.charCodeAt(0)) return token
  }
  return 0
}
