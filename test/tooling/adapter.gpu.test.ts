import { expect, it } from 'vitest'

// The engine chooses kernels by what the adapter offers: where it offered less, variants would go untested without a word.
const runtime = 'Deno' in globalThis ? 'Deno' : 'document' in globalThis ? 'Chromium' : 'Dawn'
const needed = { Deno: 'shader-f16', Chromium: 'subgroups', Dawn: 'subgroups' } as const

it(`the adapter of ${runtime} offers ${needed[runtime]}`, async () => {
  const adapter = await navigator.gpu.requestAdapter()
  expect([...(adapter?.features ?? [])]).toContain(needed[runtime])
})
