import type { AnswerDelta, AnswerWarning, ToolCallDelta } from '@sampan/core'
import { AnswerRecord } from './answer-record.ts'
import { CallCard } from './call-card.ts'
import { element } from './element.ts'
import { ProseView } from './prose-view.ts'
import type { Strings } from './strings.ts'
import { ThoughtView } from './thought-view.ts'

/** What deltas of one kind go to, until one of another kind comes. */
type OpenPart =
  | { readonly kind: 'thought'; readonly view: ThoughtView }
  | { readonly kind: 'prose'; readonly view: ProseView }
  | { readonly kind: 'call'; readonly view: CallCard; readonly index: number }

/**
 * Shows a streamed answer by appending to the document, at most once a frame: what is shown already is never touched again,
 * so an answer of any length costs the same per token.
 */
export class AnswerView {
  readonly root = element('div', { class: 'text', dir: 'auto' })
  readonly record = new AnswerRecord()
  readonly #strings: Strings
  readonly #cards = new Map<number, CallCard>()
  #open: OpenPart | undefined
  #waiting: AnswerDelta[] = []
  #frame = 0

  constructor(strings: Strings) {
    this.#strings = strings
  }

  push(delta: AnswerDelta, onShown: () => void): void {
    this.record.add(delta)
    this.#waiting.push(delta)
    if (this.#frame !== 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#show()
      onShown()
    })
  }

  /** `complete`: false where the answer was cut short. */
  finish(complete: boolean): void {
    this.#show()
    this.#endPart(complete)
  }

  #show(): void {
    if (this.#frame !== 0) cancelAnimationFrame(this.#frame)
    this.#frame = 0
    const deltas = this.#waiting
    this.#waiting = []
    for (const { reasoning_content, content, tool_calls, warnings } of deltas) {
      if (reasoning_content) this.#showThought(reasoning_content)
      if (content) this.#showProse(content)
      for (const call of tool_calls ?? []) this.#showCall(call)
      for (const warning of warnings ?? []) this.#showWarning(warning)
    }
  }

  #showThought(text: string): void {
    if (this.#open?.kind !== 'thought') {
      // Empty thoughts are never seen.
      if (text.trim() === '') return
      this.#endPart(true)
      const view = new ThoughtView(this.#strings)
      this.root.append(view.root)
      this.#open = { kind: 'thought', view }
    }
    this.#open.view.push(text)
  }

  #showProse(text: string): void {
    if (this.#open?.kind !== 'prose') {
      this.#endPart(true)
      this.#open = { kind: 'prose', view: new ProseView(this.#strings, this.root) }
    }
    this.#open.view.push(text)
  }

  #showCall({ index, function: { name, arguments: text } }: ToolCallDelta): void {
    if (this.#open?.kind !== 'call' || this.#open.index !== index) {
      this.#endPart(true)
      const view = new CallCard(this.#strings, name ?? '')
      this.#cards.set(index, view)
      this.root.append(view.root)
      this.#open = { kind: 'call', view, index }
    }
    this.#open.view.push(text)
  }

  #showWarning({ code, message, index }: AnswerWarning): void {
    if (index !== undefined) this.#cards.get(index)?.root.remove()
    this.#endPart(true)
    this.root.append(element('p', { class: 'hint', dir: 'auto' }, [this.#strings.warnings[code] ?? message]))
  }

  #endPart(complete: boolean): void {
    const part = this.#open
    this.#open = undefined
    switch (part?.kind) {
      case 'thought':
        part.view.end(complete)
        return
      case 'prose':
      case 'call':
        part.view.end()
        return
      case undefined:
        return
      default:
        part satisfies never
    }
  }
}
