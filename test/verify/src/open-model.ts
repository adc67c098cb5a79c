import { type Engine, loadEngine } from '@sampan/engine'
import { huggingFace } from '../../../packages/core/src/hub/hubs.ts'
import { browserNetwork } from '../../../packages/core/src/network/network.ts'
// What core does between a source and an answer is what is verified, so it is core's own code that runs here.
import { openConversation } from '../../../packages/core/src/sampan/open-conversation.ts'
import { openCheckpoint } from '../../../packages/core/src/sources/open-checkpoint.ts'
import type { VerifyRequest } from './events.ts'
import type { ReferenceCase } from './reference-file.ts'

export interface OpenedModel {
  readonly engine: Engine
  /** The chat template's prompt, ready for an answer. */
  render(messages: ReferenceCase['messages']): string
  encode(prompt: string): readonly number[]
}

/** @throws whatever the parts throw, all of it with the mark `Symbol.for('sampan.error')` */
export async function openModel(
  { model, bits }: VerifyRequest,
  onProgress: (phase: string, loaded: number, total: number) => void,
): Promise<OpenedModel> {
  const { signal } = new AbortController()
  const { checkpoint, texts, name } = await openCheckpoint(
    { kind: 'url', url: model },
    { hub: huggingFace, network: browserNetwork, signal },
  )
  const { tokenizer, template } = openConversation(checkpoint, texts, name)
  const engine = await loadEngine(checkpoint, {
    ...(bits !== undefined && { bits }),
    onProgress: ({ phase, loaded, total }) => onProgress(phase, loaded, total),
  })
  return {
    engine,
    render: (messages) =>
      template.render(
        messages.map((message) => ({ ...message })),
        { addGenerationPrompt: true },
      ),
    // As the reference does: the prompt says all that is to be tokenised, BOS included.
    encode: (prompt) => tokenizer.encode(prompt, { addSpecialTokens: false }),
  }
}
