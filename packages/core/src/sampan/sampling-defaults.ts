import type { GenerationRequest } from '../backend.ts'

export type Sampling = Pick<GenerationRequest, 'temperature' | 'topP' | 'topK' | 'minP' | 'repetitionPenalty'>

/** What llama.cpp does when neither the caller nor the checkpoint says anything; plain sampling makes small models ramble. */
const FALLBACK: Sampling = { temperature: 0.8, topP: 0.95, topK: 40, minP: 0.05 }

/** The values of `generation_config.json`, as far as they are sane. */
export function samplingOfGenerationConfig(config: Readonly<Record<string, unknown>>): Sampling {
  const sampling = readSampling((name) => config[name], {
    temperature: 'temperature',
    topP: 'top_p',
    topK: 'top_k',
    minP: 'min_p',
    repetitionPenalty: 'repetition_penalty',
  })
  if (config['do_sample'] !== false) return sampling
  const { repetitionPenalty } = sampling
  return { temperature: 0, ...(repetitionPenalty !== undefined && { repetitionPenalty }) }
}

/** The `general.sampling.*` keys that newer GGUF files carry. */
export function samplingOfGguf(metadata: ReadonlyMap<string, unknown>): Sampling {
  return readSampling((name) => metadata.get(`general.sampling.${name}`), {
    temperature: 'temp',
    topP: 'top_p',
    topK: 'top_k',
    minP: 'min_p',
    repetitionPenalty: 'penalty_repeat',
  })
}

/**
 * The caller's values, then the checkpoint's. A caller who sets none, of a checkpoint that has none, gets the fallback; one who
 * sets any gets OpenAI's neutral values for the others.
 */
export function resolveSampling(request: Sampling, checkpoint: Sampling): Required<Sampling> {
  const { temperature, topP, topK, minP, repetitionPenalty } = request
  const saysNothing = [temperature, topP, topK, minP, repetitionPenalty].every((value) => value === undefined)
  const defaults = Object.keys(checkpoint).length === 0 && saysNothing ? FALLBACK : checkpoint
  return {
    temperature: temperature ?? defaults.temperature ?? 1,
    topP: topP ?? defaults.topP ?? 1,
    topK: topK ?? defaults.topK ?? 0,
    minP: minP ?? defaults.minP ?? 0,
    repetitionPenalty: repetitionPenalty ?? defaults.repetitionPenalty ?? 1,
  }
}

const SANE: Readonly<Record<keyof Sampling, (value: number) => boolean>> = {
  temperature: (value) => value >= 0 && value <= 2,
  topP: (value) => value >= 0 && value <= 1,
  topK: (value) => value >= 0 && value < 2 ** 31 - 1,
  minP: (value) => value >= 0 && value <= 1,
  repetitionPenalty: (value) => value > 0 && value <= 10,
}

function readSampling(get: (name: string) => unknown, names: Readonly<Record<keyof Sampling, string>>): Sampling {
  const read = (field: keyof Sampling): Partial<Record<keyof Sampling, number>> => {
    const value = get(names[field])
    const sane = typeof value === 'number' && SANE[field](value)
    return sane ? { [field]: field === 'topK' ? Math.round(value) : value } : {}
  }
  return {
    ...read('temperature'),
    ...read('topP'),
    ...read('topK'),
    ...read('minP'),
    ...read('repetitionPenalty'),
  }
}
