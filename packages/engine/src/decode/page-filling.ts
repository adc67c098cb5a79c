import { bufferUsage } from '../device/buffer-usage.ts'
import type { Gpu } from '../device/gpu.ts'
import { BufferCopies } from './buffer-copies.ts'
import type { KeyValueCache } from './key-value-cache.ts'
import type { Page } from './page-tree.ts'

/** The copies of one `keep`. What the device says to them comes later, and is no fault of the engine's. */
export class PageFilling {
  readonly pages: Page<GPUBuffer>[] = []
  readonly #gpu: Gpu
  readonly #cache: KeyValueCache
  readonly #copies: BufferCopies

  constructor(gpu: Gpu, cache: KeyValueCache) {
    this.#gpu = gpu
    this.#cache = cache
    this.#copies = new BufferCopies(gpu)
  }

  add(page: Page<GPUBuffer>, bytes: number): GPUBuffer {
    const { device } = this.#gpu
    if (this.pages.length === 0) {
      device.pushErrorScope('validation')
      device.pushErrorScope('out-of-memory')
    }
    this.pages.push(page)
    const usage = bufferUsage.copySource | bufferUsage.copyDestination
    const rows = this.#gpu.createBuffer('keyValue', { label: 'prefix page', size: bytes, usage })
    copyRows(this.#cache, page, 0, page.tokens.length, (cached, offset, pageOffset, count) =>
      this.#copies.copy(cached, offset, rows, pageOffset, count),
    )
    return rows
  }

  /** Resolves to whether the device refused; undefined where it was asked for nothing. */
  end(): Promise<boolean> | undefined {
    if (this.pages.length === 0) return undefined
    this.#copies.submit()
    const { device } = this.#gpu
    const errors = Promise.all([device.popErrorScope(), device.popErrorScope()])
    // A device that is lost says so elsewhere.
    return errors.then(
      (found) => found.some((error) => error !== null),
      () => true,
    )
  }
}

/** Where the rows `[first, first + count)` of a page are in each buffer of the cache and in the page's own. */
export function copyRows(
  { layers, rowBytes }: KeyValueCache,
  { start, tokens }: Page<GPUBuffer>,
  first: number,
  count: number,
  copy: (cached: GPUBuffer, offset: number, pageOffset: number, bytes: number) => void,
): void {
  for (const [index, cached] of layers.flatMap(({ key, value }) => [key, value]).entries())
    copy(cached, (start + first) * rowBytes, (index * tokens.length + first) * rowBytes, count * rowBytes)
}
