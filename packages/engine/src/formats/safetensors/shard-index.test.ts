import { expect, test } from 'vitest'
import { expectFailure } from '../testing.ts'
import { shardFileNames } from './shard-index.ts'

const names = async (value: unknown) => shardFileNames(JSON.stringify(value))

test('each file once, in order', async () => {
  const map = {
    a: 'model-00002-of-00002.safetensors',
    b: 'model-00001-of-00002.safetensors',
    c: 'model-00002-of-00002.safetensors',
  }
  expect(await names({ metadata: { total_size: 1 }, weight_map: map })).toEqual([
    'model-00001-of-00002.safetensors',
    'model-00002-of-00002.safetensors',
  ])
})

test.each([
  '../secret',
  'a/b.safetensors',
  'a\\b',
  '/etc/passwd',
  '.hidden',
  '..',
  '',
  'https://example.com/x',
  'a?b',
  'a#b',
  'a%2fb',
  'x\n',
  'n'.repeat(300),
  7,
  null,
  {},
])('the file name %j is refused', async (name) => {
  await expectFailure(names({ weight_map: { a: name } }), 'file-malformed', /no plain file name/)
})

test('an index without files is refused', async () => {
  await expectFailure(names({}), 'file-malformed', /no weight_map/)
  await expectFailure(names({ weight_map: [] }), 'file-malformed', /no weight_map/)
  await expectFailure(names({ weight_map: {} }), 'file-malformed', /names no weight files/)
  await expectFailure((async () => shardFileNames('{'))(), 'file-malformed', /not valid JSON/)
})

test('too many files are refused', async () => {
  const map = Object.fromEntries(Array.from({ length: 1025 }, (_, i) => [`t${i}`, `f${i}`]))
  await expectFailure(names({ weight_map: map }), 'file-limit-exceeded', /more than 1024 files/)
})
