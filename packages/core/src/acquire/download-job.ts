import type { ByteSource } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import type { RemoteModel } from '../hub/remote-model.ts'
import type { ModelIndex, ModelWriter, StoredForm } from '../store/store-types.ts'
import type { AcquireTools } from './acquire-context.ts'
import { DownloadedFile, type FileState, type FinishedFile } from './downloaded-file.ts'
import { type FileHashing, planHashing } from './hash-plans.ts'
import { type JournalState, readJournalState } from './journal-state.ts'
import type { RemoteCheckpoint } from './remote-checkpoint.ts'
import { SecondReading } from './second-reading.ts'
import { checkTexts, storeTexts } from './store-texts.ts'
import { type Stored, storedBefore, storedLength } from './stored-before.ts'

/** Bytes that are used between two entries of the journal: what a tab that is killed loses, ranges under way aside. */
const JOURNAL_BYTES = 2 << 20
/** On slow lines sooner. */
const JOURNAL_MS = 1_000
/** Of each second, an entry takes as much at most: where the disk is slow, or the journal of a large model long, there are fewer. */
const MOST_JOURNAL_SHARE = 0.1

/** Milliseconds between two reports while bytes come: a bar that moves more often looks no smoother. */
const REPORT_INTERVAL_MS = 50

export interface DownloadProgress {
  /** Of the model's files, however long ago. */
  readonly downloaded: number
  readonly total: number
}

/** A file whose bytes are not what they should be. */
export interface WrongFile {
  /** In `RemoteModel.weights`. */
  readonly index: number
  readonly error: unknown
}

/** The files of one model on their way into the store. */
export class DownloadJob {
  readonly files: readonly DownloadedFile[]
  readonly writer: ModelWriter
  readonly resumed: JournalState | undefined
  readonly #hashing: readonly FileHashing[]
  readonly #textBytes: number
  readonly #total: number
  readonly #onProgress: (progress: DownloadProgress) => void
  #texts: ModelIndex['texts'] = []
  #journalled: number
  /** What a life brings first is journalled at once: of lives that are all short, each is to get further. */
  #journalledAt = Number.NEGATIVE_INFINITY
  /** What the last entry took. */
  #journalMs = 0
  #toldAt = 0
  readonly #model: RemoteModel
  readonly #tools: AcquireTools
  readonly #onBytes: (bytes: number) => void
  /** How far the storing has come; undefined: no further than what was resumed. */
  #state: (() => Stored) | undefined
  #wrong: WrongFile | undefined
  /** Files of which something has been read, in that order. */
  readonly #begun: number[]
  /** Ends of reads that are under way, in the order in which they will be used. */
  readonly #reads: { readonly file: number; readonly end: number }[] = []

  constructor(
    model: RemoteModel,
    opened: RemoteCheckpoint,
    writer: ModelWriter,
    tools: AcquireTools,
    onProgress: (progress: DownloadProgress) => void,
    onBytes: (bytes: number) => void,
  ) {
    const sources = opened.files.map(({ source }) => source)
    this.writer = writer
    this.#model = model
    this.#tools = tools
    this.#onBytes = onBytes
    this.resumed = readJournalState(writer.resumed, sources.length)
    this.#hashing = planHashing(opened.checkpoint, sources)
    this.files = opened.files.map(({ source, head }, index) => {
      const [file, hashing, from] = [model.weights[index], this.#hashing[index], this.resumed?.files[index]]
      if (!file || !hashing) throw new Error('a file has no plan')
      const { size } = source
      return new DownloadedFile(file, {
        ...{ tools, size, head },
        onBytes: (bytes) => {
          onBytes(bytes)
          if (performance.now() - this.#toldAt > REPORT_INTERVAL_MS) this.#tell()
        },
        plan: hashing.plan,
        from: from ?? undefined,
        onRead: (end) => void this.#reads.push({ file: index, end }),
        before: () => this.#begin(index),
      })
    })
    this.#begun = this.files.flatMap((file, index) => (file.used > 0 && !file.finished ? index : []))
    this.#textBytes = [...opened.textFiles.values()].reduce((sum, { size }) => sum + size, 0)
    this.#total = this.#textBytes + sources.reduce((sum, { size }) => sum + size, 0)
    this.#onProgress = onProgress
    this.#journalled = this.#downloaded
  }

  get texts(): ModelIndex['texts'] {
    return this.#texts
  }

  /** Puts the texts there, unless they are. */
  async begin(model: RemoteModel, opened: RemoteCheckpoint): Promise<void> {
    if (this.resumed) await checkTexts(this.resumed.texts, model, opened)
    this.#texts = this.resumed?.texts ?? (await storeTexts(this.writer, model, opened))
    this.#tell()
  }

  /** After what one read brought has been used; `state` says how far the storing has come, and is asked for when it is kept. */
  async step(state: () => Stored): Promise<void> {
    const read = this.#reads.shift()
    this.#state = state
    if (read) this.files[read.file]?.use(read.end)
    this.#tell()
    if (!this.#isDue() || !this.files.every(({ isSettled }) => isSettled)) return
    const began = performance.now()
    const kept = state()
    const files: (FileState | null)[] = []
    let downloaded = this.#textBytes
    for (const file of this.files) {
      const state = (await file.state()) ?? null
      files.push(state)
      if (state) downloaded += state.kind === 'finished' ? file.size : state.download.position
    }
    const entry: JournalState = { version: 1, texts: this.#texts, files, ...kept }
    await this.writer.journal(entry, { downloaded, total: this.#total })
    this.#journalled = downloaded
    this.#journalledAt = performance.now()
    this.#journalMs = this.#journalledAt - began
  }

  #isDue(): boolean {
    const since = performance.now() - this.#journalledAt
    if (since < this.#journalMs / MOST_JOURNAL_SHARE) return false
    return since >= JOURNAL_MS || this.#downloaded - this.#journalled >= JOURNAL_BYTES
  }

  /**
   * Reads all files to their ends, and compares them with what was promised.
   * @throws SampanError `hash-mismatch`
   */
  async finish(
    signal: AbortSignal,
  ): Promise<readonly { readonly file: FinishedFile; readonly hashing: FileHashing }[]> {
    const finished: { file: FinishedFile; hashing: FileHashing }[] = []
    for (const [index, file] of this.files.entries()) {
      const hashing = this.#hashing[index]
      if (hashing) finished.push({ file: await this.#prove(index, file, signal), hashing })
    }
    return finished
  }

  /** How a file is read that was read before: what comes is the same, or an error. */
  again(index: number): ByteSource {
    const [file, own, hashing] = [this.#model.weights[index], this.files[index], this.#hashing[index]]
    if (!file || !own || !hashing) throw new Error('a file has no plan')
    const { signal } = this.#tools
    return new SecondReading(file, {
      ...{ tools: this.#tools, size: own.size, plan: hashing.plan, onBytes: this.#onBytes },
      onRead: (end) => void this.#reads.push({ file: index, end: Math.min(end, own.used) }),
      digests: async () => {
        await this.#proveAll(this.#begun)
        const { pieces } = await this.#prove(index, own, signal)
        if (pieces) return pieces
        throw new Error('a file was not hashed in pieces')
      },
      onDiffers: (error) => {
        // Nobody has said which of the two is right.
        if (!own.isPromised) this.#wrong ??= { index, error }
      },
    })
  }

  /**
   * The file of which `error` came, where that is not what was promised. Values that are none may be those of a damaged file: then the
   * rest of it is read.
   */
  async findWrong(error: unknown): Promise<WrongFile | undefined> {
    if (SampanError.isInstance(error) && error.code === 'tensor-values-invalid') {
      // The read that could not be used.
      const index = this.#reads[0]?.file
      if (index !== undefined && this.files[index]?.isPromised) await this.#proveAll([index]).catch(() => {})
    }
    return this.#wrong
  }

  /**
   * Leaves what is there as if nothing of one file had come, nor of those that are stored after it. Resolves to whether there are weights
   * of others.
   */
  async rewind(index: number, opened: RemoteCheckpoint, form: StoredForm): Promise<boolean> {
    const kept = this.#state?.() ?? this.resumed ?? {}
    const { dropped, ...stored } = storedBefore(index, kept, opened, form)
    const files = this.files.map((file, at): FileState | null =>
      file.finished && !dropped.has(at) ? { kind: 'finished', file: file.finished } : null,
    )
    const downloaded = this.files.reduce((sum, { size }, at) => (files[at] ? sum + size : sum), this.#textBytes)
    const length = storedLength(this.#texts, stored)
    const state: JournalState = { version: 1, texts: this.#texts, files, ...stored }
    await this.writer.rewind(length, state, { downloaded, total: this.#total })
    return files.some((file) => file !== null)
  }

  /** Files are read one after another: what came before is what was promised, so that only the last can turn out wrong. */
  #begin(index: number): Promise<void> {
    const known = this.#begun.indexOf(index)
    const earlier = known < 0 ? [...this.#begun] : this.#begun.slice(0, known)
    if (known < 0) this.#begun.push(index)
    return this.#proveAll(earlier)
  }

  async #proveAll(indices: readonly number[]): Promise<void> {
    for (const index of indices) {
      const file = this.files[index]
      if (file && !file.finished) await this.#prove(index, file, this.#tools.signal)
    }
  }

  async #prove(index: number, file: DownloadedFile, signal: AbortSignal): Promise<FinishedFile> {
    try {
      return await file.finish(signal)
    } catch (error) {
      if (SampanError.isInstance(error) && error.code === 'hash-mismatch') this.#wrong ??= { index, error }
      throw error
    }
  }

  async close(): Promise<void> {
    for (const file of this.files) await file.close()
  }

  get #downloaded(): number {
    return this.#textBytes + this.files.reduce((sum, { used }) => sum + used, 0)
  }

  #tell(): void {
    this.#toldAt = performance.now()
    const downloaded = this.files.reduce((sum, { position }) => sum + position, this.#textBytes)
    this.#onProgress({ downloaded, total: this.#total })
  }
}
