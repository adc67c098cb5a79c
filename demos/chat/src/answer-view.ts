import { element } from './element.ts'
import { FenceSplitter } from './fence-splitter.ts'
import type { Strings } from './strings.ts'

const copiedForMs = 1_500

/**
 * Shows streamed text by appending to the document, at most once a frame: what is shown already is never touched again,
 * so an answer of any length costs the same per token.
 */
export class AnswerView {
  readonly root = element('div', { class: 'text', dir: 'auto' })
  readonly #strings: Strings
  readonly #splitter: FenceSplitter
  #target: Text | undefined
  #waiting = ''
  #frame = 0
  #text = ''

  constructor(strings: Strings) {
    this.#strings = strings
    this.#splitter = new FenceSplitter({
      text: (text) => this.#append(this.root, text),
      open: (info) => this.#openCode(info),
      code: (text) => this.#append(this.root, text),
      close: () => {
        this.#target = undefined
      },
    })
  }

  /** All text so far. */
  get text(): string {
    return this.#text
  }

  push(text: string, onShown: () => void): void {
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
    this.#splitter.finish()
  }

  #show(): void {
    if (this.#frame !== 0) cancelAnimationFrame(this.#frame)
    this.#frame = 0
    const text = this.#waiting
    this.#waiting = ''
    if (text !== '') this.#splitter.push(text)
  }

  #append(parent: HTMLElement, text: string): void {
    if (this.#target) {
      this.#target.appendData(text)
      return
    }
    this.#target = document.createTextNode(text)
    parent.append(this.#target)
  }

  #openCode(info: string): void {
    const target = document.createTextNode('')
    const strings = this.#strings
    const copy = element('button', { type: 'button', class: 'quiet small' }, [strings.copy])
    copy.addEventListener('click', () => {
      void navigator.clipboard.writeText(target.data).then(() => {
        copy.textContent = strings.copied
        setTimeout(() => {
          copy.textContent = strings.copy
        }, copiedForMs)
      })
    })
    const language = info.split(/\s/, 1)[0] ?? ''
    const code = element('code', { translate: 'no' }, [target])
    const head = element('figcaption', {}, [element('span', {}, [language]), copy])
    this.root.append(
      element('figure', { class: 'code', dir: 'ltr' }, [head, element('pre', { tabindex: '0' }, [code])]),
    )
    this.#target = target
  }
}
