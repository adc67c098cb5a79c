// In a chunk of its own, with zod in it: what few visitors need at once.
export { compareResults, readResult } from '@sampan/bench'
