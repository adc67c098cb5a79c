import type { GenerateOptions, ScoreOptions } from '../engine-types.ts'
import { EngineError } from '../errors.ts'
import { checkEdits } from '../kernels/sample/logit-edits.ts'
import { writeParameters } from '../kernels/sample/parameters.ts'

/** @throws EngineError `option-invalid`, `token-out-of-range`, `context-length-exceeded` */
export function checkTokens(tokens: readonly number[], vocabularySize: number, contextLength: number): void {
  if (tokens.length === 0) throw new EngineError('option-invalid', 'The prompt is empty: give at least one token.')
  if (tokens.length > contextLength) {
    throw new EngineError(
      'context-length-exceeded',
      `The prompt has ${tokens.length} tokens but the context holds ${contextLength}. Shorten the prompt or load the model with a longer context.`,
      { promptTokens: tokens.length, contextLength },
    )
  }
  const strange = tokens.find((token) => !Number.isInteger(token) || token < 0 || token >= vocabularySize)
  if (strange !== undefined) {
    throw new EngineError(
      'token-out-of-range',
      `Token id ${strange} is outside the model's vocabulary of ${vocabularySize}: tokenizer and model do not belong together.`,
      { token: strange, vocabularySize },
    )
  }
}

/** @throws EngineError `option-invalid`, `token-out-of-range` */
export function checkGenerateOptions(
  options: GenerateOptions & { readonly seed: number },
  vocabularySize: number,
  promptTokens: number,
): void {
  const { answered = 0, priority = 'normal' } = options
  if (!Number.isInteger(answered) || answered < 0 || answered >= promptTokens) {
    throw new EngineError(
      'option-invalid',
      `answered is ${answered}; of a prompt of ${promptTokens} tokens it must be a whole number from 0 to ${promptTokens - 1}.`,
      { option: 'answered', answered, promptTokens },
    )
  }
  if (priority !== 'normal' && priority !== 'background') {
    throw new EngineError('option-invalid', `priority must be normal or background, not ${String(priority)}.`, {
      option: 'priority',
    })
  }
  writeParameters({ ...options, vocabulary: vocabularySize, chunks: 1 })
  checkEdits(options, vocabularySize)
  const strange = options.stopTokens?.find((token) => token >= vocabularySize)
  if (strange === undefined) return
  throw new EngineError(
    'token-out-of-range',
    `Stop token ${strange} is outside the model's vocabulary of ${vocabularySize}.`,
    {
      token: strange,
      vocabularySize,
    },
  )
}

/** @throws EngineError `option-invalid` */
export function checkScoreOptions({ from }: ScoreOptions, tokens: number): void {
  if (!Number.isInteger(from) || from < 0 || from >= tokens) {
    throw new EngineError('option-invalid', `from must be a position of the ${tokens} tokens, not ${from}.`)
  }
}
