import { pageAdapter } from '../engines/page-adapter.ts'
import type { Conditions, Machine } from '../result/result-types.ts'
import { timerResolution } from './timer-resolution.ts'
import { browserOf, systemOf } from './user-agent.ts'

/** The browser and the system it runs on, as they tell it; what they do not tell is absent. */
export async function pageMachine(): Promise<Machine> {
  const { userAgent, hardwareConcurrency } = navigator
  const [browser, os, adapter] = [browserOf(userAgent), systemOf(userAgent), await pageAdapter()]
  const deviceMemory: unknown = 'deviceMemory' in navigator ? navigator.deviceMemory : undefined
  return {
    runtime: { kind: 'browser', ...browser },
    userAgent,
    ...(os && { os }),
    ...(hardwareConcurrency > 0 && { cores: hardwareConcurrency }),
    ...(typeof deviceMemory === 'number' && { deviceMemoryGiB: deviceMemory }),
    mobile: /Mobi|Android|iPhone|iPad/.test(userAgent),
    ...(adapter && { adapter }),
  }
}

export async function pageConditions(): Promise<Conditions> {
  const adapter = await pageAdapter()
  return {
    timerResolutionMs: timerResolution(() => performance.now()),
    crossOriginIsolated: globalThis.crossOriginIsolated,
    // Such features are there only where the browser was told to have them.
    ...(adapter && { developerFeatures: adapter.features.some((name) => /experimental/i.test(name)) }),
    visibility: document.visibilityState,
  }
}
