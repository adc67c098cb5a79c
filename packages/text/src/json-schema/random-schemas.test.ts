import { describe, expect, test } from 'vitest'
import { compileJsonSchema } from './compile.ts'
import { type Drawing, drawText } from './test-support/draw-text.ts'
import { createRandom } from './test-support/random.ts'
import { randomSchema } from './test-support/random-schema.ts'
import { pocketTokenizer, smallTokenizer } from './test-support/tokenizers.ts'
import { complaint } from './test-support/validator.ts'
import { createTokenTrie } from './token-trie.ts'

const schemas = 320
const groups = 8
const drawings: readonly Drawing[] = ['random', 'random', 'longest', 'rarest', 'white-space', 'quotes']
const most = 600

const pocket = pocketTokenizer()
const llama = smallTokenizer('llama3')
const vocabularies = [pocket, llama].map((tokenizer) => ({
  trie: createTokenTrie(tokenizer),
  ends: tokenizer.endTokenIds,
}))

describe.each(Array.from({ length: groups }, (_, group) => group))('generated schemas, part %i', (group) => {
  test('whatever tokens are drawn, every text that ends is valid', () => {
    let ended = 0
    let cut = 0
    for (let seed = group; seed < schemas; seed += groups) {
      const random = createRandom(seed)
      const schema = randomSchema(random)
      const grammar = compileJsonSchema(schema)
      for (const [index, drawing] of drawings.entries()) {
        const { trie, ends } = vocabularies[index % 2] ?? { trie: createTokenTrie(pocket), ends: pocket.endTokenIds }
        const drawn = drawText(grammar, trie, ends, { drawing, random, wander: index * 6, most })
        if (!drawn.ended) {
          cut++
          continue
        }
        ended++
        expect(complaint(schema, drawn.text), `seed ${seed}: ${JSON.stringify(schema)}\n${drawn.text}`).toBeUndefined()
      }
    }
    expect(ended).toBeGreaterThan(cut * 4)
  }, 120_000)
})
