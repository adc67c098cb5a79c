import type { Route } from '../decode/route.ts'
import type { MatrixPlan, PartPlan } from '../weights/matrix-plan.ts'

/** As the kernels' uniforms have them. */
const matrixBytes = 128
const embedBytes = 48
/** Of norm, rope and attention, one each. */
const otherBytes = 16 + 32 + 32
const siluBytes = 16

/**
 * Bytes of all uniforms of a plan of dispatches, of which equal ones are one: some kilobytes. Those of two matrices are equal where
 * their layouts are; a matrix has two where decode and prefill run it in different ways.
 * @param plans by the labels of `weightSpecs`
 */
export function uniformBytes(plans: ReadonlyMap<string, MatrixPlan>, { fuseNorm }: Route): number {
  const distinct = new Set<string>()
  const pairs = !fuseNorm && [...plans].every(([label, plan]) => !label.endsWith('.gateUp') || isOneKind(plan))
  let bytes = otherBytes + (pairs ? 0 : siluBytes)
  for (const [label, { parts }] of plans) {
    const role = label.slice(label.lastIndexOf('.') + 1)
    if (role === 'embedding') bytes += 2 * embedBytes * parts.reduce((sum, { sections }) => sum + sections.length, 0)
    const head = role === 'head' || (role === 'embedding' && !plans.has('head'))
    if (role === 'embedding' && !head) continue
    const ways = !head && fuseNorm && (role === 'queryKeyValue' || role === 'gateUp') ? 2 : 1
    for (const part of parts) for (let way = 0; way < ways; way++) distinct.add(`${role} ${way} ${layoutOf(part)}`)
  }
  return bytes + matrixBytes * distinct.size
}

const isOneKind = ({ parts }: MatrixPlan): boolean =>
  parts.every(({ sections: [gate, up] }) => JSON.stringify(gate?.kind) === JSON.stringify(up?.kind))

const layoutOf = ({ rowStart, sections }: PartPlan): string =>
  [
    rowStart,
    ...sections.flatMap(({ rows, quants, high, scales, blocks, scaleShift }) => [
      rows,
      quants,
      high,
      scales,
      blocks,
      scaleShift,
    ]),
  ].join()
