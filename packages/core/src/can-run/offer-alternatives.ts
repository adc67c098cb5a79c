import { sourceKey } from '../hub/source-key.ts'
import { parseRepository } from '../sources/hub-id.ts'
import type { Alternative, Reason, ReasonCode } from './can-run-types.ts'
import { catalogue } from './catalogue.ts'
import type { Facts } from './facts.ts'
import { judgeCrashes } from './judge-crashes.ts'

/** A list of more is no help. */
const MOST_ALTERNATIVES = 12

/** For want of these another model is offered, not only this one in another form. */
const WANTS_SMALLER: ReadonlySet<ReasonCode> = new Set([
  'gpu-memory',
  'cpu-memory',
  'adapter-limit',
  'quota',
  'crashed-last-time',
])
const WANTS_ANOTHER: ReadonlySet<ReasonCode> = new Set([
  ...WANTS_SMALLER,
  'no-webgpu',
  'software-adapter',
  'architecture-unknown',
  'format-unsupported',
])

/** Files of the same model, those it could have meant, and, where it cannot run, other models: smallest first. */
export function offerAlternatives(facts: Facts, reasons: readonly Reason[]): readonly Alternative[] {
  const blocks = reasons.filter(({ severity }) => severity === 'blocks').map(({ code }) => code)
  const others = blocks.some((code) => WANTS_ANOTHER.has(code)) ? smallerModels(facts, blocks) : []
  const offered = [
    ...facts.alternatives.filter(({ source, bytes }) => isSmaller(bytes, facts) && !hasCrashed(source, bytes, facts)),
    ...others,
  ]
  return offered
    .sort((a, b) => (a.bytes ?? Number.MAX_VALUE) - (b.bytes ?? Number.MAX_VALUE))
    .slice(0, MOST_ALTERNATIVES)
}

function isSmaller(bytes: number | undefined, { model }: Facts): boolean {
  return bytes === undefined || model?.totalBytes === undefined || bytes < model.totalBytes
}

/** This one, or one that was no larger. */
function hasCrashed(source: string, bytes: number | undefined, { crashes, hub, wish, gpu }: Facts): boolean {
  const onCpu = wish === 'wllama' || (wish === 'auto' && gpu !== 'hardware')
  const named = parseRepository(source, hub.branch)
  return judgeCrashes(crashes, named ? sourceKey(named, hub) : source, bytes, onCpu ? 'cpu' : 'gpu') !== undefined
}

/** Of the catalogue, those that would not meet the same end, and that run where this is. */
function smallerModels(facts: Facts, blocks: readonly ReasonCode[]): readonly Alternative[] {
  const { model, gpu, memory, store } = facts
  const needs = model?.sampan?.needs ?? model?.wllama?.needs
  const wantsSmaller = blocks.some((code) => WANTS_SMALLER.has(code))
  const most = Math.min(
    memory?.most ?? Number.MAX_VALUE,
    store.kind === 'memory' ? Number.MAX_VALUE : (store.freeBytes ?? Number.MAX_VALUE),
  )
  return catalogue
    .filter(({ source, bytes, gpuBytes }) => {
      if (model && source.startsWith(model.name)) return false
      if (gpu !== 'hardware' && !source.endsWith('.gguf')) return false
      if (wantsSmaller && !isSmaller(bytes, facts)) return false
      if (wantsSmaller && needs?.kind === 'needs' && gpuBytes >= needs.bytes) return false
      return gpuBytes <= most && !hasCrashed(source, gpuBytes, facts)
    })
    .map(({ source, bytes, licence, quantization }) => ({
      ...{ source, relation: 'other-model', bytes, licence },
      ...(quantization !== undefined && { quantization }),
    }))
}
