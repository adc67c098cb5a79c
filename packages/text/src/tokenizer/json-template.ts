import { checkIndex, type JsonFields, malformed } from './json-fields.ts'
import { unsupported } from './json-pipeline.ts'
import { maxVocabularySize } from './limits.ts'

/** Ids put before and after every text. */
export interface SequenceTemplate {
  readonly prefixIds: readonly number[]
  readonly suffixIds: readonly number[]
}

const nothing: SequenceTemplate = { prefixIds: [], suffixIds: [] }

/** The `post_processor` of a tokenizer.json: `ByteLevel`, `TemplateProcessing` or a sequence of them. */
export function readPostProcessor(processor: JsonFields | undefined): SequenceTemplate {
  if (processor === undefined) return nothing
  const type = processor.text('type')
  switch (type) {
    case 'ByteLevel':
      return nothing
    case 'Sequence':
      return processor.objects('processors').map(readStep).reduce(combine, nothing)
    default:
      return readStep(processor)
  }
}

function readStep(processor: JsonFields): SequenceTemplate {
  const type = processor.text('type')
  if (type === 'ByteLevel') return nothing
  if (type !== 'TemplateProcessing') throw unsupported('post_processor', type, 'ByteLevel and TemplateProcessing')
  const special = processor.object('special_tokens')
  const before: number[] = []
  const after: number[] = []
  let seen = false
  for (const part of processor.objects('single')) {
    if (part.has('Sequence')) seen = true
    else (seen ? after : before).push(...idsOf(part.object('SpecialToken').text('id'), special))
  }
  if (!seen) throw malformed(processor.path('single'), 'a template with the text in it')
  return { prefixIds: before, suffixIds: after }
}

function idsOf(name: string, special: JsonFields): readonly number[] {
  const token = special.object(name)
  return token.list('ids').map((id) => checkIndex(id, maxVocabularySize, token.path('ids')))
}

function combine(first: SequenceTemplate, second: SequenceTemplate): SequenceTemplate {
  return { prefixIds: [...second.prefixIds, ...first.prefixIds], suffixIds: [...first.suffixIds, ...second.suffixIds] }
}
