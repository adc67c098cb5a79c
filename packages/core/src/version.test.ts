import { expect, it } from 'vitest'
import about from '../package.json' with { type: 'json' }
import { version } from './version.ts'

it("is the package's", () => {
  expect(version).toBe(about.version)
})
