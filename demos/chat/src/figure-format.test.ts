import { expect, test } from 'vitest'
import { formatFigure } from './figure-format.ts'

test.each([
  [0, '0'],
  [0.0312, '0.031'],
  [0.5, '0.5'],
  [1.04, '1.0'],
  [12.345, '12.3'],
  [99.94, '99.9'],
  [99.97, '100'],
  [583.94, '584'],
  [12_345.6, '12,346'],
])('%d is shown as %s', (value, shown) => {
  expect(formatFigure(value, 'en')).toBe(shown)
})
