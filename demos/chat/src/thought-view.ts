import { element } from './element.ts'
import { formatFigure } from './figure-format.ts'
import type { Strings } from './strings.ts'

/** What a model thinks before it answers, folded. */
export class ThoughtView {
  readonly root: HTMLDetailsElement
  readonly #summary = element('summary')
  readonly #text = document.createTextNode('')
  readonly #strings: Strings
  readonly #began = performance.now()

  constructor(strings: Strings) {
    this.#strings = strings
    this.#summary.textContent = strings.isThinking
    const body = element('div', { class: 'text', dir: 'auto' }, [this.#text])
    this.root = element('details', { class: 'thought thinking' }, [this.#summary, body])
  }

  push(text: string): void {
    this.#text.appendData(this.#text.length === 0 ? text.trimStart() : text)
  }

  /** `complete`: false where the answer ended within the thought. */
  end(complete: boolean): void {
    this.root.classList.remove('thinking')
    this.#text.data = this.#text.data.trimEnd()
    const seconds = formatFigure((performance.now() - this.#began) / 1000, document.documentElement.lang || 'en')
    this.#summary.textContent = complete ? this.#strings.thoughtFor(seconds) : this.#strings.thoughtUnfinished
  }
}
