import type { LoadingMark } from '../can-run/crash-mark.ts'

/** The mark of one load, which stands while the page may be ended for the memory that the load takes. */
export class RiskyLoad {
  readonly #mark: () => Promise<LoadingMark>
  #marked: LoadingMark | undefined
  /** Bytes on the processor from which there is a risk, while there is none yet. */
  #from: number | undefined
  #total = 0
  /** How it ended, while its mark was still being made. */
  #end: 'ran' | 'ended' | undefined
  /** Of beginnings: those before the last were taken back. */
  #count = 0

  constructor(mark: () => Promise<LoadingMark>) {
    this.#mark = mark
  }

  /** There is a risk from now on. Resolves when that is written. */
  async begin(): Promise<void> {
    this.#from = undefined
    this.#end = undefined
    const count = ++this.#count
    const marked = await this.#mark()
    if (count !== this.#count) return marked.ended()
    this.#marked = marked
    if (this.#total > 0) marked.weigh(this.#total)
    this.#endNow()
  }

  /** There is one from when the processor holds so many bytes, or all of them. */
  beginAt(bytes: number): void {
    this.takeBack()
    this.#from = bytes
  }

  /** So many bytes of `total` are on the processor. */
  loaded(bytes: number, total: number): void {
    this.#total = total
    this.#marked?.weigh(total)
    // What cannot be marked is loaded all the same.
    if (this.#from !== undefined && bytes >= Math.min(this.#from, total)) this.begin().catch(() => {})
  }

  /** There is none any more, until another beginning. */
  takeBack(): void {
    this.#from = undefined
    this.#count++
    this.#marked?.ended()
    this.#marked = undefined
  }

  ran(): void {
    this.#from = undefined
    this.#end = 'ran'
    this.#endNow()
  }

  ended(): void {
    this.#from = undefined
    this.#end ??= 'ended'
    this.#endNow()
  }

  #endNow(): void {
    if (this.#end) this.#marked?.[this.#end]()
  }
}
