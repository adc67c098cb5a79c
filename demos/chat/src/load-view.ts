import type { LoadProgress } from '@sampan/core'
import { formatBytes, formatRate, formatTimeLeft } from './amount-format.ts'
import { element } from './element.ts'
import type { Strings } from './strings.ts'

/** Figures that change more often cannot be read. */
const calmMilliseconds = 500

/** Shows how far a load is, in bytes where bytes are what moves. */
export class LoadView {
  readonly root: HTMLElement
  readonly #bar = element('div', { class: 'bar', role: 'progressbar', 'aria-valuemin': '0', 'aria-valuemax': '100' })
  readonly #phase = element('p', { class: 'phase' })
  readonly #amount = element('p', { class: 'amount' })
  readonly #rest = element('p', { class: 'hint rest' })
  readonly #cancel: HTMLButtonElement
  readonly #strings: Strings
  readonly #language: string
  #weightsDone = true
  #told: LoadProgress['phase'] | undefined
  #toldAt = 0
  #downloaded = false

  constructor(
    strings: Strings,
    language: string,
    { title, hint }: { readonly title: string; readonly hint: string },
    onCancel: () => void,
  ) {
    this.#strings = strings
    this.#language = language
    this.#cancel = element('button', { type: 'button', class: 'quiet' }, [strings.cancel])
    this.#cancel.addEventListener('click', onCancel)
    this.#bar.setAttribute('aria-label', title)
    this.#phase.textContent = strings.starting
    this.root = element('section', { class: 'loading card' }, [
      element('h2', { dir: 'auto' }, [title]),
      element('p', { class: 'hint', hidden: hint === '' }, [hint]),
      this.#bar,
      element('div', { class: 'load-line' }, [this.#phase, this.#amount]),
      this.#rest,
      this.#cancel,
    ])
    this.#setFraction(0)
  }

  /** Something was fetched to be kept. */
  get downloaded(): boolean {
    return this.#downloaded
  }

  /** After a question: whoever uses a keyboard or a screen reader goes on here. */
  focus(): void {
    this.#cancel.focus()
  }

  update(progress: LoadProgress): void {
    const { phase, loaded, total } = progress
    this.#setFraction(progress.fraction)
    if (phase === 'download') this.#downloaded = true
    // GPU programs compile while weights stream: what is told is the weights until they are there.
    if (phase === 'weights') this.#weightsDone = loaded >= total
    else if (!this.#weightsDone) return
    const now = performance.now()
    if (phase === this.#told && loaded < total && now - this.#toldAt < calmMilliseconds) return
    this.#told = phase
    this.#toldAt = now
    this.#tell(progress)
  }

  #tell({ phase, loaded, total, bytesPerSecond, secondsLeft }: LoadProgress): void {
    const strings = this.#strings
    const counts = phase === 'weights' || phase === 'download'
    this.#phase.textContent = strings.phases[phase] ?? phase
    this.#amount.textContent = counts ? strings.ofTotal(this.#bytes(loaded), this.#bytes(total)) : ''
    const rest =
      phase !== 'download' || loaded >= total
        ? []
        : [
            ...(bytesPerSecond === undefined ? [] : [formatRate(bytesPerSecond, this.#language, strings)]),
            ...(secondsLeft === undefined ? [] : [formatTimeLeft(secondsLeft, this.#language, strings)]),
          ]
    // Its place is kept while the rate is not known yet.
    this.#rest.textContent = rest.join(' · ') || (phase === 'download' ? '\u00a0' : '')
    const text = [this.#phase.textContent, this.#amount.textContent, ...rest].filter((part) => part !== '').join(', ')
    this.#bar.setAttribute('aria-valuetext', text)
  }

  #setFraction(fraction: number): void {
    const percent = Math.floor(Math.min(1, Math.max(0, fraction)) * 100)
    this.#bar.style.setProperty('--part', String(Math.min(1, Math.max(0, fraction))))
    this.#bar.setAttribute('aria-valuenow', String(percent))
  }

  #bytes(count: number): string {
    return formatBytes(count, this.#language)
  }
}
