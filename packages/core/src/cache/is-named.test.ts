import { expect, it } from 'vitest'
import { markedUrl } from '../hub/source-key.ts'
import { isNamed } from './is-named.ts'

const keys = [
  'https://mirror.example/hf/org/name@refs/pr/1:gguf/a.gguf',
  'https://files.example/b/c.gguf',
  markedUrl('https://files.example/get?id=7'),
]
const model = {
  id: 'abc',
  name: 'Name',
  keys,
  form: { kind: 'source' },
  state: 'complete',
  bytes: 1,
  changed: '',
} as const

it.each([
  'abc',
  'Name',
  'org/name',
  'org/name@refs/pr/1',
  'org/name:gguf/a.gguf',
  'org/name@refs/pr/1:gguf/a.gguf',
  ...keys,
  'https://files.example/b/c.gguf?token=secret',
  'https://files.example/get?id=7',
])('%s names it', (source) => {
  expect(isNamed(model, source)).toBe(true)
})

it.each([
  'https://files.example/get?id=8',
  '',
  'name',
  'org/nam',
  'hf/org',
  'org/name:b.gguf',
  'org/name@main',
  'b/c.gguf',
  'https://files.example/b',
])('%j does not', (source) => {
  expect(isNamed(model, source)).toBe(false)
})
