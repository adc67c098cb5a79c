// Runs a verification in this process: Node (Dawn, npm `webgpu`) or Deno (wgpu). Events leave as lines of JSON.
import { argv, exit, stdin, stdout } from 'node:process'
import { text } from 'node:stream/consumers'

const [, , moduleUrl = ''] = argv
const request = JSON.parse(await text(stdin))
if (!('Deno' in globalThis)) await import('../tooling/dawn.mjs')
const { verify } = await import(moduleUrl)
let failed = false
await verify(request, (/** @type {{ kind: string }} */ event) => {
  failed ||= event.kind === 'failure'
  stdout.write(`${JSON.stringify(event, (_, value) => (Number.isNaN(value) ? 'NaN' : value))}\n`)
})
exit(failed ? 1 : 0)
