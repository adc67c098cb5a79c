import type { Gpu } from './gpu.ts'

const mostSamples = 4
/** No browser that answers by a clock answers so soon twice. */
const promptMilliseconds = 2

/**
 * Milliseconds from an empty submit to the answer that it has ended: under one, but 100 where the browser asks the GPU so rarely
 * (Firefox).
 */
export async function measureAnswer(gpu: Gpu): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY
  for (let sample = 0; sample < mostSamples && shortest > promptMilliseconds; sample += 1) {
    const start = performance.now()
    gpu.submit(gpu.device.createCommandEncoder(), 0)
    await gpu.idle()
    // The first comes at any time between two ticks.
    if (sample > 0) shortest = Math.min(shortest, performance.now() - start)
  }
  return shortest
}
