import { formatBytes } from '../format-bytes.ts'
import type { Reason } from './can-run-types.ts'
import type { Facts, Kept, ModelFacts } from './facts.ts'
import { joinKept } from './join-kept.ts'

/** What there is to know of the download that a model and its adapters need. @param ofModel of the model alone */
export function downloadReasons(facts: Facts, model: ModelFacts, ofModel: Kept): readonly Reason[] {
  const { format, local, otherBits } = model
  const wantsModel = !local && ofModel.downloadBytes !== 0
  const missing = [...(wantsModel ? [model.name] : []), ...(facts.adapters?.missing ?? [])]
  if (missing.length === 0) return []
  const kept = joinKept([...(wantsModel ? [ofModel] : []), ...(facts.adapters ? [facts.adapters.kept] : [])])
  const { downloadBytes, cachedBytes } = kept
  const name = missing.join(' and ')
  const is = missing.length > 1 ? 'are' : 'is'
  const size = downloadBytes === undefined ? 'an unknown size' : formatBytes(downloadBytes)
  const details = { bytes: downloadBytes, cachedBytes }
  const metered = meteredReasons(facts, size, details)
  // web-llm fetches and keeps its models by itself, and tells nothing of it.
  if (format === 'mlc') return metered
  const reasons: Reason[] = []
  if (!facts.online)
    reasons.push({
      ...{ code: 'offline', severity: 'blocks', details },
      message: `There is no connection, and ${size} of ${name} are not on this device yet: connect to download them.`,
    })
  if (otherBits && wantsModel) reasons.push(otherBitsCached(model.name, otherBits))
  reasons.push({
    ...{ code: 'download-needed', severity: 'warns', details },
    message: `${name} ${is} not on this device${cachedBytes > 0 ? ' as a whole' : ''}, and ${size} are to be downloaded: ask the visitor, then load with \`download: 'allow'\`, or give \`download\` a function that asks.`,
  })
  return [...reasons, ...metered, ...roomReasons(facts, kept)]
}

function meteredReasons(
  { connection: { cost, saveData, type } }: Facts,
  size: string,
  details: Reason['details'],
): readonly Reason[] {
  if (cost !== 'metered') return []
  return [
    {
      ...{ code: 'metered', severity: 'warns', details: { ...details, saveData, type } },
      message: `${saveData ? 'This device is set to save data' : `The connection (${type}) may cost money`}: download ${size} only when the visitor has been told, or later on Wi-Fi.`,
    },
  ]
}

function roomReasons({ store }: Facts, { roomBytes }: Kept): readonly Reason[] {
  if (roomBytes === undefined) return []
  if (store.kind === 'memory')
    return [
      {
        ...{ code: 'storage-not-kept', severity: 'warns', details: { reason: store.reason } },
        message: `The browser keeps nothing for this page, so that the model is downloaded again each time: leave the private mode, or allow the site to store data.${store.reason === undefined ? '' : ` ${store.reason}`}`,
      },
    ]
  const { freeBytes } = store
  if (freeBytes === undefined || freeBytes >= roomBytes) return []
  return [
    {
      ...{ code: 'quota', severity: 'blocks', details: { needed: roomBytes, free: freeBytes } },
      message: `The model takes ${formatBytes(roomBytes)} of storage, and this site may use ${formatBytes(freeBytes)} more: delete other models (cache.delete), free space on the device, or take a smaller model.`,
    },
  ]
}

function otherBitsCached(name: string, otherBits: NonNullable<ModelFacts['otherBits']>): Reason {
  const options = Object.entries(otherBits).map(
    ([option, bits]) => `${option}: ${bits === 'source' ? "'source'" : bits}`,
  )
  return {
    ...{ code: 'other-bits-cached', severity: 'warns', details: { ...otherBits } },
    message: `${name} is on this device with other bits a weight: load it with ${options.join(' and ') || 'the options of then'}, and nothing is downloaded.`,
  }
}
