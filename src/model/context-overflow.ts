/** How providers say that a request does not fit the model's context, in lower case and with spaces for underscores. */
const markers = [
  'maximum context length',
  'context length exceeded',
  'context window exceeded',
  'context window is too small',
  'exceed context size',
  'exceeds the available context size',
  'input too long',
  'input is too long',
  'input length is too long',
  'prompt is too long',
  'prompt too long',
  'too many input tokens',
  'range of input length',
];

const rateLimit = /rate.?limit|too many requests|per (minute|min|day)\b|\btpm\b|quota/;
const tooMuch = /(token|input length).*(exceed|too long|too large)|(exceed|too long|too large).*(token|input length)/s;
const answerLimit = /max (completion |output |new )?tokens/;

/**
 * Whether a provider's error says that the request is too long for the model. `words` is all it wrote, codes included.
 *
 * A rate limit never is, nor a `max_tokens` the model does not allow: a shorter history helps neither. HTTP 413 is,
 * whatever it says.
 */
export function isContextOverflow(status: number | undefined, words: string): boolean {
  const text = words.toLowerCase().replaceAll('_', ' ');
  if (status === 429 || status === 401 || status === 403 || rateLimit.test(text)) return false;
  if (status === 413 || markers.some((marker) => text.includes(marker))) return true;
  return (status === undefined || status < 500) && tooMuch.test(text) && !answerLimit.test(text);
}
