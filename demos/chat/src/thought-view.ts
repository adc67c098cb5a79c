import { element } from './element.ts'
import { formatFigure } from './figure-format.ts'
import type { Strings } from './strings.ts'

/** What a model thinks before it answers, folded. It appears with the first word: empty thoughts are never seen. */
export class ThoughtView {
  readonly root: HTMLDetailsElement
  readonly #summary = element('summary')
  readonly #body = element('div', { class: 'text', dir: 'auto' })
  readonly #strings: Strings
  readonly #began: number
  #text: Text | undefined

  /** `began`: when its first word came, by `performance.now()`. */
  constructor(strings: Strings, began: number) {
    this.#strings = strings
    this.#began = began
    this.#summary.textContent = strings.isThinking
    this.root = element('details', { class: 'thought thinking', hidden: true }, [this.#summary, this.#body])
  }

  push(text: string): void {
    const shown = this.#text ? text : text.trimStart()
    if (shown === '') return
    this.root.hidden = false
    if (this.#text) this.#text.appendData(shown)
    else {
      this.#text = document.createTextNode(shown)
      this.#body.append(this.#text)
    }
  }

  /** Takes in what was shown before it turned out to be a thought. */
  adopt(nodes: readonly Node[]): void {
    this.#body.append(...nodes)
    this.root.hidden = this.#body.textContent?.trim() === ''
  }

  /** `complete`: false where the reply ended within the thought. */
  close(complete: boolean): void {
    this.root.classList.remove('thinking')
    if (this.#text) this.#text.data = this.#text.data.trimEnd()
    const seconds = formatFigure((performance.now() - this.#began) / 1000, document.documentElement.lang || 'en')
    this.#summary.textContent = complete ? this.#strings.thoughtFor(seconds) : this.#strings.thoughtUnfinished
    if (this.root.hidden) this.root.remove()
  }
}
