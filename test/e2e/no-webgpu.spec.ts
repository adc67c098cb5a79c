import { expect, test } from './fixtures.ts'

test('a browser without WebGPU is told what to do', async ({ page, origin }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(Navigator.prototype, 'gpu')
  })
  await page.goto(`${origin}/chat/`)
  await expect(page.getByRole('alert')).toContainText('This browser has no WebGPU.')
  await expect(page.getByRole('alert')).toContainText('Update Chrome or Edge')
})

test('a browser that finds no adapter is told what to do, in its language', async ({ browser, origin }) => {
  const context = await browser.newContext({ locale: 'zh-CN' })
  const page = await context.newPage()
  await page.addInitScript(() => {
    GPU.prototype.requestAdapter = () => Promise.resolve(null)
  })
  await page.goto(`${origin}/chat/`)
  await expect(page.getByRole('alert')).toContainText('没有可用的图形适配器')
  await expect(page.getByRole('alert')).toContainText('chrome://gpu')
  await context.close()
})
