import { crc32c } from '@sampan/engine'
import type { StoreArea } from './store-area.ts'
import { MAX_SLOT_BYTES } from './store-limits.ts'

/** u32 each, little-endian: magic, sequence number, length of the JSON that follows, CRC-32C of the two and the JSON. */
const HEADER_BYTES = 16
const MAGIC = 0x314c_5353

interface Slot {
  readonly sequence: number
  readonly value: unknown
}

/**
 * A JSON value in two files that are written in turn, so that one of them is whole whenever a tab dies: what is read is the value that
 * was written last, or the one before it.
 */
export class Slots {
  readonly #area: StoreArea
  readonly #id: string
  readonly #name: string
  /** Of the next write, once it is known. */
  #next: number | undefined
  #refused: number[] = []

  constructor(area: StoreArea, id: string, name: string) {
    this.#area = area
    this.#id = id
    this.#name = name
  }

  /** The values that can be read, the latest first, and are not refused. */
  async read(accept: (value: unknown) => boolean = () => true): Promise<unknown[]> {
    const slots = (await this.#readAll()).toSorted((a, b) => b.sequence - a.sequence)
    const accepted = slots.filter(({ value }) => accept(value))
    this.#next = (accepted[0]?.sequence ?? -1) + 1
    this.#refused = slots.filter((slot) => !accepted.includes(slot)).map(({ sequence }) => sequence)
    return accepted.map(({ value }) => value)
  }

  /** What was refused will not be accepted later, when more has changed. */
  async removeRefused(): Promise<void> {
    for (const sequence of this.#refused) await this.#area.remove(this.#id, this.#fileName(sequence))
    this.#refused = []
  }

  async write(value: unknown): Promise<void> {
    if (this.#next === undefined) await this.read()
    const sequence = this.#next ?? 0
    await this.#area.put(this.#id, this.#fileName(sequence), encodeSlot(sequence, value))
    this.#next = sequence + 1
  }

  async remove(): Promise<void> {
    if (this.#next === undefined) await this.read()
    // The latest goes last: the one before it must not come back to life.
    const last = this.#next ?? 0
    for (const sequence of [last, last + 1]) await this.#area.remove(this.#id, this.#fileName(sequence))
    this.#next = undefined
  }

  async #readAll(): Promise<Slot[]> {
    const files = await Promise.all([0, 1].map((index) => this.#area.read(this.#id, this.#fileName(index))))
    return files.flatMap((bytes) => (bytes && decodeSlot(bytes)) ?? [])
  }

  #fileName(sequence: number): string {
    return `${this.#name}-${sequence % 2}`
  }
}

function encodeSlot(sequence: number, value: unknown): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(value))
  if (json.length > MAX_SLOT_BYTES) throw new Error(`a slot of ${json.length} bytes`)
  const bytes = new Uint8Array(HEADER_BYTES + json.length)
  bytes.set(json, HEADER_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, sequence, true)
  view.setUint32(8, json.length, true)
  view.setUint32(12, slotCrc(bytes, HEADER_BYTES + json.length), true)
  return bytes
}

/** What lies after the JSON is what is left of a longer value. */
function decodeSlot(bytes: Uint8Array<ArrayBuffer>): Slot | undefined {
  if (bytes.length < HEADER_BYTES) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const end = HEADER_BYTES + view.getUint32(8, true)
  if (view.getUint32(0, true) !== MAGIC || end > bytes.length) return undefined
  if (view.getUint32(12, true) !== slotCrc(bytes, end)) return undefined
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER_BYTES, end)))
  return { sequence: view.getUint32(4, true), value }
}

function slotCrc(bytes: Uint8Array, end: number): number {
  return crc32c(bytes.subarray(HEADER_BYTES, end), crc32c(bytes.subarray(4, 12)))
}
