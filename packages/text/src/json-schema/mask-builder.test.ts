import { expect, test } from 'vitest'
import { compileJsonSchema } from './compile.ts'
import { Machine } from './machine.ts'
import { MaskBuilder } from './mask-builder.ts'
import { listed } from './test-support/draw-text.ts'
import { createRandom, pick } from './test-support/random.ts'
import { randomSchema } from './test-support/random-schema.ts'
import { pocketTokenizer } from './test-support/tokenizers.ts'
import { createTokenTrie } from './token-trie.ts'

const trie = createTokenTrie(pocketTokenizer())
/** A token that ends a key beyond the declared ones and begins another is left out on purpose. */
const twoKeys = /".*:.*,.*"/s

test('a mask holds exactly the tokens that the machine can read byte by byte', () => {
  let compared = 0
  for (let seed = 1000; seed < 1016; seed++) {
    const random = createRandom(seed)
    const schema = randomSchema(random)
    const machine = new Machine(compileJsonSchema(schema), trie.longestToken)
    const builder = new MaskBuilder(machine, trie)
    let at = machine.begin()
    let before = ''
    for (let step = 0; step < 20 && at.threads.length > 0; step++) {
      const allowed = new Set(listed(builder.mask(at)))
      const readable: (readonly [token: number, after: typeof at])[] = []
      for (let token = 0; token < trie.vocabularySize; token++) {
        let after: typeof at | null = trie.bytesOf(token).length === 0 ? null : at
        for (const byte of trie.bytesOf(token)) after = after === null ? null : machine.step(after, byte)
        if (after !== null) readable.push([token, after])
        const text = String.fromCharCode(...trie.bytesOf(token))
        if (allowed.has(token) !== (after !== null) && !(after !== null && twoKeys.test(text))) {
          throw new Error(
            `After ${before} ${JSON.stringify(text)} should${after === null ? ' not' : ''} be in ${JSON.stringify(schema)}`,
          )
        }
      }
      compared++
      if (readable.length === 0) break
      const [token, after] = pick(readable, random)
      before += String.fromCharCode(...trie.bytesOf(token))
      at = after
    }
  }
  expect(compared).toBeGreaterThan(100)
}, 60_000)
