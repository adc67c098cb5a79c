import { openGguf } from '@sampan/engine'
import { Wllama } from '@wllama/wllama/esm/index.js'
import multiThread from '@wllama/wllama/esm/multi-thread/wllama.wasm?url'
import singleThread from '@wllama/wllama/esm/single-thread/wllama.wasm?url'
import type {
  BenchEngine,
  BenchModel,
  EngineIdentity,
  ModelToRun,
  OpenOptions,
  RunRequest,
  RunSample,
} from './bench-engine.ts'
import { checkpointModel, ggufUrl, remoteFile } from './gguf-facts.ts'
import { loadGguf } from './load-gguf.ts'
import { LoadPhases } from './load-phases.ts'
import { nextTokensByRuns } from './next-tokens.ts'
import { requireContext } from './require-context.ts'

/** The last that takes token ids; later ones take texts alone. */
const WLLAMA_VERSION = '2.3.7'

const GREEDY = { temp: 0, top_k: 1 }

const quiet = (): void => {}

export interface WllamaOptions {
  /** False: the file is not kept on this device. */
  readonly keep: boolean
}

/**
 * `@wllama/wllama` as its own users have it, on the CPU: its defaults but for the context that the test needs, with the threads that it
 * chooses (half of those that the browser tells of, in isolated pages). What it does for a completion is done by the same calls, with token
 * ids in and out.
 */
export function wllamaEngine(options: WllamaOptions): BenchEngine {
  return { name: 'wllama', open: (model, { onProgress, signal }) => openWllama(options, model, { onProgress, signal }) }
}

async function openWllama(
  { keep }: WllamaOptions,
  { source, contextLength }: ModelToRun,
  { onProgress, signal }: OpenOptions,
): Promise<BenchModel> {
  const url = ggufUrl(source)
  const phases = new LoadPhases()
  phases.see('open')
  const checkpoint = await openGguf(await remoteFile(url, signal), signal)
  requireContext(checkpoint.config.contextLength, contextLength)
  const wllama = new Wllama(
    {
      'single-thread/wllama.wasm': new URL(singleThread, location.href).href,
      'multi-thread/wllama.wasm': new URL(multiThread, location.href).href,
    },
    { suppressNativeLog: true, logger: { debug: quiet, log: quiet, warn: quiet, error: quiet } },
  )
  const params = { n_ctx: contextLength }
  await loadGguf(wllama, { url, keep, params }, phases, { onProgress, signal })
  await wllama.samplingInit(GREEDY)
  signal.throwIfAborted()
  const { n_vocab: vocabularySize } = wllama.getLoadedContextInfo()
  const identity: EngineIdentity = {
    version: WLLAMA_VERSION,
    commit: Wllama.getLibllamaVersion(),
    device: 'cpu',
    threads: wllama.isMultithread() ? wllama.getNumThreads() : 1,
    model: { ...checkpointModel(checkpoint), vocabularySize },
    load: phases.end(),
  }
  return new WllamaBenchModel(wllama, identity)
}

class WllamaBenchModel implements BenchModel {
  readonly cannot = {}
  readonly identity: EngineIdentity
  readonly #wllama: Wllama
  /** What its cache holds. */
  #cached: number[] = []

  constructor(wllama: Wllama, identity: EngineIdentity) {
    this.#wllama = wllama
    this.identity = identity
  }

  async run({ prompt, generate, reuse, signal }: RunRequest): Promise<RunSample> {
    signal.throwIfAborted()
    const begun = performance.now()
    const reused = await this.#keep(reuse ? prompt : [])
    const tokenTimes: number[] = []
    const tokens: number[] = []
    let input = prompt.slice(reused)
    for (let count = 0; count < generate; count++) {
      await this.#wllama.decode([...input], {})
      this.#cached.push(...input)
      const { token } = await this.#wllama.samplingSample()
      tokenTimes.push(performance.now() - begun)
      tokens.push(token)
      signal.throwIfAborted()
      input = [token]
    }
    return { tokenTimes, tokens, reused, promptTokens: prompt.length }
  }

  nextTokens(tokens: readonly number[], from: number, signal: AbortSignal): Promise<readonly number[]> {
    return nextTokensByRuns((request) => this.run(request), tokens, from, signal)
  }

  /** It counts nothing. */
  async counters(): Promise<undefined> {}

  async memory(): Promise<undefined> {}

  async close(): Promise<void> {
    await this.#wllama.exit()
  }

  /** Leaves in the cache what `prompt` begins with; its last token is always computed, since its logits are sampled from. */
  async #keep(prompt: readonly number[]): Promise<number> {
    const most = Math.min(this.#cached.length, Math.max(prompt.length - 1, 0))
    let same = 0
    while (same < most && this.#cached[same] === prompt[same]) same++
    if (same < this.#cached.length) await (same === 0 ? this.#wllama.kvClear() : this.#wllama.kvRemove(same, -1))
    this.#cached.length = same
    return same
  }
}
