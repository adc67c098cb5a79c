import {
  type ComparedResults,
  type ComparedRow,
  machineText,
  overviewPlots,
  type ReportWords,
  tag,
  testText,
} from '@sampan/bench'
import { button, element, shown } from '../element.ts'
import type { LoadedResult } from '../results/result-store.ts'
import type { Strings } from '../strings.ts'
import type { ViewState } from '../view-state.ts'

export interface ChosenPair {
  readonly base: string
  readonly other: string
}

/** What changed from one run to another. */
export class CompareView {
  readonly root: HTMLElement
  readonly #strings: Strings
  readonly #onChoice: (pair: ChosenPair) => void
  readonly #choice = element('div', { class: 'filters' })
  readonly #body = element('div', { 'aria-live': 'polite' })
  #shown = 0

  constructor(strings: Strings, onChoice: (pair: ChosenPair) => void) {
    this.#strings = strings
    this.#onChoice = onChoice
    this.root = element('section', { 'aria-labelledby': 'compare-title' }, [
      element('h2', { id: 'compare-title', class: 'hidden' }, [strings.parts.compare]),
      element('p', {}, [strings.compare.intro]),
      this.#choice,
      this.#body,
    ])
  }

  show(entries: readonly LoadedResult[], { base = '', other = '' }: ViewState): void {
    const { compare } = this.#strings
    const active = document.activeElement?.id
    const select = (which: 'base' | 'other', chosen: string) => {
      const node = element('select', { id: `compare-${which}` }, [
        element('option', { value: '' }, [compare.choose]),
        ...entries.map(({ id, result }) => {
          const when = result.startedAt.slice(0, 16).replace('T', ' ')
          return element('option', { value: id, selected: id === chosen }, [`${machineText(result)}, ${when}`])
        }),
      ])
      node.addEventListener('change', () =>
        this.#onChoice(which === 'base' ? { base: node.value, other } : { base, other: node.value }),
      )
      return element('div', {}, [element('label', { for: node.id }, [compare[which]]), node])
    }
    const swap = button(compare.swap, () => this.#onChoice({ base: other, other: base }))
    this.#choice.replaceChildren(select('base', base), select('other', other), swap)
    if (active !== undefined && /^compare-/.test(active)) document.getElementById(active)?.focus()
    const [baseEntry, otherEntry] = [base, other].map((id) => entries.find((entry) => entry.id === id))
    if (baseEntry && otherEntry) void this.#compare(baseEntry, otherEntry)
    else {
      this.#shown++
      const isMissing = (base !== '' && !baseEntry) || (other !== '' && !otherEntry)
      this.#body.replaceChildren(element('p', { class: 'soft' }, [isMissing ? compare.missing : compare.needTwo]))
    }
  }

  async #compare(base: LoadedResult, other: LoadedResult): Promise<void> {
    const turn = ++this.#shown
    const { compareResults } = await import('../results/reader.ts')
    if (turn !== this.#shown) return
    const compared = compareResults(base.result, other.result)
    const { compare, report } = this.#strings
    const runs = base === other ? [base] : [base, other]
    const names = [compare.base, compare.other]
    const plots = overviewPlots(
      runs.map(({ result }, index) => ({ name: names[index] ?? '', rows: result.rows })),
      report,
    )
    const apart = compared.rows.some(({ paired, ratio }) => !paired && ratio !== undefined)
    this.#body.replaceChildren(
      element('p', { class: `conclusion verdict-${compared.exitCode}` }, [
        compare.conclusion[compared.exitCode],
        ...(compared.incomparable === undefined ? [] : [' ', element('span', { lang: 'en' }, [compared.incomparable])]),
      ]),
      ...(compared.rows.length > 0
        ? [element('div', { class: 'card result' }, [shown(comparisonTable(compared, this.#strings, report))])]
        : []),
      ...(apart ? [element('p', { class: 'soft' }, [compare.apart])] : []),
      ...notesOf(compared, compare.notes),
      element('div', { class: 'result' }, plots ? [shown(plots)] : []),
    )
  }
}

function notesOf({ notes }: ComparedResults, title: string): readonly HTMLElement[] {
  if (notes.length === 0) return []
  const lines = notes.map((note) => element('li', {}, [note]))
  return [element('h3', {}, [title]), element('ul', { lang: 'en' }, lines)]
}

function comparisonTable({ rows }: ComparedResults, { compare }: Strings, words: ReportWords) {
  const names = [words.test, words.engine, compare.change, words.interval, compare.verdict]
  const body = rows.map((row) => {
    const values = [
      `${testText(row.base)} · ${row.base.model}`,
      row.base.build === undefined ? row.base.engine : `${row.base.build} → ${row.other.build ?? ''}`,
      row.ratio ? change(row.ratio.median) : '',
      intervalText(row),
      compare.verdicts[row.verdict],
    ]
    const cells = values.map((value, index) => {
      const reason = index === 4 && row.reason !== undefined ? [tag('small', { lang: 'en' }, [row.reason])] : []
      const content = [
        tag('span', { class: 'name', 'aria-hidden': 'true' }, [names[index] ?? '']),
        tag('span', { class: 'value' }, [value, ...reason]),
      ]
      return index === 0
        ? tag('th', { scope: 'row', role: 'rowheader' }, content)
        : tag(
            'td',
            { role: 'cell', class: index === 4 ? `verdict-${row.verdict}` : value === '' ? 'empty' : undefined },
            content,
          )
    })
    return tag('tr', { role: 'row' }, cells)
  })
  return tag('table', { class: 'cards', role: 'table' }, [
    tag('caption', {}, [compare.table]),
    tag('thead', { role: 'rowgroup' }, [
      tag(
        'tr',
        { role: 'row' },
        names.map((name) => tag('th', { scope: 'col', role: 'columnheader' }, [name])),
      ),
    ]),
    tag('tbody', { role: 'rowgroup' }, body),
  ])
}

function intervalText({ ratio }: ComparedRow): string {
  return ratio?.low === undefined || ratio.high === undefined ? '' : `${change(ratio.low)} … ${change(ratio.high)}`
}

function change(ratio: number): string {
  return `${ratio >= 1 ? '+' : '−'}${(100 * Math.abs(ratio - 1)).toFixed(1)} %`
}
