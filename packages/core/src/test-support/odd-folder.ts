import { planGpuBytes } from '@sampan/engine'
import { serveHub } from '../hub/testing.ts'
import { browserNetwork } from '../network/network.ts'
import { openConversation } from '../sampan/open-conversation.ts'
import { describeSource } from '../sources/describe-source.ts'
import { openSource } from './open-source.ts'
import { type Files, type Json, json, released, tensorsOf, text } from './released-tiny.ts'

// Folders of a released model as strangers change it.

export const everything = (): boolean => true
export const { 'model.safetensors': whole = new Uint8Array(), ...weightless } = released
export const template = text('chat_template.jinja')
export const { 'chat_template.jinja': _, ...untemplated } = released
const withConfig = (change: (object: Json) => Json): Files => ({ ...released, ...json('config.json', change) })
export const merged = (more: Json): Files => withConfig((object) => ({ ...object, ...more }))
export const without = (...names: readonly string[]): Files =>
  withConfig((object) => Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name))))
export const indexOf = (...shards: readonly string[]): string =>
  JSON.stringify({ weight_map: Object.fromEntries(shards.map((shard, index) => [`t${index}`, shard])) })
const isFirst = (name: string): boolean => name.includes('layers.0.')
export const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 988097824\n`
export const shards = {
  'model-00001-of-00002.safetensors': tensorsOf(isFirst),
  'model-00002-of-00002.safetensors': tensorsOf((name) => !isFirst(name)),
}

const traits = {
  features: ['shader-f16', 'subgroups'],
  limits: { maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 2 ** 31 },
  ...{ vendor: 'made-up', architecture: '', description: '', software: false },
}

/** All that `load` does before weights are read. */
export async function openFolder(files: Files) {
  const test = await serveHub({ 'org/name': { files } })
  try {
    const options = { hub: test.hub, network: browserNetwork, signal: new AbortController().signal }
    const { checkpoint, texts, name } = await openSource(await describeSource('org/name', test.hub), options)
    const conversation = openConversation(checkpoint, texts, name)
    planGpuBytes(checkpoint, {}, traits)
    const prompt = conversation.template.render([{ role: 'user', content: 'Hi' }], { addGenerationPrompt: true })
    return { config: checkpoint.config, ends: [...conversation.tokenizer.endTokenIds], prompt, conversation }
  } finally {
    await test.close()
  }
}
