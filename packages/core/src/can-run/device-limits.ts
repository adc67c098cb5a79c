/**
 * What a page on devices of a kind can hold before it is ended. No browser tells: these are ESTIMATES, on the careful side, from few
 * reports, and there to be corrected. A page's GPU memory counts as its own on all of these devices.
 */
export interface PageMemory {
  /** In words: `iPhones with 4 GB`. */
  readonly device: string
  /** Bytes that should give no trouble. */
  readonly comfortable: number
  /** Bytes beyond which pages are ended. Absent where more is slow rather than deadly. */
  readonly most?: number
}

/** What a browser tells of its device. */
export interface DeviceHints {
  readonly userAgent: string
  /** More than 1 on a "Macintosh": an iPad. */
  readonly touchPoints: number
  /** `navigator.deviceMemory`, in GiB, rounded and capped; Chromium's only. */
  readonly memory?: number
  readonly screen?: { readonly width: number; readonly height: number }
}

const MB = 1_000_000
const GB = 1000 * MB

/**
 * iPhones tell their screen only, in points; several models have the same one, and the least of their memories is taken. iOS ends a web
 * process at 1.5 GB (WebKit's pull request 49472, 2025), and buffers of WebGPU count as its own (11787, 2023). Seen to run: Gemma 3 1B in
 * 8 bits on 12 GB (gemma-webgpu's README, 2026). Seen to be ended in six of six runs: an iPhone 11 Pro Max, 4 GB (Ludion's survey, 2026).
 * What lies between is interpolated. Apple does not publish memory sizes: these are what teardowns say, from memory, and unchecked.
 */
const IPHONES: readonly { readonly screens: readonly string[]; readonly gigabytes: number }[] = [
  // 6, 7, 8, SE of 2020 and 2022; 6, 7, 8 Plus; XR and 11: none with less than 3 GB runs an iOS with WebGPU.
  { screens: ['375x667', '414x736', '414x896'], gigabytes: 3 },
  // X to 11 Pro, 12 and 13 mini; 12, 13, and the 12 Pro to 14, which have 6.
  { screens: ['375x812', '360x780', '390x844'], gigabytes: 4 },
  // 12 to 13 Pro Max and 14 Plus; 14 Pro to 16; 14 Pro Max to 16 Plus.
  { screens: ['428x926', '393x852', '430x932'], gigabytes: 6 },
  // 16 Pro and 17; 16 and 17 Pro Max.
  { screens: ['402x874', '440x956'], gigabytes: 8 },
  // iPhone Air.
  { screens: ['420x912'], gigabytes: 12 },
]

/** Newer ones have more; older ones whose display is zoomed tell a screen that is not in the table, and have less. */
const UNKNOWN_IPHONE_GIGABYTES = 6

/** By the device's memory. */
const IPHONE_MEMORY: readonly (readonly [gigabytes: number, comfortable: number, most: number])[] = [
  [3, 350 * MB, 700 * MB],
  [4, 450 * MB, 900 * MB],
  [6, 700 * MB, 1.3 * GB],
  [8, 900 * MB, 1.5 * GB],
  [12, 1.1 * GB, 1.5 * GB],
]

/** iPads tell nothing of their model. Those with iPadOS 26 have 3 GB (8th generation) to 16 GB. */
const IPAD: PageMemory = { device: 'iPads', comfortable: 700 * MB, most: 1.5 * GB }

/**
 * Android's low-memory killer takes the tab in front last, but it takes it. Nobody has published limits: a quarter of the memory and a
 * half are what other phones' figures come to, less where the system itself takes most of it.
 */
const ANDROID_MEMORY: readonly (readonly [gibibytes: number, comfortable: number, most: number])[] = [
  [1, 120 * MB, 250 * MB],
  [2, 250 * MB, 550 * MB],
  [4, 700 * MB, 1.5 * GB],
  [8, 1.5 * GB, 3.5 * GB],
  [Number.POSITIVE_INFINITY, 3 * GB, 6 * GB],
]
/** Where the browser does not tell, as Firefox does not. */
const USUAL_ANDROID_GIBIBYTES = 4

/** Computers swap before they end anything; those whose memory is known to be small share it with their GPU. */
const SMALL_COMPUTER_GIBIBYTES = 4
const SMALL_COMPUTER: PageMemory = { device: 'computers with 4 GB of memory or less', comfortable: 1.2 * GB }

/** Undefined for devices of which nothing is known. */
export function pageMemoryOf({ userAgent, touchPoints, memory, screen }: DeviceHints): PageMemory | undefined {
  if (/iPhone|iPod/.test(userAgent)) return iphone(screen)
  if (/iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1)) return IPAD
  if (/Android|HarmonyOS|OpenHarmony/.test(userAgent)) return android(memory ?? USUAL_ANDROID_GIBIBYTES)
  return memory !== undefined && memory <= SMALL_COMPUTER_GIBIBYTES ? SMALL_COMPUTER : undefined
}

function iphone(screen: DeviceHints['screen']): PageMemory | undefined {
  const size = screen && `${Math.min(screen.width, screen.height)}x${Math.max(screen.width, screen.height)}`
  const known = IPHONES.find(({ screens }) => size !== undefined && screens.includes(size))
  const row = IPHONE_MEMORY.find(([gigabytes]) => gigabytes === (known?.gigabytes ?? UNKNOWN_IPHONE_GIGABYTES))
  if (!row) return undefined
  const [gigabytes, comfortable, most] = row
  return { device: known ? `iPhones with ${gigabytes} GB of memory` : 'iPhones', comfortable, most }
}

function android(memory: number): PageMemory | undefined {
  const row = ANDROID_MEMORY.find(([gibibytes]) => memory <= gibibytes)
  if (!row) return undefined
  const [, comfortable, most] = row
  return { device: `Android phones with ${memory} GB of memory`, comfortable, most }
}

/** Of this browser's device. */
export function deviceHints(): DeviceHints {
  const navigator: unknown = globalThis.navigator
  const told = typeof navigator === 'object' && navigator !== null ? navigator : {}
  const memory: unknown = Reflect.get(told, 'deviceMemory')
  const touchPoints: unknown = Reflect.get(told, 'maxTouchPoints')
  const { width, height } = globalThis.screen ?? {}
  return {
    userAgent: globalThis.navigator?.userAgent ?? '',
    touchPoints: typeof touchPoints === 'number' ? touchPoints : 0,
    ...(typeof memory === 'number' && { memory }),
    ...(width !== undefined && height !== undefined && { screen: { width, height } }),
  }
}
