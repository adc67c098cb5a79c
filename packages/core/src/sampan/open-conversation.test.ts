import { describe, expect, it } from 'vitest'
import { huggingFace } from '../hub/hubs.ts'
import { browserNetwork } from '../network/network.ts'
import { openCheckpoint } from '../sources/open-checkpoint.ts'
import { tinyFolder } from '../test-support/tiny-folder.ts'
import { openConversation } from './open-conversation.ts'

const { signal } = new AbortController()

async function openWithout(...names: string[]): Promise<unknown> {
  const folder = [...tinyFolder()].filter(([name]) => !names.includes(name))
  // Node's File has no such path.
  const files = folder.map(([name, bytes]) =>
    Object.assign(new File([Uint8Array.from(bytes)], name), { webkitRelativePath: `tiny/${name}` }),
  )
  const { checkpoint, texts } = await openCheckpoint(
    { kind: 'files', files },
    { hub: huggingFace, network: browserNetwork, signal },
  )
  return openConversation(checkpoint, texts, 'tiny')
}

describe('what lies between messages and tokens', () => {
  it('is there in a whole folder', async () => {
    expect(await openWithout()).toMatchObject({ sampling: { temperature: 0.6 } })
  })

  it('names what a folder lacks', async () => {
    await expect(openWithout('chat_template.jinja')).rejects.toMatchObject({
      code: 'template-missing',
      message: expect.stringContaining('tiny has no chat template'),
    })
    await expect(openWithout('tokenizer.json')).rejects.toMatchObject({
      code: 'source-not-found',
      details: { file: 'tokenizer.json' },
    })
  })
})
