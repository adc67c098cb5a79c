import { EngineError } from '../errors.ts'
import { planeKinds } from '../weights/plane-format.ts'
import type { PackedRun, PackedTensor } from './packed-types.ts'

/**
 * Packed tensors as they come out of JSON from a stranger: each property of its type. What they say is for `withPacked` to check.
 * @throws EngineError `file-malformed`
 */
export function readPackedTensors(file: string, value: unknown): PackedTensor[] {
  return listOf(file, value).map((entry) => {
    const { name, kind, scaleShift, runs } = recordOf(file, entry)
    const { bits, scale } = recordOf(file, kind)
    const known = planeKinds.find((other) => other.bits === bits && other.scale === scale)
    if (typeof name !== 'string' || known === undefined) throw malformed(file)
    return {
      name,
      kind: known,
      scaleShift: numberOf(file, scaleShift),
      runs: listOf(file, runs).map((run) => readRun(file, run)),
    }
  })
}

function readRun(file: string, value: unknown): PackedRun {
  const { firstRow, rows, offset, bytes, crc } = recordOf(file, value)
  return {
    firstRow: numberOf(file, firstRow),
    rows: numberOf(file, rows),
    offset: numberOf(file, offset),
    bytes: numberOf(file, bytes),
    crc: numberOf(file, crc),
  }
}

interface Entry {
  readonly name?: unknown
  readonly kind?: unknown
  readonly bits?: unknown
  readonly scale?: unknown
  readonly scaleShift?: unknown
  readonly runs?: unknown
  readonly firstRow?: unknown
  readonly rows?: unknown
  readonly offset?: unknown
  readonly bytes?: unknown
  readonly crc?: unknown
}

function recordOf(file: string, value: unknown): Entry {
  if (typeof value !== 'object' || value === null) throw malformed(file)
  return { ...value }
}

function listOf(file: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(file)
  return value
}

function numberOf(file: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw malformed(file)
  return value
}

function malformed(name: string): EngineError {
  return new EngineError(
    'file-malformed',
    `${name} has a directory of tensors that is none: delete the model and download it again.`,
    { name },
  )
}
