import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, tinyFolder, tinyModel, tinyReference } from './fixtures.ts'

// Each runs a process of its own.
test.describe.configure({ mode: 'parallel' })

const startCommand = fileURLToPath(new URL('../tooling/commands/start.mjs', import.meta.url))
const verifyCommand = fileURLToPath(new URL('../tooling/commands/verify.mjs', import.meta.url))

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Watch {
  /** Sees all that was written so far, and may end the command as Ctrl-C does. */
  onStdout?(text: string, interrupt: () => void): void
  onStderr?(text: string, interrupt: () => void): void
  readonly environment?: Readonly<Record<string, string>>
}

/** Runs a command without npm. */
function run(command: string, parameters: readonly string[], watch: Watch = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, ...parameters], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...watch.environment },
    })
    const interrupt = (): void => void child.kill('SIGINT')
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      watch.onStdout?.(stdout, interrupt)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      watch.onStderr?.(stderr, interrupt)
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

const start = (parameters: readonly string[], watch?: Watch) => run(startCommand, parameters, watch)

test('answers in the terminal and ends with figures', async () => {
  const { code, stdout, stderr } = await start(['--model', tinyModel, '--prompt', '你好'])
  expect(stderr).toMatch(/load [\d.]+ s · first token [\d.]+ s · \d+ tokens · [\d.]+ tokens\/s/)
  expect(stdout).toBe('你好！小船也能远航。🚣\n')
  expect(code).toBe(0)
})

test('without a model Pocket answers, on WebGPU or on the CPU', async () => {
  const onGpu = await start(['--prompt', 'Hello'])
  expect(onGpu.stdout).toMatch(/\S/)
  expect(onGpu.stderr).toMatch(/swiftshader.* · load [\d.]+ s · first token [\d.]+ s/i)
  expect(onGpu.code).toBe(0)
  const onCpu = await start(['--prompt', 'Hello', '--backend', 'wllama', '--json'])
  const figures = JSON.parse(onCpu.stdout)
  expect(figures.text).toMatch(/\S/)
  expect([onCpu.code, figures.adapter]).toEqual([0, 'CPU (wllama)'])
})

test('thoughts stay out of the answer, and can be turned off', async () => {
  const question = ['--prompt', 'What is 47 + 38?', '--backend', 'wllama']
  const shown = await start(question)
  expect(shown.stdout).toMatch(/^\S.*\n$/)
  const [, thought = '', rest = ''] =
    /weights, [^\n]*\n(?:loading[^\n]*\n)*([\s\S]*?)\n\n([\s\S]*)$/.exec(shown.stderr) ?? []
  expect(thought).toMatch(/\S/)
  expect(rest).toMatch(/^\n?CPU \(wllama\) · load/)
  expect(shown.stdout + shown.stderr).not.toMatch(/<\/?think>/)
  const withThoughts = JSON.parse((await start([...question, '--json'])).stdout)
  expect(`${withThoughts.text}\n`).toBe(shown.stdout)
  expect(withThoughts.thoughts.trim()).toBe(thought.trim())
  const without = await start([...question, '--thinking', 'off', '--json'])
  expect(JSON.parse(without.stdout)).toMatchObject({ text: expect.stringMatching(/\S/), thoughts: '' })
  const cut = await start([...question, '--max-tokens', '4'])
  expect([cut.code, cut.stdout]).toEqual([0, ''])
  expect(cut.stderr).toMatch(/4 tokens · .* · cut by --max-tokens\n$/)
})

test('--json ends with one line of JSON', async () => {
  const { code, stdout } = await start(['--model', tinyModel, '--prompt', 'Hello', '--json'])
  expect(code).toBe(0)
  const figures = JSON.parse(stdout)
  expect(Object.keys(figures)).toEqual([
    'text',
    'thoughts',
    'adapter',
    'loadMs',
    'ttftMs',
    'tokens',
    'tokensPerSecond',
    'finishReason',
  ])
  expect(figures).toMatchObject({ text: 'Hello from a very small boat.', thoughts: '', finishReason: 'stop' })
})

test('a folder of safetensors answers too, quantised to 4 bits on its way', async () => {
  const { code, stdout } = await start(['--model', tinyFolder, '--prompt', 'What is a sampan?', '--bits', '4'])
  expect(stdout).toBe('A flat boat that goes where big ships cannot.\n')
  expect(code).toBe(0)
})

test('the same seed gives the same sampled answer, another seed another', async () => {
  const texts: string[] = []
  for (const seed of ['7', '7', '8', '9']) {
    const sampling = ['--temperature', '2', '--seed', seed, '--max-tokens', '24']
    const { stdout } = await start(['--model', tinyModel, '--prompt', 'Sing', ...sampling, '--json'])
    texts.push(JSON.parse(stdout).text)
  }
  const [first, second, ...others] = texts
  expect(first).not.toBe('')
  expect(second).toBe(first)
  expect(others.some((text) => text !== first)).toBe(true)
})

test('Ctrl-C ends an answer with 130', async () => {
  const { code } = await start(['--model', tinyModel, '--prompt', 'Sing', '--max-tokens', '400'], {
    onStdout(text, interrupt) {
      if (text.includes('Row')) interrupt()
    },
  })
  expect(code).toBe(130)
})

/** Processes, on Linux, that inherited this variable: a browser that was left behind is among them. */
function processesWith(variable: string): string[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'utf8').includes(variable)
    } catch {
      return false
    }
  })
}

// The browser starts, a page is set up, the model loads: all within the first second or so after the line waited for.
for (const [phase, line, delays] of [
  ['the browser is set up', /no GPU was found|loading/, [0, 100, 200]],
  ['the model loads', /loading \d+ %/, [0, 50]],
] as const) {
  for (const delay of delays) {
    test(`Ctrl-C ${delay} ms into the time when ${phase} ends it with 130 and leaves no browser`, async ({
      models,
    }) => {
      const mark = `SAMPAN_TEST_RUN=${randomUUID()}`
      const [name = '', value = ''] = mark.split('=')
      let seen = false
      let running: string[] = []
      const ended = await start(['--model', models.url('slow'), '--prompt', 'Sing'], {
        environment: { [name]: value },
        onStderr(text, interrupt) {
          if (seen || !line.test(text)) return
          seen = true
          setTimeout(() => {
            running = processesWith(mark)
            interrupt()
          }, delay)
        },
      })
      expect([seen, ended.code, ended.stdout]).toEqual([true, 130, ''])
      expect(ended.stderr).not.toContain('error')
      if (process.platform === 'linux') expect(running.length).toBeGreaterThan(0)
      await expect.poll(() => processesWith(mark), { timeout: 10_000 }).toEqual([])
    })
  }
}

test('a reader that goes away ends it without a word', async () => {
  const child = spawn(process.execPath, [startCommand, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  const answer = spawn(process.execPath, [startCommand, '--model', tinyModel, '--prompt', 'Sing'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  answer.stdout.once('data', () => answer.stdout.destroy())
  answer.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const answerCode = await new Promise((resolve) => answer.on('close', resolve))
  expect(stderr).not.toMatch(/EPIPE|at .*\.mjs|error/)
  expect([0, 141]).toContain(code)
  expect(answerCode).toBe(141)
})

test('failures are one line and a code', async () => {
  const broken = join(mkdtempSync(join(tmpdir(), 'sampan-e2e-')), 'broken.gguf')
  writeFileSync(broken, 'no model at all, only a few words that go on for a while')
  for (const parameters of [
    ['--model', './nowhere.gguf', '--prompt', 'x'],
    ['--prompt', 'x', '--open'],
    ['--prompt', 'x', '--backend', 'gpu'],
    ['--prompt', 'x', '--thinking', 'maybe'],
    ['--model', tinyModel],
    ['--model', tinyModel, '--prompt', 'x', '--temperature', 'hot'],
    ['--unknown'],
    ['--model', broken, '--prompt', 'x'],
    ['--model', tinyModel, '--prompt', 'x', '--temperature', '3'],
  ]) {
    const { code, stdout, stderr } = await start(parameters)
    expect(code, parameters.join(' ')).not.toBe(0)
    expect(stdout, parameters.join(' ')).toBe('')
    expect(stderr.trim().split('\n').at(-1), parameters.join(' ')).toMatch(/^error: \S.{10,}/)
  }
})

test('a picture, a folder without weights and a broken browser are told apart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sampan-e2e-'))
  const picture = join(folder, 'boat.png')
  writeFileSync(picture, Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), Buffer.alloc(200)]))
  const notGguf = await start(['--model', picture, '--prompt', 'x'])
  expect(notGguf.stderr).toMatch(/error: \S*boat\.png.*GGUF.*\(not-a-model-file\)/)
  const half = join(folder, 'half')
  cpSync(tinyFolder, half, { recursive: true })
  rmSync(join(half, 'model.safetensors'))
  const noWeights = await start(['--model', half, '--prompt', 'x'])
  expect(noWeights.stderr).toMatch(/error: .*half\/ .*model\.safetensors.*\(source-not-found\)/)
  const broken = await start(['--model', tinyModel, '--prompt', 'x'], {
    environment: { SAMPAN_BROWSER: process.execPath },
  })
  expect(broken.stderr).toMatch(/^error: .* could not be started: .{10,}$/m)
  expect(broken.stderr.length).toBeLessThan(1_000)
})

test('a file without an ending is read as GGUF', async () => {
  const blob = join(mkdtempSync(join(tmpdir(), 'sampan-e2e-')), 'sha256-0f1e')
  cpSync(tinyModel, blob)
  const { stdout } = await start(['--model', blob, '--prompt', 'Hello'])
  expect(stdout).toBe('Hello from a very small boat.\n')
})

test('without a prompt the demos are served on the loopback address alone', async () => {
  let status = 0
  let foreign = 0
  let reachable: string[] = []
  const { code } = await start([], {
    onStdout(text, interrupt) {
      const url = /http:\/\/127\.0\.0\.1:\d+\/chat\//.exec(text)?.[0]
      if (!url || status !== 0) return
      status = -1
      void (async () => {
        status = (await fetch(url)).status
        foreign = await statusForHost(url, 'rebound.example')
        reachable = await reachableAddresses(Number(new URL(url).port))
        interrupt()
      })()
    },
  })
  expect([status, foreign, code]).toEqual([200, 403, 0])
  expect(reachable).toEqual(['127.0.0.1'])
})

test('the address comes first, then what a visitor will get', async () => {
  const { code, stdout } = await start([], {
    onStdout(text, interrupt) {
      if (/answers on the [CG]PU/.test(text)) interrupt()
    },
  })
  expect(stdout).toMatch(
    /^\s+Sampan chat: http[\s\S]*(Chrome|Chromium|Edge) \d+ here (gives (no )?WebGPU|has no WebGPU)/,
  )
  expect(code).toBe(0)
})

test('Ctrl-C while the browser is being asked leaves none', async () => {
  const mark = `SAMPAN_TEST_RUN=${randomUUID()}`
  const [name = '', value = ''] = mark.split('=')
  for (const delay of [0, 300]) {
    let seen = false
    const { code } = await start([], {
      environment: { [name]: value },
      onStdout(text, interrupt) {
        if (seen || !text.includes('Ctrl-C')) return
        seen = true
        setTimeout(interrupt, delay)
      },
    })
    expect(code).toBe(0)
    await expect.poll(() => processesWith(mark), { timeout: 10_000 }).toEqual([])
  }
})

test('without a browser the demos are served all the same', async () => {
  const { code, stdout } = await start([], {
    environment: { SAMPAN_BROWSER: process.execPath },
    onStdout(text, interrupt) {
      if (text.includes('could not be started')) interrupt()
    },
  })
  expect(stdout).toMatch(/Sampan chat: http[\s\S]*could not be started, so WebGPU was not tried/)
  expect(code).toBe(0)
})

test('--open says so where there is no display (Linux alone: others always have one), and goes on serving', async () => {
  test.skip(process.platform !== 'linux', 'other systems always have a display')
  const { code, stdout } = await start(['--open'], {
    environment: { DISPLAY: '', WAYLAND_DISPLAY: '' },
    onStdout(text, interrupt) {
      if (text.includes('answers in this terminal')) interrupt()
    },
  })
  expect(stdout).toMatch(/Sampan chat: http[\s\S]*there is no display here/)
  expect(code).toBe(0)
})

/** Of this machine's own addresses, those at which something listens on the port. */
async function reachableAddresses(port: number): Promise<string[]> {
  // All of 127.0.0.0/8 is this machine on Linux: a listener on every address answers there, on a machine without a network too.
  const second = process.platform === 'linux' ? ['127.0.0.2'] : []
  const own = Object.values(networkInterfaces()).flatMap((entries) => (entries ?? []).map(({ address }) => address))
  const answers = [...new Set([...own, ...second])].map(
    (host) =>
      new Promise<string[]>((resolve) => {
        const socket = connect({ host, port, timeout: 2_000 })
        const end = (found: string[]): void => {
          socket.destroy()
          resolve(found)
        }
        socket.on('connect', () => end([host]))
        socket.on('error', () => end([]))
        socket.on('timeout', () => end([]))
      }),
  )
  return (await Promise.all(answers)).flat()
}

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
