import { canInstallDebianPackages } from '../setup/debian.mjs'

/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {string | undefined} [notRun] why a suite could not run on this machine
 */

/**
 * @typedef {object} Context
 * @property {string | undefined} browser path of the browser that tests run in; none was found where it is missing
 * @property {AbortSignal} signal
 */

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} says what it proves, in a few words
 * @property {(context: Context) => Promise<Outcome>} run
 */

/**
 * A suite that lacks a program. Where `npm test` installs what is missing, that it is still missing is a failure.
 * @param {string} why
 * @returns {Outcome}
 */
export const notRun = (why) => ({ passed: 0, failed: canInstallDebianPackages() ? 1 : 0, notRun: why })

export const noBrowser = notRun('no browser was found: install Chrome or Chromium, or set SAMPAN_BROWSER to its path')

/**
 * One program that either succeeds or fails.
 * @param {number} code
 * @returns {Outcome}
 */
export const outcomeOfCode = (code) => (code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 })

/**
 * A suite that ended badly has failed, whatever it counted.
 * @param {Outcome} outcome
 * @param {number} code
 * @returns {Outcome}
 */
export const withExitCode = (outcome, code) =>
  code !== 0 && outcome.failed === 0 ? { ...outcome, failed: 1 } : outcome

/**
 * @param {readonly Outcome[]} outcomes
 * @returns {Outcome}
 */
export function sum(outcomes) {
  const add = (/** @type {'passed' | 'failed'} */ key) => outcomes.reduce((total, outcome) => total + outcome[key], 0)
  return { passed: add('passed'), failed: add('failed') }
}
