/** Files may be anybody's, and a picture of two thousand rows is none. */
export const PLOTTED = { series: 12, bars: 40, cells: 16, samples: 300 } as const
