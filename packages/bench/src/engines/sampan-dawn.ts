import { open } from 'node:fs/promises'
import { type ByteSource, type Engine, loadEngine, openGguf } from '@sampan/engine'
import { create, globals } from 'webgpu'
import { BenchError } from '../errors.ts'
import type { BenchModel, EngineIdentity, ModelToRun, OpenOptions, RunRequest, RunSample } from './bench-engine.ts'
import { LoadPhases } from './load-phases.ts'
import { bitsPerWeight, parametersOf } from './model-parameters.ts'
import { requireContext } from './require-context.ts'

interface FileSource extends ByteSource, AsyncDisposable {}

/**
 * `@sampan/engine` in Node, on Dawn: without a browser's processes between it and the GPU. Takes GGUF files.
 * @param hash of the file's content
 * @throws BenchError `not-available` where there is no WebGPU, or the file is no GGUF
 */
export async function openDawn(
  { version, commit }: Pick<EngineIdentity, 'version' | 'commit'>,
  { source, bits, contextLength }: ModelToRun,
  hash: string | undefined,
  { onProgress, signal }: OpenOptions,
): Promise<BenchModel> {
  if (!/\.gguf$/i.test(source))
    throw new BenchError('not-available', `sampan-dawn reads GGUF files, and ${source} is none.`)
  provideWebGpu()
  const phases = new LoadPhases()
  phases.see('open')
  const file = await fileSource(source)
  try {
    const checkpoint = await openGguf(file, signal)
    requireContext(checkpoint.config.contextLength, contextLength)
    phases.see('load')
    const engine = await loadEngine(checkpoint, {
      ...{ contextLength, signal },
      ...(bits && { bits }),
      onProgress: ({ phase, loaded, total }) => {
        if (phase === 'weights') onProgress(loaded / Math.max(total, 1))
      },
    })
    const identity = identityOf(engine, phases, { version, ...(commit !== undefined && { commit }) }, hash)
    return new DawnModel(engine, identity)
  } finally {
    await file[Symbol.asyncDispose]()
  }
}

function identityOf(
  { config, adapter, tokenBytes }: Engine,
  phases: LoadPhases,
  sampan: Pick<EngineIdentity, 'version' | 'commit'>,
  hash: string | undefined,
): EngineIdentity {
  const shape = {
    layers: config.layerCount,
    hidden: config.hiddenSize,
    heads: config.headCount,
    keyValueHeads: config.keyValueHeadCount,
    headSize: config.headSize,
    feedForward: config.feedForwardSize,
    vocabulary: config.vocabularySize,
    tiedEmbeddings: config.tiedEmbeddings,
  }
  const parameters = parametersOf(shape)
  return {
    ...sampan,
    ...{ device: 'gpu', adapter },
    model: {
      ...{ architecture: config.architecture, vocabularySize: config.vocabularySize },
      ...(hash !== undefined && { hash }),
      ...parameters,
      weightBytes: tokenBytes.weights,
      bitsPerWeight: bitsPerWeight(tokenBytes.weights, shape, parameters),
      keyValueBytesPerToken: tokenBytes.keyValue,
    },
    load: phases.end(),
  }
}

let provided = false

function provideWebGpu(): void {
  if (provided) return
  provided = true
  Object.assign(globalThis, globals)
  const gpu = create([])
  if ('navigator' in globalThis) Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true })
  else Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true })
}

async function fileSource(path: string): Promise<FileSource> {
  const file = await open(path)
  const { size } = await file.stat()
  return {
    name: path,
    size,
    async read(start, end, signal) {
      signal?.throwIfAborted()
      if (start < 0 || end > size) throw new BenchError('engine-misbehaved', `${path} ends before byte ${end}.`)
      const bytes = new Uint8Array(end - start)
      for (let at = 0; at < bytes.length; ) {
        const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at)
        if (bytesRead === 0) throw new BenchError('engine-misbehaved', `${path} ends before byte ${end}.`)
        at += bytesRead
      }
      return bytes
    },
    [Symbol.asyncDispose]: () => file.close(),
  }
}

class DawnModel implements BenchModel {
  readonly cannot = {}
  readonly identity: EngineIdentity
  readonly #engine: Engine

  constructor(engine: Engine, identity: EngineIdentity) {
    this.#engine = engine
    this.identity = identity
  }

  async run({ prompt, generate, reuse, signal }: RunRequest): Promise<RunSample> {
    const begun = performance.now()
    const tokenTimes: number[] = []
    const tokens: number[] = []
    let reused = 0
    const onCached = (count: number): void => {
      reused = count
    }
    const options = { maxTokens: generate, cachePrompt: reuse, onCached, signal }
    for await (const token of this.#engine.generate(prompt, options)) {
      tokenTimes.push(performance.now() - begun)
      tokens.push(token)
    }
    signal.throwIfAborted()
    return { tokenTimes, tokens, reused, promptTokens: prompt.length }
  }

  async nextTokens(tokens: readonly number[], from: number, signal: AbortSignal): Promise<readonly number[]> {
    const next: number[] = []
    await this.#engine.score(tokens, { from, signal, onLogits: (_, logits) => next.push(likeliest(logits)) })
    return next
  }

  async counters(): ReturnType<BenchModel['counters']> {
    return this.#engine.counters()
  }

  async memory(): ReturnType<BenchModel['memory']> {
    const { weights, keyValue, activations, state, staging, total } = this.#engine.ledger()
    return { weights, keyValue, scratch: activations + state + staging, total }
  }

  close(): Promise<void> {
    return this.#engine.dispose()
  }
}

function likeliest(logits: Float32Array): number {
  let best = 0
  for (let id = 1; id < logits.length; id++) if ((logits[id] ?? 0) > (logits[best] ?? 0)) best = id
  return best
}
