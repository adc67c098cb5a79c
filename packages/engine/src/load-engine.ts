import { Decoder } from './decode/decoder.ts'
import { headSteps } from './decode/head-steps.ts'
import { loadModelWeights, type ModelWeights } from './decode/model-weights.ts'
import { chooseRoute, type Route } from './decode/route.ts'
import type { Step } from './decode/step.ts'
import { SubmitPacer } from './decode/submit-pacer.ts'
import { type EngineParts, WebGpuEngine } from './decode/webgpu-engine.ts'
import type { Gpu } from './device/gpu.ts'
import { measureAnswer } from './device/measure-answer.ts'
import { adoptDevice, requestGpu } from './device/request-device.ts'
import type { Engine, LoadEngineOptions } from './engine-types.ts'
import type { Checkpoint, ModelConfig } from './formats/checkpoint.ts'
import { Sampler, samplerState } from './kernels/sample/sample.ts'
import { checkBytes, checkContext, firstPositions } from './load-options.ts'
import { checkAdapterUses } from './lora/adapter-set.ts'
import { planLora } from './lora/lora-plan.ts'
import { describeModel } from './models/registry.ts'
import { checkBits, checkOneOf } from './weights/check-bits.ts'

type CompiledParts = Omit<EngineParts, 'pacer' | 'model'>

/**
 * Loads a checkpoint's weights to the GPU and makes the plan that runs it.
 * @throws EngineError of every code but `engine-disposed`, `token-out-of-range` and `context-length-exceeded`; whatever the
 * byte source throws; the signal's reason. Nothing stays allocated after a failure, and a device that was taken over is
 * destroyed.
 */
export function loadEngine(checkpoint: Checkpoint, options: LoadEngineOptions = {}): Promise<Engine> {
  return loadEngineOn(chooseRoute, checkpoint, options)
}

/** `loadEngine` with the kernel variants that `route` chooses: tests run those of other devices. */
export async function loadEngineOn(
  route: (gpu: Gpu) => Route,
  checkpoint: Checkpoint,
  options: LoadEngineOptions,
): Promise<Engine> {
  checkBits(options)
  checkOneOf('keyValueType', options.keyValueType, ['f16', 'f32'])
  checkBytes(options.prefixCacheBytes)
  const model = describeModel(checkpoint)
  const adapters = options.adapters ?? []
  checkAdapterUses(adapters)
  for (const { adapter } of adapters) planLora(adapter, model)
  const contextLength = checkContext(options.contextLength, checkpoint.config.contextLength)
  options.signal?.throwIfAborted()
  const gpu = options.device ? adoptDevice(options.device) : await requestGpu()
  // Pipelines compile while the weights stream in; whichever fails first ends the other.
  const failed = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal
  const compiling: Promise<CompiledParts>[] = []
  try {
    const weights = await loadModelWeights(gpu, checkpoint, model, { ...options, signal }, (empty) => {
      const parts = compile(gpu, route(gpu), empty, model.config, { ...options, signal, contextLength })
      parts.catch((error: unknown) => failed.abort(error))
      compiling.push(parts)
    })
    const [parts] = await Promise.all(compiling)
    if (!parts) throw new Error('weights were loaded without being allocated')
    await parts.decoder.use(weights)
    const head = await headOf(parts)
    await gpu.idle()
    const pacer = new SubmitPacer(gpu, parts.decoder.route.submits, await measureAnswer(gpu))
    signal.throwIfAborted()
    const engine = new WebGpuEngine({ ...parts, model, head, pacer, prefixCacheBytes: options.prefixCacheBytes })
    if (adapters.length > 0) await engine.useAdapters(adapters, signal)
    return engine
  } catch (error) {
    failed.abort(error)
    await Promise.allSettled(compiling)
    gpu.destroy()
    throw error
  }
}

async function compile(
  gpu: Gpu,
  route: Route,
  weights: ModelWeights,
  config: ModelConfig,
  {
    onProgress,
    keyValueType = route.keyValueType,
    contextLength,
    signal,
  }: LoadEngineOptions & { readonly contextLength: number; readonly signal: AbortSignal },
): Promise<CompiledParts> {
  onProgress?.({ phase: 'compile', loaded: 0, total: 1 })
  const logits = gpu.storage('activations', 'logits', config.vocabularySize)
  const sampler = await Sampler.create(gpu, config.vocabularySize, logits)
  const state = { buffer: sampler.state, tokenAt: samplerState.token }
  const decoder = new Decoder(gpu, config, weights, route, state, { keyValueType, contextLength })
  const parts = { gpu, decoder, sampler, logits }
  const [head] = await Promise.all([headOf(parts), decoder.reserve(Math.min(firstPositions, decoder.contextLength))])
  signal.throwIfAborted()
  onProgress?.({ phase: 'compile', loaded: 1, total: 1 })
  return { ...parts, head }
}

function headOf({ decoder, logits }: Pick<EngineParts, 'decoder' | 'logits'>): Promise<Step[]> {
  return headSteps(decoder, 'decode', decoder.one.x, decoder.one.normed, logits)
}
