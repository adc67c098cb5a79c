interface Named {
  readonly name: string
  readonly version?: string
}

/** The more particular first: each of them also calls itself what stands below it. */
const BROWSERS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['Edge', /\bEdg(?:A|iOS)?\/([\d.]+)/],
  ['Opera', /\bOPR\/([\d.]+)/],
  ['Samsung Internet', /\bSamsungBrowser\/([\d.]+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/([\d.]+)/],
  ['Chromium', /\b(?:HeadlessChrome|Chrome|CriOS)\/([\d.]+)/],
  ['Safari', /\bVersion\/([\d.]+).*\bSafari\//],
]

const SYSTEMS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['Android', /\bAndroid(?: ([\d.]+))?/],
  ['iOS', /\b(?:iPhone|iPad).*? OS ([\d_]+)/],
  ['ChromeOS', /\bCrOS \S+ ([\d.]+)/],
  // The version that browsers tell has stood still for years.
  ['macOS', /\bMac OS X\b()/],
  ['Windows', /\bWindows\b()/],
  ['Linux', /\bLinux\b()/],
]

function find(patterns: typeof BROWSERS, userAgent: string): Named | undefined {
  for (const [name, pattern] of patterns) {
    const match = pattern.exec(userAgent)
    if (!match) continue
    const version = match[1]?.replaceAll('_', '.')
    return { name, ...(version && { version }) }
  }
  return undefined
}

/** Chrome and Chromium do not tell themselves apart. */
export function browserOf(userAgent: string): Named {
  return find(BROWSERS, userAgent) ?? { name: 'unknown browser' }
}

export function systemOf(userAgent: string): Named | undefined {
  return find(SYSTEMS, userAgent)
}
