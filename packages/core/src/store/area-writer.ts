import { ALIGNMENT, checkPlaces } from './check-places.ts'
import type { DownloadJournal } from './download-journal.ts'
import type { OpenJournal } from './inspect-model.ts'
import { writeIndex } from './model-file.ts'
import { mergeKeys } from './sidecar.ts'
import type { Slots } from './slots.ts'
import type { DataFile, StoreArea } from './store-area.ts'
import type { ModelIndex, ModelPlan, ModelWriter } from './store-types.ts'

/** What a writer needs of its store. */
export interface WriterContext {
  readonly area: StoreArea
  readonly plan: ModelPlan
  /** In place of what a browser throws when a write has failed. */
  explain(error: unknown, needed: number): Promise<unknown>
  /** To be told in the manifest. */
  changed(id: string): Promise<void>
}

export class AreaWriter implements ModelWriter {
  readonly resumed: unknown
  readonly #context: WriterContext
  readonly #data: DataFile
  readonly #journal: Slots
  #length: number
  /** Bytes that the last journal counts. */
  #kept: number
  #failed: { readonly error: unknown } | undefined
  #open = true
  /** Calls that are not awaited are done one after the other all the same. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(context: WriterContext, data: DataFile, { slots, last }: OpenJournal) {
    this.#context = context
    this.#data = data
    this.#journal = slots
    this.#length = last?.length ?? 0
    this.#kept = this.#length
    this.resumed = last?.state
  }

  get length(): number {
    return this.#length
  }

  async append(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    const offset = this.#align()
    this.#length = offset + bytes.length
    await this.#try(() => this.#data.write(bytes, offset))
    return offset
  }

  journal(state: unknown, progress: { readonly downloaded: number; readonly total: number }): Promise<void> {
    const length = this.#length
    return this.#try(async () => {
      await this.#data.flush()
      const { plan } = this.#context
      const changed = new Date().toISOString()
      const journal: DownloadJournal = { version: 1, plan, length, ...progress, changed, state }
      await this.#journal.write(journal)
      this.#kept = length
    })
  }

  async rewind(
    length: number,
    state: unknown,
    progress: { readonly downloaded: number; readonly total: number },
  ): Promise<void> {
    if (length > this.#length) throw new RangeError(`there are not ${length} bytes`)
    this.#length = length
    // Twice: neither of the journal's two files is to count bytes that will be written over.
    await this.journal(state, progress)
    await this.journal(state, progress)
    await this.#try(() => this.#data.truncate(length))
  }

  async commit(index: ModelIndex): Promise<void> {
    const { plan, changed } = this.#context
    const offset = this.#align()
    if (index.id !== plan.id) throw new Error(`the index of ${index.id} in the file of ${plan.id}`)
    checkPlaces(index, offset)
    const whole = { ...index, keys: mergeKeys([plan.key], index.keys) }
    await this.#try(async () => {
      // What the index tells of is there before the index is.
      await this.#data.flush()
      await this.#data.write(writeIndex(whole, offset), offset)
      await this.#data.flush()
    })
    await this.close()
    // Where that fails they lie there, and nobody reads them.
    await this.#journal.remove().catch(() => {})
    await changed(plan.id)
  }

  async close(): Promise<void> {
    await this.#last
    if (!this.#open) return
    this.#open = false
    await this.#data.close()
  }

  async discard(): Promise<void> {
    const { area, plan, changed } = this.#context
    await this.close()
    await area.removeModel(plan.id)
    await changed(plan.id)
  }

  #align(): number {
    return Math.ceil(this.#length / ALIGNMENT) * ALIGNMENT
  }

  /** A writer that has failed writes no more, as it no longer knows what is there; what its last journal counts is left. */
  #try(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(async () => {
      if (this.#failed) throw this.#failed.error
      if (!this.#open) throw new Error('the writer is closed')
      try {
        await work()
      } catch (error) {
        this.#failed = { error: await this.#giveUp(error) }
        throw this.#failed.error
      }
    })
    this.#last = done.catch(() => {})
    return done
  }

  async #giveUp(error: unknown): Promise<unknown> {
    const { plan, explain } = this.#context
    const needed = Math.max(plan.bytes, this.#length) - this.#kept
    // Room for others, and for the next attempt.
    await this.#data.truncate(this.#kept).catch(() => {})
    return explain(error, needed)
  }
}
