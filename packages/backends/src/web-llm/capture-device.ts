/**
 * Runs `work` and returns the last GPU device it made. web-llm keeps its device to itself, and tells nobody when it is lost.
 */
export async function captureDevice(work: () => Promise<void>): Promise<GPUDevice | undefined> {
  const prototype = GPUAdapter.prototype
  const original = prototype.requestDevice
  let captured: GPUDevice | undefined
  prototype.requestDevice = async function (descriptor) {
    captured = await original.call(this, descriptor)
    return captured
  }
  try {
    await work()
    return captured
  } finally {
    prototype.requestDevice = original
  }
}
