import type { FuzzTarget } from '../target.ts'
import { adapterTargets } from './adapters.ts'
import { configTargets } from './configs.ts'
import { ggufTargets } from './gguf.ts'
import { hubTargets } from './hubs.ts'
import { safetensorsTargets } from './safetensors.ts'
import { storedTargets } from './stored.ts'
import { templateTargets } from './templates.ts'
import { tokenizerTargets } from './tokenizers.ts'

/** @param root the workspace's folder, with a slash at its end */
export async function openTargets(root: string): Promise<readonly FuzzTarget[]> {
  return [
    ...(await ggufTargets(root)),
    ...safetensorsTargets(root),
    ...configTargets(root),
    ...tokenizerTargets(root),
    ...templateTargets(root),
    ...hubTargets(),
    ...(await storedTargets()),
    ...adapterTargets(),
  ]
}
