import { openGguf } from '@sampan/engine'
import { Wllama } from 'wllama-webgpu/esm/index.js'
import wasmUrl from 'wllama-webgpu/esm/wasm/wllama.wasm?url'
import { BenchError } from '../errors.ts'
import type {
  BenchEngine,
  BenchModel,
  EngineIdentity,
  ModelToRun,
  OpenOptions,
  RunRequest,
  RunSample,
} from './bench-engine.ts'
import { CompletionAnswer } from './completion-answer.ts'
import { checkpointModel, ggufUrl, remoteFile } from './gguf-facts.ts'
import { loadGguf } from './load-gguf.ts'
import { LoadPhases } from './load-phases.ts'
import { pageAdapter } from './page-adapter.ts'
import { requireContext } from './require-context.ts'
import { WholeWords } from './whole-words.ts'

const WLLAMA_VERSION = '3.8.1'

/** What llama.cpp says of each device that it puts layers on. */
const ON_GPU = /WebGPU\S* model buffer size/

export interface WllamaWebGpuOptions {
  /** False: the file is not kept on this device. */
  readonly keep: boolean
}

/**
 * wllama from 3.0 on, which has WebGPU, with all layers there and its defaults but for one conversation at a time and the context that the
 * test needs. Its completions take texts alone: ids become whole words, as many, and its answers cannot be held against token ids.
 */
export function wllamaWebGpuEngine(options: WllamaWebGpuOptions): BenchEngine {
  return {
    name: 'wllama-webgpu',
    open: (model, { onProgress, signal }) => openWllama(options, model, { onProgress, signal }),
  }
}

async function openWllama(
  { keep }: WllamaWebGpuOptions,
  { source, contextLength }: ModelToRun,
  { onProgress, signal }: OpenOptions,
): Promise<BenchModel> {
  const url = ggufUrl(source)
  const adapter = await pageAdapter()
  if (!adapter) throw new BenchError('not-available', 'There is no WebGPU adapter here.')
  const phases = new LoadPhases()
  phases.see('open')
  const checkpoint = await openGguf(await remoteFile(url, signal), signal)
  requireContext(checkpoint.config.contextLength, contextLength)
  const words = WholeWords.of(checkpoint.metadata)
  if (!words)
    throw new BenchError(
      'not-available',
      `wllama ${WLLAMA_VERSION} takes texts alone, and this vocabulary has too few words to make one of so many tokens.`,
    )
  let isOnGpu = false
  const hear = (...said: readonly unknown[]): void => {
    isOnGpu ||= ON_GPU.test(said.join(' '))
  }
  const wllama = new Wllama(
    { default: new URL(wasmUrl, location.href).href },
    { logger: { debug: hear, log: hear, warn: hear, error: hear } },
  )
  const params = { n_ctx: contextLength, n_parallel: 1 }
  await loadGguf(wllama, { url, keep, params }, phases, { onProgress, signal })
  signal.throwIfAborted()
  // It goes on on the CPU without a word, where the adapter lacks what it needs.
  if (!isOnGpu) {
    await wllama.exit()
    throw new BenchError(
      'not-available',
      `wllama ${WLLAMA_VERSION} put no layer on this adapter${adapter.features.includes('shader-f16') ? '' : ', which has no shader-f16'}: it would run on the CPU.`,
    )
  }
  const identity: EngineIdentity = {
    version: WLLAMA_VERSION,
    commit: Wllama.getLibllamaVersion(),
    ...{ device: 'gpu', adapter },
    threads: wllama.isMultithread() ? wllama.getNumThreads() : 1,
    model: { ...checkpointModel(checkpoint), vocabularySize: wllama.getLoadedContextInfo().n_vocab },
    load: phases.end(),
  }
  return new WllamaWebGpuModel(wllama, words, identity)
}

class WllamaWebGpuModel implements BenchModel {
  readonly cannot = { 'next-tokens': `wllama ${WLLAMA_VERSION} takes texts alone.` }
  readonly identity: EngineIdentity
  readonly #wllama: Wllama
  readonly #words: WholeWords

  constructor(wllama: Wllama, words: WholeWords, identity: EngineIdentity) {
    this.#wllama = wllama
    this.#words = words
    this.identity = identity
  }

  async run({ prompt, generate, reuse, signal }: RunRequest): Promise<RunSample> {
    signal.throwIfAborted()
    const text = this.#words.text(prompt)
    const begun = performance.now()
    const answer = new CompletionAnswer()
    const options = {
      ...{ prompt: text, max_tokens: generate, temperature: 0, ignore_eos: true, cache_prompt: reuse },
      timings_per_token: true,
      abortSignal: signal,
    }
    await this.#wllama.createCompletion({
      ...options,
      stream: true,
      onData: (event) => answer.take(event, performance.now() - begun),
    })
    signal.throwIfAborted()
    return answer.sample(generate)
  }

  async nextTokens(): Promise<never> {
    throw new BenchError('not-available', this.cannot['next-tokens'])
  }

  /** It counts nothing. */
  async counters(): Promise<undefined> {}

  async memory(): Promise<undefined> {}

  async close(): Promise<void> {
    if (this.#wllama.isModelLoaded()) await this.#wllama.exit()
  }
}
