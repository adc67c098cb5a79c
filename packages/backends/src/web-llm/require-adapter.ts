import { type ModelRecord, prebuiltAppConfig } from '@mlc-ai/web-llm'
import type { AdapterInfo } from '@sampan/core'
import { BackendError } from '../backend-error.ts'

/**
 * Finds out before a byte is fetched whether the GPU can run the model: web-llm's own records do not say that they need f16.
 * @throws BackendError `webgpu-unavailable`, `device-feature-missing`, `device-limit-exceeded`
 */
export async function requireAdapter(record: ModelRecord): Promise<AdapterInfo> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null)
  if (!adapter)
    throw new BackendError(
      'webgpu-unavailable',
      'This browser gives no WebGPU adapter. Use a current Chrome, Edge, Safari or Firefox over https, with hardware acceleration switched on.',
    )
  const features = [...adapter.features]
  for (const feature of neededFeatures(record)) if (!features.includes(feature)) throw featureMissing(record, feature)
  const needed = record.buffer_size_required_bytes ?? 0
  const available = adapter.limits.maxStorageBufferBindingSize
  if (needed > available)
    throw new BackendError(
      'device-limit-exceeded',
      `${record.model_id} needs GPU bindings of ${needed} bytes, this GPU allows ${available}: choose a smaller model.`,
      { needed, available },
    )
  const { vendor, architecture, description } = adapter.info
  const software = /swiftshader|llvmpipe|lavapipe|warp|basic render/i.test(`${architecture} ${description}`)
  return { vendor, architecture, description, software, features }
}

function neededFeatures(record: ModelRecord): readonly string[] {
  const compiledForF16 = /q\df16/.test(record.model_id) || /q\df16/.test(record.model_lib)
  return [...(record.required_features ?? []), ...(compiledForF16 ? ['shader-f16'] : [])]
}

function featureMissing(record: ModelRecord, feature: string): BackendError {
  const sibling = record.model_id.replace(/(q\d)f16/, '$1f32')
  const exists = sibling !== record.model_id && prebuiltAppConfig.model_list.some((one) => one.model_id === sibling)
  const advice = exists ? `use mlc:${sibling}` : 'choose a model compiled without it'
  return new BackendError(
    'device-feature-missing',
    `${record.model_id} needs the WebGPU feature ${feature}, which this GPU lacks: ${advice}.`,
    { feature, ...(exists && { alternative: sibling }) },
  )
}
