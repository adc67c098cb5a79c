import { mutateText } from './mutate-text.ts'
import { oneOf, type Pick } from './target.ts'

/** Stands for brackets within brackets, which JavaScript would not write so deep. */
const deepMark = '@@deep@@'
const depths = [20, 33, 70, 2000, 100_000]
const lengths = [10, 1000, 70_000]
const hostileKeys = ['__proto__', 'constructor', 'toString', 'length', '', 'x'.repeat(5000), '0', '\ud800']
const hostileNumbers = [
  0,
  -0,
  -1,
  1,
  0.5,
  1e308,
  -1e308,
  5e-324,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  2 ** 53 + 2,
  1e15,
  255,
  65_536,
]

/** JSON of the same shape but for one to three places; at times its text is damaged too. */
export function mutateJson(text: string, pick: Pick): string {
  const root: unknown = JSON.parse(text)
  const holder: Record<string, unknown> = { root }
  for (let wounds = 1 + pick(3); wounds > 0 && 'root' in holder; wounds--) wound(holder, 'root', pick)
  const brackets = pick(2) === 0 ? ['[', ']'] : ['{"a":', '}']
  const depth = oneOf(pick, depths)
  const deep = `${(brackets[0] ?? '').repeat(depth)}0${(brackets[1] ?? '').repeat(depth)}`
  const written = (JSON.stringify(holder['root']) ?? '').replace(`"${deepMark}"`, deep)
  return pick(5) === 0 ? mutateText(written, pick, ['"__proto__":', '{"a":', '[', 'null,', '1e999']) : written
}

/** Goes down by chance and damages what it stands at. */
function wound(parent: object, key: string, pick: Pick): void {
  const value: unknown = Reflect.get(parent, key)
  if (typeof value === 'object' && value !== null && pick(8) !== 0) {
    const keys = Object.keys(value)
    const child = keys[pick(keys.length)]
    if (child !== undefined) {
      wound(value, child, pick)
      return
    }
  }
  switch (pick(7)) {
    case 0:
      if (Array.isArray(parent)) parent.splice(Number(key), 1)
      else Reflect.deleteProperty(parent, key)
      break
    case 1: {
      const keys = Object.keys(parent)
      const other = oneOf(pick, keys)
      put(parent, key, Reflect.get(parent, other))
      put(parent, other, value)
      break
    }
    case 2:
      if (!Array.isArray(parent)) put(parent, pick(2) === 0 ? oneOf(pick, hostileKeys) : `${key}2`, value)
      else parent.push(...Array.from({ length: typeof value === 'number' ? oneOf(pick, lengths) : 10 }, () => value))
      break
    case 3:
      if (typeof value === 'number') put(parent, key, value * oneOf(pick, [-1, 0.5, 2, 1000, 2 ** 31, 2 ** 60]))
      else if (typeof value === 'string') put(parent, key, mutateText(value, pick))
      else put(parent, key, hostile(value, pick))
      break
    default:
      put(parent, key, hostile(value, pick))
  }
}

function hostile(value: unknown, pick: Pick): unknown {
  switch (pick(11)) {
    case 0:
      return null
    case 1:
      return pick(2) === 0
    case 2:
    case 3:
      return oneOf(pick, hostileNumbers)
    case 4:
      return ''
    case 5:
      return 'x'.repeat(oneOf(pick, lengths))
    case 6:
      return []
    case 7:
      return {}
    case 8:
      return [value]
    case 9:
      return deepMark
    default: {
      const made = {}
      put(made, oneOf(pick, hostileKeys), value)
      return pick(4) === 0 ? Array.from({ length: oneOf(pick, lengths) }, () => 0) : made
    }
  }
}

/** Also under names that mean something to JavaScript. */
function put(parent: object, key: string, value: unknown): void {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true })
}
