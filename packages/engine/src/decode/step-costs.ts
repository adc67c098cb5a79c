import type { Step } from './step.ts'

/** What of a step tells how long it takes. */
export type Costly = Pick<Step, 'grid' | 'reach'> & { readonly pipeline: object }

/** A measurement lowers costs by no more than this at once: it was one submit. */
const mostFall = 0.5
/** Of a measurement, for a step that is measured first, when the others in the submit seem to explain all of it. */
const leastShare = 0.1

/** Positions whose work a step over positions has besides. */
const positionsBesides = 256

/** What a kernel takes for a grid, at most as far as it is known: for steps over positions, of one position. */
class Cost {
  milliseconds = Number.POSITIVE_INFINITY
  readonly #workgroups: number
  readonly #family: Family

  constructor(workgroups: number, family: Family) {
    this.#workgroups = workgroups
    this.#family = family
  }

  set(milliseconds: number): void {
    this.milliseconds = milliseconds
    this.#family.latest = this
  }

  /** More workgroups take longer, but not more than in proportion: so much is known from another grid, if it was measured later. */
  learnFrom(other: Cost): void {
    const ratio = this.#workgroups / other.#workgroups
    const [least, most] = [other.milliseconds * Math.min(1, ratio), other.milliseconds * Math.max(1, ratio)]
    this.milliseconds = Math.min(Math.max(this.milliseconds, least), most)
  }
}

/** One kernel over one reach, by workgroups. */
class Family {
  latest: Cost | undefined
  readonly #costs = new Map<number, Cost>()

  at(workgroups: number): Cost {
    const cost = this.#costs.get(workgroups) ?? new Cost(workgroups, this)
    this.#costs.set(workgroups, cost)
    if (this.latest && this.latest !== cost) cost.learnFrom(this.latest)
    return cost
  }
}

/** What one step adds to a submit. */
export interface Charge {
  readonly cost: Cost
  readonly times: number
  /** Work in no unit, by which steps that have never been measured share what they took together. */
  readonly weight: number
}

/** In milliseconds; infinite where a step has never been measured. */
export function sumOf(charges: readonly Charge[]): number {
  return charges.reduce((sum, { cost, times }) => sum + cost.milliseconds * times, 0)
}

/**
 * How long each dispatch takes the GPU, learnt from submits of several: what a submit took beyond or below expectation is laid
 * on its steps in proportion.
 */
export class StepCosts {
  readonly #families = new WeakMap<object, Map<number | 'positions', Family>>()
  readonly #wavering: boolean
  /** By how much the last measurement passed expectation: if only its answer was late, the next is short by so much. */
  #late = 0

  /** @param wavering measurements pass and fall short of the truth by turns, so that half of a fall is believed */
  constructor(wavering: boolean) {
    this.#wavering = wavering
  }

  charge({ pipeline, grid, reach = 1 }: Costly, tokens: number, positions: number): Charge {
    const [x, y, z] = grid(tokens, positions)
    const workgroups = Math.max(1, x * y * z)
    const families = this.#families.get(pipeline) ?? new Map<number | 'positions', Family>()
    this.#families.set(pipeline, families)
    const family = families.get(reach) ?? new Family()
    families.set(reach, family)
    const times = reach === 'positions' ? positions + positionsBesides : 1
    return { cost: family.at(workgroups), times, weight: workgroups * (reach === 'positions' ? positions : reach) }
  }

  /** These together took the GPU from `least` to `most` milliseconds. */
  learn(charges: readonly Charge[], least: number, most: number): void {
    const unknown = charges.filter(({ cost }) => cost.milliseconds === Number.POSITIVE_INFINITY)
    if (unknown.length > 0) {
      const known = sumOf(charges.filter((charge) => !unknown.includes(charge)))
      share(unknown, Math.max(most - known, most * leastShare))
      return
    }
    const expected = sumOf(charges)
    const bound = most + this.#late
    this.#late = Math.max(0, least - expected)
    let factor = 1
    if (least > expected) factor = least / expected
    else if (bound < mostFall * expected) factor = mostFall
    else if (bound < expected) factor = this.#wavering ? (1 + bound / expected) / 2 : bound / expected
    for (const cost of new Set(charges.map((charge) => charge.cost))) cost.set(cost.milliseconds * factor)
  }
}

/** Lays `milliseconds` on steps by their weight. */
export function share(charges: readonly Charge[], milliseconds: number): void {
  const weights = charges.reduce((sum, { weight }) => sum + weight, 0)
  for (const { cost, times, weight } of charges) cost.set((milliseconds * weight) / weights / times)
}
