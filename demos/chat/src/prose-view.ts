import { codeFigure } from './code-figure.ts'
import { FenceSplitter } from './fence-splitter.ts'
import { indentJson } from './indent-json.ts'
import type { Strings } from './strings.ts'

/** What a model says in one go: text as it is written, fenced code apart, and JSON where it begins like that. */
export class ProseView {
  readonly #strings: Strings
  readonly #root: HTMLElement
  readonly #fences: FenceSplitter
  /** What begins like JSON, until it ends. */
  #json: { readonly root: HTMLElement; readonly target: Text } | undefined
  #begun = false
  #target: Text | undefined

  /** Appends to `root`. */
  constructor(strings: Strings, root: HTMLElement) {
    this.#strings = strings
    this.#root = root
    const append = (text: string): void => this.#append(text)
    this.#fences = new FenceSplitter({
      text: append,
      open: (info) => {
        const figure = codeFigure(strings, info.split(/\s/, 1)[0] ?? '')
        root.append(figure.root)
        this.#target = figure.target
      },
      code: append,
      close: () => {
        this.#target = undefined
      },
    })
  }

  push(text: string): void {
    const shown = this.#begun ? text : text.trimStart()
    if (shown === '') return
    if (!this.#begun && /^[{[]/.test(shown)) {
      this.#json = codeFigure(this.#strings, 'JSON')
      this.#json.root.classList.add('json')
      this.#root.append(this.#json.root)
    }
    this.#begun = true
    if (this.#json) this.#json.target.appendData(shown)
    else this.#fences.push(shown)
  }

  end(): void {
    const json = this.#json
    this.#json = undefined
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
  }

  #append(text: string): void {
    if (this.#target) {
      this.#target.appendData(text)
      return
    }
    this.#target = document.createTextNode(text)
    this.#root.append(this.#target)
  }
}
