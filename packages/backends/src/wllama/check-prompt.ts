import { BackendError } from '../backend-error.ts'

/** @throws BackendError `option-invalid`, `context-length-exceeded`, `token-out-of-range` */
export function checkPrompt(tokens: readonly number[], vocabularySize: number, contextLength: number): void {
  if (tokens.length === 0)
    throw new BackendError('option-invalid', 'The prompt is empty: it must have at least one token.')
  if (tokens.length > contextLength)
    throw new BackendError(
      'context-length-exceeded',
      `The prompt has ${tokens.length} tokens, the context holds ${contextLength}: shorten the messages, or load with a larger contextLength.`,
      { promptTokens: tokens.length, contextLength },
    )
  const strange = tokens.find((token) => !Number.isInteger(token) || token < 0 || token >= vocabularySize)
  if (strange !== undefined)
    throw new BackendError(
      'token-out-of-range',
      `The prompt has a token ${strange}, outside the vocabulary of ${vocabularySize}: tokenizer and model do not belong together.`,
      { token: strange, vocabularySize },
    )
}
