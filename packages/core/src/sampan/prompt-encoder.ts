import { createDetokenizer, encodePrompt, type Tokenizer } from '@sampan/text'
import { type Border, type KnownBeginning, type KnownText, PromptMemory } from './prompt-memory.ts'

/** Longer special tokens are no borders. */
const probeCharacters = 128

/** An answer that is being made. */
export interface AnswerTrace {
  /** Its next token; undefined text: one that the answer's reader does not see, and what follows it. */
  push(token: number, text: string | undefined): void
  /** What there is of it is remembered, and told. */
  end(): KnownText
}

/**
 * Makes tokens of prompts. What an answer's text would be made into may differ from what the model wrote it with: a prompt that
 * begins with an earlier prompt and its answer begins with their very tokens, and only the rest is encoded. That rest begins
 * with a special token, so that its tokens are what they would be in the whole.
 */
export class PromptEncoder {
  readonly #tokenizer: Tokenizer
  readonly #memory = new PromptMemory()

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer
  }

  /**
   * @param recall false: the tokens depend on nothing but `text`
   * @throws TextError `text-too-long`
   */
  encode(text: string, recall: boolean): number[] {
    const begun = recall ? this.#find(text) : undefined
    if (!begun) return encodePrompt(this.#tokenizer, text)
    const rest = this.#tokenizer.encode(text.slice(begun.characters), { addSpecialTokens: false })
    return [...begun.known.tokens.subarray(0, begun.tokens), ...rest]
  }

  /** Begins to remember an answer to the prompt `text`, which the model reads as `prompt`. */
  trace(text: string, prompt: readonly number[]): AnswerTrace {
    const borders = this.#borders(text, prompt)
    const tokens = [...prompt]
    const ends: number[] = []
    const encoder = new TextEncoder()
    let answer = ''
    let isOpen = true
    // A character whose bytes are not all there is not in the text yet.
    let waitingBytes = 0
    return {
      push: (token, piece) => {
        isOpen &&= piece !== undefined
        if (!isOpen || piece === undefined) return
        answer += piece
        waitingBytes += this.#tokenizer.tokenBytes(token).length - encoder.encode(piece).length
        tokens.push(token)
        ends.push(waitingBytes === 0 ? text.length + answer.length : 0)
      },
      end: () => {
        const known: KnownText = {
          text: text + answer,
          tokens: Uint32Array.from(tokens),
          borders,
          answerEnds: Uint32Array.from(ends),
        }
        this.#memory.remember(known)
        return known
      },
    }
  }

  #find(text: string): KnownBeginning | undefined {
    return this.#memory.find(text, (characters) => this.#mayCut(text, characters))
  }

  /** Whether what comes after so many characters is encoded as if nothing were before it. */
  #mayCut(text: string, characters: number): boolean {
    if (characters === text.length) return true
    return this.#special(text.slice(characters, characters + probeCharacters)) !== undefined
  }

  /** The special token that `text` begins with. */
  #special(text: string): number | undefined {
    const [first] = this.#tokenizer.encode(text, { addSpecialTokens: false })
    if (first === undefined || !this.#tokenizer.isSpecial(first)) return undefined
    return text.startsWith(this.#tokenizer.decode([first])) ? first : undefined
  }

  /** Where special tokens begin in a prompt, as far as its tokens spell its text, and its end. */
  #borders(text: string, prompt: readonly number[]): readonly Border[] {
    const begun = this.#find(text)
    const inherited = begun && isBeginning(begun, prompt) ? begun : undefined
    const borders = inherited
      ? [...inherited.known.borders.filter(({ characters }) => characters < inherited.characters), ofBorder(inherited)]
      : []
    const detokenizer = createDetokenizer(this.#tokenizer)
    let { characters, tokens } = inherited ?? firstBorder(this.#tokenizer, text, prompt)
    for (; tokens < prompt.length; tokens += 1) {
      const token = prompt[tokens] ?? 0
      const isSpecial = this.#tokenizer.isSpecial(token)
      if (isSpecial && characters > (borders.at(-1)?.characters ?? 0)) borders.push({ characters, tokens })
      const piece = detokenizer.push(token)
      if (!text.startsWith(piece, characters)) break
      characters += piece.length
    }
    return [
      ...borders.filter(({ characters }) => characters < text.length),
      { characters: text.length, tokens: prompt.length },
    ]
  }
}

function ofBorder({ characters, tokens }: Border): Border {
  return { characters, tokens }
}

/** Before the first token that stands for text of the prompt: the tokenizer may have put one before it. */
export function firstBorder({ bosTokenId, bosToken }: Tokenizer, text: string, [first]: readonly number[]): Border {
  const isAdded = first !== undefined && first === bosTokenId && bosToken !== undefined && !text.startsWith(bosToken)
  return { characters: 0, tokens: isAdded ? 1 : 0 }
}

function isBeginning({ known, tokens }: KnownBeginning, prompt: readonly number[]): boolean {
  return known.tokens.subarray(0, tokens).every((token, index) => token === prompt[index])
}
