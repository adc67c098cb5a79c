import type { ChosenToken, TokenGenerateOptions } from '@sampan/core/backend'
import { BackendError } from '../backend-error.ts'
import { type Candidate, candidatesWanted, drawToken, isGreedy, logitsInvalid } from './draw-token.ts'
import type { LlamaRuntime } from './llama-runtime.ts'
import { LogitChanges } from './logit-changes.ts'
import { findLogitLevel } from './logit-level.ts'
import { chosenToken, LOGPROB_ROOM_FOR_TIES } from './logprobs.ts'
import { randomPoint } from './philox.ts'

/** What of `LlamaRuntime` tells which tokens are likely. */
export type LogitRuntime = Pick<LlamaRuntime, 'vocabularySize' | 'best' | 'candidates' | 'exceeds' | 'endProbes'>

/** Among so many of the best there is mostly one that a constraint allows. */
const CONSTRAINED_CANDIDATES = 64
/** Tokens with penalties that are thought to be among the best, at most. */
const CHANGED_CANDIDATES = 256
/** Of the least float32 above 0, which chances that llama.cpp tells as 0 have at most. */
const LEAST_SCORE = -149 * Math.LN2

/** A bit for each token. */
type Mask = Uint32Array

interface Drawn {
  readonly token: number
  readonly told?: ChosenToken
}

/** Chooses the tokens of one answer. Reads no more of the vocabulary than it needs: all of it costs a sort and a copy. */
export class TokenChooser {
  readonly #runtime: LogitRuntime
  readonly #options: TokenGenerateOptions
  readonly #seed: number
  readonly #changes: LogitChanges
  #step: number
  /** Whether there are chances at all. */
  #sound = false

  constructor(runtime: LogitRuntime, prompt: readonly number[], options: TokenGenerateOptions) {
    this.#runtime = runtime
    this.#options = options
    this.#seed = options.seed ?? Math.floor(Math.random() * 2 ** 32)
    this.#changes = new LogitChanges(prompt, options)
    this.#step = options.answered ?? 0
  }

  /**
   * The token after the last that was run.
   * @throws BackendError `logits-invalid`, `option-invalid` where the constraint allows nothing; the signal's reason
   */
  async next(signal: AbortSignal): Promise<number> {
    const { constraint, logprobs } = this.#options
    const allowed = constraint?.allowed()
    const step = this.#step++
    const plain = allowed === undefined && logprobs === undefined && this.#changes.none
    // Only a draw finds out whether there are chances.
    const { token, told } =
      plain && this.#sound && isGreedy(this.#options)
        ? { token: await this.#runtime.best() }
        : await this.#draw(allowed, randomPoint(this.#seed, step))
    this.#sound = true
    signal.throwIfAborted()
    this.#changes.accept(token)
    if (told) logprobs?.take(told)
    constraint?.accept(token)
    return token
  }

  async #draw(allowed: Mask | undefined, point: number): Promise<Drawn> {
    const { vocabularySize } = this.#runtime
    const few = this.#candidatesWanted(allowed !== undefined)
    const candidates = await this.#runtime.candidates(few)
    const [best] = candidates
    if (!best || !(best.p > 0 && best.p <= 1)) throw logitsInvalid()
    const level = this.#changes.needsLevel ? await findLogitLevel(this.#runtime, best) : 0
    const complete = few >= vocabularySize
    const drawn =
      this.#drawFrom(candidates, complete, level, allowed, point) ??
      (complete
        ? undefined
        : this.#drawFrom(await this.#runtime.candidates(vocabularySize), true, level, allowed, point))
    if (!drawn) throw nothingAllowed()
    return drawn
  }

  /** @returns undefined where more candidates must be known */
  #drawFrom(
    candidates: readonly Candidate[],
    complete: boolean,
    level: number,
    allowed: Mask | undefined,
    point: number,
  ): Drawn | undefined {
    const changed = !this.#changes.none
    const scored = candidates
      .filter(({ token }) => allowed === undefined || isAllowed(allowed, token))
      .map(({ token, p }) => {
        const logit = logitOf(p, level)
        return { token, p, score: changed ? this.#changes.apply(token, logit) : logit }
      })
    const ranked = changed ? scored.toSorted((a, b) => b.score - a.score) : scored
    const ceiling = complete ? Number.NEGATIVE_INFINITY : logitOf(candidates.at(-1)?.p ?? 0, level)
    // Of tokens whose chances are all told as 0, only their order is known.
    const drawable = ranked[0]?.p === 0 ? ranked.slice(0, 1) : ranked
    const token = drawToken(drawable, ceiling, this.#options, point)
    const { logprobs } = this.#options
    if (token === undefined || !logprobs) return token === undefined ? undefined : { token }
    const told = chosenToken(token, logprobs.top, candidates, complete)
    return told && { token, told }
  }

  #candidatesWanted(constrained: boolean): number {
    const { vocabularySize } = this.#runtime
    if (this.#changes.raises) return vocabularySize
    const { logprobs } = this.#options
    const drawn = candidatesWanted(this.#options, vocabularySize) + Math.min(this.#changes.touched, CHANGED_CANDIDATES)
    const told = logprobs ? logprobs.top + LOGPROB_ROOM_FOR_TIES : 0
    return Math.min(vocabularySize, Math.max(drawn, told, constrained ? CONSTRAINED_CANDIDATES : 0))
  }
}

function isAllowed(mask: Mask, token: number): boolean {
  return ((mask[token >> 5] ?? 0) & (1 << (token & 31))) !== 0
}

/** @param level what `ln p` lacks to be the logit */
function logitOf(p: number, level: number): number {
  return (p > 0 ? Math.log(p) : LEAST_SCORE) + level
}

function nothingAllowed(): BackendError {
  return new BackendError(
    'option-invalid',
    'The constraint on the answer allows no token at all: it must leave at least one, an end token if nothing else.',
    { option: 'constraint' },
  )
}
