import { describe, expect, it } from 'vitest'
import { refusal } from '../test-support/refusal.ts'
import { readTools } from './read-tools.ts'

const tool = (name: string, more: object = {}): object => ({ type: 'function', function: { name, ...more } })
const tools = [tool('f'), tool('g')]

/** An object that holds itself, `depth` times. */
function nest(depth: number): object {
  let value: object = {}
  for (let level = 0; level < depth; level++) value = { value }
  return value
}

describe('readTools', () => {
  it('reads tools as they are', () => {
    const parameters = { type: 'object', properties: { a: { enum: [1, null, 'x'] } }, ['__proto__']: undefined }
    expect(
      readTools({ tools: [tool('f', { description: 'does', parameters, strict: true }), tool('g')] }),
    ).toStrictEqual({
      tools: [
        {
          name: 'f',
          description: 'does',
          parameters: { type: 'object', properties: { a: { enum: [1, null, 'x'] } } },
          strict: true,
        },
        { name: 'g' },
      ],
    })
  })

  it.each(['none', 'auto', 'required'])('takes tool_choice %s', (choice) => {
    expect(readTools({ tools, tool_choice: choice }).toolChoice).toBe(choice)
  })

  it('takes a name, and a choice of the tools', () => {
    expect(readTools({ tools, tool_choice: tool('g') }).toolChoice).toEqual({ name: 'g' })
    const choice = { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [tool('g')] } }
    expect(readTools({ tools, tool_choice: choice })).toEqual({ tools: [{ name: 'g' }], toolChoice: 'required' })
  })

  it('asks for nothing where there are no tools', () => {
    expect(readTools({ tools: [], tool_choice: 'auto', parallel_tool_calls: true })).toEqual({})
  })

  it('keeps a key called __proto__ as a key', () => {
    const parameters: unknown = JSON.parse('{"properties":{"__proto__":{"type":"string"}}}')
    const [read] = readTools({ tools: [tool('f', { parameters })] }).tools ?? []
    expect(JSON.stringify(read?.parameters)).toBe(JSON.stringify(parameters))
    expect(Object.getPrototypeOf(read?.parameters?.['properties'])).toBe(Object.prototype)
  })

  it.each<[string, object]>([
    ['tools[0].type', { tools: [{ type: 'custom', custom: { name: 'x' } }] }],
    ['tools[0].type', { tools: [{ type: 'web_search' }] }],
    ['tools[0].function.no_such_field', { tools: [tool('f', { no_such_field: 1 })] }],
    ['tool_choice.type', { tools, tool_choice: { type: 'custom', custom: { name: 'x' } } }],
  ])('refuses %s', (field, request) => {
    expect(refusal(() => readTools({ ...request }))).toEqual({ code: 'request-unsupported', field })
  })

  it.each<[string, object]>([
    ['tools', { tools: {} }],
    ['tools', { tools: Array.from({ length: 129 }, (_, index) => tool(`f${index}`)) }],
    ['tools[0]', { tools: ['f'] }],
    ['tools[0].function', { tools: [{ type: 'function' }] }],
    ['tools[0].function.name', { tools: [tool('')] }],
    ['tools[0].function.name', { tools: [tool('two words')] }],
    ['tools[0].function.name', { tools: [tool('f'.repeat(65))] }],
    ['tools[1].function.name', { tools: [tool('f'), tool('f')] }],
    ['tools[0].function.parameters', { tools: [tool('f', { parameters: [] })] }],
    ['tools[0].function.parameters', { tools: [tool('f', { parameters: { type: 'array' } })] }],
    ['tools[0].function.parameters', { tools: [tool('f', { parameters: nest(200) })] }],
    ['tools[0].function.parameters.a', { tools: [tool('f', { parameters: { a: () => 1 } })] }],
    ['tools[0].function.parameters.a[0]', { tools: [tool('f', { parameters: { a: [Number.NaN] } })] }],
    ['tools[0].function.strict', { tools: [tool('f', { strict: 'yes' })] }],
    ['tool_choice', { tools, tool_choice: 'any' }],
    ['tool_choice', { tool_choice: 'required' }],
    ['tool_choice.function', { tools, tool_choice: { type: 'function', name: 'f' } }],
    ['tool_choice.function.name', { tools, tool_choice: tool('h') }],
    ['tool_choice.function.name', { tool_choice: tool('f') }],
    ['tool_choice.allowed_tools', { tools, tool_choice: { type: 'allowed_tools' } }],
    [
      'tool_choice.allowed_tools.tools',
      { tools, tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [] } } },
    ],
    [
      'tool_choice.allowed_tools.tools[0].function.name',
      { tools, tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [tool('h')] } } },
    ],
    ['parallel_tool_calls', { tools, parallel_tool_calls: 1 }],
  ])('finds %s invalid', (field, request) => {
    expect(refusal(() => readTools({ ...request }))).toEqual({ code: 'request-invalid', field })
  })

  it('finds a schema that holds itself invalid', () => {
    const parameters: Record<string, unknown> = {}
    parameters['self'] = parameters
    expect(refusal(() => readTools({ tools: [tool('f', { parameters })] })).code).toBe('request-invalid')
  })
})
