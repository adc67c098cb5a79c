import { expect, test } from 'vitest'
import type { EngineErrorCode } from '../../errors.ts'
import { EngineError } from '../../errors.ts'
import { bytesSource } from '../bytes-source.ts'
import { expectFailure, failure, seededRandom, sparseSource } from '../testing.ts'
import { readSafetensors } from './read-safetensors.ts'
import { buildSafetensors, safetensorsSource, type TestEntry } from './testing.ts'

const entry = (change: TestEntry = {}): TestEntry => ({ dtype: 'F32', shape: [2, 4], data_offsets: [0, 32], ...change })
const sound = {
  __metadata__: { format: 'pt' },
  a: entry(),
  'b.c': entry({ dtype: 'BF16', data_offsets: [32, 48] }),
  scalar: entry({ dtype: 'F16', shape: [], data_offsets: [48, 50] }),
}

test('the directory as written', async () => {
  const bytes = buildSafetensors(sound, 50)
  const start = bytes.length - 50
  const tensors = await readSafetensors(bytesSource(bytes, 'model.safetensors'))
  expect([...tensors.values()].map(({ source: _, ...rest }) => rest)).toEqual([
    { name: 'a', type: 'F32', shape: [2, 4], start, byteLength: 32 },
    { name: 'b.c', type: 'BF16', shape: [2, 4], start: start + 32, byteLength: 16 },
    { name: 'scalar', type: 'F16', shape: [], start: start + 48, byteLength: 2 },
  ])
})

test('a file cut anywhere is a truncated file', async () => {
  const bytes = buildSafetensors(sound, 50)
  for (let length = 0; length < bytes.length; length++) {
    const error = await failure(readSafetensors(bytesSource(bytes.slice(0, length), 'cut')))
    expect([length, error.code]).toEqual([length, 'file-truncated'])
  }
})

test('a header length past the limit is refused before the header is read', async () => {
  for (const length of [2n ** 63n, 2n ** 32n, 33n * 1024n * 1024n]) {
    const source = sparseSource(buildSafetensors('{}', 0, length), 2 ** 52)
    await expectFailure(readSafetensors(source), 'file-limit-exceeded', /header of more than/)
    expect(source.reads).toEqual([8])
  }
})

test.each<[string, string | Uint8Array | Readonly<Record<string, unknown>>, EngineErrorCode, RegExp]>([
  ['a header that is not UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), 'file-malformed', /not UTF-8/],
  ['a header that is no JSON', '{"a":', 'file-malformed', /not valid JSON/],
  ['a header that is a list', '[]', 'file-malformed', /does not hold a JSON object/],
  ['NaN in a shape', '{"a":{"dtype":"F32","shape":[NaN],"data_offsets":[0,4]}}', 'file-malformed', /not valid JSON/],
  ['a header nested without end', `{"a":${'['.repeat(100_000)}`, 'file-limit-exceeded', /nests more than/],
  [
    'a name twice',
    '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
    'file-malformed',
    /key a twice/,
  ],
  ['a name without end', { ['n'.repeat(2000)]: entry() }, 'file-limit-exceeded', /too long a tensor name/],
  ['an entry that is null', { a: null }, 'file-malformed', /"a" has no description/],
  ['an entry that is a list', { a: [] }, 'file-malformed', /"a" has no description/],
  [
    'a type of FP8',
    { a: entry({ dtype: 'F8_E4M3' }) },
    'format-unsupported',
    /"a" has element type "F8_E4M3".*Use safetensors in BF16/,
  ],
  [
    'a type called like a property of every object',
    { a: entry({ dtype: 'toString' }) },
    'format-unsupported',
    /"toString"/,
  ],
  ['a type that is a number', { a: entry({ dtype: 1 }) }, 'format-unsupported', /element type 1/],
  ['no type', { a: entry({ dtype: undefined }) }, 'format-unsupported', /element type undefined/],
  ['no shape', { a: entry({ shape: undefined }) }, 'file-malformed', /no valid shape/],
  ['a negative dimension', { a: entry({ shape: [-2, -4] }) }, 'file-malformed', /no valid shape/],
  ['a fractional dimension', { a: entry({ shape: [0.5, 16] }) }, 'file-malformed', /no valid shape/],
  ['an empty dimension', { a: entry({ shape: [0], data_offsets: [0, 0] }) }, 'file-malformed', /no valid shape/],
  ['a dimension of 1e300', { a: entry({ shape: [1e300] }) }, 'file-malformed', /no valid shape/],
  [
    'nine dimensions',
    { a: entry({ shape: Array(9).fill(1), data_offsets: [0, 4] }) },
    'file-malformed',
    /no valid shape/,
  ],
  ['a product past 2^53', { a: entry({ shape: [2 ** 30, 2 ** 30, 2 ** 30] }) }, 'file-malformed', /has 32 bytes where/],
  ['one offset', { a: entry({ data_offsets: [0] }) }, 'file-malformed', /no valid data_offsets/],
  ['three offsets', { a: entry({ data_offsets: [0, 32, 64] }) }, 'file-malformed', /no valid data_offsets/],
  ['offsets that are text', { a: entry({ data_offsets: ['0', '32'] }) }, 'file-malformed', /no valid data_offsets/],
  ['a negative offset', { a: entry({ data_offsets: [-32, 0] }) }, 'file-malformed', /no valid data_offsets/],
  ['offsets that go back', { a: entry({ data_offsets: [32, 0] }) }, 'file-malformed', /has -32 bytes where/],
  [
    'fewer bytes than the shape',
    { a: entry({ data_offsets: [0, 16] }) },
    'file-malformed',
    /has 16 bytes where its shape \[2, 4\] in F32 needs 32/,
  ],
  ['offsets past the end', { a: entry({ data_offsets: [64, 96] }) }, 'file-truncated', /tensor a ends at/],
  [
    'overlapping tensors',
    { a: entry(), b: entry({ data_offsets: [28, 60] }) },
    'file-malformed',
    /tensors a and b overlap/,
  ],
  [
    'tensors that overlap by one byte',
    { a: entry(), b: entry({ dtype: 'F16', shape: [1], data_offsets: [31, 33] }) },
    'file-malformed',
    /tensors a and b overlap/,
  ],
])('%s is refused', async (_, header, code, message) => {
  await expectFailure(readSafetensors(safetensorsSource(header, 64)), code, message)
})

test('4000 damaged headers parse or fail with a typed error', async () => {
  const random = seededRandom(7)
  const pick = (below: number) => Math.floor(random() * below)
  const original = buildSafetensors(sound, 50)
  const outcomes = new Map<string, number>()
  for (let index = 0; index < 4000; index++) {
    const bytes = [...original]
    for (let edits = 1 + pick(3); edits > 0; edits--) {
      // Seven in eight leave the length alone, or nothing else would be tried.
      const at = index % 8 === 0 ? pick(8) : 8 + pick(original.length - 58)
      if (pick(2) === 0) bytes[at] = 32 + pick(95)
      else bytes[at] = (bytes[at] ?? 0) ^ (1 << pick(8))
    }
    const source = sparseSource(Uint8Array.from(bytes), index % 2 === 0 ? bytes.length : 2 ** 50)
    const outcome = await readSafetensors(source).then(
      () => 'parsed',
      (error: unknown) => {
        if (EngineError.isInstance(error)) return error.code
        throw new Error(`Mutant ${index} ended with ${String(error)}`, { cause: error })
      },
    )
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  }
  for (const outcome of ['parsed', 'file-malformed', 'file-truncated', 'file-limit-exceeded', 'format-unsupported'])
    expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(10)
})
