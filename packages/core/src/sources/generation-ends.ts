import { field } from '../hub/hub-values.ts'
import type { ModelTexts } from './open-checkpoint.ts'

/** Most tokens that end an answer; models have three. */
const MAX_ENDS = 64

/**
 * What ends an answer, from `generation_config.json` or, where that does not say, from `config.json`, as transformers reads it: one number or a
 * list. A generation config that is none is left out: it says nothing that a model cannot run without.
 */
export function withEnds({ generationConfig, ...texts }: ModelTexts, config: string): ModelTexts {
  const { eos_token_id: told, ...generation } = objectOf(generationConfig)
  const own = endsOf(told)
  const ends = own.length > 0 ? own : endsOf(field(objectOf(config), 'eos_token_id'))
  if (ends.length > 0) return { ...texts, generationConfig: JSON.stringify({ ...generation, eos_token_id: ends }) }
  return Object.keys(generation).length > 0 ? { ...texts, generationConfig: JSON.stringify(generation) } : texts
}

function endsOf(value: unknown): readonly number[] {
  const ids: readonly unknown[] = Array.isArray(value) ? value.slice(0, MAX_ENDS) : [value]
  return ids.flatMap((id) => (typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? [id] : []))
}

function objectOf(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse((text ?? '').replace(/^\ufeff/, ''))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}
