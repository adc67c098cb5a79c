import type { BackendProgress, TokenEngine } from '@sampan/core/backend'
import { LlamaRuntime } from './llama-runtime.ts'
import { requireMemory } from './require-memory.ts'
import { threadCount } from './threads.ts'
import { WllamaEngine } from './wllama-engine.ts'

/** Tokens of a prompt that are run at once: more is hardly faster on a CPU, and an abort waits for them. */
const BATCH_TOKENS = 16

export interface WllamaLoadOptions {
  /** Tokens of prompt and answer together; memory for all of them is taken at once. */
  readonly contextLength: number
  /** Of the cache for that context, to know beforehand whether the memory suffices. */
  readonly keyValueBytes: number
  readonly onProgress: (progress: BackendProgress) => void
  readonly signal: AbortSignal
}

/**
 * Runs a GGUF file on llama.cpp compiled to WebAssembly, in a Worker that wllama starts from a `blob:` URL. To be called in a
 * Worker: what was disposed of, has failed or has crashed is freed when that one ends.
 * @throws BackendError `device-limit-exceeded`, `device-out-of-memory`, `file-malformed`, `backend-failed`; the signal's reason
 */
export async function loadWllama(model: Blob, options: WllamaLoadOptions): Promise<TokenEngine> {
  const { contextLength, keyValueBytes, onProgress, signal } = options
  signal.throwIfAborted()
  requireMemory(model.size, keyValueBytes)
  onProgress({ phase: 'compile', loaded: 0, total: 1 })
  const threads = threadCount(globalThis.crossOriginIsolated, navigator.hardwareConcurrency || 1)
  const runtime = await LlamaRuntime.start(model, { contextLength, batchTokens: BATCH_TOKENS, threads })
  if (signal.aborted) runtime.exit()
  signal.throwIfAborted()
  onProgress({ phase: 'compile', loaded: 1, total: 1 })
  return new WllamaEngine(runtime, contextLength, BATCH_TOKENS)
}
