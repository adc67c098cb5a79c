import { resultStyle } from '@sampan/bench'
import { addView } from './add-view.ts'
import { CompareView } from './compare/compare-view.ts'
import { element } from './element.ts'
import { committedResults, type LoadOutcome, resultFromAddress, resultFromFile } from './results/load-results.ts'
import { ResultStore } from './results/result-store.ts'
import { ResultsView } from './results/results-view.ts'
import { MeasureView } from './run/measure-view.ts'
import { keepLanguage, type Language, languages, preferredLanguage, type Strings, stringsOf } from './strings.ts'
import { addressesOf, type Part, parts, readViewState, type ViewState, viewStateHash } from './view-state.ts'

/** The page: its parts, what is loaded, and the address that says what is shown. */
export class BenchPage {
  readonly #store = new ResultStore()
  readonly #asked = new Set<string>()
  readonly #content = element('main', { id: 'content', tabindex: '-1' })
  readonly #announcer = element('p', { class: 'hidden', role: 'status' })
  readonly #problems = element('div', { class: 'problems', role: 'alert' })
  #language: Language = preferredLanguage()
  #state: ViewState = readViewState(location.hash)
  #links = new Map<Part, HTMLAnchorElement>()
  #measure: MeasureView | undefined
  #results: ResultsView | undefined
  #compare: CompareView | undefined

  constructor() {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(resultStyle)
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    const asked = addressesOf(new URLSearchParams(location.search).getAll('results'))
    if (asked.length > 0 && location.hash === '') this.#state = { ...this.#state, part: 'results' }
    this.#build()
    addEventListener('hashchange', () => this.#follow())
    this.#store.addEventListener('change', () => this.#show(false))
    this.#acceptDrops()
    void committedResults().then((outcomes) => this.#take(outcomes))
    void this.#loadAddresses([...asked, ...this.#state.files])
  }

  get #strings(): Strings {
    return stringsOf(this.#language)
  }

  #build(): void {
    const strings = this.#strings
    document.documentElement.lang = this.#language
    document.title = strings.title
    this.#links = new Map(parts.map((part) => [part, element('a', {}, [strings.parts[part]])]))
    const language = element('select', { 'aria-label': strings.language })
    for (const [tag, { name }] of languages) {
      language.append(element('option', { value: tag, lang: tag, selected: tag === this.#language }, [name]))
    }
    language.addEventListener('change', () => this.#speak(language.value === 'zh-Hans' ? 'zh-Hans' : 'en'))
    const nav = element('nav', { 'aria-label': strings.title }, [...this.#links.values()])
    const header = element('header', {}, [
      element('div', {}, [element('h1', {}, [strings.title]), element('p', { class: 'soft' }, [strings.subtitle])]),
      language,
      nav,
    ])
    this.#measure ??= new MeasureView(this.#store, (id) => this.#go({ part: 'results' }, id))
    this.#measure.speak(strings, this.#language)
    this.#results = new ResultsView(strings, {
      filter: (filters) => this.#go({ filters }),
      files: (files) => void this.#loadFiles(files),
      address: (address) => void this.#loadAddresses([address]),
    })
    this.#compare = new CompareView(strings, (pair) => this.#go(pair))
    document.body.replaceChildren(header, this.#announcer, this.#problems, this.#content)
    this.#show(true)
  }

  #speak(language: Language): void {
    this.#language = language
    keepLanguage(language)
    this.#build()
    // It is another one now, and the keyboard is to stay on it.
    document.querySelector<HTMLElement>('header select')?.focus()
  }

  /** A step of the visitor's: the browser's back button undoes it. */
  #go(change: Partial<ViewState>, scrollTo?: string): void {
    const next = viewStateHash({ ...this.#state, ...change })
    if (next !== location.hash) history.pushState(undefined, '', next)
    this.#follow()
    if (scrollTo !== undefined) document.getElementById(scrollTo)?.scrollIntoView()
  }

  #follow(): void {
    const before = this.#state
    this.#state = readViewState(location.hash)
    void this.#loadAddresses(this.#state.files)
    this.#show(before.part !== this.#state.part)
  }

  #show(otherPart: boolean): void {
    const { part } = this.#state
    for (const [name, link] of this.#links) {
      link.href = viewStateHash({ ...this.#state, part: name })
      if (name === part) link.setAttribute('aria-current', 'page')
      else link.removeAttribute('aria-current')
    }
    if (part === 'results') this.#results?.show(this.#store.entries, this.#state)
    if (part === 'compare') this.#compare?.show(this.#store.entries, this.#state)
    if (!otherPart) return
    const view = { measure: this.#measure?.root, results: this.#results?.root, compare: this.#compare?.root }
    this.#content.replaceChildren(part === 'add' ? addView(this.#strings) : (view[part] ?? ''))
  }

  async #loadFiles(files: readonly File[]): Promise<void> {
    this.#take(await Promise.all(files.map(resultFromFile)))
    if (this.#state.part === 'measure' || this.#state.part === 'add') this.#go({ part: 'results' })
  }

  /** Those that give a result stay in the link. */
  async #loadAddresses(addresses: readonly string[]): Promise<void> {
    const fresh = addresses.filter((address) => !this.#asked.has(address))
    for (const address of fresh) this.#asked.add(address)
    const outcomes = await Promise.all(fresh.map(resultFromAddress))
    this.#take(outcomes)
    for (const { ok, from } of outcomes) if (!ok) this.#asked.delete(from)
    const good = outcomes.filter(({ ok }) => ok).map(({ from }) => from)
    const files = [...new Set([...this.#state.files, ...good])]
    if (files.length === this.#state.files.length) return
    this.#state = { ...this.#state, files }
    history.replaceState(undefined, '', viewStateHash(this.#state))
    this.#show(false)
  }

  #take(outcomes: readonly LoadOutcome[]): void {
    const { results } = this.#strings
    for (const outcome of outcomes) {
      if (outcome.ok) {
        this.#store.add(outcome.result, outcome.from)
        this.#announcer.textContent = results.loaded(outcome.from)
      } else this.#tellProblem(outcome)
    }
  }

  #tellProblem({ from, problem }: Extract<LoadOutcome, { ok: false }>): void {
    const { results } = this.#strings
    const why =
      problem.kind === 'refused'
        ? element('span', { lang: 'en' }, [problem.message])
        : problem.kind === 'status'
          ? results.status(problem.status)
          : results.problems[problem.kind]
    const dismiss = element('button', { type: 'button', class: 'outlined' }, [results.dismiss])
    const box = element('div', { class: 'problem' }, [
      element('p', {}, [element('strong', {}, [results.refused(from)]), ' ', why]),
      dismiss,
    ])
    dismiss.addEventListener('click', () => box.remove())
    this.#problems.append(box)
  }

  #acceptDrops(): void {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true
    addEventListener('dragover', (event) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      document.body.classList.add('dropping')
    })
    addEventListener('dragleave', (event) => {
      if (event.relatedTarget === null) document.body.classList.remove('dropping')
    })
    addEventListener('drop', (event) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      document.body.classList.remove('dropping')
      void this.#loadFiles([...(event.dataTransfer?.files ?? [])])
    })
  }
}
