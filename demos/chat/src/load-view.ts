import type { LoadProgress } from '@sampan/core'
import { element } from './element.ts'
import type { Strings } from './strings.ts'

/** Shows how far a load is, in bytes where bytes are what moves. */
export class LoadView {
  readonly root: HTMLElement
  readonly #bar = element('div', { class: 'bar', role: 'progressbar', 'aria-valuemin': '0', 'aria-valuemax': '100' })
  readonly #phase = element('p', { class: 'phase' })
  readonly #amount = element('p', { class: 'amount' })
  readonly #strings: Strings
  #weightsDone = true
  readonly #number: Intl.NumberFormat

  constructor(
    strings: Strings,
    language: string,
    { title, hint }: { readonly title: string; readonly hint: string },
    onCancel: () => void,
  ) {
    this.#strings = strings
    this.#number = new Intl.NumberFormat(language, { maximumFractionDigits: 1, minimumFractionDigits: 1 })
    const cancel = element('button', { type: 'button', class: 'quiet' }, [strings.cancel])
    cancel.addEventListener('click', onCancel)
    this.#bar.setAttribute('aria-label', title)
    this.#phase.textContent = strings.starting
    this.root = element('section', { class: 'loading card' }, [
      element('h2', { dir: 'auto' }, [title]),
      element('p', { class: 'hint', hidden: hint === '' }, [hint]),
      this.#bar,
      element('div', { class: 'load-line' }, [this.#phase, this.#amount]),
      cancel,
    ])
    this.#setFraction(0)
  }

  update({ phase, loaded, total, fraction }: LoadProgress): void {
    this.#setFraction(fraction)
    // GPU programs compile while weights stream: what is told is the weights until they are there.
    if (phase === 'weights') this.#weightsDone = loaded >= total
    else if (!this.#weightsDone) return
    this.#phase.textContent = this.#strings.phases[phase] ?? phase
    this.#amount.textContent = phase === 'weights' ? this.#strings.ofTotal(this.#bytes(loaded), this.#bytes(total)) : ''
  }

  #setFraction(fraction: number): void {
    const percent = Math.floor(Math.min(1, Math.max(0, fraction)) * 100)
    this.#bar.style.setProperty('--part', String(Math.min(1, Math.max(0, fraction))))
    this.#bar.setAttribute('aria-valuenow', String(percent))
  }

  #bytes(count: number): string {
    return count < 1e9 ? `${this.#number.format(count / 1e6)} MB` : `${this.#number.format(count / 1e9)} GB`
  }
}
