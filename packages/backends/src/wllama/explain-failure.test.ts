import { expect, it } from 'vitest'
import { BackendError } from '../backend-error.ts'
import { explainLoadFailure, stopped } from './explain-failure.ts'

const code = (error: unknown, log: readonly string[] = []): string => explainLoadFailure(error, log).code

it('tells a bad file from too little memory and from all else', () => {
  const stumbled = new RangeError('Array buffer allocation failed')
  expect(code(stumbled, ['llama_model_load: error loading model: unknown model architecture'])).toBe('file-malformed')
  expect(code(stumbled, ['ggml_aligned_malloc: insufficient memory (attempted to allocate 512.00 MB)'])).toBe(
    'device-out-of-memory',
  )
  expect(code(new Error('Received abort signal from llama.cpp; Message: OOM'))).toBe('device-out-of-memory')
  expect(code(new RangeError('WebAssembly.Memory(): could not allocate memory'))).toBe('device-out-of-memory')
  expect(code(new Error('Received abort signal from llama.cpp; Message: (empty)'))).toBe('backend-failed')
  expect(code('a word')).toBe('backend-failed')
  const own = new BackendError('device-limit-exceeded', 'too large')
  expect(explainLoadFailure(own, ['error'])).toBe(own)
})

it('does not blame the page for what ran before it stopped', () => {
  expect(stopped(new Error('boom.'), [], 'starting').message).toMatch(/stopped: boom\. Check .*Content-Security-Policy/)
  expect(stopped(new Error('boom.'), [], 'running').message).toMatch(/stopped: boom\. Load the model again.*memory/)
  expect(stopped(new Error('boom.'), [], 'running').message).not.toContain('Policy')
})
