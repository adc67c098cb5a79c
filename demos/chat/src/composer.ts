import { element, icons } from './element.ts'
import type { Strings } from './strings.ts'

export interface ComposerHandlers {
  onSend(text: string): void
  onStop(): void
}

/** The field a message is written in. Enter sends, Shift+Enter breaks the line, Enter while an IME composes does neither. */
export class Composer {
  readonly root = element('form', { class: 'composer' })
  readonly #field = element('textarea', { rows: '1', dir: 'auto', enterkeyhint: 'send', name: 'message' })
  readonly #button = element('button', { class: 'primary round' })
  readonly #handlers: ComposerHandlers
  #strings: Strings
  #busy = false

  constructor(strings: Strings, handlers: ComposerHandlers) {
    this.#handlers = handlers
    this.#strings = strings
    this.root.append(this.#field, this.#button)
    this.root.addEventListener('submit', (event) => {
      event.preventDefault()
      this.#press()
    })
    this.#field.addEventListener('keydown', (event) => {
      // 229 is what Safari reports for the Enter that ends a composition, after isComposing went back to false.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
      event.preventDefault()
      if (!this.#busy) this.#press()
    })
    this.#field.addEventListener('input', () => this.#resize())
    this.setStrings(strings)
  }

  setStrings(strings: Strings): void {
    this.#strings = strings
    this.#field.placeholder = strings.messagePlaceholder
    this.#field.setAttribute('aria-label', strings.message)
    this.setBusy(this.#busy)
  }

  setBusy(busy: boolean): void {
    this.#busy = busy
    this.#button.setAttribute('aria-label', busy ? this.#strings.stop : this.#strings.send)
    this.#button.replaceChildren(busy ? icons.stop() : icons.send())
    this.#resize()
  }

  /** Takes the focus, except on a touch screen: there it would open a keyboard over what is to be read. */
  invite(): void {
    if (!matchMedia('(pointer: coarse)').matches) this.#field.focus()
  }

  #press(): void {
    if (this.#busy) {
      this.#handlers.onStop()
      return
    }
    const text = this.#field.value.trim()
    if (text === '') return
    this.#field.value = ''
    this.#resize()
    this.#handlers.onSend(text)
  }

  #resize(): void {
    this.#button.disabled = !this.#busy && this.#field.value.trim() === ''
    if (CSS.supports('field-sizing', 'content')) return
    this.#field.style.height = 'auto'
    this.#field.style.height = `${this.#field.scrollHeight}px`
  }
}
