import { element } from './element.ts'
import type { Example } from './pocket-examples.ts'
import type { Strings } from './strings.ts'

/** Examples to click: all at once before a conversation begins, one row beside it. */
export class ExampleChips {
  readonly root: HTMLElement
  readonly #list = element('ul')

  /** @param first before the examples */
  constructor(strings: Strings, examples: readonly Example[], onPick: (example: Example) => void, first?: HTMLElement) {
    this.root = element('nav', { class: 'examples', 'aria-label': strings.examples }, [this.#list])
    if (first) this.#list.append(element('li', {}, [first]))
    for (const example of examples) {
      const chip = element('button', { type: 'button', class: 'chip', title: example.prompt }, [example.label])
      chip.addEventListener('click', () => onPick(example))
      this.#list.append(element('li', {}, [chip]))
    }
  }

  setBusy(busy: boolean): void {
    for (const chip of this.#list.querySelectorAll('button')) chip.disabled = busy
  }
}
