import { type Drift, firstIsOutlier } from '../statistics/disturbances.ts'
import { median } from '../statistics/quantile.ts'
import type { BenchResult, ResultIdentity, RowDraft, RowFlag } from './result-types.ts'
import { flagNames } from './row-schema.ts'
import { engineRate, testOf, timedMs } from './sample-rate.ts'

/** Share of answers that must be the reference's. */
export const AGREEMENT_NEEDED = 0.98
/** Of the device's own bandwidth or arithmetic: more is doubtful. */
export const ROOFLINE_DOUBTFUL = 1
/** More is no measurement. */
export const ROOFLINE_IMPLAUSIBLE = 1.2
/** Samples that a row should have. */
export const SAMPLES_WANTED = 10

const MOST_SPREAD = 0.25
const MOST_DRIFT = 0.05
const MOST_CLOCK_STEP = 0.01
const MOST_CLOCK_DIFFERENCE = 0.15

export interface FlagInputs {
  readonly row: Pick<RowDraft, 'test' | 'depth' | 'samples'>
  /** Tokens per second of each sample. */
  readonly rates: readonly number[]
  readonly width: number
  readonly wander: Drift | undefined
  readonly agreement: number | undefined
  readonly share: number | undefined
  readonly identity: ResultIdentity | undefined
  readonly result: Pick<BenchResult, 'machine' | 'conditions'>
}

/** What a reader of the row must know, in the order in which it is listed. */
export function rowFlags(inputs: FlagInputs): RowFlag[] {
  const { row, rates, width, wander, agreement, share, identity, result } = inputs
  const { samples } = row
  const onGpu = identity?.device === 'gpu'
  const marks: Record<RowFlag, boolean> = {
    spread: width > MOST_SPREAD,
    'first-outlier': firstIsOutlier(rates),
    drift: wander?.shown === true && Math.abs(wander.change) > MOST_DRIFT,
    'few-samples': samples.length < SAMPLES_WANTED,
    hidden: samples.some(({ hidden }) => hidden === true),
    'software-adapter': onGpu && (identity.adapter ?? result.machine.adapter)?.software === true,
    'developer-features': onGpu && result.conditions.developerFeatures === true,
    'coarse-timer':
      result.conditions.timerResolutionMs > MOST_CLOCK_STEP * median(samples.map((sample) => timedMs(row, sample))),
    'engine-clock-disagrees': clocksDisagree(row, rates),
    'over-roofline': share !== undefined && share > ROOFLINE_DOUBTFUL,
    'not-reused': notReused(row),
    unchecked: agreement === undefined,
    disagrees: agreement !== undefined && agreement < AGREEMENT_NEEDED,
  }
  return flagNames.filter((flag) => marks[flag])
}

function clocksDisagree(row: FlagInputs['row'], rates: readonly number[]): boolean {
  const ratios: number[] = []
  for (const [index, sample] of row.samples.entries()) {
    const other = engineRateOrNothing(row, sample)
    const own = rates[index]
    if (other !== undefined && own !== undefined) ratios.push(other / own)
  }
  return ratios.length > 0 && Math.abs(median(ratios) - 1) > MOST_CLOCK_DIFFERENCE
}

/** A clock that stands still or goes backwards tells nothing, and is the engine's affair. */
function engineRateOrNothing(row: FlagInputs['row'], sample: FlagInputs['row']['samples'][number]): number | undefined {
  try {
    return engineRate(row, sample)
  } catch {
    return undefined
  }
}

function notReused({ test, depth, samples }: FlagInputs['row']): boolean {
  if (testOf(test).kind === 'decode' || depth === 0) return false
  return samples.some(({ reused }) => reused === undefined || reused < depth / 2)
}
