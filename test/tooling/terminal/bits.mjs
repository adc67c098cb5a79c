import { CommandFailure } from '../setup/failure.mjs'

/**
 * The value of `--bits`.
 * @param {string | undefined} text
 * @returns {4 | 8 | 16 | 'source' | undefined}
 */
export function readBits(text) {
  switch (text) {
    case undefined:
      return undefined
    case '4':
      return 4
    case '8':
      return 8
    case '16':
      return 16
    case 'source':
      return 'source'
    default:
      throw new CommandFailure(`--bits ${text}: must be 4, 8, 16 or source`, 2)
  }
}
