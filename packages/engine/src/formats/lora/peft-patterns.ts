import { EngineError } from '../../errors.ts'
import { isJsonObject, type JsonValue } from '../json.ts'
import { maximumPatternCharacters, maximumPatternCount } from './limits.ts'

/** Values by the name of a module or the end of one, in PEFT's order. */
export type Patterns = readonly (readonly [name: string, value: number])[]

/**
 * `rank_pattern` or `alpha_pattern`. PEFT takes the keys for regular expressions; here they are names (with PEFT's `^` for a whole
 * one), since a stranger's expression may take for ever.
 * @throws EngineError `format-unsupported` for an expression
 */
export function readPatterns(value: JsonValue | undefined, option: string, fileName: string): Patterns {
  if (value === undefined || value === null) return []
  const entries = isJsonObject(value) ? Object.entries(value) : undefined
  if (!entries || entries.length > maximumPatternCount)
    throw new EngineError('file-malformed', `${fileName}: ${option} is no object of at most ${maximumPatternCount}.`, {
      name: fileName,
      option,
    })
  return entries.map(([key, number]) => {
    if (key.length > maximumPatternCharacters || !/^\^?[\w.]+$/.test(key))
      throw new EngineError(
        'format-unsupported',
        `${fileName}: ${option} has the key ${JSON.stringify(key.slice(0, 80))}, which is no plain name of a module. Use another adapter, or write the names out.`,
        { name: fileName, option },
      )
    if (typeof number !== 'number' || !Number.isFinite(number))
      throw new EngineError('file-malformed', `${fileName}: ${option}.${key} is no number. Use another copy.`, {
        name: fileName,
        option,
      })
    return [key, number]
  })
}

/** @param module canonical, without `.weight` */
export function valueFor(patterns: Patterns, module: string): number | undefined {
  for (const [key, value] of patterns) {
    const name = key.replace(/^\^/, '').replace(/^model\./, '')
    const isWhole = module === name
    if (isWhole || (!key.startsWith('^') && module.endsWith(`.${name}`))) return value
  }
  return undefined
}
