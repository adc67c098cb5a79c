import { Decoder } from './decode/decoder.ts'
import { headSteps } from './decode/head-steps.ts'
import { loadModelWeights } from './decode/model-weights.ts'
import { chooseRoute, type Route } from './decode/route.ts'
import { WebGpuEngine } from './decode/webgpu-engine.ts'
import type { Gpu } from './device/gpu.ts'
import { adoptDevice, requestGpu } from './device/request-device.ts'
import type { Engine, LoadEngineOptions } from './engine-types.ts'
import { EngineError } from './errors.ts'
import type { Checkpoint } from './formats/checkpoint.ts'
import { Sampler, samplerState } from './kernels/sample/sample.ts'
import { describeModel } from './models/registry.ts'

/** Positions for which buffers are made at load; the cache grows from there. */
const firstPositions = 256

/**
 * Loads a checkpoint's weights to the GPU and makes the plan that runs it.
 * @throws EngineError of every code but `engine-disposed`, `token-out-of-range` and `context-length-exceeded`; whatever the
 * byte source throws; the signal's reason. Nothing stays allocated after a failure, and the device is destroyed.
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
  const model = describeModel(checkpoint)
  const contextLength = checkContext(options.contextLength, checkpoint.config.contextLength)
  options.signal?.throwIfAborted()
  const gpu = options.device ? adoptDevice(options.device) : await requestGpu()
  try {
    const { config } = model
    const logits = gpu.storage('activations', 'logits', config.vocabularySize)
    const [weights, sampler] = await Promise.all([
      loadModelWeights(gpu, checkpoint, model, options),
      Sampler.create(gpu, config.vocabularySize, logits),
    ])
    const state = { buffer: sampler.state, tokenAt: samplerState.token }
    const keyValueType = options.keyValueType ?? 'f16'
    const decoder = new Decoder(gpu, config, weights, route(gpu), state, { keyValueType, contextLength })
    options.onProgress?.({ phase: 'compile', loaded: 0, total: 1 })
    await decoder.reserve(Math.min(firstPositions, contextLength))
    const head = await headSteps(decoder, 'decode', decoder.one.x, decoder.one.normed, logits)
    await gpu.idle()
    options.onProgress?.({ phase: 'compile', loaded: 1, total: 1 })
    options.signal?.throwIfAborted()
    return new WebGpuEngine({ gpu, decoder, sampler, head, contextLength })
  } catch (error) {
    gpu.destroy()
    throw error
  }
}

function checkContext(wanted: number | undefined, longest: number): number {
  if (wanted === undefined) return longest
  if (!Number.isInteger(wanted) || wanted < 1) {
    throw new EngineError('option-invalid', `contextLength must be a whole number of at least 1, not ${wanted}.`)
  }
  return Math.min(wanted, longest)
}
