import { describe, expect, it } from 'vitest'
import { resolveSampling, samplingOfGenerationConfig, samplingOfGguf } from './sampling-defaults.ts'

describe('sampling defaults', () => {
  it('come from generation_config.json', () => {
    const config = { do_sample: true, temperature: 0.6, top_p: 0.95, top_k: 20, repetition_penalty: 1.05 }
    expect(samplingOfGenerationConfig(config)).toEqual({
      temperature: 0.6,
      topP: 0.95,
      topK: 20,
      repetitionPenalty: 1.05,
    })
    expect(samplingOfGenerationConfig({ do_sample: false, temperature: 0.6 })).toEqual({ temperature: 0 })
    expect(samplingOfGenerationConfig({ do_sample: false, repetition_penalty: 1.1 })).toEqual({
      temperature: 0,
      repetitionPenalty: 1.1,
    })
    expect(samplingOfGenerationConfig({ repetition_penalty: 0, top_k: 2 ** 31 })).toEqual({})
    expect(samplingOfGenerationConfig({ temperature: 'hot', top_p: 3, top_k: -1, min_p: Number.NaN })).toEqual({})
  })

  it('come from GGUF metadata', () => {
    const metadata = new Map<string, unknown>([
      ['general.sampling.temp', 0.5],
      ['general.sampling.top_k', 20],
      ['general.sampling.penalty_repeat', 1.1],
    ])
    expect(samplingOfGguf(metadata)).toEqual({ temperature: 0.5, topK: 20, repetitionPenalty: 1.1 })
  })

  it('yield to the caller, field by field', () => {
    expect(resolveSampling({ temperature: 0 }, { temperature: 0.6, topP: 0.9 })).toEqual({
      temperature: 0,
      topP: 0.9,
      topK: 0,
      minP: 0,
      repetitionPenalty: 1,
    })
  })

  it("are OpenAI's where a caller sets any and the checkpoint none, else the fallback", () => {
    expect(resolveSampling({ temperature: 1 }, {})).toEqual({
      temperature: 1,
      topP: 1,
      topK: 0,
      minP: 0,
      repetitionPenalty: 1,
    })
    expect(resolveSampling({}, {})).toEqual({
      temperature: 0.8,
      topP: 0.95,
      topK: 40,
      minP: 0.05,
      repetitionPenalty: 1,
    })
  })
})
