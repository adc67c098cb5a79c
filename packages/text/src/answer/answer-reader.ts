import { type AnswerPart, PartCollector } from './answer-part.ts'
import { type ToolCallFormat, toolCallFrames } from './call-format.ts'
import { maxHeldWhiteSpace } from './limits.ts'
import { OpenCall, refuseCall } from './open-call.ts'
import { TagWatch } from './tag-watch.ts'

export interface AnswerReaderOptions {
  /** Whether the model writes thoughts in `<think>`; otherwise such tags are text. */
  readonly thoughts: boolean
  /** How calls of tools are written. Absent where the request has no tools: what looks like a call is text. */
  readonly calls?: ToolCallFormat | undefined
  /** The answer's beginning that stands in the prompt already: `<think>\n`, an empty thought, text to be gone on with. */
  readonly before?: string
  /** Default: `call_` and 24 random hexadecimal digits. */
  readonly newCallId?: () => string
}

/** Makes parts of an answer's text, the same ones wherever the text is cut. */
export interface AnswerReader {
  /** What is certain with this text, empty pieces left out. */
  push(text: string): AnswerPart[]
  /**
   * What was held back. Nothing may be pushed after. `cut` (default true): a limit ended the answer, and a call that is not whole is given as far
   * as it goes; otherwise the model left it unfinished, and it is text.
   */
  finish(options?: { readonly cut?: boolean }): AnswerPart[]
  /** Whether the text so far ends within a thought. */
  readonly inReasoning: boolean
  /** Calls that are whole by now. */
  readonly wholeCalls: number
}

/** What ends a thought when the model does not: to be given to the model as its own words, and to `push`. */
export const thoughtClosing = '\n</think>\n\n'

/**
 * Thoughts stand at the answer's beginning, white space aside. The line feeds around them belong to nothing; a thought that
 * is not closed stays one. `</think>` where none was begun does not show, and the text before it is content: it was given
 * out already. (vLLM's parser for R1 takes all before it for thoughts, and so the whole of an answer without thoughts.)
 * White space between content and a call belongs to nothing, up to a limit. A call that cannot be read is content.
 */
export function createAnswerReader(options: AnswerReaderOptions): AnswerReader {
  return new StreamingReader(options)
}

/** `start`: neither content nor a call stands there yet, but perhaps a thought that has ended. */
type Phase = 'start' | 'thought' | 'content' | 'call' | 'after-call'

const thinkBegin = '<think>'
const thinkEnd = '</think>'

class StreamingReader implements AnswerReader {
  readonly #parts = new PartCollector()
  readonly #thoughts: boolean
  readonly #newCallId: () => string
  #format: ToolCallFormat | undefined
  #phase: Phase
  #watch = new TagWatch([])
  /** White space, and in `after-call` a tag that calls should follow, that is not given out yet. */
  #held = ''
  #highSurrogate = ''
  #thoughtEnded = false
  /** The thought that is open has text. */
  #thoughtHasText = false
  #hasReasoning = false
  #call: OpenCall | undefined
  /** Calls that were told of, void ones too. */
  #calls = 0
  #wholeCalls = 0
  /** What may still close the call that has ended. */
  #closers: readonly string[] = []

  constructor({ thoughts, calls, before = '', newCallId = randomCallId }: AnswerReaderOptions) {
    this.#thoughts = thoughts
    this.#newCallId = newCallId
    this.#phase = thoughts ? 'start' : 'content'
    this.#enter(this.#phase)
    for (const character of before) this.#step(character)
    this.#parts.take()
    this.#held = ''
    this.#format = calls
    this.#enter(this.#phase)
  }

  get inReasoning(): boolean {
    return this.#phase === 'thought'
  }

  get wholeCalls(): number {
    return this.#wholeCalls
  }

  push(text: string): AnswerPart[] {
    const whole = this.#highSurrogate + text
    this.#highSurrogate = /[\ud800-\udbff]$/.test(whole) ? whole.slice(-1) : ''
    for (const character of this.#highSurrogate === '' ? whole : whole.slice(0, -1)) this.#step(character)
    return this.#parts.take()
  }

  finish({ cut = true }: { readonly cut?: boolean } = {}): AnswerPart[] {
    if (this.#highSurrogate !== '') this.#step(this.#highSurrogate)
    if (this.#call !== undefined) this.#wholeCalls += this.#call.finish(cut) ? 1 : 0
    else if (this.#phase === 'after-call') this.#refuseLead()
    else {
      for (const character of this.#watch.take()) this.#text(character)
      if (this.#phase === 'content' || (this.#phase === 'start' && !this.#thoughtEnded)) this.#giveContent('')
    }
    return this.#parts.take()
  }

  #step(character: string): void {
    if (this.#call !== undefined) {
      this.#stepCall(this.#call, character)
      return
    }
    const watch = this.#watch
    const { text, tag } = watch.accept(character)
    for (const one of text) this.#text(one)
    // Where the text began something else, other tags count.
    if (this.#watch !== watch) for (const one of tag ?? watch.take()) this.#step(one)
    else if (tag !== undefined) this.#tag(tag)
  }

  #enter(phase: Phase): void {
    this.#phase = phase
    this.#watch = new TagWatch(this.#tags())
  }

  #tags(): readonly string[] {
    const begin = this.#format === undefined ? [] : toolCallFrames[this.#format].begin
    const strayEnd = this.#thoughts && !this.#thoughtEnded ? [thinkEnd] : []
    switch (this.#phase) {
      case 'start':
        return [thinkBegin, ...strayEnd, ...begin]
      case 'thought':
        return [thinkBegin, thinkEnd]
      case 'content':
        return [...strayEnd, ...begin]
      case 'after-call':
        // Some write several calls between one pair of Hermes' tags.
        return [...begin, ...this.#closers, ...(this.#inHermesTags ? ['{'] : [])]
      case 'call':
        return []
      default:
        return this.#phase satisfies never
    }
  }

  get #inHermesTags(): boolean {
    return this.#format === 'hermes' && this.#closers.length > 0
  }

  #text(character: string): void {
    const isLineFeed = character === '\n' || character === '\r'
    const isSpace = isLineFeed || /^\s$/.test(character)
    switch (this.#phase) {
      case 'start':
        if (isLineFeed && this.#thoughtEnded && this.#held === '') return
        if (isSpace && this.#held.length < maxHeldWhiteSpace) this.#held += character
        else {
          this.#enter('content')
          this.#text(character)
        }
        return
      case 'thought':
        if (!isLineFeed) this.#giveReasoning(character)
        else if (this.#thoughtHasText) this.#hold(character, (overflow) => this.#giveReasoning(overflow, false))
        return
      case 'content':
        if (isSpace && this.#format !== undefined) this.#hold(character, (text) => this.#parts.text('content', text))
        else this.#giveContent(character)
        return
      case 'after-call':
        if (isSpace && this.#held.length < maxHeldWhiteSpace) this.#held += character
        else {
          this.#refuseLead()
          this.#held = ''
          this.#enter('content')
          this.#text(character)
        }
        return
      case 'call':
        return
      default:
        this.#phase satisfies never
    }
  }

  /** Keeps the last of a run of white space. */
  #hold(character: string, give: (overflow: string) => void): void {
    this.#held += character
    if (this.#held.length <= maxHeldWhiteSpace) return
    give(this.#held.slice(0, 1))
    this.#held = this.#held.slice(1)
  }

  #giveContent(text: string): void {
    this.#parts.text('content', this.#held + text)
    this.#held = ''
  }

  #giveReasoning(text: string, withHeld = true): void {
    if (!this.#thoughtHasText && this.#hasReasoning) this.#parts.text('reasoning', '\n\n')
    this.#thoughtHasText = true
    this.#hasReasoning = true
    this.#parts.text('reasoning', (withHeld ? this.#held : '') + text)
    if (withHeld) this.#held = ''
  }

  #tag(tag: string): void {
    if (this.#phase === 'thought') this.#tagInThought(tag)
    else if (tag === thinkBegin) {
      this.#held = ''
      this.#thoughtHasText = false
      this.#enter('thought')
    } else if (tag === thinkEnd) {
      this.#thoughtEnded = true
      if (this.#phase === 'start') this.#held = ''
      this.#enter(this.#phase)
    } else if (this.#phase === 'after-call' && tag === '{') {
      this.#beginCall('')
      this.#step(tag)
    } else if (this.#phase === 'after-call' && this.#closers.includes(tag)) {
      this.#closers = this.#closers.slice(this.#closers.indexOf(tag) + 1)
      this.#held = ''
      this.#enter('after-call')
    } else this.#beginTag(tag)
  }

  #tagInThought(tag: string): void {
    if (tag === thinkEnd) {
      this.#held = ''
      this.#thoughtEnded = true
      this.#enter('start')
    } else if (this.#thoughtHasText) this.#giveReasoning(tag)
    // Else the model repeats the tag that the prompt gave it.
  }

  #beginTag(tag: string): void {
    const { begin, end } = toolCallFrames[this.#format ?? 'hermes']
    if (tag === begin.at(-1)) this.#beginCall(tag)
    else {
      this.#held += tag
      this.#closers = end.slice(-1)
      this.#enter('after-call')
    }
  }

  #beginCall(tag: string): void {
    const raw = this.#held + tag
    this.#held = ''
    this.#call = new OpenCall(this.#format ?? 'hermes', raw, this.#calls, this.#newCallId, this.#parts)
    this.#phase = 'call'
  }

  #stepCall(call: OpenCall, character: string): void {
    const step = call.accept(character)
    if (step === 'more') return
    if (call.begun) this.#calls++
    if (step !== 'malformed') this.#wholeCalls++
    this.#call = undefined
    this.#closers = step === 'malformed' ? [] : toolCallFrames[this.#format ?? 'hermes'].end
    this.#enter(step === 'malformed' ? 'content' : 'after-call')
    if (step !== 'done') this.#step(character)
  }

  /** A tag that calls should follow stands alone. */
  #refuseLead(): void {
    if (this.#held.trim() === '') return
    refuseCall(this.#parts, this.#held, 'has no call in it')
    this.#held = ''
  }
}

function randomCallId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return `call_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
