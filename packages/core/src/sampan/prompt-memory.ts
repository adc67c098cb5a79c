/** A place in a text that lies between two tokens. */
export interface Border {
  readonly characters: number
  readonly tokens: number
}

/** A text from its beginning on, and the tokens that the model read and wrote it with. */
export interface KnownText {
  readonly text: string
  readonly tokens: Uint32Array
  /** Ascending. */
  readonly borders: readonly Border[]
  /** Of the answer's tokens, the last in `tokens`, the characters up to each one's end; 0 where that is within a character. */
  readonly answerEnds: Uint32Array
}

/** How much of a text is known. */
export interface KnownBeginning extends Border {
  readonly known: KnownText
}

const mostTexts = 32
/** Of all together, in memory. */
const mostBytes = 16 * 1024 * 1024
/** A longer text is not remembered. */
export const mostCharacters = mostBytes / 2
/** What follows a border tells two texts apart within so many characters. */
const mostSpecialCharacters = 64
/** Characters that are compared at once. */
const block = 1024

/** The texts of a model's latest prompts and answers, those used last kept longest. */
export class PromptMemory {
  /** In order of use. */
  readonly #texts = new Set<KnownText>()
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  get size(): number {
    return this.#texts.size
  }

  /** The longest beginning of `text` that is known up to a border where `mayCut`. */
  find(text: string, mayCut: (characters: number) => boolean): KnownBeginning | undefined {
    let best: KnownBeginning | undefined
    // Of equals the latest: that is what an engine's cache is likeliest to hold.
    for (const known of [...this.#texts].reverse()) {
      const border = lastBorder(known, commonLength(known.text, text), best?.characters ?? 0, mayCut)
      if (border) best = { ...border, known }
    }
    if (best) this.#touch(best.known)
    return best
  }

  /** Takes the place of a text that it goes on from, or that it is. */
  remember(text: KnownText): void {
    if (bytesOf(text) > mostBytes) return
    for (const known of [...this.#texts])
      if (text.text === known.text || (text.text.startsWith(known.text) && goesOn(text, known))) this.#forget(known)
    this.#texts.add(text)
    this.#bytes += bytesOf(text)
    for (const oldest of this.#texts) {
      if (this.#texts.size <= mostTexts && this.#bytes <= mostBytes) break
      this.#forget(oldest)
    }
  }

  #touch(known: KnownText): void {
    this.#texts.delete(known)
    this.#texts.add(known)
  }

  #forget(known: KnownText): void {
    this.#texts.delete(known)
    this.#bytes -= bytesOf(known)
  }
}

/** The last border of `known` behind `least` and not behind `most`. */
function lastBorder(
  known: KnownText,
  most: number,
  least: number,
  mayCut: (characters: number) => boolean,
): Border | undefined {
  const { tokens, answerEnds, borders } = known
  const promptTokens = tokens.length - answerEnds.length
  for (let index = answerEnds.length - 1; index >= 0; index -= 1) {
    const characters = answerEnds[index] ?? 0
    if (characters === 0 || characters > most) continue
    if (characters <= least || characters <= most - mostSpecialCharacters) break
    if (mayCut(characters)) return { characters, tokens: promptTokens + index + 1 }
  }
  return borders.findLast(({ characters }) => characters <= most && characters > least && mayCut(characters))
}

function goesOn({ tokens }: KnownText, before: KnownText): boolean {
  return before.tokens.length <= tokens.length && before.tokens.every((token, index) => token === tokens[index])
}

function bytesOf({ text, tokens, borders, answerEnds }: KnownText): number {
  return 2 * text.length + 4 * (tokens.length + answerEnds.length) + 32 * borders.length
}

function commonLength(one: string, other: string): number {
  const most = Math.min(one.length, other.length)
  let length = 0
  while (length + block <= most && one.startsWith(other.slice(length, length + block), length)) length += block
  while (length < most && one.charCodeAt(length) === other.charCodeAt(length)) length += 1
  return length
}
