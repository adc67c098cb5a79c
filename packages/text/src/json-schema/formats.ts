const days31 = '(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])'
const days30 = '(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)'
const february = '02-(?:0[1-9]|1\\d|2[0-8])'
const leapDay = '\\d\\d(?:0[48]|[2468][048]|[13579][26])-02-29'
const date = `(?:\\d{4}-(?:${days31}|${days30}|${february})|${leapDay})`
const hour = '(?:[01]\\d|2[0-3])'
const time = `${hour}:[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?(?:Z|[+-]${hour}:[0-5]\\d)`
const byte = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const label = '[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*'

/** Patterns of texts that surely have a `format`, narrower than RFC 3339, 5321 and 4122 allow; formats not here are read over. */
export const formatPatterns: ReadonlyMap<unknown, string> = new Map([
  ['date', `^${date}$`],
  ['time', `^${time}$`],
  ['date-time', `^${date}T${time}$`],
  ['email', `^[A-Za-z0-9]+(?:[._%+-][A-Za-z0-9]+)*@(?:${label}\\.)+[A-Za-z]{2,24}$`],
  ['uuid', '^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'],
  ['ipv4', `^${byte}(?:\\.${byte}){3}$`],
])
