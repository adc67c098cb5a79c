import { bufferUsage, mapRead } from './gpu-flags.ts'
import { bind, compileShader, storage } from './shader.ts'

const DISPATCHES = 1000
const SUBMITS = 100

const nothing = /* wgsl */ `
@group(0) @binding(0) var<storage, read_write> at: array<u32>;
@compute @workgroup_size(1)
fn main() { if (arrayLength(&at) == 0u) { at[0] = 1u; } }`

export interface Overheads {
  /** Microseconds of a dispatch that does nothing, of a thousand in one submit, recording included. */
  readonly emptyDispatchUs: readonly number[]
  /** Microseconds of a submit with one such dispatch, of a hundred one after the other. */
  readonly submitUs: readonly number[]
  /** Milliseconds until 4 bytes that the GPU has just written can be read. */
  readonly mapAsyncMs: readonly number[]
}

/** What the way to the GPU takes, whatever it computes. @throws the signal's reason */
export async function measureOverheads(device: GPUDevice, samples: number, signal: AbortSignal): Promise<Overheads> {
  const { pipeline, layout } = await compileShader(device, nothing, 1)
  const at = storage(device, 4)
  const read = device.createBuffer({ size: 4, usage: bufferUsage.mapRead | bufferUsage.copyDestination })
  const group = bind(device, layout, [at])
  const record = (dispatches: number): GPUCommandBuffer => {
    const encoder = device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    pass.setPipeline(pipeline)
    pass.setBindGroup(0, group)
    for (let count = 0; count < dispatches; count++) pass.dispatchWorkgroups(1)
    pass.end()
    return encoder.finish()
  }
  const timed = async (work: () => void | Promise<void>): Promise<number> => {
    signal.throwIfAborted()
    const begun = performance.now()
    await work()
    return performance.now() - begun
  }
  const done = (): Promise<void> => device.queue.onSubmittedWorkDone().then(() => {})
  const dispatch = (): Promise<number> =>
    timed(() => {
      device.queue.submit([record(DISPATCHES)])
      return done()
    })
  const submit = (): Promise<number> =>
    timed(() => {
      for (let count = 0; count < SUBMITS; count++) device.queue.submit([record(1)])
      return done()
    })
  const map = (): Promise<number> =>
    timed(async () => {
      const encoder = device.createCommandEncoder()
      encoder.copyBufferToBuffer(at, 0, read, 0, 4)
      device.queue.submit([encoder.finish()])
      await read.mapAsync(mapRead)
      read.unmap()
    })
  try {
    const all = async (work: () => Promise<number>): Promise<number[]> => {
      await work()
      const times: number[] = []
      while (times.length < samples) times.push(await work())
      return times
    }
    return {
      emptyDispatchUs: (await all(dispatch)).map((ms) => (1000 * ms) / DISPATCHES),
      submitUs: (await all(submit)).map((ms) => (1000 * ms) / SUBMITS),
      mapAsyncMs: await all(map),
    }
  } finally {
    at.destroy()
    read.destroy()
  }
}
