/**
 * What `navigator.gpu` gives a page of this browser.
 * @param {Pick<import('playwright').Browser, 'newPage'>} browser
 * @param {string} url a served page, since WebGPU needs a secure context
 * @returns {Promise<'no-api' | 'no-adapter' | { software: boolean, name: string }>}
 */
export async function pageAdapter(browser, url) {
  const page = await browser.newPage()
  try {
    await page.goto(url)
    return await page.evaluate(async () => {
      if (!('gpu' in navigator)) return 'no-api'
      const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null)
      if (!adapter) return 'no-adapter'
      // Older browsers describe an adapter only in part, or not at all.
      const { vendor = '', architecture = '', description = '', isFallbackAdapter = false } = adapter.info ?? {}
      const words = /swiftshader|llvmpipe|lavapipe|basic render|warp/i
      const software = isFallbackAdapter || words.test(`${vendor} ${architecture} ${description}`)
      return { software, name: description || `${vendor} ${architecture}`.trim() || 'an adapter without a name' }
    })
  } finally {
    await page.close().catch(() => undefined)
  }
}
