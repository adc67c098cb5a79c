import { pageAdapter } from '../engines/page-adapter.ts'
import type { Conditions, Machine } from '../result/result-types.ts'
import { timerResolution } from './timer-resolution.ts'
import { browserOf, systemOf } from './user-agent.ts'

/** The browser and the system it runs on, as they tell it; what they do not tell is absent. */
export async function pageMachine(): Promise<Machine> {
  const { userAgent, hardwareConcurrency } = navigator
  const browser = { ...browserOf(userAgent), ...(await fullVersion()) }
  const [os, adapter] = [systemOf(userAgent), await pageAdapter()]
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

/** The user agent's own words end behind the first number. Chromium's browsers tell the rest when they are asked. */
async function fullVersion(): Promise<{ version?: string }> {
  const data: unknown = 'userAgentData' in navigator ? navigator.userAgentData : undefined
  if (typeof data !== 'object' || data === null || !('getHighEntropyValues' in data)) return {}
  const { getHighEntropyValues: ask } = data
  if (typeof ask !== 'function') return {}
  const told: unknown = await Promise.resolve(Reflect.apply(ask, data, [['uaFullVersion']])).catch(() => undefined)
  const version: unknown =
    typeof told === 'object' && told !== null && 'uaFullVersion' in told ? told.uaFullVersion : ''
  return typeof version === 'string' && version !== '' ? { version } : {}
}
