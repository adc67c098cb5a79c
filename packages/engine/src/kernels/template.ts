/**
 * The one place where shader text is put together. A `.wgsl` file may contain, each on a line of its own,
 *
 *     //! for NAME in COUNT … //! end        the lines between, COUNT times, with NAME = 0, 1, …
 *     //! if NAME   //! if !NAME   //! if NAME == VALUE   … //! else … //! end
 *
 * and anywhere `{{NAME}}` or `{{NAME(a, b)}}`, replaced by a value or by what a function of loop variables returns.
 */
export type TemplateValue = string | number | boolean | ((...indices: number[]) => string)
export type TemplateValues = Readonly<Record<string, TemplateValue>>

export function specialise(template: string, values: TemplateValues): string {
  const lines = template.split('\n')
  const out: string[] = []
  const rest = expand(lines, 0, values, out, true)
  if (rest !== lines.length) throw new Error(`template: '//! end' without a beginning at line ${rest + 1}`)
  return out.join('\n')
}

/** Expands lines from `index` up to the directive that closes this level; returns that directive's index. */
function expand(lines: readonly string[], index: number, values: TemplateValues, out: string[], emit: boolean): number {
  while (index < lines.length) {
    const line = lines[index] ?? ''
    const directive = /^\s*\/\/! (.*)$/.exec(line)?.[1]
    if (directive === undefined) {
      if (emit) out.push(substitute(line, values))
      index += 1
    } else if (directive === 'end' || directive === 'else') {
      return index
    } else if (directive.startsWith('for ')) {
      index = expandLoop(lines, index, directive, values, out, emit)
    } else if (directive.startsWith('if ')) {
      index = expandChoice(lines, index, directive, values, out, emit)
    } else {
      throw new Error(`template: unknown directive '${directive}'`)
    }
  }
  return index
}

function expandLoop(
  lines: readonly string[],
  index: number,
  directive: string,
  values: TemplateValues,
  out: string[],
  emit: boolean,
): number {
  const [, name, bound] = /^for (\w+) in (\w+)$/.exec(directive) ?? []
  if (name === undefined || bound === undefined) throw new Error(`template: cannot read '${directive}'`)
  const count = emit ? Number(/^\d+$/.test(bound) ? bound : values[bound]) : 0
  if (!Number.isInteger(count)) throw new Error(`template: '${bound}' is not a count`)
  let end = expand(lines, index + 1, values, [], false)
  for (let i = 0; i < count; i += 1) end = expand(lines, index + 1, { ...values, [name]: i }, out, true)
  return end + 1
}

function expandChoice(
  lines: readonly string[],
  index: number,
  directive: string,
  values: TemplateValues,
  out: string[],
  emit: boolean,
): number {
  const chosen = emit && holds(directive.slice(3), values)
  let end = expand(lines, index + 1, values, out, chosen)
  if (lines[end]?.trim() === '//! else') end = expand(lines, end + 1, values, out, emit && !chosen)
  return end + 1
}

function holds(condition: string, values: TemplateValues): boolean {
  const [, not, name, wanted] = /^(!?)(\w+)(?: == (\w+))?$/.exec(condition) ?? []
  if (name === undefined || !(name in values)) throw new Error(`template: cannot decide '${condition}'`)
  const value = values[name]
  const truth = wanted === undefined ? Boolean(value) : String(value) === wanted
  return not === '!' ? !truth : truth
}

function substitute(line: string, values: TemplateValues): string {
  return line.replace(/\{\{(\w+)(?:\(([^)]*)\))?\}\}/g, (_, name: string, list: string | undefined) => {
    const value = values[name]
    if (value === undefined) throw new Error(`template: no value for '${name}'`)
    if (typeof value !== 'function') return String(value)
    const indices = (list ?? '').split(',').map((entry) => {
      const key = entry.trim()
      return Number(/^\d+$/.test(key) ? key : values[key])
    })
    return substitute(value(...indices), values)
  })
}
