/** UTF-16 code units of a template. The longest in use are about 20,000. */
export const maxTemplateLength = 1 << 18
/** White space in a row in a template; the parser takes time quadratic in it. */
export const maxWhiteSpaceRun = 1024
/** Named templates of one model. */
export const maxNamedTemplates = 64
/** UTF-16 code units of a rendered prompt, and of any value on the way to it. */
export const maxOutputLength = 1 << 24
/** Units of work of one rendering: one for a step of the interpreter or 64 characters touched. */
export const maxWork = 2_000_000
export const charactersPerUnit = 64
/** Interpreter steps within one another; well before the stack of a Worker ends. */
export const maxStepDepth = 400
/** Numbers in one `range()`. */
export const maxRange = 1 << 16
/** Parts that one `split()` makes. */
export const maxParts = 1 << 17
/** Depth of lists and mappings within one another, in the messages and in what a template builds. */
export const maxValueDepth = 64
/** Values in the messages, tools and other variables together. */
export const maxInputValues = 1 << 18
/** Characters of a separator or columns of an indentation given to `join`, `indent` or `tojson`. */
export const maxFormatArgument = 64
/** A rendering is given up after this time, whatever it was doing. */
export const maxRenderMilliseconds = 5000
