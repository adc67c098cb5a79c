import type { GenerationRequest } from '../backend.ts'

export type Sampling = Pick<GenerationRequest, 'temperature' | 'topP' | 'topK' | 'minP'>

/** What llama.cpp does when neither the caller nor the checkpoint says anything; plain sampling makes small models ramble. */
const FALLBACK: Sampling = { temperature: 0.8, topP: 0.95, topK: 40, minP: 0.05 }

/** The values of `generation_config.json`, as far as they are sane. */
export function samplingOfGenerationConfig(config: Readonly<Record<string, unknown>>): Sampling {
  if (config['do_sample'] === false) return { temperature: 0 }
  return readSampling((name) => config[name], {
    temperature: 'temperature',
    topP: 'top_p',
    topK: 'top_k',
    minP: 'min_p',
  })
}

/** The `general.sampling.*` keys that newer GGUF files carry. */
export function samplingOfGguf(metadata: ReadonlyMap<string, unknown>): Sampling {
  return readSampling((name) => metadata.get(`general.sampling.${name}`), {
    temperature: 'temp',
    topP: 'top_p',
    topK: 'top_k',
    minP: 'min_p',
  })
}

/**
 * The caller's values, then the checkpoint's. A caller who sets none, of a checkpoint that has none, gets the fallback; one who
 * sets any gets OpenAI's neutral values for the others.
 */
export function resolveSampling(request: Sampling, checkpoint: Sampling): Required<Sampling> {
  const { temperature, topP, topK, minP } = request
  const saysNothing = [temperature, topP, topK, minP].every((value) => value === undefined)
  const defaults = Object.keys(checkpoint).length === 0 && saysNothing ? FALLBACK : checkpoint
  return {
    temperature: temperature ?? defaults.temperature ?? 1,
    topP: topP ?? defaults.topP ?? 1,
    topK: topK ?? defaults.topK ?? 0,
    minP: minP ?? defaults.minP ?? 0,
  }
}

const HIGHEST: Readonly<Record<keyof Sampling, number>> = { temperature: 2, topP: 1, topK: 2 ** 31, minP: 1 }

function readSampling(get: (name: string) => unknown, names: Readonly<Record<keyof Sampling, string>>): Sampling {
  const read = (field: keyof Sampling): Partial<Record<keyof Sampling, number>> => {
    const value = get(names[field])
    const sane = typeof value === 'number' && value >= 0 && value <= HIGHEST[field]
    return sane ? { [field]: field === 'topK' ? Math.round(value) : value } : {}
  }
  return { ...read('temperature'), ...read('topP'), ...read('topK'), ...read('minP') }
}
