import { type BenchResult, resultSection, suiteNames } from '@sampan/bench'
import { button, element, shown } from '../element.ts'
import type { ResultStore } from '../results/result-store.ts'
import { keep, kept, type Strings } from '../strings.ts'
import { askForModel, type ModelAnswer } from './consent.ts'
import { PageWatch } from './page-watch.ts'
import { ProgressPart } from './progress-part.ts'
import { type RunChoice, suiteFromQuery, suiteNamed } from './run-plan.ts'

const KEPT_GPU = 'sampan.bench.gpu'
const suggestions = [
  'Qwen/Qwen2.5-0.5B-Instruct-GGUF:qwen2.5-0.5b-instruct-q4_k_m.gguf',
  'Qwen/Qwen3-0.6B-GGUF:Qwen3-0.6B-Q8_0.gguf',
] as const
const MOST_NAME = 100

type Run = import('./run-bench.ts').BenchRun

/** One click to a result: what is asked, how far it is, the rows as they come, and what can be done with them. */
export class MeasureView {
  readonly root = element('section', { 'aria-labelledby': 'measure-title' })
  readonly #store: ResultStore
  readonly #onAmong: (id: string) => void
  readonly #query = suiteFromQuery(new URLSearchParams(location.search))
  #words: { readonly strings: Strings; readonly language: string } | undefined
  #abort: AbortController | undefined
  #run: Run | undefined
  #model = ''

  constructor(store: ResultStore, onAmong: (id: string) => void) {
    this.#store = store
    this.#onAmong = onAmong
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState !== 'hidden' || !this.#run) return
      this.#run.sawHidden()
      const warning = this.root.querySelector('.was-hidden')
      if (warning) warning.textContent = this.#strings.measure.wasHidden
    })
    addEventListener('beforeunload', (event) => {
      if (this.isRunning) event.preventDefault()
    })
  }

  get isRunning(): boolean {
    return this.#abort !== undefined
  }

  get #strings(): Strings {
    if (!this.#words) throw new Error('The view has no words yet.')
    return this.#words.strings
  }

  /** A run that is under way goes on in the language that it began in. */
  speak(strings: Strings, language: string): void {
    if (this.isRunning || this.root.querySelector('.done')) return
    this.#words = { strings, language }
    this.#showForm()
  }

  #showForm(): void {
    const { measure } = this.#strings
    const gpu = element('input', {
      id: 'gpu',
      type: 'text',
      maxlength: String(MOST_NAME),
      autocomplete: 'off',
      value: kept(KEPT_GPU) ?? '',
      'aria-describedby': 'gpu-hint',
    })
    const model = element('input', {
      id: 'model',
      type: 'text',
      autocomplete: 'off',
      spellcheck: 'false',
      autocapitalize: 'off',
      value: this.#model,
      'aria-describedby': 'model-hint',
    })
    const chips = suggestions.map((source) =>
      button(
        source.split(':')[0] ?? source,
        () => {
          model.value = source
          model.focus()
        },
        'chip',
      ),
    )
    const wllama = element('input', { id: 'wllama', type: 'checkbox' })
    const suite = element('select', { id: 'suite' }, [
      ...(this.#query ? [element('option', { value: 'custom', selected: true }, [measure.suites.custom])] : []),
      ...suiteNames.map((name) => element('option', { value: name }, [measure.suites[name]])),
    ])
    const start = element('button', { type: 'submit', class: 'primary' }, [measure.start])
    const device = element('p', { class: 'device', role: 'status' })
    const form = element('form', { class: 'card' }, [
      element('p', { class: 'private' }, [measure.private]),
      element('div', { class: 'line' }, [start, element('span', { class: 'soft' }, [measure.keepVisible])]),
      device,
      field(measure.gpu, gpu, measure.gpuHint),
      field(measure.model, model, measure.modelHint),
      element('div', { class: 'chips', role: 'group', 'aria-label': measure.suggestions }, [
        element('span', { class: 'soft' }, [measure.suggestions]),
        ...chips,
      ]),
      field(measure.suite, suite),
      element('div', { class: 'check' }, [wllama, element('label', { for: 'wllama' }, [measure.wllama])]),
    ])
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      keep(KEPT_GPU, gpu.value.trim())
      this.#model = model.value.trim()
      const named = suiteNames.find((name) => name === suite.value)
      const asked = named ? suiteNamed(named) : (this.#query ?? suiteNamed('quick'))
      const choice = { ...asked, wllama: wllama.checked, ...(this.#model !== '' && { model: this.#model }) }
      void this.#start(choice, gpu.value.trim())
    })
    this.root.replaceChildren(
      element('h2', { id: 'measure-title', class: 'hidden' }, [this.#strings.parts.measure]),
      element('p', {}, [measure.intro]),
      form,
    )
    void this.#tellDevice(device)
  }

  async #tellDevice(place: HTMLElement): Promise<void> {
    const { pageAdapter } = await import('@sampan/bench/in-page')
    const adapter = await pageAdapter()
    const { measure } = this.#strings
    if (!adapter) place.textContent = measure.noGpu
    else if (adapter.software) place.textContent = measure.software
  }

  async #start(choice: RunChoice, gpu: string): Promise<void> {
    const { measure } = this.#strings
    const abort = new AbortController()
    this.#abort = abort
    const place = element('div', { class: 'card' })
    this.root.replaceChildren(place)
    const answer: ModelAnswer =
      choice.model === undefined
        ? { take: false }
        : await askForModel(choice.model, place, this.#strings, this.#words?.language ?? 'en')
    if (answer.take === 'back') {
      this.#abort = undefined
      this.#showForm()
      return
    }
    const { model: _, ...onlyPocket } = choice
    const modelBytes = answer.take === true ? answer.bytes : undefined
    const progress = new ProgressPart(this.#strings, abort)
    this.root.replaceChildren(progress.root)
    progress.stop.focus()
    const watch = new PageWatch(progress.canvas)
    try {
      const [{ BenchRun }, { version }] = await Promise.all([import('./run-bench.ts'), import('./version.ts')])
      this.#run = new BenchRun(
        {
          ...{ choice: answer.take === true ? choice : onlyPocket, version },
          ...(gpu !== '' && { declaredGpu: gpu.slice(0, MOST_NAME) }),
          ...(modelBytes !== undefined && { modelBytes }),
        },
        watch,
        { onProgress: (now) => progress.tell(now), onRow: (row) => progress.row(row) },
      )
      await this.#finish(await this.#run.result(abort.signal))
    } catch (error) {
      this.root.append(
        element('p', { role: 'alert', class: 'problem' }, [
          measure.failed(error instanceof Error ? error.message : String(error)),
        ]),
      )
      this.root.append(button(measure.again, () => this.#showForm()))
    } finally {
      this.#abort = undefined
      this.#run = undefined
    }
  }

  async #finish(result: BenchResult): Promise<void> {
    const { resultActions } = await import('./result-actions.ts')
    const { measure, report, results } = this.#strings
    const entry = this.#store.add(result, results.fromHere)
    const title = element('h2', { class: 'done', tabindex: '-1' }, [result.aborted ? measure.stopped : measure.done])
    this.root.replaceChildren(
      element('div', { class: 'card' }, [
        title,
        element('p', { class: 'private' }, [measure.private]),
        resultActions(result, this.#strings, () => this.#onAmong(`run-${entry.id}`)),
        button(measure.again, () => this.#showForm()),
      ]),
      element('div', { class: 'result' }, [shown(resultSection(result, report, 'this-run'))]),
    )
    title.focus()
  }
}

function field(name: string, input: HTMLElement, hint?: string): HTMLElement {
  const label = element('label', { for: input.id }, [name])
  const below = hint === undefined ? [] : [element('p', { class: 'soft', id: `${input.id}-hint` }, [hint])]
  return element('div', { class: 'field' }, [label, input, ...below])
}
