/** Formats a measured figure: one decimal below 100, none above; two digits where one decimal would say nothing. */
export function formatFigure(value: number, language: string): string {
  const precision =
    value < 1
      ? { maximumSignificantDigits: 2 }
      : value < 99.95
        ? { minimumFractionDigits: 1, maximumFractionDigits: 1 }
        : { maximumFractionDigits: 0 }
  return new Intl.NumberFormat(language, precision).format(value)
}
