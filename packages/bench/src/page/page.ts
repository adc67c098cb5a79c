import { DrivenPage } from './driven-page.ts'
import { PAGE_GLOBAL } from './page-calls.ts'

// Put there by whoever drives this page, before its own scripts run.
const report: unknown = Reflect.get(globalThis, `${PAGE_GLOBAL}Progress`)
const page = new DrivenPage({
  onProgress: (fraction) => {
    if (typeof report === 'function') Reflect.apply(report, undefined, [fraction])
  },
})
Reflect.set(globalThis, PAGE_GLOBAL, page)
