import { CaseComparison, type CaseResult, totalOf } from './compare.ts'
import type { VerifyEvent, VerifyRequest } from './events.ts'
import { type OpenedModel, openModel } from './open-model.ts'
import { parseReference, type ReferenceCase } from './reference-file.ts'

/** Runs a reference file on the real engine; every failure is told as an event. */
export async function verify(request: VerifyRequest, tell: (event: VerifyEvent) => void): Promise<void> {
  try {
    await run(request, tell)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    tell({ kind: 'failure', code, message: error instanceof Error ? error.message : String(error) })
  }
}

async function run(request: VerifyRequest, tell: (event: VerifyEvent) => void): Promise<void> {
  const reference = parseReference(request.reference)
  const started = performance.now()
  const model = await openModel(request, (phase, loaded, total) => tell({ kind: 'progress', phase, loaded, total }))
  try {
    const { adapter } = model.engine
    const name = adapter.description || `${adapter.vendor} ${adapter.architecture}`.trim()
    tell({ kind: 'loaded', adapter: name, software: adapter.software, milliseconds: performance.now() - started })
    const results: CaseResult[] = []
    for (const entry of reference.cases) {
      const result = await verifyCase(model, entry, tell)
      results.push(result)
      tell({ kind: 'case', result })
    }
    tell({ kind: 'end', total: totalOf(results), milliseconds: performance.now() - started })
  } finally {
    await model.engine.dispose()
  }
}

async function verifyCase(
  model: OpenedModel,
  reference: ReferenceCase,
  tell: (event: VerifyEvent) => void,
): Promise<CaseResult> {
  const promptEqual = (await model.render(reference.messages)) === reference.prompt
  const ids = model.encode(reference.prompt)
  const idsEqual = ids.length === reference.ids.length && ids.every((id, index) => id === reference.ids[index])
  const comparison = new CaseComparison(reference)
  // The logits after the last token of the prompt choose the first token of the answer; those after its last choose nothing.
  const from = reference.ids.length - 1
  if (reference.greedy.length > 0) {
    await model.engine.score([...reference.ids, ...reference.greedy.slice(0, -1)], {
      from,
      onLogits: (position, logits) => comparison.step(position - from, logits),
      onPrefill: (done, total) => tell({ kind: 'prefill', name: reference.name, done, total }),
    })
  }
  return comparison.result(promptEqual, idsEqual)
}
