// Compares real tokenizers with what the Python library makes of the corpus, and reference files whole.
// usage, from the repository root: node packages/text/golden/check-real.mjs EXPECTED.json [MODEL.gguf REFERENCE.json]...
// (EXPECTED.json is written by `make.py --real`)
import { openAsBlob, readFileSync } from 'node:fs'
import { createServer } from 'vite'

const resolve = { conditions: ['@sampan/source'] }
const server = await createServer({
  configFile: false,
  logLevel: 'error',
  server: { middlewareMode: true, ws: false },
  resolve,
  ssr: { resolve, noExternal: [/^@sampan/] },
})
const load = (name) => server.ssrLoadModule(new URL(`../../${name}/src/index.ts`, import.meta.url).pathname)
const { blobSource, openGguf } = await load('engine')
const {
  chatTemplateFromGguf,
  createChatTemplate,
  createDetokenizer,
  encodePrompt,
  tokenizerFromGguf,
  tokenizerFromJson,
} = await load('text')
const [expectedFile, ...references] = process.argv.slice(2)
const { corpus, expected } = JSON.parse(readFileSync(expectedFile, 'utf8'))
let failures = 0

for (const [file, { rows, withSpecial }] of Object.entries(expected)) {
  const tokenizer = file.endsWith('.gguf')
    ? tokenizerFromGguf((await openGguf(blobSource(await openAsBlob(file), file))).metadata)
    : tokenizerFromJson(readFileSync(file, 'utf8'))
  check(`${file} with special tokens`, tokenizer.encode('Hello'), withSpecial)
  for (const [index, text] of corpus.entries()) {
    const { ids, plain = ids, decoded = text, skipped = text } = rows[index]
    check(`${file} ${JSON.stringify(text)}`, tokenizer.encode(text, { addSpecialTokens: false }), ids)
    check(
      `${file} ${JSON.stringify(text)} plain`,
      tokenizer.encode(text, { addSpecialTokens: false, parseSpecial: false }),
      plain,
    )
    check(`${file} ${JSON.stringify(text)} decoded`, tokenizer.decode(ids), decoded)
    check(`${file} ${JSON.stringify(text)} skipped`, tokenizer.decode(ids, { skipSpecialTokens: true }), skipped)
  }
  console.log(`${file}: ${corpus.length} texts`)
}

for (let index = 0; index < references.length; index += 2) {
  const { metadata } = await openGguf(blobSource(await openAsBlob(references[index]), references[index]))
  const tokenizer = tokenizerFromGguf(metadata)
  const template = createChatTemplate(chatTemplateFromGguf(metadata), tokenizer)
  const { cases } = JSON.parse(readFileSync(references[index + 1], 'utf8'))
  for (const { name, messages, prompt, ids, greedy, text } of cases) {
    const rendered = template.render(messages, { addGenerationPrompt: true })
    const stream = createDetokenizer(tokenizer)
    check(`${name} prompt`, rendered, prompt)
    check(`${name} ids`, encodePrompt(tokenizer, rendered), ids)
    check(`${name} text`, tokenizer.decode(greedy), text)
    check(`${name} stream`, greedy.map((id) => stream.push(id)).join('') + stream.flush(), text)
  }
  console.log(`${references[index + 1]}: ${cases.length} cases`)
}

console.log(failures === 0 ? 'all equal' : `${failures} differ`)
await server.close()
process.exitCode = failures === 0 ? 0 : 1

function check(name, actual, wanted) {
  if (JSON.stringify(actual) === JSON.stringify(wanted)) return
  failures++
  console.log(`differs: ${name}\n  ours      ${JSON.stringify(actual)}\n  reference ${JSON.stringify(wanted)}`)
}
