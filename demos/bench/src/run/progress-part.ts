import { type ResultRow, rowTables, type SuiteProgress } from '@sampan/bench'
import { button, element, shown } from '../element.ts'
import type { Strings } from '../strings.ts'
import { doingText, leftText } from './progress-words.ts'

/** What is seen while it runs. */
export class ProgressPart {
  readonly root: HTMLElement
  readonly canvas: HTMLCanvasElement
  readonly stop: HTMLButtonElement
  readonly #strings: Strings
  readonly #bar = element('progress', { max: '1', value: '0' })
  readonly #doing = element('p', { role: 'status' })
  readonly #left = element('p', { class: 'soft' })
  readonly #rows = element('div', { class: 'result' })
  readonly #seen: ResultRow[] = []

  constructor(strings: Strings, abort: AbortController) {
    this.#strings = strings
    const { measure } = strings
    this.#bar.setAttribute('aria-label', measure.progress)
    this.#doing.textContent = measure.preparing
    this.canvas = element('canvas', { width: '640', height: '60', role: 'img', 'aria-label': measure.canvas })
    this.stop = button(measure.stop, () => {
      this.stop.disabled = true
      this.#doing.textContent = measure.stopping
      abort.abort(new Error('The run was ended.'))
    })
    this.root = element('div', { class: 'card running' }, [
      this.canvas,
      this.#bar,
      this.#doing,
      this.#left,
      element('p', { class: 'was-hidden warning', role: 'alert' }),
      this.stop,
      this.#rows,
    ])
  }

  tell({ fraction, secondsLeft, doing }: SuiteProgress): void {
    if (this.stop.disabled) return
    this.#bar.value = fraction
    const text = doingText(doing, this.#strings)
    if (this.#doing.textContent !== text) this.#doing.textContent = text
    this.#left.textContent = leftText(secondsLeft, this.#strings)
  }

  row(row: ResultRow): void {
    const { measure, report } = this.#strings
    // Its answers' agreement is known at the end only: until then nothing is said of it.
    const derived = row.derived && {
      ...row.derived,
      unranked: row.derived.unranked.filter((reason) => reason !== 'unchecked'),
      flags: row.derived.flags.filter((flag) => flag !== 'unchecked'),
    }
    this.#seen.push(row.status === 'measured' && derived ? { ...row, derived } : row)
    this.#rows.replaceChildren(
      element('h3', {}, [measure.rows]),
      shown(rowTables({ rows: this.#seen, engines: [], machine: { runtime: { kind: 'browser', name: '' } } }, report)),
      element('p', { class: 'soft' }, [measure.provisional]),
    )
  }
}
