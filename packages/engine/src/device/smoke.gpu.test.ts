import { expect, it } from 'vitest'

it('has an adapter', async () => {
  const a = await navigator.gpu.requestAdapter()
  console.log(
    a?.info.vendor,
    a?.info.architecture,
    a?.info.description,
    [...(a?.features ?? [])],
    a?.limits.maxStorageBufferBindingSize,
    a?.limits.maxComputeWorkgroupStorageSize,
  )
  expect(a).not.toBeNull()
})
