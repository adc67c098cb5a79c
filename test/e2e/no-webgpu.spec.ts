import { ChatDriver, expect, test } from './fixtures.ts'

test('without WebGPU the page answers on the CPU, and says why and what to do', async ({ page, origin }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(Navigator.prototype, 'gpu')
  })
  const chat = new ChatDriver(page)
  await chat.visit(origin)
  await expect(page.getByRole('alert')).toHaveCount(0)
  await chat.tryExample('What can you do?')
  await expect(chat.lastAnswer).toContainText(/\w{3}[\s\S]*CPU/)
  await page.getByRole('button', { name: 'Pocket, CPU: about this model' }).click()
  await expect(page.getByRole('dialog')).toContainText('This browser has no WebGPU.')
  await expect(page.getByRole('dialog')).toContainText('Update Chrome or Edge')
})

test('a browser that finds no adapter is told what to do, in its language', async ({ browser, origin }) => {
  const context = await browser.newContext({ locale: 'zh-CN' })
  const page = await context.newPage()
  await page.addInitScript(() => {
    GPU.prototype.requestAdapter = () => Promise.resolve(null)
  })
  const chat = new ChatDriver(page)
  await chat.visit(origin)
  await page.getByRole('button', { name: '为什么？' }).click()
  await expect(page.getByRole('dialog')).toContainText('没有可用的图形适配器')
  await expect(page.getByRole('dialog')).toContainText('chrome://gpu')
  await page.getByRole('button', { name: '关闭' }).click()
  await chat.tryExample('你能做什么？')
  await expect(chat.lastAnswer).toContainText(/\p{Script=Han}{3}[\s\S]*CPU/u)
  await context.close()
})

test('the start page says why larger models will be slow', async ({ page, origin }) => {
  await page.addInitScript(() => {
    GPU.prototype.requestAdapter = () => Promise.resolve(null)
  })
  const chat = new ChatDriver(page)
  await chat.open(origin, '')
  await page.getByText('No GPU for this page').click()
  await expect(page.getByText('This browser has WebGPU, but offers no graphics adapter.')).toBeVisible()
  await page.getByRole('button', { name: 'Start with Pocket' }).click()
  await expect(page.getByRole('button', { name: 'Pocket, CPU: about this model' })).toBeVisible()
})
