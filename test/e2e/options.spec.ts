import { readFileSync } from 'node:fs'
import type { Page } from 'playwright/test'
import { type FakeHub, startHub } from '../faults/index.ts'
import { ChatDriver, expect, test, tinyModel } from './fixtures.ts'

const pocketFolder = new URL('../../packages/pocket/', import.meta.url)
const sailor = (file: string): Buffer => readFileSync(new URL(`adapters/sailor/${file}`, pocketFolder))
const adapterFiles = {
  'adapter_config.json': sailor('adapter_config.json'),
  'adapter_model.safetensors': sailor('adapter_model.safetensors'),
}
const token = 'hf_of_a_test'

async function openOptions(page: Page, hub: FakeHub): Promise<void> {
  await page.getByText('More options: hub, token, adapter').click()
  await page.getByRole('combobox', { name: 'Hub' }).selectOption('A mirror of your own')
  await expect(page.getByRole('textbox', { name: 'Address of the mirror' })).toBeFocused()
  await page.keyboard.type(hub.url)
}

test('a gated model of a mirror loads with a token, which is kept nowhere', async ({ page, origin }) => {
  const hub = await startHub()
  hub.add('org/boat-GGUF', { gated: 'auto', files: { 'boat-Q4_0.gguf': readFileSync(tinyModel) } })
  hub.allow(token, 'org/boat-GGUF')
  const chat = new ChatDriver(page)
  await chat.open(origin)
  await openOptions(page, hub)
  await chat.name('org/boat-GGUF')
  const alert = page.getByRole('alert')
  await expect(alert).toContainText('give an access token under “More options”')
  // What was chosen before is still there.
  await expect(page.getByRole('textbox', { name: 'Address of the mirror' })).toHaveValue(hub.url)
  const field = page.getByLabel('Access token')
  await expect(field).toHaveAttribute('type', 'password')
  await expect(field).toHaveAccessibleDescription(/never stored/)
  await field.fill(token)
  await field.press('Enter')
  await chat.download.click()
  await chat.ask('Hello')
  await expect(chat.lastAnswer).toContainText('small boat')
  const kept = await page.evaluate(async () => {
    const texts = [JSON.stringify({ ...localStorage, ...sessionStorage }), location.href]
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open(name)
        request.onsuccess = () => resolve(request.result)
      })
      for (const store of database.objectStoreNames) {
        const values = await new Promise((resolve) => {
          const request = database.transaction(store).objectStore(store).getAll()
          request.onsuccess = () => resolve(request.result)
        })
        texts.push(JSON.stringify(values))
      }
      database.close()
    }
    return texts.join('\n')
  })
  expect(kept).toContain(hub.url)
  expect(kept).not.toContain(token)
  // It comes back from the mirror that it is of, without a request and without the token.
  const asked = hub.log.length
  await page.reload()
  await expect(chat.message).toBeVisible()
  await page.getByRole('button', { name: 'Load another model' }).click()
  await page.getByText('More options: hub, token, adapter').click()
  await expect(page.getByLabel('Access token')).toHaveValue('')
  expect(hub.log).toHaveLength(asked)
  await hub.close()
})

test('an adapter is asked for apart, is named, kept and deleted; one for another model costs nothing', async ({
  page,
  origin,
}) => {
  const hub = await startHub()
  hub.add('org/pocket-GGUF', { files: { 'pocket.gguf': readFileSync(new URL('pocket.gguf', pocketFolder)) } })
  const boat = Buffer.concat([readFileSync(tinyModel), Buffer.alloc(4e6)])
  hub.add('org/boat-GGUF', { files: { 'boat-Q4_0.gguf': boat } })
  hub.add('org/sailor-lora', { files: adapterFiles })
  const chat = new ChatDriver(page)
  await chat.open(origin)
  await openOptions(page, hub)
  await page.getByLabel('LoRA adapter').fill('org/sailor-lora')
  await chat.name('org/boat-GGUF')
  await expect(page.getByRole('alert')).toContainText('The adapter was made for another model')
  expect(hub.bytesSent('boat-Q4_0.gguf')).toBeLessThan(boat.length / 2)
  await chat.name('org/pocket-GGUF')
  await expect(page.getByRole('region', { name: 'Download org/pocket-GGUF?' })).toBeVisible()
  await chat.download.click()
  await expect(page.getByRole('region', { name: 'Download org/sailor-lora?' })).toBeVisible()
  await chat.download.click()
  await chat.ask('hello')
  await expect(chat.lastAnswer).toContainText('Ahoy, captain!')
  await page.getByRole('button', { name: /about this model/ }).click()
  await expect(page.getByRole('dialog')).toContainText('With the adapterorg/sailor-lora')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Models on this device' }).click()
  const row = page.getByRole('listitem').filter({ hasText: 'adapter for pocket' })
  await expect(row.getByRole('button')).toHaveText(['Delete'])
  await row.getByRole('button', { name: 'Delete org/sailor-lora' }).click()
  await row.getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(page.getByRole('dialog').last()).toContainText('org/sailor-lora is deleted.')
  await expect(row).toHaveCount(0)
  await hub.close()
})

test('Pocket speaks like a sailor and stops, without being loaded again', async ({ page, origin }) => {
  const chat = new ChatDriver(page)
  await chat.visit(origin, '?compute=webgpu')
  const requests: string[] = []
  page.on('request', (request) => requests.push(new URL(request.url()).pathname))
  const sailing = page.getByRole('switch', { name: 'Speak like a sailor' })
  await expect(sailing).not.toBeChecked()
  await sailing.focus()
  await page.keyboard.press('Space')
  await expect(sailing).toBeChecked()
  await expect(page.getByText('Pocket speaks like a sailor now.')).toHaveCount(1)
  await chat.ask('hello')
  await expect(chat.lastAnswer).toContainText('Ahoy, captain!')
  await sailing.click()
  await expect(sailing).not.toBeChecked()
  await chat.ask('hello')
  await expect(chat.lastAnswer).not.toContainText('Ahoy')
  expect(requests.filter((path) => /pocket.*gguf/.test(path))).toEqual([])
  expect(requests.filter((path) => /adapter_model.*safetensors/.test(path)).length).toBeLessThanOrEqual(2)
})

test('on the processor, where a model can have no adapter, none is offered', async ({ page, origin }) => {
  const chat = new ChatDriver(page)
  await chat.visit(origin)
  await expect(chat.page.getByRole('button', { name: 'What can you do?' })).toBeVisible()
  await expect(page.getByRole('switch')).toHaveCount(0)
})

test('the options fit a phone of 360 pixels, in Chinese and from right to left', async ({ browser, origin }) => {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 360, height: 740 } })
  const page = await context.newPage()
  await new ChatDriver(page).open(origin)
  for (const direction of ['ltr', 'rtl']) {
    await page.evaluate((dir) => {
      document.documentElement.dir = dir
    }, direction)
    const summary = page.getByText('更多选项：模型站、令牌、适配器')
    if (direction === 'ltr') await summary.click()
    await page.getByRole('combobox', { name: '模型站' }).selectOption('自己的镜像')
    for (const name of ['镜像地址', '访问令牌', 'LoRA 适配器']) {
      const field = page.getByLabel(name)
      await field.scrollIntoViewIfNeeded()
      await expect(field).toBeInViewport({ ratio: 1 })
    }
    const overflow = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement
      return scrollWidth - clientWidth
    })
    expect(overflow).toBe(0)
  }
  await context.close()
})
