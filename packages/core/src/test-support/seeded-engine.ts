import type { TokenEngine, TokenGenerateOptions } from '../backend.ts'
import { tokenizer } from './ask-tokens.ts'

const WORDS = ['{', '}', '"', ':', ',', '1', ' ', '\n', '</think>', 'a', 'e']

const LIKELY = new Set(WORDS.flatMap((word) => tokenizer.encode(word, { addSpecialTokens: false })))
const ALL = Array.from({ length: tokenizer.vocabularySize }, (_, token) => token)
/** What it says unless it is held to something else: the whole vocabulary takes its time. */
const SPOKEN = ALL.filter((token) => LIKELY.has(token) || token % 32 === 0)

/** A model of noise that is the same for the same tokens before: a sampler with a seed, and chances that can be told. */
export class SeededEngine implements TokenEngine {
  readonly contextLength = 1024
  readonly lost = new Promise<Error>(() => {})
  readonly seen: TokenGenerateOptions[] = []
  readonly prompts: (readonly number[])[] = []
  /** Another device, whose arithmetic rounds otherwise. */
  rounding = 0

  async *generate(prompt: readonly number[], options: TokenGenerateOptions): AsyncGenerator<number, void, undefined> {
    this.seen.push(options)
    this.prompts.push(prompt)
    options.onCached?.(options.cachePrompt === false ? 0 : 2)
    const seed = options.seed ?? Math.random() * 2 ** 32
    let state = prompt.reduce(mix, 1)
    for (let step = 0; step < options.maxTokens; step++) {
      options.signal.throwIfAborted()
      const mask = options.constraint?.allowed()
      const logitOf = (token: number): number => this.#logit(state, token)
      const token = draw(SPOKEN, logitOf, mask, options, mix(seed, step)) ?? draw(ALL, logitOf, mask, options, seed)
      if (token === undefined) throw new Error('nothing is allowed')
      options.constraint?.accept(token)
      const total = SPOKEN.reduce((sum, one) => sum + Math.exp(logitOf(one)), Math.exp(logitOf(token)))
      options.logprobs?.take({ token, logprob: logitOf(token) - Math.log(total), top: [] })
      state = mix(state, token)
      yield token
      if (options.stopTokens.includes(token)) return
    }
  }

  async dispose(): Promise<void> {}

  #logit(state: number, token: number): number {
    return chance(mix(state, token)) * 3 + (LIKELY.has(token) ? 2 : 0) + this.rounding * chance(token)
  }
}

function draw(
  tokens: readonly number[],
  logitOf: (token: number) => number,
  mask: Uint32Array | undefined,
  { temperature, logitBias = [] }: TokenGenerateOptions,
  seed: number,
): number | undefined {
  const biases = new Map(logitBias)
  let best: number | undefined
  let highest = Number.NEGATIVE_INFINITY
  for (const token of tokens) {
    if (mask && ((mask[token >>> 5] ?? 0) & (1 << (token & 31))) === 0) continue
    const noise = temperature === 0 ? 0 : -Math.log(-Math.log(chance(mix(seed, token)))) * temperature
    const score = logitOf(token) + (biases.get(token) ?? 0) + noise
    if (score > highest) [best, highest] = [token, score]
  }
  return best
}

/** Between 0 and 1. */
function chance(state: number): number {
  return (mix(state, 0x9e3779b9) + 0.5) / 2 ** 32
}

function mix(state: number, value: number): number {
  let mixed = Math.imul(state ^ value, 0x85ebca6b) ^ (state >>> 13)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 15)) >>> 0
}
