import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { sendRange, serveTest } from '../test-support/test-server.ts'
import { openCheckpoint } from './open-checkpoint.ts'

const tiny = readFileSync(new URL('../../../../test/fixtures/tiny.gguf', import.meta.url))

it.each(['/tiny.gguf', '/unnamed'])(
  'the key in the query of %s is asked with, and is no part of the name',
  async (path) => {
    const server = await serveTest((request, response) => {
      if (request.url === `${path}?token=secret`) sendRange(request, response, tiny)
      else response.writeHead(404).end()
    })
    try {
      const source = { kind: 'url', url: `${server.url}${path}?token=secret` } as const
      const { name } = await openCheckpoint(source, '', new AbortController().signal)
      expect(name).toBe(server.url + path)
    } finally {
      await server.close()
    }
  },
)
