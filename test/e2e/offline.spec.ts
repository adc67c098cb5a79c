import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext } from 'playwright/test'
import { builtFolders } from '../tooling/serve/demos.mjs'
import { startServer } from '../tooling/serve/server.mjs'
import { ChatDriver, expect, test } from './fixtures.ts'

/** Every request of the pages, their Workers and the service worker, from the call on. */
function watchRequests(context: BrowserContext): string[] {
  const urls: string[] = []
  context.on('request', (request) => {
    if (!/^(blob|data):/.test(request.url())) urls.push(request.url())
  })
  return urls
}

test('opens with no network, and answers with Pocket and with models that are kept', async ({ browser, models }) => {
  const server = await startServer({ folders: builtFolders(), home: '/chat/' })
  const context = await browser.newContext()
  const page = await context.newPage()
  const chat = new ChatDriver(page)
  await chat.visit(server.origin)
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.getByRole('button', { name: 'Load another model' }).click()
  const requests = watchRequests(context)
  await chat.load(models.url('none'))
  // What a Worker asks for is seen.
  expect(requests).toContain(models.url('none'))

  requests.length = 0
  models.requests.length = 0
  await chat.ask('Hello')
  await expect(chat.lastAnswer).toContainText('small boat')
  expect(requests).toEqual([])
  expect(models.requests).toEqual([])

  // No server, and no network to another.
  await server.close()
  await context.setOffline(true)
  await page.goto(`${server.origin}/chat/`)
  await chat.ask('Hello')
  await expect(chat.lastAnswer).toContainText('small boat')
  await page.getByRole('button', { name: 'Load another model' }).click()
  await page.getByRole('button', { name: 'Start with Pocket' }).click()
  await chat.ask('Hello')
  await expect(chat.lastAnswer.locator('.text')).toContainText(/\S/)
  expect(requests.filter((url) => !url.startsWith(`${server.origin}/chat/`))).toEqual([])
  expect(models.requests).toEqual([])
  await context.close()
})

test('can be installed', async ({ page, origin }) => {
  await page.goto(`${origin}/chat/`)
  const session = await page.context().newCDPSession(page)
  const { errors } = await session.send('Page.getAppManifest')
  expect(errors).toEqual([])
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([])
})

test('a new build is seen at the next visit, and leaves pages of the old one whole', async ({ browser }) => {
  const folder = mkdtempSync(join(tmpdir(), 'sampan-chat-'))
  cpSync(builtFolders()['/chat/'] ?? '', folder, { recursive: true })
  const server = await startServer({ folders: { '/chat/': folder } })
  const context = await browser.newContext()
  const old = await context.newPage()
  await new ChatDriver(old).visit(server.origin)
  await old.evaluate(() => navigator.serviceWorker.ready)
  await old.reload()
  await expect(new ChatDriver(old).message).toBeVisible()

  const change = (file: string, from: RegExp, to: string): void =>
    writeFileSync(join(folder, file), readFileSync(join(folder, file), 'utf8').replace(from, to))
  change('index.html', /<title>Sampan/, '<title>Sampan, new')
  change('service-worker.js', /`[0-9a-f]{16}`/, '`new`')
  rmSync(join(folder, 'assets', readdirSync(join(folder, 'assets')).find((name) => name.startsWith('README')) ?? ''))
  change('service-worker.js', /assets\/README[^,]*,/, '')

  const page = await context.newPage()
  await page.goto(`${server.origin}/chat/`)
  await expect(page).toHaveTitle('Sampan, new')
  await old.getByRole('button', { name: /about this model/ }).click()
  await old.getByText('Results, measured').click()
  await expect(old.locator('.card-text').getByRole('table').first()).toBeVisible()
  await context.close()
  await server.close()
  rmSync(folder, { recursive: true })
})
