import { type ModelRecord, ModelType, prebuiltAppConfig } from '@mlc-ai/web-llm'
import { BackendError } from '../backend-error.ts'

const MAX_SUGGESTIONS = 5

/**
 * The record of web-llm's own catalogue.
 * @throws BackendError `model-unknown`, naming the ids that look most like it
 */
export function findRecord(id: string): ModelRecord {
  const chats = prebuiltAppConfig.model_list.filter((record) => record.model_type !== ModelType.embedding)
  const record = chats.find((candidate) => candidate.model_id === id)
  if (record) return record
  const near = nearest(
    id,
    chats.map((candidate) => candidate.model_id),
  )
  throw new BackendError(
    'model-unknown',
    `web-llm's catalogue has no chat model "${id}". Near it are: ${near.join(', ')}.`,
    { id, near },
  )
}

/** The candidates that share the most letter pairs with `id` (Dice's coefficient). */
export function nearest(id: string, candidates: readonly string[]): string[] {
  const wanted = pairs(id)
  return candidates
    .map((candidate) => {
      const own = pairs(candidate)
      const shared = [...own].filter((pair) => wanted.has(pair)).length
      return { candidate, likeness: (2 * shared) / (wanted.size + own.size) }
    })
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ candidate }) => candidate)
}

function pairs(text: string): Set<string> {
  const lower = text.toLowerCase()
  return new Set(Array.from({ length: Math.max(0, lower.length - 1) }, (_, index) => lower.slice(index, index + 2)))
}
