import { expect, it } from 'vitest'
import { timerResolution } from './timer-resolution.ts'
import { browserOf, systemOf } from './user-agent.ts'

const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36'

it.each([
  [chrome, 'Chromium 156.0.0.0', 'Linux'],
  [`${chrome.replace('X11; Linux x86_64', 'Windows NT 10.0; Win64; x64')} Edg/156.0.0.0`, 'Edge 156.0.0.0', 'Windows'],
  [
    'Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/30.0 Chrome/140.0.0.0 Mobile Safari/537.36',
    'Samsung Internet 30.0',
    'Android 16',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.2 Mobile/15E148 Safari/604.1',
    'Safari 19.2',
    'iOS 19.2',
  ],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:150.0) Gecko/20100101 Firefox/150.0', 'Firefox 150.0', 'macOS'],
  ['curl/8', 'unknown browser', undefined],
])('reads %s', (userAgent, browser, system) => {
  const text = (named: ReturnType<typeof systemOf>): string | undefined =>
    named && [named.name, named.version].filter(Boolean).join(' ')
  expect(text(browserOf(userAgent))).toBe(browser)
  expect(text(systemOf(userAgent))).toBe(system)
})

it('finds the step of a clock, however often it is asked between two', () => {
  let reads = 0
  expect(timerResolution(() => Math.floor(reads++ / 7) * 0.1)).toBeCloseTo(0.1, 9)
  expect(timerResolution(() => 1)).toBe(0)
})
