import { Wllama } from '@wllama/wllama/esm/index.js'
import wasmUrl from '@wllama/wllama/esm/wasm/wllama.wasm?url'
import { BenchError } from '../errors.ts'
import type { BenchEngine, BenchModel, EngineIdentity, ModelToRun, OpenOptions, RunRequest, RunSample } from './bench-engine.ts'
import { CompletionAnswer } from './completion-answer.ts'
import { ggufModel, remoteFile } from './gguf-facts.ts'
import { LoadPhases } from './load-phases.ts'
import { nextTokensByRuns } from './next-tokens.ts'
import { pageAdapter } from './page-adapter.ts'

const WLLAMA_VERSION = '3.8.1'

export interface WllamaOptions {
  /** False: the file is not kept on this device. */
  readonly keep: boolean
}

/**
 * `@wllama/wllama` as its own users have it: its defaults, but for one conversation at a time and the context that the test needs. On the
 * CPU with the threads that it chooses (half of those that the browser tells of, in isolated pages), on WebGPU with all layers there.
 */
export function wllamaEngine(name: 'wllama' | 'wllama-webgpu', options: WllamaOptions): BenchEngine {
  return { name, open: (model, { onProgress, signal }) => openWllama(name, options, model, { onProgress, signal }) }
}

async function openWllama(
  name: 'wllama' | 'wllama-webgpu',
  { keep }: WllamaOptions,
  { source, contextLength }: ModelToRun,
  { onProgress, signal }: OpenOptions,
): Promise<BenchModel> {
  const url = ggufUrl(source)
  const adapter = name === 'wllama' ? undefined : await pageAdapter()
  if (name === 'wllama-webgpu' && !adapter) throw new BenchError('not-available', 'There is no WebGPU adapter here.')
  const phases = new LoadPhases()
  phases.see('open')
  const facts = await ggufModel(await remoteFile(url, signal), signal)
  const wllama = new Wllama({ default: new URL(wasmUrl, location.href).href }, { suppressNativeLog: true, logger: silent })
  const params = {
    n_ctx: contextLength,
    n_parallel: 1,
    ...(name === 'wllama' && { n_gpu_layers: 0 }),
  }
  if (keep) {
    phases.see('download')
    const progressCallback = ({ loaded, total }: { loaded: number; total: number }): void => onProgress(loaded / Math.max(total, 1))
    await wllama.loadModelFromUrl(url, { ...params, progressCallback })
  } else {
    phases.see('download')
    const response = await fetch(url, { signal })
    if (!response.ok) throw new BenchError('engine-misbehaved', `${url}: the server answered ${response.status}.`)
    const blob = await response.blob()
    phases.see('weights')
    onProgress(0.5)
    await wllama.loadModel([blob], params)
  }
  signal.throwIfAborted()
  const identity: EngineIdentity = {
    version: WLLAMA_VERSION,
    commit: Wllama.getLibllamaVersion(),
    device: name === 'wllama' ? 'cpu' : 'gpu',
    ...(adapter && { adapter }),
    threads: wllama.isMultithread() ? wllama.getNumThreads() : 1,
    model: { ...facts, vocabularySize: wllama.getLoadedContextInfo().n_vocab },
    load: phases.end(),
  }
  return new WllamaBenchModel(wllama, identity)
}

const silent = { debug: () => {}, log: () => {}, warn: () => {}, error: () => {} }

/** @throws BenchError `not-available` for what is no GGUF file */
function ggufUrl(source: string): string {
  if (/^https?:\/\/[^?#]+\.gguf([?#]|$)/i.test(source)) return source
  const [, repository, revision = 'main', file] = /^([\w.-]+\/[\w.-]+)(?:@([\w./-]+))?:([\w./-]+\.gguf)$/i.exec(source) ?? []
  if (repository !== undefined && file !== undefined)
    return `https://huggingface.co/${repository}/resolve/${revision}/${file}`
  throw new BenchError('not-available', `wllama runs GGUF files, and ${source} names none.`)
}

class WllamaBenchModel implements BenchModel {
  readonly cannot = {}
  readonly identity: EngineIdentity
  readonly #wllama: Wllama

  constructor(wllama: Wllama, identity: EngineIdentity) {
    this.#wllama = wllama
    this.identity = identity
  }

  run(request: RunRequest): Promise<RunSample> {
    return this.#complete(request, {})
  }

  nextTokens(tokens: readonly number[], from: number, signal: AbortSignal): Promise<readonly number[]> {
    return nextTokensByRuns((request) => this.#complete(request, { logprobs: 1 }), tokens, from, signal)
  }

  /** It counts nothing. */
  async counters(): Promise<undefined> {}

  async memory(): Promise<undefined> {}

  async close(): Promise<void> {
    if (this.#wllama.isModelLoaded()) await this.#wllama.exit()
  }

  async #complete({ prompt, generate, reuse, signal }: RunRequest, more: object): Promise<RunSample> {
    const begun = performance.now()
    const answer = new CompletionAnswer()
    const options = {
      ...{ prompt, max_tokens: generate, temperature: 0, ignore_eos: true, cache_prompt: reuse, stream: true },
      ...{ return_tokens: true, timings_per_token: true, stream_options: { include_usage: true }, abortSignal: signal },
      ...more,
      onData: (event: unknown) => answer.take(event, performance.now() - begun),
    }
    // Its types want a text, and its llama.cpp takes tokens too.
    await Reflect.apply(this.#wllama.createCompletion, this.#wllama, [options])
    signal.throwIfAborted()
    return answer.sample(generate)
  }
}
