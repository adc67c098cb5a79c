import type { ModelSource } from '../backend.ts'
import { crashKey } from '../can-run/crash-key.ts'
import { findMark, forgetCrash, type LoadingMark, markLoading, processorOf } from '../can-run/crash-mark.ts'
import { SampanError } from '../errors.ts'
import { formatBytes } from '../format-bytes.ts'
import type { HubDescription } from '../hub/hubs.ts'
import type { DeviceBackend } from '../worker/spawn-worker.ts'
import type { LoadOptions } from './load-types.ts'

/**
 * Looks whether this model was being brought to the backend's processor when an earlier page ended without a word, as phones end pages
 * that take too much memory. Returns what marks the next such moment.
 * @throws SampanError `crashed-last-time`, unless `afterCrash` is `load`
 */
export async function guardFromCrashes(
  source: ModelSource,
  hub: HubDescription,
  { afterCrash = 'refuse' }: Pick<LoadOptions, 'afterCrash'>,
  backend: DeviceBackend,
): Promise<() => Promise<LoadingMark>> {
  const { key, name } = crashKey(source, hub)
  const processor = processorOf(backend)
  if (afterCrash === 'load') forgetCrash(key, processor)
  const crash = await findMark(key, processor)
  if (crash)
    throw new SampanError(
      'crashed-last-time',
      `This page ended while it loaded ${crash.name}${crash.bytes > 0 ? ` (${formatBytes(crash.bytes)})` : ''}, most likely for want of memory: take a smaller model (\`canRun\` names some), ${processor === 'gpu' ? "of a GGUF file also the CPU (`backend: 'wllama'`), " : ''}or load it with \`afterCrash: 'load'\` when the visitor wants to try again.`,
      { source: crash.name, processor, bytes: crash.bytes, times: crash.times, at: crash.at },
    )
  return () => markLoading(key, 0, name, processor)
}

/** Bytes that a device like this one is thought to hold without trouble; where nothing is known to end pages, any number. */
export async function safeBytes(): Promise<number> {
  try {
    const { deviceHints, pageMemoryOf } = await import('../can-run/device-limits.ts')
    return pageMemoryOf(deviceHints())?.comfortable ?? Number.POSITIVE_INFINITY
  } catch {
    return 0
  }
}
