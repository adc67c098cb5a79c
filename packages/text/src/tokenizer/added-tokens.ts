import { TextError } from '../errors.ts'
import { maxAddedTokens, maxTokenLength } from './limits.ts'

/** A token matched whole in the text before it is split, with the options of the Rust `tokenizers` library. */
export interface AddedToken {
  readonly id: number
  readonly content: string
  /** Control token: left out by `skipSpecialTokens`, plain text under `parseSpecial: false`. */
  readonly special: boolean
  /** Matched in the normalised text rather than the raw one. */
  readonly normalized: boolean
  /** Swallows the white space before (after) it. */
  readonly leftStrip: boolean
  readonly rightStrip: boolean
  /** Matches only between characters that are not part of a word. */
  readonly singleWord: boolean
}

/** Text between added tokens, or the id of one. */
export type Section = string | number

const endsWithWord = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u
const startsWithWord = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u
const whiteSpace = /\p{White_Space}/u

interface TrieNode {
  readonly next: Map<number, TrieNode>
  token?: AddedToken
}

/** Finds added tokens in text: leftmost first, the longest where several begin at one place. */
export class AddedTokenMatcher {
  readonly #root: TrieNode = { next: new Map() }

  constructor(tokens: readonly AddedToken[], spell: (content: string) => string = (content) => content) {
    if (tokens.length > maxAddedTokens) {
      throw new TextError(
        'tokenizer-limit-exceeded',
        `The tokenizer has ${tokens.length} added tokens; ${maxAddedTokens} is the most.`,
      )
    }
    for (const token of tokens) this.#insert(spell(token.content), token)
  }

  /** Cuts `text` at added tokens; with `parseSpecial` false, special ones stay text. */
  split(text: string, parseSpecial: boolean): readonly Section[] {
    const sections: Section[] = []
    let done = 0
    let at = 0
    while (at < text.length) {
      const found = this.#root.next.has(text.charCodeAt(at)) ? this.#longestAt(text, at) : undefined
      if (found === undefined) {
        at++
        continue
      }
      const { token, end } = found
      const matchStart = at
      at = end
      if ((token.special && !parseSpecial) || (token.singleWord && !standsAlone(text, matchStart, end))) continue
      const start = token.leftStrip ? Math.max(done, skipBack(text, matchStart)) : matchStart
      if (token.rightStrip) at = skipForward(text, end)
      if (start > done) sections.push(text.slice(done, start))
      sections.push(token.id)
      done = at
    }
    if (done < text.length) sections.push(done === 0 ? text : text.slice(done))
    return sections
  }

  #insert(content: string, token: AddedToken): void {
    if (content === '') return
    if (content.length > maxTokenLength) {
      throw new TextError(
        'tokenizer-limit-exceeded',
        `Added token ${token.id} is ${content.length} characters long; ${maxTokenLength} is the most.`,
      )
    }
    let node = this.#root
    for (let index = 0; index < content.length; index++) {
      const unit = content.charCodeAt(index)
      let next = node.next.get(unit)
      if (next === undefined) {
        next = { next: new Map() }
        node.next.set(unit, next)
      }
      node = next
    }
    node.token = token
  }

  #longestAt(text: string, start: number): { readonly token: AddedToken; readonly end: number } | undefined {
    let best: { readonly token: AddedToken; readonly end: number } | undefined
    let node: TrieNode | undefined = this.#root
    for (let at = start; at < text.length; at++) {
      node = node.next.get(text.charCodeAt(at))
      if (node === undefined) break
      if (node.token !== undefined) best = { token: node.token, end: at + 1 }
    }
    return best
  }
}

function standsAlone(text: string, start: number, end: number): boolean {
  // Two code units hold any one character, and an unpaired half is no word character.
  return !endsWithWord.test(text.slice(Math.max(0, start - 2), start)) && !startsWithWord.test(text.slice(end, end + 2))
}

function skipBack(text: string, from: number): number {
  let at = from
  while (at > 0 && whiteSpace.test(text.charAt(at - 1))) at--
  return at
}

function skipForward(text: string, from: number): number {
  let at = from
  while (at < text.length && whiteSpace.test(text.charAt(at))) at++
  return at
}
