import { describe, expect, it } from 'vitest'
import { explainProbe } from './probe.mjs'

describe('explainProbe', () => {
  const browser = 'Chromium 150'

  it('names the browser, the cause and the remedy in at most two lines', () => {
    const noGpu = explainProbe({ kind: 'no-adapter', browser, gpu: false })
    expect(noGpu.join(' ')).toMatch(/^Chromium 150 .*no GPU was found on this machine.*on the CPU.*--open/)
    const unused = explainProbe({ kind: 'no-adapter', browser, gpu: true })
    expect(unused.join(' ')).toMatch(/may have a GPU.*chrome:\/\/gpu/)
    expect(explainProbe({ kind: 'no-api', browser, gpu: true }).join(' ')).toMatch(/too old.*Update/)
    expect(explainProbe({ kind: 'software', browser, adapter: 'swiftshader' }).join(' ')).toMatch(/swiftshader.*CPU/)
    expect(explainProbe({ kind: 'hardware', browser, adapter: 'a GPU' }).join(' ')).toMatch(/on a GPU: .*on the GPU/)
    expect(explainProbe({ kind: 'no-browser' }).join(' ')).toContain('No Chrome')
    expect(explainProbe({ kind: 'not-started', path: '/b', reason: 'why' }).join(' ')).toMatch(/\/b .*why/)
    for (const lines of [noGpu, unused]) expect(lines.length).toBeLessThanOrEqual(2)
  })
})
