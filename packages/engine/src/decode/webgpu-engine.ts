import type { Gpu } from '../device/gpu.ts'
import type {
  AdapterDescription,
  AdapterUse,
  CounterSnapshot,
  Engine,
  GenerateOptions,
  LedgerSnapshot,
  ScoreOptions,
  TokenBytes,
} from '../engine-types.ts'
import { EngineError } from '../errors.ts'
import type { ModelConfig } from '../formats/checkpoint.ts'
import type { LoraAdapter } from '../formats/lora/lora-adapter.ts'
import type { Sampler } from '../kernels/sample/sample.ts'
import { AdapterSet, checkAdapterUses } from '../lora/adapter-set.ts'
import type { DecoderModel } from '../models/decoder.ts'
import { checkGenerateOptions, checkScoreOptions, checkTokens } from './check-options.ts'
import { decodeLoop } from './decode-loop.ts'
import { DecodePace } from './decode-pace.ts'
import type { Decoder } from './decoder.ts'
import { Lock } from './lock.ts'
import { Prefill } from './prefill.ts'
import { PrefixCache } from './prefix-cache.ts'
import { SamplingPlanner } from './sampling.ts'
import { Scorer } from './scorer.ts'
import type { Step } from './step.ts'
import { StepDivision } from './step-division.ts'
import type { SubmitPacer } from './submit-pacer.ts'
import { tokenBytes } from './token-bytes.ts'

export interface EngineParts {
  readonly gpu: Gpu
  readonly model: DecoderModel
  readonly decoder: Decoder
  readonly sampler: Sampler
  /** Of the next token, f32 `[vocabulary]`. */
  readonly logits: GPUBuffer
  /** Final norm and output head of the decode step's row. */
  readonly head: readonly Step[]
  readonly pacer: SubmitPacer
  /** `LoadEngineOptions.prefixCacheBytes` */
  readonly prefixCacheBytes?: number | undefined
}

/** `Engine` over a loaded decoder: cache bookkeeping, one call at a time, end of life. */
export class WebGpuEngine implements Engine {
  readonly config: ModelConfig
  readonly adapter: AdapterDescription
  readonly contextLength: number
  readonly tokenBytes: TokenBytes
  readonly lost: Promise<EngineError>
  readonly #parts: EngineParts
  readonly #prefill: Prefill
  readonly #division: StepDivision
  readonly #sampling: SamplingPlanner
  readonly #pace = new DecodePace()
  readonly #cached: PrefixCache
  readonly #lock = new Lock()
  readonly #adapters: AdapterSet
  #used: readonly AdapterUse[] = []
  readonly #ended = new AbortController()
  /** A generation has given a token and waits to be asked for the next. */
  #paused = false
  #disposed: Promise<void> | undefined

  constructor(parts: EngineParts) {
    this.#parts = parts
    this.config = parts.decoder.config
    this.adapter = parts.gpu.adapter
    this.contextLength = parts.decoder.contextLength
    this.tokenBytes = tokenBytes(parts.decoder.weights, parts.decoder.cache)
    this.lost = parts.gpu.lost
    this.#prefill = new Prefill(parts.decoder, parts.pacer)
    this.#division = new StepDivision(parts.pacer)
    this.#cached = new PrefixCache(parts.decoder, parts.prefixCacheBytes)
    this.#adapters = new AdapterSet(parts.gpu, parts.model, parts.decoder.many.tokens)
    this.#sampling = new SamplingPlanner({
      ...parts,
      vocabulary: this.config.vocabularySize,
      slots: DecodePace.mostDepth + 1,
    })
  }

  counters(): CounterSnapshot {
    return this.#parts.gpu.counters()
  }

  ledger(): LedgerSnapshot {
    return this.#parts.gpu.ledger.snapshot()
  }

  async *generate(tokens: readonly number[], options: GenerateOptions): AsyncGenerator<number, void, undefined> {
    const prompt = [...tokens]
    const { decoder, head } = this.#parts
    const { contextLength } = this
    this.#checkAlive()
    checkTokens(prompt, this.config.vocabularySize, contextLength)
    const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32)
    checkGenerateOptions({ ...options, seed }, this.config.vocabularySize, prompt.length)
    const signal = this.#signal(options.signal)
    const release = await this.#lock.acquire(signal)
    try {
      this.#checkAlive()
      // The last token always runs again: its logits are what sampling starts from.
      const start = await this.#cached.take(prompt, options.cachePrompt === false ? 0 : prompt.length - 1)
      options.onCached?.(start)
      options.onPrefill?.(start, prompt.length)
      await this.#prefill.run(prompt, start, {
        signal,
        priority: options.priority,
        onBatch: (first, count) => {
          this.#cached.append(prompt.slice(first, first + count))
          options.onPrefill?.(first + count, prompt.length)
          if (first + count === prompt.length) this.#takeLastRow(count)
        },
      })
      const sampling = await this.#sampling.begin({ ...options, seed }, prompt)
      // A token is sampled even when its own place in the context no longer exists.
      const limit = Math.min(options.maxTokens, contextLength - prompt.length + 1)
      const run = {
        decoder,
        pace: this.#pace,
        pacer: this.#parts.pacer,
        division: this.#division,
        priority: options.priority,
        head,
        sampling,
        constraint: options.constraint,
        promptTokens: prompt.length,
        limit,
        signal,
      }
      let previous: number | undefined
      for await (const token of decodeLoop(run)) {
        // A token is in the cache once the step after it has run, which is certain when that step's own token has come.
        if (previous !== undefined) this.#cached.append([previous])
        previous = token
        this.#paused = true
        yield token
        this.#paused = false
      }
    } finally {
      this.#paused = false
      release()
    }
  }

  async score(given: readonly number[], options: ScoreOptions): Promise<void> {
    const tokens = [...given]
    this.#checkAlive()
    checkTokens(tokens, this.config.vocabularySize, this.contextLength)
    checkScoreOptions(options, tokens.length)
    const signal = this.#signal(options.signal)
    const release = await this.#lock.acquire(signal)
    try {
      this.#checkAlive()
      const start = await this.#cached.take(tokens, options.from)
      const scorer = new Scorer(this.#parts.decoder, this.#parts.pacer)
      try {
        await scorer.run(this.#prefill, tokens, start, { ...options, signal })
      } finally {
        scorer.dispose()
      }
      this.#cached.append(tokens.slice(start))
    } finally {
      release()
    }
  }

  loadAdapter(adapter: LoraAdapter, signal?: AbortSignal): Promise<void> {
    return this.#exclusively(signal, async (combined) => {
      await this.#adapters.load(adapter, combined)
    })
  }

  async useAdapters(given: readonly AdapterUse[], signal?: AbortSignal): Promise<void> {
    this.#checkAlive()
    checkAdapterUses(given)
    const list = given.map((use) => ({ ...use }))
    return this.#exclusively(signal, (combined) =>
      this.#adapters.activate(list, combined, async (active) => {
        const key = this.#adapters.key(list)
        if (key !== this.#adapters.key(this.#used)) {
          await this.#parts.decoder.adapt(active)
          this.#cached.use(key)
        }
        this.#used = list
      }),
    )
  }

  unloadAdapter(adapter: LoraAdapter): Promise<void> {
    return this.#exclusively(undefined, async () => {
      if (this.#used.some((use) => use.adapter === adapter))
        throw new EngineError(
          'option-invalid',
          `The adapter ${adapter.name} is in use: call useAdapters without it before it is unloaded.`,
          { adapter: adapter.name },
        )
      this.#adapters.unload(adapter)
    })
  }

  async #exclusively(given: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#checkAlive()
    const signal = this.#signal(given)
    const release = await this.#lock.acquire(signal)
    try {
      this.#checkAlive()
      await work(signal)
    } finally {
      release()
    }
  }

  dispose(): Promise<void> {
    this.#disposed ??= this.#dispose()
    return this.#disposed
  }

  async #dispose(): Promise<void> {
    this.#ended.abort(disposed())
    // Who holds the lock sees the abort and lets go, but for a generation whose loop nobody continues.
    if (!this.#paused) (await this.#lock.acquire(new AbortController().signal))()
    this.#parts.gpu.destroy()
  }

  /** Copies the residual row of a batch's last token to where the head of the decode step reads it. */
  #takeLastRow(count: number): void {
    const { gpu, decoder } = this.#parts
    const bytes = 4 * decoder.many.strides.hidden
    const encoder = gpu.device.createCommandEncoder()
    encoder.copyBufferToBuffer(decoder.many.x, (count - 1) * bytes, decoder.one.x, 0, bytes)
    gpu.submit(encoder, 0)
  }

  #signal(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.#ended.signal]) : this.#ended.signal
  }

  #checkAlive(): void {
    if (this.#ended.signal.aborted) throw disposed()
    this.#parts.gpu.check()
  }
}

const disposed = (): EngineError =>
  new EngineError('engine-disposed', 'This model has been disposed of. Load it again to use it.')
