import { findAlternatives } from '../../../../packages/core/src/hub/find-alternatives.ts'
import { huggingFace, modelScope } from '../../../../packages/core/src/hub/hubs.ts'
import { resolveModel } from '../../../../packages/core/src/hub/resolve-model.ts'
import type { Network } from '../../../../packages/core/src/network/network.ts'
import { mutateJson } from '../mutate-json.ts'
import { mutateText } from '../mutate-text.ts'
import type { FuzzTarget, Pick } from '../target.ts'

const commit = '0123456789abcdef0123456789abcdef01234567'
const sha256 = commit.repeat(2).slice(0, 64)
const card = `---
license: apache-2.0
base_model: org/base
tags: [a, "b"]
---
# Name

A model that answers questions about boats, in short sentences and with [links](https://example.org) **here**.
`

/** What each kind of hub answers, by a piece of the address. */
const huggingFaceAnswers = {
  '/revision/': JSON.stringify({
    id: 'org/name',
    sha: commit,
    gated: false,
    cardData: { license: 'mit', base_model: ['a/b'] },
  }),
  '/tree/': JSON.stringify([
    { type: 'directory', oid: commit, size: 0, path: 'sub' },
    { type: 'file', oid: commit, size: 700, path: 'config.json' },
    { type: 'file', oid: commit, size: 700, path: 'tokenizer.json' },
    { type: 'file', oid: commit, size: 700, path: 'README.md' },
    { type: 'file', oid: commit, size: 90, path: 'model.safetensors.index.json' },
    {
      type: 'file',
      oid: commit,
      size: 5000,
      path: 'model-00001-of-00002.safetensors',
      lfs: { oid: sha256, size: 5000, pointerSize: 132 },
    },
    {
      type: 'file',
      oid: commit,
      size: 4000,
      path: 'model-00002-of-00002.safetensors',
      lfs: { oid: sha256, size: 4000, pointerSize: 132 },
    },
    {
      type: 'file',
      oid: commit,
      size: 4000,
      path: 'name-Q4_K_M.gguf',
      lfs: { oid: sha256, size: 4000, pointerSize: 132 },
    },
  ]),
  'index.json': JSON.stringify({
    metadata: {},
    weight_map: { a: 'model-00001-of-00002.safetensors', b: 'model-00002-of-00002.safetensors' },
  }),
  'README.md': card,
  '?filter=': JSON.stringify([{ id: 'org/name-GGUF', tags: ['gguf'], downloads: 3, private: false }]),
}
const modelScopeAnswers = {
  '/repo/files': JSON.stringify({
    Code: 200,
    Success: true,
    Data: {
      Files: [
        { Type: 'blob', Path: 'config.json', Name: 'config.json', Size: 700, Sha256: sha256, IsLFS: false },
        { Type: 'blob', Path: 'model.safetensors', Name: 'model.safetensors', Size: 700, Sha256: sha256, IsLFS: true },
        { Type: 'tree', Path: 'sub', Name: 'sub', Size: 0 },
      ],
    },
  }),
  '/api/v1/models/org/name': JSON.stringify({
    Code: 200,
    Success: true,
    Data: { License: 'mit', BaseModel: ['a/b'], ReadMeContent: card },
  }),
}

/** What hubs say of a model, from the first question to the files that would be asked for, and the model card. */
export function hubTargets(): readonly FuzzTarget[] {
  const signal = new AbortController().signal
  const source = { kind: 'hub', repository: 'org/name', revision: 'main' } as const
  return [
    {
      name: 'Hugging Face',
      weight: 6,
      run: async (pick) => {
        const context = { hub: huggingFace, network: networkOf(huggingFaceAnswers, pick), signal, firstPauseMs: 0 }
        const model = await resolveModel(source, context)
        await findAlternatives(model, context)
      },
    },
    {
      name: 'ModelScope',
      weight: 3,
      run: (pick) =>
        resolveModel(source, { hub: modelScope, network: networkOf(modelScopeAnswers, pick), signal, firstPauseMs: 0 }),
    },
  ]
}

/** Answers one of the questions with something damaged, the others as they should be. */
function networkOf(answers: Readonly<Record<string, string>>, pick: Pick): Network {
  const names = Object.keys(answers)
  const damaged = names[pick(names.length)]
  return {
    fetch: async ({ url }) => {
      const name = names.find((part) => url.includes(part))
      const sound = name === undefined ? undefined : answers[name]
      if (sound === undefined) return new Response('Not found', { status: 404 })
      if (name !== damaged) return new Response(sound)
      return new Response(
        sound.startsWith('---')
          ? mutateText(sound, pick, ['---\n', '<!--', '<table', '[](', '```\n', '**'])
          : mutateJson(sound, pick),
      )
    },
  }
}
