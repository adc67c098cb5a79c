import type { AnswerFormat } from '../backend.ts'
import { copyJsonObject } from './copy-json.ts'
import {
  fieldInvalid,
  fieldUnsupported,
  isAbsent,
  isFields,
  readBoolean,
  readFields,
  readName,
  readOptional,
  readString,
} from './request-fields.ts'

/** What `response_format` binds the content to; undefined for text. */
export function readFormat(value: unknown): AnswerFormat | undefined {
  if (isAbsent(value)) return undefined
  if (!isFields(value)) throw fieldInvalid('response_format', 'must be an object with `type`')
  const type = readString(value['type'], 'response_format.type')
  switch (type) {
    case 'text':
      return undefined
    case 'json_object':
      return { type: 'json-object' }
    case 'json_schema':
      return readSchema(value['json_schema'], 'response_format.json_schema')
    default:
      throw fieldUnsupported('response_format.type', type)
  }
}

/** With `strict` or without, the schema is followed to the letter. Without a schema any object will do. */
function readSchema(value: unknown, path: string): AnswerFormat {
  const known = ['name', 'description', 'schema', 'strict']
  const fields = readFields(value, path, known, 'an object with `name` and `schema`')
  readName(fields['name'], `${path}.name`)
  readOptional(fields['description'], `${path}.description`, readString)
  readOptional(fields['strict'], `${path}.strict`, readBoolean)
  const schema = readOptional(fields['schema'], `${path}.schema`, copyJsonObject)
  return schema ? { type: 'json-schema', schema } : { type: 'json-object' }
}
