import { bufferUsage } from '../device/buffer-usage.ts'
import type { Gpu } from '../device/gpu.ts'
import { requestGpu } from '../device/request-device.ts'
import { normalNumbers } from '../weights/random-blocks.ts'

let shared: Promise<Gpu> | undefined

/** One device for all kernel tests of a run. */
export function testGpu(): Promise<Gpu> {
  shared ??= requestGpu()
  return shared
}

export function storageOf(gpu: Gpu, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): GPUBuffer {
  const buffer = gpu.storage('activations', 'test', data.length)
  gpu.write(buffer, 0, data)
  return buffer
}

export async function readFloats(gpu: Gpu, buffer: GPUBuffer): Promise<Float32Array> {
  const usage = bufferUsage.mapRead | bufferUsage.copyDestination
  const copy = gpu.createBuffer('staging', { label: 'test readback', size: buffer.size, usage })
  const encoder = gpu.device.createCommandEncoder()
  encoder.copyBufferToBuffer(buffer, 0, copy, 0, buffer.size)
  gpu.submit(encoder, 0)
  const values = await gpu.read(copy, copy.size, (bytes) => new Float32Array(bytes.slice(0)))
  gpu.ledger.release(copy)
  return values
}

export async function readWords(gpu: Gpu, buffer: GPUBuffer): Promise<Uint32Array> {
  return new Uint32Array((await readFloats(gpu, buffer)).buffer)
}

/** Runs one dispatch; validation errors surface in the next `readFloats`. */
export function dispatch(
  gpu: Gpu,
  pipeline: GPUComputePipeline,
  buffers: readonly GPUBuffer[],
  grid: readonly number[],
): void {
  const encoder = gpu.device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, gpu.bindGroup(pipeline, buffers))
  pass.dispatchWorkgroups(grid[0] ?? 1, grid[1] ?? 1, grid[2] ?? 1)
  pass.end()
  gpu.submit(encoder, 1)
}

/** `rows` × `columns` normal numbers with rows padded with zeros to `stride`, followed by zero rows up to `capacity`. */
export function randomRows(
  rows: number,
  columns: number,
  stride: number,
  capacity: number,
  seed: number,
): Float32Array<ArrayBuffer> {
  const normal = normalNumbers(seed)
  const data = new Float32Array(capacity * stride)
  for (let row = 0; row < rows; row += 1) for (let c = 0; c < columns; c += 1) data[row * stride + c] = normal()
  return data
}

export function rowsOf(data: Float32Array, rows: number, columns: number, stride: number): Float32Array[] {
  return Array.from({ length: rows }, (_, row) => data.subarray(row * stride, row * stride + columns))
}
