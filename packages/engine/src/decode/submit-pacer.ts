import type { GenerateOptions } from '../engine-types.ts'
import { pause } from './pause.ts'
import { type Charge, type Costly, StepCosts, share, sumOf } from './step-costs.ts'
import { SubmitClock } from './submit-clock.ts'
import type { SubmitLimits } from './submit-limits.ts'

/** Submits under way in prefill. More do not make a GPU faster whose answers come when work ends. */
const submitsInFlight = 2
const mostInFlight = 40
/** Where answers come coarsely: work under way, in times of their delay, so that the GPU has some until the next. */
const coarseDelays = 1.5
/** Answers of one tick have come by then. */
const tickMilliseconds = 3
/** What submits take in the background, of what they take else. */
const backgroundShare = 0.5
const longestPause = 100

export type Priority = NonNullable<GenerateOptions['priority']>

/** Where submits go, and how one hears that all of them have ended. */
export interface PacedQueue {
  idle(): Promise<unknown>
}

export interface PacedWork<S extends Costly> {
  /** What is not divided further, in order. */
  readonly pieces: readonly (readonly S[])[]
  readonly tokens: number
  /** That the last of the tokens sees. */
  readonly positions: number
  /** Encodes and submits steps. */
  readonly submit: (steps: readonly S[]) => void
  readonly priority?: Priority | undefined
  readonly signal?: AbortSignal | undefined
}

/** Steps that go into one submit. */
export interface Slice<S extends Costly> {
  readonly steps: readonly S[]
  readonly charges: readonly Charge[]
}

/** A submit under way: steps to be charged, or a decode step as a whole. */
export type Tracked =
  | { readonly charges: readonly Charge[] }
  | { readonly whole: (least: number, most: number) => void }

interface Wait {
  readonly tracked: Tracked
  readonly ended: Promise<unknown>
}

/**
 * Cuts long work into submits that keep the GPU no longer than a page that shows something can wait: as many steps as are
 * expected to take `limits.aim`, by what they have taken before. What has never run goes alone.
 *
 * A Worker cannot know whether its page is visible; where it is not, nothing is lost but the submits' own cost.
 */
export class SubmitPacer {
  readonly limits: SubmitLimits
  readonly #queue: PacedQueue
  readonly #answer: number
  readonly #costs: StepCosts
  readonly #clock: SubmitClock<Tracked>
  #waits: Wait[] = []
  #lastSubmit = 0

  /** @param answer milliseconds that the answer to an empty submit takes */
  constructor(queue: PacedQueue, limits: SubmitLimits, answer: number) {
    this.limits = limits
    this.#queue = queue
    this.#answer = answer
    this.#clock = new SubmitClock(answer, (submits, least, most) => this.#measured(submits, least, most))
    this.#costs = new StepCosts(!this.#clock.coarse)
  }

  /** Resolves when all is submitted; what is still under way is little. */
  async run<S extends Costly>(work: PacedWork<S>): Promise<void> {
    const { pieces, tokens, positions, submit, priority, signal } = work
    for (let at = 0; at < pieces.length; ) {
      await (priority === 'background' ? this.rest(signal) : this.#room(signal))
      const { steps, charges, count } = this.#first(pieces, at, tokens, positions, this.aim(priority))
      submit(steps)
      at += count
      this.follow({ charges }, this.#queue.idle())
    }
  }

  /** Cuts steps without submitting them. */
  cut<S extends Costly>(steps: readonly S[], tokens: number, positions: number, priority?: Priority): Slice<S>[] {
    const pieces = steps.map((step) => [step])
    const slices: Slice<S>[] = []
    for (let at = 0; at < pieces.length; ) {
      const slice = this.#first(pieces, at, tokens, positions, this.aim(priority))
      slices.push(slice)
      at += slice.count
    }
    return slices
  }

  /** Milliseconds that these are expected to take; infinite where one of them has never been measured. */
  expected(steps: readonly Costly[], tokens: number, positions: number): number {
    return sumOf(this.charges(steps, tokens, positions))
  }

  charges(steps: readonly Costly[], tokens: number, positions: number): Charge[] {
    return steps.map((step) => this.#costs.charge(step, tokens, positions))
  }

  /** Lays what steps took together on each, by its work. */
  assume(steps: readonly Costly[], tokens: number, positions: number, milliseconds: number): void {
    share(this.charges(steps, tokens, positions), milliseconds)
  }

  /**
   * Most tokens a batch, `most` or about a half, a quarter … of it in whole blocks, with which no piece takes longer than it
   * should: at first a `block`. Fewer than that are fewer for attention only, and a quarter of one at least.
   */
  fittingTokens(
    pieces: readonly (readonly Costly[])[],
    { most, block, first, priority }: { most: number; block: number; first: number; priority?: Priority | undefined },
  ): number {
    if (!this.limits.divides) return most
    const shrinking = pieces.filter((piece) => piece.every(({ reach }) => reach === 'positions'))
    const longest = (tokens: number): number => {
      const counted = tokens > block ? pieces : shrinking
      return Math.max(0, ...counted.map((piece) => this.expected(piece, tokens, first + tokens)))
    }
    if (pieces.some((piece) => this.expected(piece, block, first + block) === Number.POSITIVE_INFINITY))
      return Math.min(most, block)
    const wanted = (this.aim(priority) + this.longest(priority)) / 2
    let tokens = most
    while (longest(tokens) > wanted && tokens > block / 4)
      tokens = tokens > block ? Math.ceil(tokens / 2 / block) * block : tokens / 2
    return tokens
  }

  /** Milliseconds that a submit is made for. */
  aim(priority: Priority | undefined): number {
    return this.limits.aim * (priority === 'background' ? backgroundShare : 1)
  }

  /** Milliseconds that no submit should take. */
  longest(priority: Priority | undefined): number {
    return this.limits.longest * (priority === 'background' ? backgroundShare : 1)
  }

  /** Learns from a submit that was made just now how long it took when `ended` resolves. */
  follow(tracked: Tracked, ended: Promise<unknown>): void {
    this.#clock.settle(performance.now())
    this.#lastSubmit = performance.now()
    const submit = this.#clock.submitted(tracked, this.#lastSubmit)
    const wait = { tracked, ended: ended.then(() => this.#clock.answered(submit, performance.now())) }
    wait.ended
      .finally(() => {
        this.#waits = this.#waits.filter((other) => other !== wait)
      })
      .catch(() => {}) // A loss may come while nobody waits; the next to wait is told.
    this.#waits.push(wait)
  }

  /** Waits for the end of all that was submitted, and until the GPU has been left to others for about as long as it took. */
  async rest(signal: AbortSignal | undefined): Promise<void> {
    if (this.#clock.coarse && this.#hasRoom()) return signal?.throwIfAborted()
    await Promise.all(this.#waits.map(({ ended }) => ended))
    const worked = Math.min(this.#clock.lastAnswer - this.#lastSubmit, longestPause)
    await pause(Math.max(0, this.#clock.lastAnswer + worked - performance.now()), signal)
    this.#clock.settle(performance.now())
  }

  async #room(signal: AbortSignal | undefined): Promise<void> {
    while (!this.#hasRoom()) {
      await this.#waits[0]?.ended
      if (this.#clock.coarse) await pause(tickMilliseconds, signal)
    }
    signal?.throwIfAborted()
  }

  #hasRoom(): boolean {
    this.#clock.settle(performance.now())
    const count = this.#waits.length
    if (count < submitsInFlight) return true
    if (!this.#clock.coarse || count >= mostInFlight) return false
    const known = this.#waits.flatMap(({ tracked }) => ('charges' in tracked ? tracked.charges : []))
    const expected = sumOf(known.filter(({ cost }) => Number.isFinite(cost.milliseconds)))
    return expected < coarseDelays * this.#answer
  }

  #first<S extends Costly>(
    pieces: readonly (readonly S[])[],
    start: number,
    tokens: number,
    positions: number,
    aim: number,
  ): Slice<S> & { readonly count: number } {
    const steps: S[] = []
    const charges: Charge[] = []
    let count = 0
    for (let expected = 0; start + count < pieces.length; count += 1) {
      const piece = pieces[start + count] ?? []
      const added = this.charges(piece, tokens, positions)
      expected += sumOf(added)
      if (count > 0 && expected > aim) break
      steps.push(...piece)
      charges.push(...added)
    }
    return { steps, charges, count }
  }

  #measured(submits: readonly Tracked[], least: number, most: number): void {
    const charges = submits.flatMap((tracked) => ('charges' in tracked ? [...tracked.charges] : []))
    const wholes = submits.flatMap((tracked) => ('whole' in tracked ? [tracked.whole] : []))
    if (wholes.length === 0) this.#costs.learn(charges, least, most)
    else if (charges.length === 0)
      for (const told of wholes.slice(-1)) told(least / wholes.length, most / wholes.length)
  }
}
