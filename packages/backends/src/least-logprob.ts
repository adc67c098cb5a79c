/** Stands for the logarithm of chances that are too small to be told, as in OpenAI's API: JSON has no −∞. */
export const LEAST_LOGPROB = -9999
