import { callCard } from './call-card.ts'
import { codeFigure } from './code-figure.ts'
import { element } from './element.ts'
import { FenceSplitter } from './fence-splitter.ts'
import { indentJson } from './indent-json.ts'
import { ReplySplitter } from './reply-splitter.ts'
import type { Strings } from './strings.ts'
import { ThoughtView } from './thought-view.ts'

/**
 * Shows streamed text by appending to the document, at most once a frame: what is shown already is never touched again,
 * so an answer of any length costs the same per token.
 */
export class AnswerView {
  readonly root = element('div', { class: 'text', dir: 'auto' })
  readonly #strings: Strings
  readonly #reply: ReplySplitter
  #fences: FenceSplitter
  #thought: ThoughtView | undefined
  /** A reply that begins like JSON, until it ends. */
  #json: { readonly root: HTMLElement; readonly target: Text } | undefined
  #begun = false
  #target: Text | undefined
  #waiting = ''
  #frame = 0
  #firstAt = 0
  #text = ''
  #said = ''

  constructor(strings: Strings) {
    this.#strings = strings
    this.#fences = this.#newFences()
    this.#reply = new ReplySplitter({
      text: (text) => this.#takeText(text),
      openThought: (retroactive) => {
        const thought = new ThoughtView(strings, retroactive ? this.#firstAt : performance.now())
        if (retroactive) this.#takeBack(thought)
        this.#thought = thought
        this.root.append(thought.root)
      },
      thought: (text) => this.#thought?.push(text),
      closeThought: (complete) => this.#thought?.close(complete),
      call: (text, complete) => {
        this.#endText()
        this.root.append(complete ? callCard(strings, text) : codeFigure(strings, strings.toolCall, text.trim()).root)
        this.#said += `${this.#said === '' ? '' : '\n'}<tool_call>${text}</tool_call>`
      },
    })
  }

  /** All text so far, thoughts included. */
  get text(): string {
    return this.#text
  }

  /** What the model is told that it said: no thoughts. */
  get said(): string {
    return this.#said.trim()
  }

  push(text: string, onShown: () => void): void {
    this.#firstAt ||= performance.now()
    this.#text += text
    this.#waiting += text
    if (this.#frame !== 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#show()
      onShown()
    })
  }

  finish(): void {
    this.#show()
    this.#reply.finish()
    this.#endText()
  }

  #show(): void {
    if (this.#frame !== 0) cancelAnimationFrame(this.#frame)
    this.#frame = 0
    const text = this.#waiting
    this.#waiting = ''
    if (text !== '') this.#reply.push(text)
  }

  #takeText(text: string): void {
    this.#said += text
    if (!this.#begun && /^[{[]/.test(text)) {
      this.#json = codeFigure(this.#strings, 'JSON')
      this.#json.root.classList.add('json')
      this.root.append(this.#json.root)
    }
    this.#begun = true
    if (this.#json) this.#json.target.appendData(text)
    else this.#fences.push(text)
  }

  #endText(): void {
    const json = this.#json
    this.#json = undefined
    this.#begun = false
    if (json) {
      const lines = indentJson(json.target.data)
      if (lines !== undefined) json.target.data = lines
      // A note in brackets, not a list.
      else if (!json.target.data.startsWith('{')) {
        json.root.remove()
        this.#fences.push(json.target.data)
      }
    }
    this.#fences.finish()
    this.#fences = this.#newFences()
    this.#target = undefined
  }

  #takeBack(thought: ThoughtView): void {
    this.#endText()
    thought.adopt([...this.root.childNodes])
    this.#said = ''
  }

  #newFences(): FenceSplitter {
    const append = (text: string): void => this.#append(text)
    return new FenceSplitter({
      text: append,
      open: (info) => {
        const { root, target } = codeFigure(this.#strings, info.split(/\s/, 1)[0] ?? '')
        this.root.append(root)
        this.#target = target
      },
      code: append,
      close: () => {
        this.#target = undefined
      },
    })
  }

  #append(text: string): void {
    if (this.#target) {
      this.#target.appendData(text)
      return
    }
    this.#target = document.createTextNode(text)
    this.root.append(this.#target)
  }
}
