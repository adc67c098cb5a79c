import type { CrashMark, Processor } from './crash-mark.ts'

/** The same weights come out a little larger or smaller with other options. */
const SAME = 0.98

/**
 * What earlier crashes say of a model that takes so many bytes of a processor's memory: those on the other one say nothing. `again`: it has ended a page, and takes no less than then: it is not to
 * be loaded unasked. `near`: another has, or this one with more bytes. Latest first, as `findCrashes` gives them.
 */
export function judgeCrashes(
  all: readonly CrashMark[],
  key: string,
  bytes: number | undefined,
  processor: Processor,
): { readonly kind: 'again' | 'near'; readonly crash: CrashMark } | undefined {
  const crashes = all.filter((crash) => crash.processor === processor)
  const own = crashes.find((crash) => crash.key === key)
  if (own && (bytes === undefined || bytes >= SAME * own.bytes)) return { kind: 'again', crash: own }
  const near = own ?? crashes.find((crash) => bytes !== undefined && crash.bytes > 0 && bytes >= SAME * crash.bytes)
  return near && { kind: 'near', crash: near }
}
