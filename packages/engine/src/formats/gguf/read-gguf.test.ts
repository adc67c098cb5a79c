import { expect, test } from 'vitest'
import { bytesSource } from '../bytes-source.ts'
import { expectFailure, failure, sparseSource } from '../testing.ts'
import { firstWindowBytes, maximumArrayDepth } from './limits.ts'
import { readGguf } from './read-gguf.ts'
import { array, buildGguf, f32, type TestGguf, type TestTensor, type TestValue, text, u32, u64 } from './testing.ts'

const open = (file: TestGguf) => readGguf(bytesSource(buildGguf(file), 'test.gguf'))
const openBytes = (bytes: Uint8Array) => readGguf(bytesSource(bytes, 'test.gguf'))
const F32 = 0
const Q4_0 = 2
const tensor = (name: string, change: Partial<TestTensor> = {}): TestTensor => ({
  name,
  dimensions: [32, 2],
  type: F32,
  offset: 0,
  ...change,
})

const sound: TestGguf = {
  metadata: [
    ['general.architecture', text('llama')],
    ['numbers', array(4, [u32(1), u32(2)])],
    ['words', array(8, [text('ä'), text('\uFEFF'), text('')])],
    ['nested', array(9, [array(4, [u32(7)]), array(8, [text('x')])])],
    ['long', u64(2n ** 40n)],
    ['longer', u64(2n ** 60n)],
    ['flag', { type: 7, value: true }],
    ['empty', array(6, [])],
  ],
  tensors: [tensor('a'), tensor('b', { type: Q4_0, offset: 256 })],
  dataBytes: 256 + 36,
}

test.each([2, 3])('version %i: metadata and directory as written', async (version) => {
  const file = await open({ ...sound, version })
  expect(file.version).toBe(version)
  expect([...file.metadata]).toEqual([
    ['general.architecture', 'llama'],
    ['numbers', Uint32Array.of(1, 2)],
    // A byte order mark is a token like any other and must survive decoding.
    ['words', ['ä', '\uFEFF', '']],
    ['nested', [Uint32Array.of(7), ['x']]],
    ['long', 2 ** 40],
    ['longer', 2n ** 60n],
    ['flag', true],
    ['empty', new Float32Array(0)],
  ])
  const [a, b] = [...file.tensors.values()]
  expect(a).toMatchObject({ name: 'a', type: 'F32', shape: [2, 32], byteLength: 256 })
  expect(b).toMatchObject({ name: 'b', type: 'Q4_0', shape: [2, 32], byteLength: 36, start: (a?.start ?? 0) + 256 })
  expect((a?.start ?? 1) % 32).toBe(0)
})

test('a file cut anywhere is a truncated file', async () => {
  const bytes = buildGguf(sound)
  for (let length = 0; length < bytes.length; length++) {
    const error = await failure(openBytes(bytes.slice(0, length)))
    expect([length, error.code]).toEqual([length, 'file-truncated'])
  }
})

test('a larger alignment moves the data', async () => {
  const file = await open({
    metadata: [['general.alignment', u32(128)]],
    tensors: [tensor('a', { offset: 128 })],
    dataBytes: 384,
    alignment: 128,
  })
  expect((file.tensors.get('a')?.start ?? 1) % 128).toBe(0)
})

const deep = (depth: number): TestValue => (depth === 1 ? array(4, [u32(1)]) : array(9, [deep(depth - 1)]))
const notUtf8 = Uint8Array.of(0x61, 0xff)
const huge = 2n ** 63n

test.each<
  [string, TestGguf, 'file-malformed' | 'file-limit-exceeded' | 'format-unsupported' | 'file-truncated', RegExp]
>([
  ['another magic', { magic: '<htm' }, 'file-malformed', /does not begin with "GGUF"/],
  ['version 1', { version: 1 }, 'format-unsupported', /GGUF version 1/],
  ['version 4', { version: 4 }, 'format-unsupported', /GGUF version 4/],
  ['big endian', { version: 0x03000000 }, 'format-unsupported', /big-endian/],
  ['2^63 tensors', { tensorCount: huge }, 'file-limit-exceeded', /tensors, more than/],
  ['more tensors than the file can hold', { tensorCount: 60_000n }, 'file-truncated', /inside its tensor directory/],
  ['2^63 metadata entries', { metadataCount: huge }, 'file-limit-exceeded', /metadata entries, more than/],
  ['more metadata than the file can hold', { metadataCount: 60_000n }, 'file-truncated', /inside its metadata/],
  [
    'a key twice',
    {
      metadata: [
        ['k', u32(1)],
        ['k', u32(2)],
      ],
    },
    'file-malformed',
    /key "k" occurs twice/,
  ],
  [
    'a key that is not UTF-8',
    { metadata: [[notUtf8, u32(1)]] },
    'file-malformed',
    /metadata key at byte \d+ is not UTF-8/,
  ],
  [
    'a string that is not UTF-8',
    { metadata: [['k', text(notUtf8)]] },
    'file-malformed',
    /metadata "k" at byte \d+ is not UTF-8/,
  ],
  [
    'a token that is not UTF-8',
    { metadata: [['k', array(8, [text(notUtf8)])]] },
    'file-malformed',
    /string of metadata "k"/,
  ],
  [
    'a tensor name that is not UTF-8',
    { tensors: [{ ...tensor('a'), name: notUtf8 }], dataBytes: 256 },
    'file-malformed',
    /tensor name/,
  ],
  [
    'an unknown value type',
    { metadata: [['k', { type: 13, raw: new Uint8Array(16) }]] },
    'file-malformed',
    /unknown value type 13/,
  ],
  ['an unknown element type', { metadata: [['k', array(99, [])]] }, 'file-malformed', /unknown value type 99/],
  ['an array of 2^63', { metadata: [['k', array(4, [], huge)]] }, 'file-limit-exceeded', /"k" has Infinity elements/],
  [
    'an array past the end',
    { metadata: [['k', array(4, [], 1_000_000n)]] },
    'file-truncated',
    /inside its metadata "k"/,
  ],
  [
    'strings past the end',
    { metadata: [['k', array(8, [], 2_000_000n)]] },
    'file-truncated',
    /inside its metadata "k"/,
  ],
  [
    'arrays in arrays',
    { metadata: [['k', deep(maximumArrayDepth + 1)]] },
    'file-limit-exceeded',
    /nests arrays more than 4 deep/,
  ],
  [
    'a string of 2^63 bytes',
    { metadata: [['k', { type: 8, raw: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 128) }]] },
    'file-limit-exceeded',
    /"k" at byte \d+ has Infinity bytes/,
  ],
  [
    'a key of 100,000 bytes',
    { metadata: [['k'.repeat(100_000), u32(1)]] },
    'file-limit-exceeded',
    /metadata key .* 100000 bytes/,
  ],
  [
    'a tensor name of 300 bytes',
    { tensors: [tensor('t'.repeat(300))], dataBytes: 256 },
    'file-limit-exceeded',
    /tensor name .* 300 bytes/,
  ],
  [
    'an alignment of 48',
    { metadata: [['general.alignment', u32(48)]] },
    'file-malformed',
    /alignment 48 is not a power of two/,
  ],
  ['an alignment of 0', { metadata: [['general.alignment', u32(0)]] }, 'file-malformed', /alignment 0/],
  ['an alignment that is text', { metadata: [['general.alignment', text('32')]] }, 'file-malformed', /alignment 32/],
  ['an alignment of NaN', { metadata: [['general.alignment', f32(Number.NaN)]] }, 'file-malformed', /alignment NaN/],
  [
    'a split file',
    { metadata: [['split.count', u32(3)]] },
    'format-unsupported',
    /one of 3 parts.*all of them together/,
  ],
  [
    'a tensor twice',
    { tensors: [tensor('a'), tensor('a', { offset: 256 })], dataBytes: 512 },
    'file-malformed',
    /tensor "a" occurs twice/,
  ],
  [
    'no dimensions',
    { tensors: [tensor('a', { dimensions: [] })], dataBytes: 256 },
    'file-malformed',
    /has 0 dimensions/,
  ],
  [
    'five dimensions',
    { tensors: [tensor('a', { dimensions: [1, 1, 1, 1, 1] })], dataBytes: 256 },
    'file-malformed',
    /has 5 dimensions/,
  ],
  [
    'an empty dimension',
    { tensors: [tensor('a', { dimensions: [32, 0] })], dataBytes: 256 },
    'file-malformed',
    /dimension of 0/,
  ],
  [
    'dimensions whose product overflows',
    { tensors: [tensor('a', { dimensions: [2n ** 32n, 2n ** 32n] })], dataBytes: 256 },
    'file-malformed',
    /dimension of 4294967296/,
  ],
  [
    'a dimension of 2^63',
    { tensors: [tensor('a', { dimensions: [huge] })], dataBytes: 256 },
    'file-malformed',
    /dimension of Infinity/,
  ],
  [
    'a row that is no whole number of blocks',
    { tensors: [tensor('a', { type: Q4_0, dimensions: [48] })], dataBytes: 256 },
    'file-malformed',
    /rows of 48, no multiple of the 32 of Q4_0/,
  ],
  [
    'an element type not supported',
    { tensors: [tensor('a', { type: 23 })], dataBytes: 256 },
    'format-unsupported',
    /"a" has element type IQ4_XS.*Q4_K_M/,
  ],
  [
    'an element type unknown',
    { tensors: [tensor('a', { type: 4_000_000_000 })], dataBytes: 256 },
    'format-unsupported',
    /element type number 4000000000/,
  ],
  [
    'an unaligned offset',
    { tensors: [tensor('a', { offset: 16 })], dataBytes: 512 },
    'file-malformed',
    /unaligned or absurd offset 16/,
  ],
  [
    'an offset of 2^63',
    { tensors: [tensor('a', { offset: huge })], dataBytes: 512 },
    'file-malformed',
    /offset Infinity/,
  ],
  [
    'an offset just within 2^53',
    { tensors: [tensor('a', { offset: 2n ** 53n - 32n })], dataBytes: 512 },
    'file-malformed',
    /absurd offset/,
  ],
  [
    'an offset past the end',
    { tensors: [tensor('a', { offset: 512 })], dataBytes: 512 },
    'file-truncated',
    /its tensor a ends at/,
  ],
  [
    'overlapping tensors',
    { tensors: [tensor('a'), tensor('b', { offset: 224 })], dataBytes: 512 },
    'file-malformed',
    /tensors a and b overlap/,
  ],
  ['two tensors in one place', { tensors: [tensor('a'), tensor('b')], dataBytes: 512 }, 'file-malformed', /overlap/],
])('%s is refused', async (_, file, code, message) => {
  await expectFailure(open(file), code, message)
})

test('the deepest allowed nesting is read', async () => {
  const file = await open({ metadata: [['k', deep(maximumArrayDepth)]] })
  expect(file.metadata.get('k')).toEqual([[[Uint32Array.of(1)]]])
})

test('declared sizes are refused before anything is read or allocated for them', async () => {
  // The pretended file is large enough for each; only the limits stand in the way.
  for (const value of [array(10, [], 2_000_000n), array(9, [], 2_097_153n), array(8, [], 2_097_153n)]) {
    const source = sparseSource(buildGguf({ metadata: [['k', value]], alignment: 1 }), 2 ** 40)
    await expectFailure(readGguf(source), 'file-limit-exceeded', /"k" (has|is an array of)/)
    expect(source.reads).toEqual([firstWindowBytes])
  }
})

test('many arrays that are allowed one by one pass the allowance of all', async () => {
  const key = (index: number) =>
    [`k${index}`, array(0, Array(2_000_000).fill({ type: 0, raw: Uint8Array.of(0) }))] as const
  await expectFailure(open({ metadata: [key(1), key(2), key(3), key(4)] }), 'file-limit-exceeded', /array elements/)
})

test('a header without end stops at the limit', async () => {
  const bytes = buildGguf({ metadata: [['k', array(8, [], 2_000_000n)]], metadataCount: 1n, alignment: 1 })
  const endless = sparseSource(bytes, 2 ** 40)
  const chatter = {
    ...endless,
    read: async (start: number, end: number) => {
      const out = await endless.read(start, end)
      // Strings of 257 bytes without end.
      for (let i = 0; i < out.length; i++)
        if (start + i >= bytes.length && (start + i - bytes.length) % 265 === 1) out[i] = 1
      return out
    },
  }
  await expectFailure(readGguf(chatter), 'file-limit-exceeded', /longer than 67108864 bytes/)
})

test('an abort between two reads is heard', async () => {
  const controller = new AbortController()
  const source = bytesSource(buildGguf(sound), 'test.gguf')
  const reason = new Error('stopped')
  controller.abort(reason)
  await expect(readGguf(source, controller.signal)).rejects.toBe(reason)
})
