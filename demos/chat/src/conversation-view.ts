import type { AnswerDelta, ChatMessage } from '@sampan/core'
import { AnswerView } from './answer-view.ts'
import { element } from './element.ts'
import type { Strings } from './strings.ts'

/** How near the end, in CSS pixels, counts as reading along. */
const followDistance = 80

/** The log of a conversation. It follows new text unless the reader has scrolled away. */
export class ConversationView {
  readonly root: HTMLElement
  readonly #log = element('div', { class: 'log', role: 'log', 'aria-live': 'polite', 'aria-relevant': 'additions' })
  readonly #empty = element('div', { class: 'empty' })
  #strings: Strings

  constructor(strings: Strings) {
    this.#strings = strings
    this.root = element('div', { class: 'conversation' }, [this.#empty, this.#log])
    this.setStrings(strings)
  }

  setStrings(strings: Strings): void {
    this.#strings = strings
    this.#log.setAttribute('aria-label', strings.conversation)
    this.invite()
  }

  /** What is shown before the first message; by default a line. */
  invite(...content: readonly Node[]): void {
    const lines = content.length > 0 ? content : [element('p', { class: 'invitation' }, [this.#strings.emptyChat])]
    this.#empty.replaceChildren(...lines)
  }

  get isEmpty(): boolean {
    return this.#log.childElementCount === 0
  }

  clear(): void {
    this.#log.replaceChildren()
    this.#empty.hidden = false
  }

  addUser(text: string): void {
    const bubble = element('div', { class: 'text', dir: 'auto' }, [text])
    this.#add('user', this.#strings.you, bubble)
  }

  /** From here on the model knows nothing of what is above. */
  addBreak(): void {
    if (!this.isEmpty)
      this.#log.append(element('p', { class: 'break' }, [element('span', {}, [this.#strings.newTopic])]))
  }

  /** A place for an answer that is about to stream in. */
  addAnswer(): AnswerSlot {
    const strings = this.#strings
    const view = new AnswerView(strings)
    const note = element('p', { class: 'note' }, [strings.thinking])
    const article = this.#add('answer', strings.model, view.root, note)
    article.classList.add('pending')
    this.#log.setAttribute('aria-busy', 'true')
    return {
      said: () => view.record.messages(),
      isBlank: () => view.record.isBlank,
      push: (delta) => {
        if (article.classList.contains('pending')) note.textContent = ''
        article.classList.remove('pending')
        view.push(delta, () => this.#follow())
      },
      finish: (complete, figures, failure) => {
        view.finish(complete)
        article.classList.remove('pending')
        note.replaceChildren(...figures)
        if (failure) article.append(failure)
        this.#log.setAttribute('aria-busy', 'false')
        this.#follow()
      },
    }
  }

  #add(kind: 'user' | 'answer', speaker: string, ...content: readonly Node[]): HTMLElement {
    this.#empty.hidden = true
    const article = element('article', { class: kind }, [element('h2', { class: 'hidden' }, [speaker]), ...content])
    this.#log.append(article)
    this.root.scrollTop = this.root.scrollHeight
    return article
  }

  #follow(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.root
    if (scrollHeight - scrollTop - clientHeight < followDistance + clientHeight / 4) this.root.scrollTop = scrollHeight
  }
}

export interface AnswerSlot {
  /** What the next question is asked after: without thoughts. */
  said(): ChatMessage[]
  /** Nothing came that could be seen. */
  isBlank(): boolean
  push(delta: AnswerDelta): void
  /** `complete`: the model came to an end. `figures` are shown small under the answer, `failure` below them. */
  finish(complete: boolean, figures: readonly (Node | string)[], failure?: HTMLElement): void
}
