// Times token masks of structured output with a real tokenizer, and draws texts of random tokens that must be valid.
// usage, from the repository root: node packages/text/golden/measure-json-schema.mjs MODEL.gguf [SCHEMAS]
import { openAsBlob } from 'node:fs'
import { createServer } from 'vite'

const resolve = { conditions: ['@sampan/source'] }
const server = await createServer({
  configFile: false,
  logLevel: 'error',
  server: { middlewareMode: true, ws: false },
  resolve,
  ssr: { resolve, noExternal: [/^@sampan/] },
})
const load = (path) => server.ssrLoadModule(new URL(`../../${path}`, import.meta.url).pathname)
const support = (name) => load(`text/src/json-schema/test-support/${name}.ts`)
const { blobSource, openGguf } = await load('engine/src/index.ts')
const { compileJsonSchema, createJsonConstraint, createTokenTrie, tokenizerFromGguf } = await load('text/src/index.ts')
const { drawText } = await support('draw-text')
const { createRandom } = await support('random')
const { randomSchema } = await support('random-schema')
const { realisticSchemas } = await support('realistic-schemas')
const { complaint } = await support('validator')
const [file, count = '100'] = process.argv.slice(2)

const tokenizer = tokenizerFromGguf((await openGguf(blobSource(await openAsBlob(file), file))).metadata)
const begun = performance.now()
const trie = createTokenTrie(tokenizer)
const bytes = trie.bytes.length * (1 + 4 + 2 + 4 + 4) + trie.sameAs.byteLength
console.log(
  `trie of ${trie.vocabularySize} tokens: ${trie.bytes.length} nodes, ${(bytes / 2 ** 20).toFixed(1)} MiB, ` +
    `${(performance.now() - begun).toFixed(0)} ms`,
)

/** Plays the text, and returns microseconds per mask and per token accepted. */
function play(grammar, ids) {
  const constraint = createJsonConstraint(grammar, trie, tokenizer.endTokenIds)
  const masks = []
  for (const id of ids) {
    const before = performance.now()
    constraint.allowed()
    masks.push((performance.now() - before) * 1000)
    constraint.accept(id)
  }
  return masks
}

const percentile = (values, part) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * part)].toFixed(0)
const report = (name, values) =>
  console.log(
    `${name}: p50 ${percentile(values, 0.5)} µs, p99 ${percentile(values, 0.99)} µs, most ${percentile(values, 1)} µs (${values.length} tokens)`,
  )

const invoice = {
  type: 'object',
  properties: {
    supplier: { type: 'string' },
    date: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
    currency: { enum: ['EUR', 'USD', 'CNY'] },
    lines: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          text: { type: 'string', maxLength: 80 },
          count: { type: 'integer', minimum: 1 },
          price: { type: 'number' },
        },
        required: ['text', 'count', 'price'],
        additionalProperties: false,
      },
    },
    total: { type: 'number', minimum: 0 },
  },
  required: ['supplier', 'date', 'currency', 'lines', 'total'],
  additionalProperties: false,
}
const line = (index) => ({ text: `Grüner Tee, ${index} kg, "Long Jing"`, count: index + 1, price: 12.5 })
const text = JSON.stringify(
  {
    supplier: 'Teehaus Müller & Söhne',
    date: '2026-11-22',
    currency: 'EUR',
    lines: Array.from({ length: 20 }, (_, index) => line(index)),
    total: 250.75,
  },
  null,
  2,
)
const ids = tokenizer.encode(text, { addSpecialTokens: false })
for (const [name, schema] of [
  ['invoice', invoice],
  ['any object', { type: 'object' }],
]) {
  const start = performance.now()
  const grammar = compileJsonSchema(schema)
  console.log(`${name}: compiled in ${(performance.now() - start).toFixed(1)} ms`)
  report(`${name}, first time`, play(grammar, ids))
  report(`${name}, cached`, play(grammar, ids))
}

const drawings = ['random', 'longest', 'rarest', 'white-space', 'quotes']
let ended = 0
let cut = 0
const schemas = [
  ...Object.values(realisticSchemas),
  ...Array.from({ length: Number(count) }, (_, seed) => randomSchema(createRandom(seed + 5000))),
]
const times = []
for (const [index, schema] of schemas.entries()) {
  const before = performance.now()
  const grammar = compileJsonSchema(schema)
  times.push((performance.now() - before) * 1000)
  const drawn = drawText(grammar, trie, tokenizer.endTokenIds, {
    drawing: drawings[index % drawings.length],
    random: createRandom(index),
    wander: index % 40,
    most: 600,
  })
  if (!drawn.ended) cut++
  else {
    ended++
    const wrong = complaint(schema, drawn.text)
    if (wrong !== undefined) throw new Error(`${JSON.stringify(schema)}\n${drawn.text}\n${wrong}`)
  }
}
report('compile, per schema', times)
console.log(`${schemas.length} schemas: ${ended} texts ended, all valid; ${cut} were cut`)
await server.close()
