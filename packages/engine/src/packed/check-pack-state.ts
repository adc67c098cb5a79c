import { EngineError } from '../errors.ts'
import { widerFormat } from '../weights/matrix-packer.ts'
import type { PlaneFormat } from '../weights/plane-format.ts'
import { planReads, type ReadPiece } from '../weights/read-plan.ts'
import { type RowRun, rowPieces, rowRuns } from '../weights/row-pieces.ts'
import { LoadScratch } from '../weights/scratch.ts'
import { findOverlap } from './find-overlap.ts'
import type { PackedRun, PackedTensor, PackState } from './packed-types.ts'
import { readPackedTensors } from './read-packed-tensors.ts'
import { runSection } from './run-section.ts'
import type { UsedTensor } from './used-tensors.ts'

/**
 * A state as it comes out of a journal, if it is one that packing these tensors now has after so many reads: which runs are there, and
 * in what format.
 * @throws EngineError `file-damaged` where it is another's
 */
export function checkPackState(state: PackState, used: readonly UsedTensor[]): PackState {
  const { reads, again } = state
  const tensors = readTensors(state)
  if (!Number.isSafeInteger(reads) || !Array.isArray(again)) throw stale('it is no state')
  const matrices = used.filter(({ vector }) => !vector)
  const wider = matrices.filter(({ tensor }) => again.includes(tensor.name))
  if (wider.length < new Set(again).size) throw stale('it names tensors that are not packed twice')
  const first = runsOf(used)
  const second = runsOf(wider)
  if (reads < 0 || reads > first.reads + second.reads) throw stale(`there are not ${reads} reads`)

  const known = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  for (const own of used) {
    const isAgain = wider.includes(own)
    const { name } = own.tensor
    const done = isAgain ? second.done(own, reads - first.reads) : first.done(own, reads)
    if (isAgain && first.done(own, reads).length === 0) throw stale(`${name} is to be read again, and was never read`)
    const format = isAgain ? widerFormat(own.format) : own.format
    checkRuns(name, known.get(name), own, format, done)
    known.delete(name)
  }
  for (const name of known.keys()) throw stale(`${name} is no tensor of it`)
  const overlapping = findOverlap(tensors)
  if (overlapping) throw stale(`runs of ${overlapping.name} lie over others`)
  return { reads, tensors, again: [...again] }
}

function readTensors({ tensors }: PackState): PackedTensor[] {
  try {
    return readPackedTensors('the journal', tensors)
  } catch {
    throw stale('its tensors are none')
  }
}

interface PlannedRuns {
  readonly reads: number
  /** Of a tensor, after so many reads. */
  done(used: UsedTensor, reads: number): readonly RowRun[]
}

function runsOf(used: readonly UsedTensor[]): PlannedRuns {
  const scratch = new LoadScratch()
  const owners = new Map<ReadPiece, UsedTensor>()
  for (const one of used)
    for (const piece of rowPieces({ tensor: one.tensor, shape: one.shape, take: () => {} }, scratch))
      owners.set(piece, one)
  const ranges = planReads([...owners.keys()])
  /** After which read each run of a tensor is done. */
  const after = new Map(used.map((one): [UsedTensor, number[]] => [one, []]))
  for (const [index, { pieces }] of ranges.entries())
    for (const piece of pieces) {
      const owner = owners.get(piece)
      if (owner) after.get(owner)?.push(index + 1)
    }
  return {
    reads: ranges.length,
    done: (one, reads) =>
      rowRuns(one.tensor, one.shape).slice(0, (after.get(one) ?? []).filter((read) => read <= reads).length),
  }
}

function checkRuns(
  name: string,
  tensor: PackedTensor | undefined,
  { shape, vector }: UsedTensor,
  format: PlaneFormat | undefined,
  done: readonly RowRun[],
): void {
  if (tensor === undefined && done.length === 0) return
  if (tensor?.runs.length !== done.length) throw stale(`${name} has not the runs that are done`)
  const { kind, scaleShift } = tensor
  if (kind.bits !== format?.kind.bits || kind.scale !== format.kind.scale || scaleShift !== format.scaleShift)
    throw stale(`${name} is packed to ${kind.bits} ${kind.scale} ${scaleShift}`)
  const isRun = (run: PackedRun, index: number): boolean => {
    const { firstRow, rows } = done[index] ?? {}
    if (run.firstRow !== firstRow || run.rows !== rows || run.offset % 16 !== 0) return false
    return run.bytes === 4 * runSection(format, run.rows, vector ? undefined : shape.columns).end
  }
  if (!tensor.runs.every(isRun)) throw stale(`runs of ${name} are not where they would be`)
}

function stale(why: string): EngineError {
  return new EngineError(
    'file-damaged',
    `What was packed before cannot be gone on with (${why}): delete what is there of the model, and begin anew.`,
  )
}
