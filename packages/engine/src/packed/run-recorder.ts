import type { PlaneSection } from '../weights/plane-format.ts'
import type { PlaneTarget } from '../weights/plane-target.ts'
import { crc32c } from './crc32c.ts'
import type { PackedRun, PackOptions } from './packed-types.ts'

/** Appends planes to a packed file and keeps where they are. */
export class RunRecorder implements PlaneTarget {
  readonly #append: PackOptions['append']
  #runs: PackedRun[]

  constructor(append: PackOptions['append'], runs: readonly PackedRun[]) {
    this.#append = append
    this.#runs = [...runs]
  }

  get runs(): readonly PackedRun[] {
    return this.#runs
  }

  async put(run: PlaneSection, words: Uint32Array<ArrayBuffer>, firstRow: number): Promise<void> {
    const bytes = runBytes(run, words)
    const crc = crc32c(bytes)
    const offset = await this.#append(bytes)
    this.#runs.push({ firstRow, rows: run.rows, offset, bytes: bytes.byteLength, crc })
  }

  /** What was recorded is to be done again. */
  clear(): void {
    this.#runs = []
  }
}

/** The bytes of a run that begins `words`. */
export function runBytes({ end }: PlaneSection, words: Uint32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(words.buffer, words.byteOffset, 4 * end)
}
