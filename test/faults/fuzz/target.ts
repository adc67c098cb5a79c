import { EngineError } from '@sampan/engine'

/** Whole numbers in [0, below). */
export type Pick = (below: number) => number

/** A parser of what strangers wrote, with inputs to damage. */
export interface FuzzTarget {
  readonly name: string
  /** Which share of all cases is its own, beside the others' weights. Dear parsers have small ones. */
  readonly weight: number
  /** Takes anything that is no sense at all for nothing. */
  readonly lenient?: true
  /** One case: makes a damaged input and reads it. What is thrown must be a typed error. */
  readonly run: (pick: Pick) => unknown
}

export function oneOf<T>(pick: Pick, values: readonly T[]): T {
  const value = values[pick(values.length)]
  if (value === undefined) throw new Error('nothing to pick from')
  return value
}

/** Thrown by a case that asked for more than it may, whatever the parser makes of it. */
export class Excess extends Error {}

/** As the engine's `ByteSource`, of a file that may claim to be longer than it is: what is not there are zeros. */
export function sourceOf(bytes: Uint8Array<ArrayBuffer>, size = bytes.length, most = 64 << 20) {
  let read = 0
  return {
    name: 'damaged',
    size,
    async read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
      if (!(start >= 0 && start <= end)) throw new Excess(`reads [${start}, ${end})`)
      // As every source of the engine's does.
      if (end > size) throw new EngineError('file-truncated', `[${start}, ${end}) is past the end of ${size} bytes.`)
      read += end - start
      if (read > most) throw new Excess(`reads ${read} bytes`)
      const out = new Uint8Array(end - start)
      out.set(bytes.subarray(start, end))
      return out
    },
  }
}
