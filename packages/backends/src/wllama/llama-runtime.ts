import { Wllama } from '@wllama/wllama/esm/index.js'
import { BackendError } from '../backend-error.ts'
import type { Candidate } from './draw-token.ts'
import { explainLoadFailure, modelDisposed, stopped } from './explain-failure.ts'
import { wasmUrls } from './wasm-urls.ts'
import { standInForDocument } from './worker-document.ts'

/** Lines of llama.cpp's log that go into an error's details. */
const LOG_LINES = 6

/** Of one key or value: f32, since WebAssembly converts halves so slowly that a long prompt takes twice the time. */
export const WLLAMA_KEY_VALUE_BYTES = 4
const KEY_VALUE_TYPE = 'f32'

/** Greedy: what is not named here is off by default. */
const GREEDY = { temp: 0, top_k: 1, top_p: 1, min_p: 0 }

/** Above all logits whose chances are numbers, by so little that float32 still tells 0.0001 apart. */
const PROBE_LIFT = 512
/** Makes 0 of a logit that it divides. */
const PROBE_PENALTY = 1e30

export interface RuntimeOptions {
  readonly contextLength: number
  readonly batchTokens: number
  readonly threads: number
}

/**
 * llama.cpp in the Worker that wllama starts for it. Every call rejects once that Worker has crashed, which wllama alone would not
 * always tell.
 */
export class LlamaRuntime {
  /** Resolves with the error when llama.cpp or its Worker dies or is ended. */
  readonly crashed: Promise<BackendError>
  readonly #wllama: Wllama
  readonly #errors: string[] = []
  /** Rejects the calls in flight. */
  readonly #waiting = new Set<(error: BackendError) => void>()
  #phase: 'starting' | 'running' = 'starting'
  #crash: BackendError | undefined
  #resolveCrashed: (error: BackendError) => void = () => {}

  private constructor() {
    standInForDocument()
    this.crashed = new Promise((resolve) => {
      this.#resolveCrashed = resolve
    })
    const quiet = (): void => {}
    this.#wllama = new Wllama(wasmUrls, {
      logger: { debug: quiet, log: quiet, warn: quiet, error: (said: unknown) => this.#heard(said) },
    })
  }

  /** @throws BackendError */
  static async start(model: Blob, { contextLength, batchTokens, threads }: RuntimeOptions): Promise<LlamaRuntime> {
    const runtime = new LlamaRuntime()
    const config = {
      n_ctx: contextLength,
      n_batch: batchTokens,
      n_threads: threads,
      cache_type_k: KEY_VALUE_TYPE,
      cache_type_v: KEY_VALUE_TYPE,
      // Slower by half on a CPU.
      flash_attn: false,
    } as const
    try {
      await runtime.#orCrash(runtime.#wllama.loadModel([model], config))
      await runtime.#orCrash(runtime.#wllama.samplingInit(GREEDY))
    } catch (error) {
      runtime.exit()
      throw explainLoadFailure(error, runtime.#errors)
    }
    runtime.#phase = 'running'
    return runtime
  }

  get vocabularySize(): number {
    return this.#wllama.getLoadedContextInfo().n_vocab
  }

  /** Runs `tokens`, at most a batch, after those in the cache. `wanted`: the logits after the last of them will be asked for. */
  async decode(tokens: readonly number[], wanted: boolean): Promise<void> {
    await this.#call(() => this.#wllama.decode([...tokens], { skipLogits: !wanted }))
  }

  /** The best of what may come after the last token, best first. */
  candidates(count: number): Promise<readonly Candidate[]> {
    return this.#call(() => this.#wllama.getLogits(count))
  }

  /** The most likely next token; much faster than `candidates(1)`, but with chances that are no numbers llama.cpp aborts. */
  async best(): Promise<number> {
    const { token } = await this.#call(() => this.#wllama.samplingSample())
    return token
  }

  /**
   * Whether the logit of `token` is larger than `bound`. Of two tokens that are lifted above all others, the sampler takes the
   * larger: one is `token`; the other is made 0 by a repetition penalty and lifted by a negative presence penalty after that.
   * `endProbes` must follow before `best`.
   */
  async exceeds(token: number, bound: number): Promise<boolean> {
    const zero = token === 0 ? 1 : 0
    const config = {
      ...GREEDY,
      penalty_last_n: 1,
      penalty_repeat: PROBE_PENALTY,
      penalty_present: -PROBE_LIFT,
      logit_bias: [
        { token, bias: PROBE_LIFT - bound },
        { token: zero, bias: PROBE_LIFT },
      ],
    }
    await this.#call(() => this.#wllama.samplingInit(config, [zero]))
    return (await this.best()) === token
  }

  /** Sets the sampler back to what `best` needs. */
  async endProbes(): Promise<void> {
    await this.#call(() => this.#wllama.samplingInit(GREEDY))
  }

  /** Drops all but the first `count` tokens from the cache. */
  async keep(count: number): Promise<void> {
    await this.#call(() => (count === 0 ? this.#wllama.kvClear() : this.#wllama.kvRemove(count, -1)))
  }

  /** llama.cpp's own tokens of a text, control tokens read as such. */
  tokenize(text: string): Promise<readonly number[]> {
    return this.#call(() => this.#wllama.tokenize(text, true))
  }

  /**
   * Rejects calls in flight and later ones. llama.cpp's Worker, and with it all its memory, ends with the Worker that this runs in:
   * Chromium often keeps the threads of both for ever when the inner one is terminated just before the outer one.
   */
  exit(): void {
    this.#tellCrash(modelDisposed())
  }

  async #call<T>(work: () => Promise<T>): Promise<T> {
    if (this.#crash) throw this.#crash
    try {
      return await this.#orCrash(work())
    } catch (error) {
      if (error instanceof BackendError) throw error
      // wllama's own errors are llama.cpp saying no; all others come out of WebAssembly, which cannot go on after them.
      const refusal = error instanceof Error && 'type' in error
      const failure = refusal ? refused(error, this.#errors) : stopped(error, this.#errors, this.#phase)
      if (!refusal) this.#tellCrash(failure)
      throw failure
    }
  }

  #orCrash<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject)
      work.then(resolve, reject).finally(() => this.#waiting.delete(reject))
      if (this.#crash) reject(this.#crash)
    })
  }

  #tellCrash(error: BackendError): void {
    this.#crash ??= error
    this.#resolveCrashed(this.#crash)
    for (const reject of this.#waiting) reject(this.#crash)
  }

  /** The Worker's own failures come the same way as llama.cpp's log. */
  #heard(said: unknown): void {
    if (said instanceof Event) {
      said.preventDefault()
      const message = 'message' in said && said.message ? said.message : 'its script could not be started'
      this.#tellCrash(stopped(message, this.#errors, this.#phase))
    } else {
      this.#errors.push(String(said))
      if (this.#errors.length > LOG_LINES) this.#errors.shift()
    }
  }
}

function refused(error: Error, log: readonly string[]): BackendError {
  return new BackendError(
    'backend-failed',
    `llama.cpp refused to go on: ${error.message}. Ask again; if it stays so, load the model again.`,
    { log: [...log] },
    error,
  )
}
