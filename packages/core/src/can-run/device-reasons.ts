import { formatBytes } from '../format-bytes.ts'
import type { DeviceBackend } from '../worker/spawn-worker.ts'
import type { Reason } from './can-run-types.ts'
import type { Facts, ModelFacts, Needs } from './facts.ts'

/** What the machine has against a model on a backend. */
export function deviceReasons(backend: DeviceBackend, facts: Facts, model: ModelFacts): readonly Reason[] {
  switch (backend) {
    case 'sampan':
      return [...gpuReasons(facts, 'sampan'), ...needsReasons('sampan', model.sampan?.needs, facts)]
    case 'web-llm':
      return gpuReasons(facts, 'web-llm')
    case 'wllama':
      if (model.format !== 'gguf') return [cpuTakesGguf(model)]
      return [...cpuReasons(facts), ...needsReasons('wllama', model.wllama?.needs, facts)]
    default:
      return backend satisfies never
  }
}

function gpuReasons({ gpu, secure, wish }: Facts, backend: 'sampan' | 'web-llm'): readonly Reason[] {
  if (gpu === 'hardware') return []
  if (!secure) return [insecure('blocks', 'Open it over https:// or on localhost.')]
  if (gpu === 'none')
    return [
      noWebGpu(
        'blocks',
        'Use Chrome or Edge 113+, Safari 26+ or Firefox 141+ with hardware acceleration turned on, or take a GGUF file of the model, which runs on the CPU too.',
      ),
    ]
  // Chosen by name it runs there all the same.
  if (wish === backend || backend === 'web-llm') return [software('warns', 'It runs, many times slower than on a GPU.')]
  return [
    software(
      'blocks',
      "Turn on hardware acceleration or take a GGUF file of the model, which the CPU runs faster; with backend: 'sampan' it runs all the same, slowly.",
    ),
  ]
}

/** GGUF goes to the CPU where there is no GPU. */
function cpuReasons({ gpu, secure, wish }: Facts): readonly Reason[] {
  if (gpu === 'hardware' || wish === 'wllama') return []
  const slower = 'The model runs on the CPU instead, several times slower than on a GPU.'
  if (!secure) return [insecure('warns', `${slower} Open the page over https:// or on localhost.`)]
  return [gpu === 'none' ? noWebGpu('warns', slower) : software('warns', slower)]
}

function needsReasons(backend: 'sampan' | 'wllama', needs: Needs | undefined, facts: Facts): readonly Reason[] {
  if (!needs) return []
  if (needs.kind === 'failure') {
    const { code: failed, message, details } = needs.failure
    const code = failed === 'adapter-mismatch' ? failed : backend === 'sampan' ? 'adapter-limit' : 'cpu-memory'
    return [{ code, severity: 'blocks', message, details }]
  }
  return memoryReasons(backend, needs, facts)
}

function memoryReasons(
  backend: 'sampan' | 'wllama',
  { bytes, fullBytes, contextLength }: Needs & { readonly kind: 'needs' },
  { memory }: Facts,
): readonly Reason[] {
  if (!memory) return []
  const code = backend === 'sampan' ? 'gpu-memory' : 'cpu-memory'
  const { device, comfortable, most = Number.POSITIVE_INFINITY } = memory
  const details = {
    needed: bytes,
    neededAtFullContext: fullBytes,
    comfortable,
    most: memory.most,
    device,
    estimate: true,
  }
  const takes = `The model takes ${formatBytes(bytes)} of memory`
  if (bytes > most)
    return [
      {
        ...{ code, severity: 'blocks', details },
        message: `${takes}, and ${device} are thought to end a page at about ${formatBytes(most)} (an estimate): take a smaller model, fewer bits, or another device.`,
      },
    ]
  if (bytes > comfortable)
    return [
      {
        ...{ code, severity: 'warns', details },
        message: `${takes}, which is much for ${device} (an estimate): close other apps and tabs, or take a smaller model.`,
      },
    ]
  if (fullBytes <= most) return []
  return [
    {
      ...{ code, severity: 'warns', details },
      message: `${takes}, and ${formatBytes(fullBytes)} once a conversation fills its ${contextLength} tokens, which is more than ${device} are thought to have (an estimate): give a smaller contextLength.`,
    },
  ]
}

function insecure(severity: Reason['severity'], step: string): Reason {
  return {
    ...{ code: 'insecure-origin', severity, details: {} },
    message: `Browsers give WebGPU to secure pages only, and this one is not. ${step}`,
  }
}

function noWebGpu(severity: Reason['severity'], step: string): Reason {
  return { code: 'no-webgpu', severity, message: `This browser gives the page no GPU. ${step}`, details: {} }
}

function software(severity: Reason['severity'], step: string): Reason {
  return {
    ...{ code: 'software-adapter', severity, details: {} },
    message: `This browser has no GPU for the page, only an adapter in software. ${step}`,
  }
}

function cpuTakesGguf({ name, format }: ModelFacts): Reason {
  return {
    ...{ code: 'format-unsupported', severity: 'blocks', details: { source: name, format } },
    message: `${name} is in safetensors, and the CPU runs GGUF only: take the model's GGUF file, or a browser with WebGPU.`,
  }
}
