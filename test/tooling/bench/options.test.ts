import { describe, expect, it } from 'vitest'
import { CommandFailure } from '../setup/failure.mjs'
import { type BenchOptions, readOptions } from './options.mjs'

function read(...parameters: readonly string[]): BenchOptions {
  const options = readOptions(parameters)
  if (typeof options === 'string') throw new Error(`it is ${options}`)
  return options
}

describe('the options of npm run bench', () => {
  it('measure Pocket on our engine where nothing is said', () => {
    expect(read()).toMatchObject({
      engines: ['sampan'],
      model: 'pocket',
      suite: 'quick',
      mostSamples: 50,
      samples: undefined,
      files: {},
    })
  })

  it('name engines, and a model for each that needs one of its own', () => {
    const options = read('--engine', 'sampan, web-llm', '--model', 'a.gguf', '--model', 'web-llm=mlc:A-q4f16_1-MLC')
    expect(options.engines).toEqual(['sampan', 'web-llm'])
    expect(options.model).toBe('a.gguf')
    expect([...options.models]).toEqual([['web-llm', 'mlc:A-q4f16_1-MLC']])
  })

  it('make a suite of tests at depths', () => {
    expect(read('--test', 'pp64,tg16', '--depth', '0,256').suite).toEqual([
      { test: 'pp64', depth: 0 },
      { test: 'tg16', depth: 0 },
      { test: 'pp64', depth: 256 },
      { test: 'tg16', depth: 256 },
    ])
  })

  it('take no fewer samples at most than at least', () => {
    expect(read('--samples', '80').mostSamples).toBe(80)
    expect(read('--samples', '80', '--most', '80').samples).toBe(80)
  })

  it.each([
    [['--engine', 'llama'], '--engine llama: must be of sampan,'],
    [['--engine', 'sampan,'], 'between the commas'],
    [['--engine', 'wllama,wllama'], 'twice'],
    [['--suite', 'all'], '--suite all: must be quick, standard, depth'],
    [['--test', 'pp0'], '--test pp0'],
    [['--test', 'tg8', '--suite', 'quick'], '--suite and --test'],
    [['--depth', '5'], '--depth needs --test'],
    [['--test', 'tg8', '--depth=-5'], '--depth -5'],
    [['--test', 'tg8', '--depth', '1.5'], '--depth 1.5'],
    [['--samples', '0'], '--samples 0'],
    [['--samples', '12', '--most', '5'], '--most 5'],
    [['--most', '5'], '--most 5'],
    [['--seconds', 'long'], '--seconds long'],
    [['--bits', '3'], '--bits 3'],
    [['--bits', 'source'], '--bits source'],
    [['--model', 'a.gguf', '--model', 'b.gguf'], 'two models'],
    [['--model', 'wllama=a.gguf'], 'wllama is not among the engines'],
    [['--url', 'http://127.0.0.1/v1'], '--engine openai-compatible'],
    [['--engine', 'openai-compatible', '--url', 'http://127.0.0.1/v1'], 'needs --url and --api-model'],
    [['--engine', 'openai-compatible', '--url', 'ftp://x', '--api-model', 'm'], '--url ftp://x'],
    [['--against', '../other', '--engine', 'wllama'], '--against compares two builds of sampan'],
    [['--against', '../other', '--compare', 'a.json'], 'two ways of comparing'],
    [['--name', ' '], '--name is empty'],
    [['--model', ''], '--model is empty'],
    [['--gpu-name', 'x'.repeat(201)], '--gpu-name is longer than 200'],
    [['--note', 'two\nlines'], '--note holds characters that cannot be seen'],
    [['pocket'], 'npm run bench -- --help'],
    [['--fast'], 'npm run bench -- --help'],
  ])('refuse %j in one line', (parameters, message) => {
    const refused = (): unknown => readOptions(parameters)
    expect(refused).toThrow(CommandFailure)
    expect(refused).toThrow(message)
    expect(refused).toThrow(/^[^\n]+$/)
    try {
      refused()
    } catch (error) {
      expect(error).toMatchObject({ exitCode: 2 })
    }
  })
})
