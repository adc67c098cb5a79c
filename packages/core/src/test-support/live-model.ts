import type { Page } from 'playwright'

/** Flags without which Chromium takes WebGPU from a page after the second crash of its GPU process, and ends after a few more. */
export const crashFlags = ['--disable-gpu-process-crash-limit', '--disable-domain-blocking-for-3d-apis']

/** A prelude of Workers that keeps their devices as `devices`, so that a test can lose them. */
export const keepDevices = `{
  const { prototype } = GPUAdapter
  const { requestDevice } = prototype
  self.devices = []
  prototype.requestDevice = async function (...given) {
    const device = await requestDevice.apply(this, given)
    self.devices.push(device)
    return device
  }
}`

/** `device.destroy()`, on every device that a Worker of the page holds. */
export async function destroyDevices(page: Page): Promise<void> {
  for (const worker of page.workers()) await worker.evaluate('for (const device of devices) device.destroy()')
}

/** Ends the page's Workers as they would end themselves, without an event. */
export async function closeWorkers(page: Page): Promise<void> {
  for (const worker of page.workers()) await worker.evaluate('setTimeout(() => close())')
}

/**
 * Loads `source` and puts it on the page as `model`; `events` tells what was lost and recovered.
 * @param cache whether it is kept on the device, and made again from there
 */
export async function loadLive(page: Page, source: string, cache = true): Promise<void> {
  const load = async ({ source, cache }: { readonly source: string; readonly cache: boolean }): Promise<void> => {
    const { core }: { core: typeof import('../index.ts') } = Object(globalThis)
    const events: string[] = []
    const model = await core.load(source, {
      ...{ backend: 'sampan', cache },
      onLost: ({ code }, { recovering }) => events.push(recovering ? `${code}, recovering` : code),
      onRecovered: () => events.push('recovered'),
    })
    Object.assign(globalThis, { model, events })
  }
  await page.evaluate(load, { source, cache })
}

/** What has been told since the last call; waits for what ends a loss, which may come after an answer. */
export async function takeEvents(page: Page): Promise<string[]> {
  await page.waitForFunction(() => !/recovering$/.test(Object(globalThis).events.at(-1) ?? 'recovering'))
  return page.evaluate(() => Object(globalThis).events.splice(0))
}

/** Waits until the answer that `askModel` reads has so many chunks of text. */
export async function chunksCame(page: Page, count: number): Promise<void> {
  await page.waitForFunction((count) => Object(globalThis).chunks >= count, count)
}
