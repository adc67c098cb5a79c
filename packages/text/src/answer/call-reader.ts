/**
 * `more`: the call goes on; `done`: it ended with this character; `done-before`: it had ended before it, which is not part
 * of the call; `malformed`: this is no call.
 */
export type CallStep = 'more' | 'done' | 'done-before' | 'malformed'

/** One call of a tool while it is written, from behind its tag to the end of its arguments. */
export interface CallReader {
  accept(character: string): CallStep
  /** The text ends here: whether the call lacks nothing but closing braces, which small models forget. */
  end(): boolean
  /** Whether name and arguments are there beyond doubt, so that the call may be told of. */
  readonly certain: boolean
  /** '' until it is known whole. */
  readonly name: string
  /** The next piece of the arguments. */
  takeArguments(): string
}
