import { formatBytes } from '../format-bytes.ts'
import type { DeviceBackend } from '../worker/spawn-worker.ts'
import type { Reason, ReasonCode, Verdict } from './can-run-types.ts'
import { processorOf } from './crash-mark.ts'
import { deviceReasons } from './device-reasons.ts'
import { downloadReasons } from './download-reasons.ts'
import { explainFailure } from './explain-failure.ts'
import type { Facts, Kept, ModelFacts, Needs } from './facts.ts'
import { joinKept } from './join-kept.ts'
import { judgeCrashes } from './judge-crashes.ts'
import { offerAlternatives } from './offer-alternatives.ts'

/** What the facts come to. Pure. */
export function judge(facts: Facts): Verdict {
  const { model, failure, adapters } = facts
  const failures = [...(failure ? [failure] : []), ...(adapters?.failures ?? [])]
  const failed = failures.map((one) => explainFailure(one, facts.online))
  if (!model) return { ok: false, cachedBytes: 0, alternatives: offerAlternatives(facts, failed), reasons: failed }
  const { backend, reasons: ofDevice } = chooseBackend(facts, model)
  const { needs, kept: ofModel } = costsOf(backend, model)
  const kept = adapters ? joinKept([ofModel, adapters.kept]) : ofModel
  const taken = needs?.kind === 'needs' ? needs : undefined
  const reasons = sorted([
    ...failed,
    ...ofDevice,
    ...crashReasons(facts, model, taken?.bytes, backend),
    ...downloadReasons(facts, model, ofModel),
  ])
  const runs = !ofDevice.some(isBlock)
  return {
    ok: !reasons.some(isBlock),
    ...(runs && { backend }),
    ...(kept.downloadBytes !== undefined && { downloadBytes: kept.downloadBytes }),
    cachedBytes: kept.cachedBytes,
    ...(backend === 'sampan' && taken && { gpuBytes: taken.bytes, gpuBytesAtFullContext: taken.fullBytes }),
    ...(taken && { contextLength: taken.contextLength }),
    ...(model.architecture !== undefined && { architecture: model.architecture }),
    ...(taken?.quantization !== undefined && { quantization: taken.quantization }),
    ...(model.about && { about: model.about }),
    ...(model.revision !== undefined && { revision: model.revision }),
    alternatives: offerAlternatives(facts, reasons),
    reasons,
  }
}

const isBlock = ({ severity }: Reason): boolean => severity === 'blocks'

/** What blocks comes first; else the order of their making. */
function sorted(reasons: readonly Reason[]): readonly Reason[] {
  return [...reasons.filter(isBlock), ...reasons.filter((reason) => !isBlock(reason))]
}

interface Choice {
  readonly backend: DeviceBackend
  readonly reasons: readonly Reason[]
}

/** As `load` chooses, by its default rules: what a GPU has no room for goes on on the CPU, if it can. */
function chooseBackend(facts: Facts, model: ModelFacts): Choice {
  const judged = (backend: DeviceBackend): Choice => ({ backend, reasons: deviceReasons(backend, facts, model) })
  if (model.format === 'mlc') return judged('web-llm')
  if (facts.wish !== 'auto') return judged(facts.wish)
  if (facts.adapters) return judged('sampan')
  if (model.format === 'safetensors') return judged('sampan')
  if (facts.gpu !== 'hardware') return judged('wllama')
  const onGpu = judged('sampan')
  if (!onGpu.reasons.some(({ code }) => code === 'adapter-limit')) return onGpu
  const onCpu = judged('wllama')
  if (onCpu.reasons.some(isBlock)) return { ...onGpu, reasons: [...onGpu.reasons, ...onCpu.reasons] }
  return { ...onCpu, reasons: [...onGpu.reasons.map(milder), ...onCpu.reasons] }
}

function milder(reason: Reason): Reason {
  return {
    ...reason,
    severity: 'warns',
    message: `${reason.message} The model runs on the CPU instead, several times slower.`,
  }
}

const NOTHING: Kept = { cachedBytes: 0 }

function costsOf(
  backend: DeviceBackend,
  model: ModelFacts,
): { readonly needs?: Needs | undefined; readonly kept: Kept } {
  switch (backend) {
    case 'sampan':
      return model.sampan ?? { kept: NOTHING }
    case 'wllama':
      return model.wllama ?? { kept: model.sampan?.kept ?? NOTHING }
    case 'web-llm':
      return { kept: NOTHING }
    default:
      return backend satisfies never
  }
}

function crashReasons(
  facts: Facts,
  model: ModelFacts,
  bytes: number | undefined,
  backend: DeviceBackend,
): readonly Reason[] {
  const found = judgeCrashes(facts.crashes, model.key, bytes, processorOf(backend))
  if (!found) return []
  const { kind, crash } = found
  const code: ReasonCode = 'crashed-last-time'
  const details = { source: crash.name, bytes: crash.bytes, times: crash.times, at: new Date(crash.at).toISOString() }
  const left = kind === 'again' && backend === 'sampan' && runsOnCpu(facts, model)
  if (kind === 'again')
    return [
      {
        ...{ code, severity: 'blocks', details: left ? { ...details, left: 'wllama' } : details },
        message: `The page ended without a word while it loaded ${crash.name}${crash.bytes > 0 ? ` (${formatBytes(crash.bytes)})` : ''}${crash.times > 1 ? `, ${crash.times} times` : ''}, most likely for want of memory: take a smaller model or fewer bits,${left ? " run this one on the CPU (`backend: 'wllama'`, slower)," : ''} or load it with \`afterCrash: 'load'\` when the visitor wants to try again.`,
      },
    ]
  return [
    {
      ...{ code, severity: 'warns', details },
      message: `The page ended while it loaded ${crash.name}, which took ${formatBytes(crash.bytes)}: this may be as much for the device. Close other apps and tabs first, or take a smaller model.`,
    },
  ]
}

/** What ends the page on the GPU need not do so on the CPU: less goes there at once, and to memory of another kind. */
function runsOnCpu(facts: Facts, model: ModelFacts): boolean {
  if (model.format !== 'gguf' || facts.adapters) return false
  const { needs } = costsOf('wllama', model)
  const bytes = needs?.kind === 'needs' ? needs.bytes : undefined
  return (
    !deviceReasons('wllama', facts, model).some(isBlock) &&
    judgeCrashes(facts.crashes, model.key, bytes, 'cpu')?.kind !== 'again'
  )
}
