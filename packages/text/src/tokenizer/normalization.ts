/** Unicode normalisation forms, applied in order. */
export type NormalizationForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD'

export function normalize(text: string, forms: readonly NormalizationForm[]): string {
  return forms.reduce((normalized, form) => normalized.normalize(form), text)
}
