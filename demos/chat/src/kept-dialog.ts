import { type CachedModel, type CacheUsage, cache } from '@sampan/core'
import { formatBytes } from './amount-format.ts'
import { element } from './element.ts'
import { explainFailure, failureOf } from './failure.ts'
import { keptModels, nameOf, sourceOf } from './kept-models.ts'
import { keptRow } from './kept-row.ts'
import type { Source } from './source.ts'
import type { Strings } from './strings.ts'

export interface KeptHandlers {
  onPick(source: Source): void
}

/** The models that this browser keeps, as a modal dialogue: load, delete, save as a file, add from one. */
export class KeptDialog {
  readonly root: HTMLDialogElement
  readonly #strings: Strings
  readonly #language: string
  readonly #handlers: KeptHandlers
  readonly #list = element('ul', { class: 'kept' })
  readonly #usage = element('section', { class: 'usage' })
  readonly #told = element('div', { class: 'told', role: 'status' })
  readonly #closing = new AbortController()

  constructor(strings: Strings, language: string, handlers: KeptHandlers) {
    this.#strings = strings
    this.#language = language
    this.#handlers = handlers
    const input = element('input', {
      type: 'file',
      class: 'hidden',
      tabindex: '-1',
      'aria-hidden': 'true',
      accept: '.sampan',
    })
    input.addEventListener('change', () => {
      const file = input.files?.[0]
      if (file) void this.add(file)
      input.value = ''
    })
    const add = element('button', { type: 'button', class: 'outlined' }, [strings.kept.add])
    add.addEventListener('click', () => input.click())
    this.root = element('dialog', { class: 'settings kept-dialog', 'aria-labelledby': 'kept-title' }, [
      element('form', { method: 'dialog' }, [
        element('h2', { id: 'kept-title', tabindex: '-1', autofocus: true }, [strings.kept.title]),
        this.#list,
        this.#told,
        this.#usage,
        input,
        element('div', { class: 'end two' }, [add, element('button', { class: 'primary' }, [strings.close])]),
      ]),
    ])
    this.root.addEventListener('close', () => this.#closing.abort())
    void this.#draw()
  }

  /** Puts a file that was saved here, or elsewhere, among the models. */
  async add(file: File): Promise<void> {
    const percent = new Intl.NumberFormat(this.#language, { style: 'percent' })
    const line = element('p', {}, [this.#strings.kept.adding(percent.format(0))])
    this.#told.replaceChildren(line)
    try {
      const { name } = await cache.import(file, {
        signal: this.#closing.signal,
        onProgress: ({ loaded, total }) => {
          line.textContent = this.#strings.kept.adding(percent.format(total > 0 ? loaded / total : 1))
        },
      })
      this.#tell(this.#strings.kept.added(name))
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#fail(error)
    }
    await this.#draw()
  }

  async #draw(): Promise<void> {
    const [models, usage] = await Promise.all([keptModels(), cache.usage().catch(() => undefined)])
    const rows = models.map((model) => this.#row(model))
    const { none, nothingKept } = this.#strings.kept
    const empty = element('li', { class: 'hint' }, [usage?.kind === 'memory' ? nothingKept : none])
    this.#list.replaceChildren(...(rows.length > 0 ? rows : [empty]))
    this.#usage.replaceChildren(...(usage && usage.kind !== 'memory' ? this.#usageLines(usage, models.length) : []))
  }

  #row(model: CachedModel): HTMLElement {
    const source = sourceOf(model)
    return keptRow(this.#strings, this.#language, model, {
      onLoad:
        source &&
        (() => {
          this.root.close()
          this.#handlers.onPick(source)
        }),
      onDelete: () => this.#delete(model),
      onSave: () => this.#save(model),
    })
  }

  #usageLines({ used, quota, persisted }: CacheUsage, count: number): Node[] {
    const { kept } = this.#strings
    const bytes = (value: number): string => formatBytes(value, this.#language)
    const line = quota === undefined ? kept.usageAlone(bytes(used)) : kept.usage(bytes(used), bytes(quota))
    const meter =
      quota === undefined
        ? []
        : [element('meter', { 'aria-hidden': 'true', min: '0', max: '1', value: String(used / quota) })]
    if (count === 0) return []
    if (persisted) return [element('p', {}, [line]), ...meter, element('p', { class: 'hint' }, [kept.persisted])]
    const ask = element('button', { type: 'button', class: 'link' }, [kept.persist])
    ask.addEventListener('click', async () => {
      if (await cache.persist()) await this.#draw()
      else this.#tell(kept.persistRefused)
    })
    return [element('p', {}, [line]), ...meter, element('p', { class: 'hint' }, [kept.notPersisted, ' ', ask])]
  }

  async #delete(model: CachedModel): Promise<void> {
    try {
      await cache.delete(model.id)
      this.#tell(this.#strings.kept.removed(nameOf(model)))
    } catch (error) {
      this.#fail(error)
    }
    await this.#draw()
    this.root.querySelector<HTMLElement>('h2')?.focus()
  }

  async #save({ id }: CachedModel): Promise<void> {
    try {
      const file = await cache.export(id)
      const url = URL.createObjectURL(file)
      element('a', { href: url, download: file.name }).click()
      // The browser reads it for as long as it writes.
      addEventListener('pagehide', () => URL.revokeObjectURL(url), { once: true })
    } catch (error) {
      this.#fail(error)
    }
  }

  #tell(text: string): void {
    this.#told.replaceChildren(element('p', {}, [text]))
  }

  #fail(error: unknown): void {
    const failure = failureOf(error)
    const lines = explainFailure(this.#strings, failure)
    this.#told.replaceChildren(element('div', { class: 'failure', role: 'alert', 'data-code': failure.code }, lines))
  }
}
