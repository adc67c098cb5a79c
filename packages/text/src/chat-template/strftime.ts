const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = 'January February March April May June July August September October November December'.split(' ')
const abbreviation = 3

/** Python's `strftime` in the C locale, for the directives that chat templates use; others stay as written. */
export function formatTime(date: Date, format: string): string {
  const pad = (number: number, width = 2): string => String(number).padStart(width, '0')
  const weekday = days[date.getDay()] ?? ''
  const month = months[date.getMonth()] ?? ''
  const hour12 = date.getHours() % 12 === 0 ? 12 : date.getHours() % 12
  const directives: Readonly<Record<string, string>> = {
    a: weekday.slice(0, abbreviation),
    A: weekday,
    b: month.slice(0, abbreviation),
    B: month,
    d: pad(date.getDate()),
    H: pad(date.getHours()),
    I: pad(hour12),
    j: pad(dayOfYear(date), 3),
    m: pad(date.getMonth() + 1),
    M: pad(date.getMinutes()),
    p: date.getHours() < 12 ? 'AM' : 'PM',
    S: pad(date.getSeconds()),
    y: pad(date.getFullYear() % 100),
    Y: String(date.getFullYear()),
    '%': '%',
  }
  return format.replace(/%([A-Za-z%])/g, (written, name: string) => directives[name] ?? written)
}

function dayOfYear(date: Date): number {
  const dayMilliseconds = 86_400_000
  const midnight = (day: Date): number => Date.UTC(day.getFullYear(), day.getMonth(), day.getDate())
  return (midnight(date) - Date.UTC(date.getFullYear(), 0, 0)) / dayMilliseconds
}
