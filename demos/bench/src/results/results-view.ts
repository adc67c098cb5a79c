import { machineText, overviewPlots, resultSection, resultToHtml, rowTables } from '@sampan/bench'
import { button, element, shown } from '../element.ts'
import { saveFile } from '../save.ts'
import type { Strings } from '../strings.ts'
import { type Filters, facets, type ViewState } from '../view-state.ts'
import { choices, type FilteredResult, filtered } from './filter.ts'
import type { LoadedResult } from './result-store.ts'

export interface ResultsHandlers {
  filter(filters: Filters): void
  files(files: readonly File[]): void
  address(address: string): void
}

/** All that is loaded, as the filters let it through. */
export class ResultsView {
  readonly root: HTMLElement
  readonly #strings: Strings
  readonly #handlers: ResultsHandlers
  readonly #filters = element('div', { class: 'filters' })
  readonly #count = element('p', { class: 'soft', role: 'status' })
  readonly #body = element('div')

  constructor(strings: Strings, handlers: ResultsHandlers) {
    this.#strings = strings
    this.#handlers = handlers
    const { results } = strings
    this.root = element('section', { 'aria-labelledby': 'results-title' }, [
      element('h2', { id: 'results-title', class: 'hidden' }, [strings.parts.results]),
      element('p', {}, [results.intro]),
      this.#sources(),
      this.#filters,
      this.#count,
      this.#body,
    ])
  }

  show(entries: readonly LoadedResult[], { filters }: ViewState): void {
    const { results } = this.#strings
    const active = document.activeElement?.id
    this.#filters.hidden = entries.length === 0
    this.#filters.replaceChildren(...this.#selects(entries, filters))
    // Its select is another one now, and the keyboard is to stay on it.
    if (active !== undefined && /^filter-/.test(active)) document.getElementById(active)?.focus()
    const runs = filtered(entries, filters)
    const rows = runs.reduce((sum, run) => sum + run.rows.length, 0)
    this.#count.textContent =
      entries.length === 0 ? results.none : runs.length === 0 ? results.nothing : results.shown(rows, runs.length)
    this.#body.replaceChildren(...this.#content(runs))
  }

  #sources(): HTMLElement {
    const { results } = this.#strings
    const input = element('input', {
      type: 'file',
      accept: '.json,application/json',
      multiple: true,
      class: 'hidden',
      id: 'files',
    })
    input.addEventListener('change', () => {
      this.#handlers.files([...(input.files ?? [])])
      input.value = ''
    })
    const address = element('input', {
      type: 'text',
      inputmode: 'url',
      id: 'address',
      autocomplete: 'off',
      spellcheck: 'false',
    })
    const form = element('form', { class: 'line' }, [
      element('label', { for: 'address' }, [results.address]),
      address,
      element('button', { type: 'submit', class: 'outlined' }, [results.load]),
    ])
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      if (address.value.trim() !== '') this.#handlers.address(address.value.trim())
    })
    return element('div', { class: 'card sources' }, [
      element('div', { class: 'line' }, [
        input,
        element('label', { for: 'files', class: 'button' }, [results.choose]),
        element('span', { class: 'soft' }, [results.drop]),
      ]),
      form,
    ])
  }

  #selects(entries: readonly LoadedResult[], filters: Filters): readonly HTMLElement[] {
    const { results } = this.#strings
    const selects = facets.map((facet) => {
      const chosen = filters[facet]
      const values = choices(entries, filters, facet)
      const select = element('select', { id: `filter-${facet}`, disabled: values.length === 0 }, [
        element('option', { value: '' }, [results.all]),
        ...values.map((value) => element('option', { value, selected: value === chosen }, [value])),
      ])
      select.addEventListener('change', () => {
        const { [facet]: _, ...others } = filters
        this.#handlers.filter(select.value === '' ? others : { ...others, [facet]: select.value })
      })
      return element('div', {}, [element('label', { for: `filter-${facet}` }, [results.facets[facet]]), select])
    })
    const clear = button(results.clear, () => this.#handlers.filter({}))
    clear.disabled = Object.keys(filters).length === 0
    return [...selects, clear]
  }

  #content(runs: readonly FilteredResult[]): readonly Node[] {
    if (runs.length === 0) return []
    const { report, results } = this.#strings
    const several = runs.length > 1
    const names = runs.map((_, index) => (several ? `#${index + 1}` : ''))
    const plots = overviewPlots(
      runs.map(({ rows }, index) => ({ name: names[index] ?? '', rows })),
      report,
    )
    const save = button(results.report, () => {
      const narrowed = runs.map(({ entry, rows }) => ({ ...entry.result, rows, comparisons: [] }))
      const whole = runs.every(({ entry, rows }) => rows.length === entry.result.rows.length)
      const html = resultToHtml(whole ? runs.map(({ entry }) => entry.result) : narrowed, { words: report })
      saveFile('sampan-bench.html', 'text/html', html)
    })
    return [
      element('div', { class: 'result' }, plots ? [shown(plots)] : []),
      ...runs.map((run, index) => this.#run(run, several ? `#${index + 1} ` : '', index)),
      save,
    ]
  }

  #run({ entry, rows }: FilteredResult, number: string, index: number): HTMLElement {
    const { report, results } = this.#strings
    const { result, from, id } = entry
    const details = element('details', {}, [element('summary', {}, [results.whole])])
    details.addEventListener('toggle', () => details.append(shown(resultSection(result, report, `whole-${index}`))), {
      once: true,
    })
    return element('article', { class: 'card result', id: `run-${id}` }, [
      element('h3', {}, [number, element('bdi', {}, [machineText(result)])]),
      element('p', { class: 'soft' }, [
        element('bdi', {}, [from]),
        ` · ${result.startedAt.slice(0, 10)} · ${result.suite.name}`,
      ]),
      shown(rowTables({ ...result, rows }, report)),
      details,
    ])
  }
}
