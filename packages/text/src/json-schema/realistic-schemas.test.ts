import { expect, test } from 'vitest'
import { compileJsonSchema } from './compile.ts'
import { createJsonConstraint } from './json-constraint.ts'
import { type Drawing, drawText } from './test-support/draw-text.ts'
import { createRandom } from './test-support/random.ts'
import { realisticSchemas } from './test-support/realistic-schemas.ts'
import { pocketTokenizer } from './test-support/tokenizers.ts'
import { complaint } from './test-support/validator.ts'
import { createTokenTrie } from './token-trie.ts'

const tokenizer = pocketTokenizer()
const trie = createTokenTrie(tokenizer)
const drawings: readonly Drawing[] = ['random', 'longest', 'shortest', 'rarest', 'white-space', 'quotes']

test.each(Object.entries(realisticSchemas))(
  '%s: every text that ends is valid',
  (_, schema) => {
    const grammar = compileJsonSchema(schema)
    let ended = 0
    for (const drawing of drawings) {
      for (let seed = 0; seed < 4; seed++) {
        const options = { drawing, random: createRandom(seed), wander: seed * 8, most: 500 }
        const drawn = drawText(grammar, trie, tokenizer.endTokenIds, options)
        if (!drawn.ended) continue
        ended++
        expect(complaint(schema, drawn.text), drawn.text).toBeUndefined()
      }
    }
    expect(ended).toBeGreaterThan(3)
  },
  30_000,
)

const [huge, many] = [20_000, 500]
test.each([
  ['an enum of 20,000 values', { enum: Array.from({ length: huge }, (_, index) => `value ${index} ${index % 7}`) }],
  [
    'an object of 500 optional properties',
    {
      type: 'object',
      properties: Object.fromEntries(
        Array.from({ length: many }, (_, index) => [`property ${index}`, { type: 'integer' }]),
      ),
      additionalProperties: false,
    },
  ],
])(
  '%s',
  (_, schema) => {
    const grammar = compileJsonSchema(schema)
    for (let seed = 0; seed < 3; seed++) {
      const options = { drawing: 'random', random: createRandom(seed), wander: 60, most: 4000 } as const
      const drawn = drawText(grammar, trie, tokenizer.endTokenIds, options)
      expect(drawn.ended).toBe(true)
      expect(complaint(schema, drawn.text)).toBeUndefined()
    }
  },
  30_000,
)

/** Values as a well-behaved model writes them: none of it may be refused. */
const answers: readonly (readonly [name: string, value: unknown])[] = [
  [
    'invoice',
    {
      supplier: 'Müller "& Söhne"',
      number: 'RE-2024001',
      date: '2026-11-22',
      currency: 'EUR',
      lines: [{ text: 'Tee\nGrün', quantity: 2, unit_price: 12.5, vat: 7 }],
      total: 25.0,
    },
  ],
  [
    'ui-tree',
    {
      type: 'div',
      label: '根',
      children: [{ type: 'button', label: '😀', children: [], attributes: [] }],
      attributes: [{ name: 'id', value: 'a' }],
    },
  ],
  ['linked-list', { linked_list: { value: 1, next: { value: -2.5e3, next: null } } }],
  ['agent-action', { action: 'finish', answer: 'C:\\dir\t/', confidence: 0.75 }],
  ['geo-json-point', { type: 'Point', coordinates: [-179.99, 89.5] }],
  ['package-json', { name: '@a/b', version: '1.2.3', dependencies: { x: '1', y: '2' } }],
  ['any-object', { a: [1, { b: null }], ключ: 'значение', c: 1e-7 }],
  ['discriminator-last', { data: { x: 1, name: 'n' }, kind: 'label' }],
  ['translations', { de: 'Boot', 'zh-CN': '舢板' }],
]

test.each(answers)('%s: the usual spellings are let through', (name, value) => {
  const schema = realisticSchemas[name] ?? false
  expect(complaint(schema, JSON.stringify(value))).toBeUndefined()
  for (const indent of [0, 2, 4, '\t']) {
    const constraint = createJsonConstraint(compileJsonSchema(schema), trie, tokenizer.endTokenIds)
    for (const token of tokenizer.encode(JSON.stringify(value, null, indent), { addSpecialTokens: false })) {
      constraint.accept(token)
    }
    constraint.accept(tokenizer.endTokenIds[0] ?? -1)
    expect(constraint.done).toBe(true)
  }
})
