import { readFileSync } from 'node:fs'
import { bytesSource, openGguf } from '@sampan/engine'
import { afterAll, expect, it, vi } from 'vitest'
import { cpuNeeds, KEY_VALUE_BYTES } from './cpu-needs.ts'

const pocket = readFileSync(new URL('../../../pocket/pocket.gguf', import.meta.url))

// What finds the backend's programs asks where it is when it is imported.
vi.stubGlobal('location', { href: 'https://app.test/' })
afterAll(() => vi.unstubAllGlobals())

it('holds what the CPU backend holds', async () => {
  const { requireMemory, WLLAMA_KEY_VALUE_BYTES } = await import('@sampan/backends/wllama')
  expect(KEY_VALUE_BYTES).toBe(WLLAMA_KEY_VALUE_BYTES)
  const { config } = await openGguf(bytesSource(new Uint8Array(pocket), 'pocket'))
  const { layerCount, keyValueHeadCount, headSize, contextLength } = config
  const keyValueBytes = contextLength * layerCount * keyValueHeadCount * headSize * 2 * WLLAMA_KEY_VALUE_BYTES
  // Memory is only asked for where no limit is passed, and this much may not be there.
  const refused = (bytes: number): unknown => {
    try {
      requireMemory(bytes, keyValueBytes)
    } catch (error) {
      return Object(error).code === 'device-limit-exceeded' && Object(error).details
    }
    return undefined
  }
  for (const bytes of [2 ** 31 - 1, 2 ** 31]) {
    const needs = cpuNeeds(config, bytes, undefined)
    expect(needs.kind === 'failure' && needs.failure.details).toEqual(refused(bytes) || false)
  }
  expect(cpuNeeds(config, pocket.length, undefined)).toMatchObject({ kind: 'needs', contextLength })
  expect(cpuNeeds(config, pocket.length, 16)).toMatchObject({ contextLength: 16 })
})
