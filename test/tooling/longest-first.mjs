import { BaseSequencer } from 'vitest/node'

/** Tests in pages and of long loops take minutes, others moments: where a long one came last, all but one worker would wait. */
const long = /\.page\.test\.ts$|fuzz\.test\.ts$|random-schemas\.test\.ts$/
/** Of those, the longest: what is loaded there is loaded dozens of times. */
const longest = /every-state|damage|keeping|lost-gpu|conformance|packed\.page|acquire\.page|fuzz\/fuzz/

export class LongestFirst extends BaseSequencer {
  /**
   * @override
   * @param {import('vitest/node').TestSpecification[]} files
   */
  async sort(files) {
    const sorted = await super.sort(files)
    const rank = (/** @type {string} */ path) => (longest.test(path) ? 0 : long.test(path) ? 1 : 2)
    return sorted.toSorted((a, b) => rank(a.moduleId) - rank(b.moduleId))
  }
}
