import type { RemoteFile } from '../hub/remote-model.ts'
import type { HttpOptions } from '../sources/http.ts'
import { ByteWindow } from './byte-window.ts'
import { rangeUnsupported } from './file-errors.ts'
import type { HashTask } from './file-hash.ts'
import type { HashRun } from './hasher.ts'
import { type RangeClient, WholeOnly } from './range-client.ts'
import { RangeLength } from './range-length.ts'
import { readWholeFile } from './whole-reader.ts'

const CONNECTIONS = 4

/** What may be fetched before the consumer comes: so many ranges for each connection, or it waited for the one that is slowest. */
const RANGES_AHEAD = 2
/** A download that is ended loses them. With what is held behind the consumer and what is being hashed, 20 MiB. */
const MOST_AHEAD_BYTES = 12 << 20
const BEHIND_BYTES = 4 << 20
const NOTHING = new Uint8Array()

export interface StreamTask {
  readonly file: RemoteFile
  readonly client: RangeClient
  readonly hash: HashRun
  readonly task: HashTask
  readonly signal: AbortSignal
  readonly firstBytes?: Uint8Array<ArrayBuffer>
  readonly usedTo?: (() => number) | undefined
  readonly onBytes: (bytes: number) => void
  readonly http: HttpOptions
}

/** Bytes that are there or on their way. */
interface Arriving {
  readonly start: number
  readonly end: number
  got: number
}

/** A file's bytes in order, fetched in parallel ranges within a window before the one consumer, and hashed as they are handed out. */
export class FileStream {
  readonly size: number
  readonly #task: StreamTask
  #head: Uint8Array<ArrayBuffer>
  readonly #window = new ByteWindow()
  readonly #ended = new AbortController()
  readonly #ranged = new AbortController()
  readonly #rangeSignal = AbortSignal.any([this.#ended.signal, this.#ranged.signal])
  /** By place; what the consumer has passed is taken out. */
  #arriving: Arriving[] = []
  #requests = 0
  readonly #rangeLength = new RangeLength()
  /** Handed out and hashed. */
  #position: number
  /** Asked for. */
  #next: number
  /** First byte in the window. */
  #first: number
  #whole = false
  /** Bytes on their way to the hash: until then it is not where the position is. */
  #feeding: Promise<void> | undefined
  #failure: { readonly error: unknown } | undefined
  /** Those who wait for bytes, for room, or for a failure. */
  #waiting: (() => void)[] = []
  readonly #abort = (): void => this.#fail(this.#task.signal.reason)

  constructor(task: StreamTask) {
    this.#task = task
    this.size = task.task.size
    this.#head = task.firstBytes ?? new Uint8Array()
    this.#position = task.task.from?.position ?? 0
    this.#next = Math.max(this.#position, this.#head.length)
    this.#first = this.#next
    task.signal.addEventListener('abort', this.#abort, { once: true })
    if (task.signal.aborted) this.#abort()
  }

  get position(): number {
    return this.#position
  }

  /** Whether what is before the position of `[start, end)` is in memory. */
  has(start: number, end: number): boolean {
    return start >= this.#first || Math.min(end, this.#position) <= this.#head.length
  }

  /** Bytes before the position, once more: from memory where they are still there. */
  async copy(start: number, end: number, into: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    let at = start
    const put = (part: Uint8Array): void => {
      into.set(part, at - start)
      at += part.length
    }
    if (at < this.#head.length) put(this.#head.subarray(at, end))
    const missing = Math.min(end, this.#first)
    if (at < missing) await this.#fetchAgain(at, missing, signal, put)
    while (at < end) put(this.#window.view(at, end))
  }

  /** Moves the position to `end`. */
  async advance(end: number, signal: AbortSignal | undefined, into?: Uint8Array): Promise<void> {
    let written = 0
    this.#schedule()
    while (this.#position < end) {
      const there = Math.min(end, await this.#available(signal))
      while (this.#position < there) {
        const part = this.#view(this.#position, there)
        into?.set(part, written)
        written += part.length
        await this.#feed(part)
        this.#throwFailure()
      }
      this.#release()
      this.#schedule()
    }
  }

  /** Frees the memory, once its signal has ended all. */
  clear(): void {
    this.#window.clear()
  }

  async #fetchAgain(
    start: number,
    end: number,
    signal: AbortSignal | undefined,
    put: (part: Uint8Array) => void,
  ): Promise<void> {
    const { client, file, onBytes } = this.#task
    const ended = signal ? AbortSignal.any([signal, this.#ended.signal]) : this.#ended.signal
    try {
      await client.fetchRange(start, end, ended, (part) => {
        onBytes(part.length)
        put(part)
      })
    } catch (error) {
      throw error instanceof WholeOnly ? rangeUnsupported(file.url, 'it answers with the whole file') : error
    }
  }

  async #feed(part: Uint8Array): Promise<void> {
    this.#feeding = this.#task.hash.update(part)
    try {
      await this.#feeding
    } catch (error) {
      // Ended from outside: its reason says more.
      this.#throwFailure()
      throw error
    } finally {
      this.#feeding = undefined
    }
    this.#position += part.length
  }

  #view(start: number, end: number): Uint8Array<ArrayBuffer> {
    const { length } = this.#head
    return start < length ? this.#head.subarray(start, Math.min(end, length)) : this.#window.view(start, end)
  }

  /** Resolves to the end of what is there without a gap, when that is past the position. */
  async #available(signal: AbortSignal | undefined): Promise<number> {
    for (;;) {
      this.#throwFailure()
      signal?.throwIfAborted()
      let end = Math.max(this.#position, Math.min(this.#head.length, this.size))
      for (const { start, got } of this.#arriving) {
        if (start > end) break
        end = Math.max(end, start + got)
      }
      if (end > this.#position) return end
      await this.#news(signal)
    }
  }

  async #news(signal?: AbortSignal): Promise<void> {
    let wake = (): void => {}
    const news = new Promise<void>((resolve) => {
      wake = resolve
    })
    this.#waiting.push(wake)
    signal?.addEventListener('abort', wake, { once: true })
    await news
    signal?.removeEventListener('abort', wake)
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  #release(): void {
    this.#arriving = this.#arriving.filter(({ end }) => end > this.#position)
    // Several files of a model may be open at a time, and one that was read has no use for its memory.
    const isRead = this.#position === this.size
    const before = isRead ? this.size : this.#position - BEHIND_BYTES
    if (isRead) this.#window.clear()
    else this.#window.release(before)
    this.#first = Math.max(this.#first, before)
    if (before >= this.#head.length) this.#head = NOTHING
    this.#wake()
  }

  get #aheadBytes(): number {
    return Math.min(MOST_AHEAD_BYTES, RANGES_AHEAD * CONNECTIONS * this.#rangeLength.bytes)
  }

  #schedule(): void {
    while (!this.#whole && !this.#failure && this.#requests < CONNECTIONS && this.#next < this.size) {
      const left = this.size - this.#next
      const wanted = Math.min(this.#rangeLength.bytes, left)
      // From what has been used, but for a read that is longer than all that: it would never end.
      const { usedTo } = this.#task
      const used = usedTo ? Math.min(usedTo(), this.#position) : this.#position
      if (this.#next + wanted > Math.max(used + this.#aheadBytes, this.#position + wanted)) return
      const range = { start: this.#next, end: this.#next + wanted, got: 0 }
      this.#next = range.end
      this.#arriving.push(range)
      this.#requests++
      this.#fetch(range).catch((error: unknown) => this.#fail(error))
    }
  }

  async #fetch(range: Arriving): Promise<void> {
    const { client, onBytes } = this.#task
    const began = performance.now()
    try {
      await client.fetchRange(range.start, range.end, this.#rangeSignal, (part) => {
        onBytes(part.length)
        // Of a range that was given up for the whole.
        if (!this.#arriving.includes(range)) return
        this.#window.write(range.start + range.got, part)
        range.got += part.length
        this.#wake()
      })
      this.#rangeLength.add(range.end - range.start, performance.now() - began)
    } catch (error) {
      if (error instanceof WholeOnly) this.#readWhole()
      else if (!this.#whole) throw error
    } finally {
      this.#requests--
      this.#schedule()
    }
  }

  /** From now on by one request for all of it, from where the consumer is. */
  #readWhole(): void {
    if (this.#whole || this.#failure) return
    this.#whole = true
    this.#ranged.abort()
    const { client, file, task, hash, onBytes, http } = this.#task
    let range: Arriving = { start: 0, end: 0, got: 0 }
    readWholeFile(
      client,
      file,
      task,
      {
        onBytes,
        restart: async () => {
          this.#arriving = []
          while (this.#feeding) await this.#feeding
          hash.mark()
          const position = this.#position
          range = { start: position, end: this.size, got: 0 }
          this.#arriving = [range]
          return hash.export(position)
        },
        take: async (part) => {
          while (range.start + range.got + part.length > this.#position + this.#aheadBytes) {
            this.#throwFailure()
            await this.#news()
          }
          this.#throwFailure()
          this.#window.write(range.start + range.got, part)
          range.got += part.length
          this.#wake()
        },
      },
      { ...http, signal: this.#ended.signal },
    ).catch((error: unknown) => this.#fail(error))
  }

  #fail(error: unknown): void {
    this.#failure ??= { error }
    this.#task.signal.removeEventListener('abort', this.#abort)
    this.#ended.abort(this.#failure.error)
    this.#wake()
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error
  }
}
