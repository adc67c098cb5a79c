import { button, element } from '../element.ts'
import type { Strings } from '../strings.ts'
import { modelName } from './run-plan.ts'

/** Whether the model is measured too; `back` is to the form. */
export type ModelAnswer =
  | { readonly take: true; readonly bytes: number | undefined }
  | { readonly take: false }
  | { readonly take: 'back' }

/** Says what a model costs before any of it is downloaded; what is on the device already costs nothing and is not asked for. */
export async function askForModel(
  source: string,
  place: HTMLElement,
  { measure }: Strings,
  language: string,
): Promise<ModelAnswer> {
  const name = modelName(source)
  place.replaceChildren(element('p', { role: 'status' }, [measure.asking]))
  const { canRun } = await import('@sampan/core')
  const verdict = await canRun(source).catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  )
  if (verdict instanceof Error)
    return answered(
      place,
      [element('p', {}, [measure.unreachable(name, verdict.message)])],
      [[measure.onlyPocket, { take: false }]],
      measure.back,
    )
  const { downloadBytes, cachedBytes, ok, reasons, about } = verdict
  const bytes = downloadBytes === undefined ? undefined : downloadBytes + cachedBytes
  if (ok && downloadBytes === 0) return { take: true, bytes }
  const size = downloadBytes === undefined ? measure.unknownSize : sizeText(downloadBytes, language)
  const blocking = reasons.filter(({ severity }) => severity === 'blocks')
  const said = [
    element('p', {}, [measure.consent(name, size)]),
    ...(about?.licence === undefined ? [] : [element('p', { class: 'soft' }, [measure.consentLicence(about.licence)])]),
    ...(blocking.length > 0 ? [element('p', { class: 'warning' }, [measure.cannotRun])] : []),
    ...blocking.map(({ message }) => element('p', { class: 'warning', lang: 'en' }, [message])),
  ]
  const take: readonly (readonly [string, ModelAnswer])[] = ok ? [[measure.agree(size), { take: true, bytes }]] : []
  return answered(place, said, [...take, [measure.onlyPocket, { take: false }]], measure.back)
}

function answered(
  place: HTMLElement,
  said: readonly HTMLElement[],
  answers: readonly (readonly [string, ModelAnswer])[],
  back: string,
): Promise<ModelAnswer> {
  return new Promise((resolve) => {
    const buttons = [...answers, [back, { take: 'back' }] as const].map(([text, answer], index) =>
      button(text, () => resolve(answer), index === 0 ? 'primary' : 'outlined'),
    )
    place.replaceChildren(...said, element('div', { class: 'actions' }, buttons))
    buttons[0]?.focus()
  })
}

function sizeText(bytes: number, language: string): string {
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: bytes < 10e6 ? 1 : 0 })
  return bytes >= 1e9
    ? `${new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(bytes / 1e9)} GB`
    : `${number.format(bytes / 1e6)} MB`
}
