/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {string} [notRun] why a suite could not run on this machine
 */

/**
 * @typedef {object} Context
 * @property {string} browser path of the browser that tests run in
 * @property {AbortSignal} signal
 */

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} says what it proves, in a few words
 * @property {(context: Context) => Promise<Outcome>} run
 */

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
