import { describe, expect, it } from 'vitest'
import { stringsOf } from './strings.ts'
import { explainWebGpu } from './webgpu-check.ts'

const strings = stringsOf('en')
const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36'
const safari =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15'
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0'

describe('explainWebGpu', () => {
  it('names the cause first and then what this browser needs', () => {
    expect(explainWebGpu('no-adapter', chrome, strings)).toEqual([strings.noAdapter, strings.adviceChromium])
    expect(explainWebGpu('no-api', chrome, strings)).toEqual([strings.noApi, strings.adviceChromiumOld])
    expect(explainWebGpu('no-api', safari, strings)).toEqual([strings.noApi, strings.adviceSafari])
    expect(explainWebGpu('no-adapter', firefox, strings)).toEqual([strings.noAdapter, strings.adviceFirefox])
    expect(explainWebGpu('no-api', 'Lynx', strings)).toEqual([strings.noApi, strings.adviceOther])
  })

  it('does not blame the browser for an insecure page', () => {
    expect(explainWebGpu('insecure', chrome, strings)).toEqual([strings.insecure])
  })
})
