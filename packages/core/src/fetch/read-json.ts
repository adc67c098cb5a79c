import { SampanError } from '../errors.ts'

/** @throws SampanError `request-invalid` when the body is not JSON */
export async function readJson(request: Request): Promise<unknown> {
  const text = await request.text()
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new SampanError('request-invalid', 'The body of the request is not JSON.', {}, { cause })
  }
}
