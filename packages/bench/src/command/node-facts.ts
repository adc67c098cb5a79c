import { availableParallelism, platform, release } from 'node:os'
import { timerResolution } from '../page/timer-resolution.ts'
import type { Conditions, Machine } from '../result/result-types.ts'

const SYSTEMS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'macOS',
  linux: 'Linux',
  win32: 'Windows',
}

/** Where no page takes part. */
export function nodeFacts(): { readonly machine: Machine; readonly conditions: Conditions } {
  return {
    machine: {
      runtime: { kind: 'node', name: 'Node', version: process.versions.node },
      os: { name: SYSTEMS[platform()] ?? platform(), version: release() },
      cores: availableParallelism(),
    },
    conditions: { timerResolutionMs: timerResolution(() => performance.now()) },
  }
}
