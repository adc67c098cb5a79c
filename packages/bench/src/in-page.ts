// What a page of this repository needs beside the library: engines that run in it, and what it is.

import type { BenchEngine } from './engines/bench-engine.ts'

export { pageAdapter } from './engines/page-adapter.ts'
export { sampanEngine } from './engines/sampan.ts'
export { pageConditions, pageMachine } from './page/page-facts.ts'

/** Its code is fetched when it is asked for; what it loads is kept on the device. */
export async function wllamaInPage(): Promise<BenchEngine> {
  const { wllamaEngine } = await import('./engines/wllama.ts')
  return wllamaEngine({ keep: true })
}
