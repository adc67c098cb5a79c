/** OpenAI's shapes of requests and answers, as far as Sampan honours them. */
export type * from './answer-types.ts'
export type * from './request-types.ts'
