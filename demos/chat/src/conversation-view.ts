import { AnswerView } from './answer-view.ts'
import { element } from './element.ts'
import type { Strings } from './strings.ts'

/** How near the end, in CSS pixels, counts as reading along. */
const followDistance = 80

/** The log of a conversation. It follows new text unless the reader has scrolled away. */
export class ConversationView {
  readonly root: HTMLElement
  readonly #log = element('div', { class: 'log', role: 'log', 'aria-live': 'polite', 'aria-relevant': 'additions' })
  readonly #empty = element('p', { class: 'empty' })
  #strings: Strings

  constructor(strings: Strings) {
    this.#strings = strings
    this.root = element('div', { class: 'conversation' }, [this.#empty, this.#log])
    this.setStrings(strings)
  }

  setStrings(strings: Strings): void {
    this.#strings = strings
    this.#log.setAttribute('aria-label', strings.conversation)
    this.#empty.textContent = strings.emptyChat
  }

  clear(): void {
    this.#log.replaceChildren()
    this.#empty.hidden = false
  }

  addUser(text: string): void {
    const bubble = element('div', { class: 'text', dir: 'auto' }, [text])
    this.#add('user', this.#strings.you, bubble)
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
      text: () => view.text,
      push: (text) => {
        article.classList.remove('pending')
        if (view.text === '') note.textContent = ''
        view.push(text, () => this.#follow())
      },
      finish: (figures, failure) => {
        view.finish()
        article.classList.remove('pending')
        note.textContent = figures
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
  text(): string
  push(text: string): void
  /** `figures` is shown small under the answer, `failure` below it. */
  finish(figures: string, failure?: HTMLElement): void
}
