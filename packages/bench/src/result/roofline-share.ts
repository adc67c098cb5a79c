import type { ResultIdentity, Roofline, RowDerived, RowDraft } from './result-types.ts'
import { testOf } from './sample-rate.ts'

/** A multiplication and an addition. */
const OPERATIONS_PER_WEIGHT = 2
const GIGA = 1e9

/**
 * How much of what the device can do a row used. Decoding reads all weights and all keys and values once per token: that, against the
 * bandwidth measured on a working set of that size (a tiny model lives in the GPU's cache). Prefill multiplies: that, against the fastest
 * matrix product of any number type that was measured. Attention's own products are left out, so the share never says too much.
 * @returns undefined where the engine does not run on the GPU, or does not tell its bytes, or nothing was measured
 */
export function rooflineShare(
  { test: name, depth }: Pick<RowDraft, 'test' | 'depth'>,
  tokensPerSecond: number,
  identity: ResultIdentity | undefined,
  roofline: Roofline | undefined,
): RowDerived['roofline'] | undefined {
  if (identity?.device !== 'gpu' || roofline === undefined) return undefined
  const test = testOf(name)
  const { weightBytes, keyValueBytesPerToken, prefillParameters } = identity.model
  switch (test.kind) {
    case 'decode': {
      if (weightBytes === undefined) return undefined
      // Half of what is generated lies in the context on average.
      const context = Math.max(depth, 1) + (test.tokens + 1) / 2
      const workingSetBytes = Math.round(weightBytes + (keyValueBytesPerToken ?? 0) * context)
      const ceiling = bandwidthNear(workingSetBytes, roofline)
      if (ceiling === undefined) return undefined
      const reached = (workingSetBytes * tokensPerSecond) / GIGA
      return { of: 'copy', share: reached / ceiling, ceiling, reached, workingSetBytes }
    }
    case 'prefill': {
      const ceiling = Math.max(0, ...roofline.gemm.map(({ gigaflops }) => gigaflops.median))
      if (prefillParameters === undefined || ceiling === 0) return undefined
      const reached = (OPERATIONS_PER_WEIGHT * prefillParameters * tokensPerSecond) / GIGA
      return { of: 'gemm', share: reached / ceiling, ceiling, reached }
    }
  }
}

function bandwidthNear(workingSet: number, { copy }: Roofline): number | undefined {
  const far = (bytes: number) => Math.abs(Math.log(Math.max(1, bytes)) - Math.log(Math.max(1, workingSet)))
  const nearest = copy.toSorted((a, b) => far(a.bytes) - far(b.bytes))[0]?.gigabytesPerSecond.median
  return nearest === 0 ? undefined : nearest
}
