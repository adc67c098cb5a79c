import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, tinyFolder, tinyModel, tinyReference } from './fixtures.ts'

const startCommand = fileURLToPath(new URL('../tooling/commands/start.mjs', import.meta.url))
const verifyCommand = fileURLToPath(new URL('../tooling/commands/verify.mjs', import.meta.url))

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command without npm; `onStdout` sees all of its output so far and may end it as Ctrl-C does. */
function run(
  command: string,
  parameters: readonly string[],
  onStdout?: (text: string, interrupt: () => void) => void,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      onStdout?.(stdout, () => child.kill('SIGINT'))
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

const start = (parameters: readonly string[], onStdout?: (text: string, interrupt: () => void) => void) =>
  run(startCommand, parameters, onStdout)

test('answers in the terminal and ends with figures', async () => {
  const { code, stdout, stderr } = await start(['--model', tinyModel, '--prompt', '你好'])
  expect(stderr).toMatch(/load [\d.]+ s · first token [\d.]+ s · \d+ tokens · [\d.]+ tokens\/s/)
  expect(stdout).toBe('你好！小船也能远航。🚣\n')
  expect(code).toBe(0)
})

test('--json ends with one line of JSON', async () => {
  const { code, stdout } = await start(['--model', tinyModel, '--prompt', 'Hello', '--json'])
  expect(code).toBe(0)
  const figures = JSON.parse(stdout)
  expect(Object.keys(figures)).toEqual([
    'text',
    'adapter',
    'loadMs',
    'ttftMs',
    'tokens',
    'tokensPerSecond',
    'finishReason',
  ])
  expect(figures).toMatchObject({ text: 'Hello from a very small boat.', finishReason: 'stop' })
})

test('a folder of safetensors answers too, quantised to 4 bits on its way', async () => {
  const { code, stdout } = await start(['--model', tinyFolder, '--prompt', 'What is a sampan?', '--bits', '4'])
  expect(stdout).toBe('A flat boat that goes where big ships cannot.\n')
  expect(code).toBe(0)
})

test('the same seed gives the same sampled answer', async () => {
  const parameters = [
    '--model',
    tinyModel,
    '--prompt',
    'Sing',
    '--temperature',
    '2',
    '--seed',
    '7',
    '--max-tokens',
    '24',
    '--json',
  ]
  const [first, second] = [await start(parameters), await start(parameters)]
  expect(JSON.parse(first.stdout).text).toBe(JSON.parse(second.stdout).text)
  expect(JSON.parse(first.stdout).text).not.toBe('')
})

test('Ctrl-C ends it with 130', async () => {
  const { code } = await start(['--model', tinyModel, '--prompt', 'Sing', '--max-tokens', '400'], (text, interrupt) => {
    if (text.includes('Row')) interrupt()
  })
  expect(code).toBe(130)
})

test('failures are one line and a code', async () => {
  const broken = join(mkdtempSync(join(tmpdir(), 'sampan-e2e-')), 'broken.gguf')
  writeFileSync(broken, 'no model at all, only a few words that go on for a while')
  for (const parameters of [
    ['--model', './nowhere.gguf', '--prompt', 'x'],
    ['--prompt', 'x'],
    ['--model', tinyModel],
    ['--model', tinyModel, '--prompt', 'x', '--temperature', 'hot'],
    ['--unknown'],
    ['--model', broken, '--prompt', 'x'],
  ]) {
    const { code, stdout, stderr } = await start(parameters)
    expect(code, parameters.join(' ')).not.toBe(0)
    expect(stdout, parameters.join(' ')).toBe('')
    expect(stderr.trim().split('\n').at(-1), parameters.join(' ')).toMatch(/^error: \S.{10,}/)
  }
})

test('without a prompt the demos are served on the loopback address alone', async () => {
  let status = 0
  let foreign = 0
  const { code } = await start([], (text, interrupt) => {
    const url = /http:\/\/127\.0\.0\.1:\d+\/chat\//.exec(text)?.[0]
    if (!url || status !== 0) return
    status = -1
    void (async () => {
      status = (await fetch(url)).status
      foreign = await statusForHost(url, 'rebound.example')
      interrupt()
    })()
  })
  expect([status, foreign, code]).toEqual([200, 403, 0])
})

async function statusForHost(url: string, host: string): Promise<number> {
  const { get } = await import('node:http')
  return new Promise((resolve, reject) => {
    get(url, { headers: { Host: host } }, (response) => resolve(response.resume().statusCode ?? 0)).on('error', reject)
  })
}

test('verify passes on the tiny model, and not on a reference that says otherwise', async () => {
  const good = await run(verifyCommand, ['--model', tinyModel, '--reference', tinyReference, '--json'])
  expect(good.code).toBe(0)
  expect(JSON.parse(good.stdout)).toMatchObject({
    ok: true,
    total: { promptsEqual: true, idsEqual: true, agreement: 1 },
  })
  expect(JSON.parse(good.stdout).total.largestDifference).toBeLessThan(0.05)
  const reference = JSON.parse(readFileSync(tinyReference, 'utf8'))
  reference.cases[0].greedy[2] += 1
  const wrong = join(mkdtempSync(join(tmpdir(), 'sampan-e2e-')), 'wrong.json')
  writeFileSync(wrong, JSON.stringify({ ...reference, cases: reference.cases.slice(0, 1) }))
  const bad = await run(verifyCommand, ['--model', tinyModel, '--reference', wrong])
  expect(bad.stdout).toMatch(/step 2: token \d+ instead of \d+.*\(counted\)[\s\S]*NOT OK/)
  expect(bad.code).toBe(1)
})

test('verify of a folder of safetensors, kept as it is', async () => {
  const parameters = ['--model', tinyFolder, '--reference', tinyReference, '--bits', 'source', '--json']
  const { code, stdout } = await run(verifyCommand, parameters)
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, total: { agreement: 1 } })
  expect(code).toBe(0)
})

for (const runtime of ['node', 'deno']) {
  test(`verify in ${runtime} gives the same`, async () => {
    const { code, stdout } = await run(verifyCommand, [
      '--model',
      tinyModel,
      '--reference',
      tinyReference,
      '--runtime',
      runtime,
      '--json',
    ])
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, total: { agreement: 1 } })
    expect(code).toBe(0)
  })
}
