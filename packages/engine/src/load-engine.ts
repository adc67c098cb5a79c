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
import type { Engine, LoadEngineOptions, WeightBits } from './engine-types.ts'
import { EngineError } from './errors.ts'
import type { Checkpoint, ModelConfig } from './formats/checkpoint.ts'
import { Sampler, samplerState } from './kernels/sample/sample.ts'
import { describeModel } from './models/registry.ts'

const weightBits: readonly WeightBits[] = [4, 8, 16, 'source']

type CompiledParts = Omit<EngineParts, 'pacer'>

/** Positions for which buffers are made at load; the cache grows from there. */
const firstPositions = 256

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
  checkFormats(options)
  checkBytes(options.prefixCacheBytes)
  const model = describeModel(checkpoint)
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
    return new WebGpuEngine({ ...parts, head, pacer, prefixCacheBytes: options.prefixCacheBytes })
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

function checkFormats({ bits, embeddingBits, keyValueType }: LoadEngineOptions): void {
  const check = (name: string, value: unknown, known: readonly unknown[]): void => {
    if (value === undefined || known.includes(value)) return
    throw new EngineError('option-invalid', `${name} must be one of ${known.join(', ')}, not ${String(value)}.`, {
      [name]: value,
    })
  }
  check('bits', bits, weightBits)
  check('embeddingBits', embeddingBits, weightBits)
  check('keyValueType', keyValueType, ['f16', 'f32'])
}

function checkContext(wanted: number | undefined, longest: number): number {
  if (wanted === undefined) return longest
  if (!Number.isInteger(wanted) || wanted < 1) {
    throw new EngineError('option-invalid', `contextLength must be a whole number of at least 1, not ${wanted}.`)
  }
  return Math.min(wanted, longest)
}

function checkBytes(bytes: number | undefined): void {
  if (bytes === undefined || (Number.isSafeInteger(bytes) && bytes >= 0)) return
  throw new EngineError('option-invalid', `prefixCacheBytes must be a whole number of bytes or 0, not ${bytes}.`)
}
