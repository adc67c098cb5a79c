import { create, globals } from 'webgpu'
import { softwareVulkan } from './software-vulkan.mjs'

// Elsewhere than on Linux Dawn uses the system's own adapter.
if (process.platform === 'linux') Object.assign(process.env, softwareVulkan('swiftshader'))
Object.assign(globalThis, globals)
const gpu = create([])
if ('navigator' in globalThis) Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true })
else Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true })
