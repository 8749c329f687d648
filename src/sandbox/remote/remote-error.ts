import { SageError, isSageError, messageOf } from '../../errors.ts';

/** What the server answered instead of what was asked for. */
export interface Refusal {
  /** The HTTP status. */
  readonly status: number;
  /** The server's word for it, where it has one. */
  readonly code: string | undefined;
  readonly message: string;
}

/** Reads an error of the SDK; `undefined` when no answer came, or none that can be read. */
export function toRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return undefined;
  const body = 'rawBody' in error ? readBody(error.rawBody) : {};
  const { code, message } = body;
  return {
    status: error.statusCode,
    code: typeof code === 'string' ? code : undefined,
    message: typeof message === 'string' && message !== '' ? message : error.message,
  };
}

function readBody(body: unknown): { readonly code?: unknown; readonly message?: unknown } {
  if (typeof body === 'object' && body !== null) return body;
  if (typeof body !== 'string') return {};
  try {
    return readBody(JSON.parse(body));
  } catch {
    return {};
  }
}

/** What went wrong, and what to do next. The key is never in it, whoever put it there. */
export function explain(error: unknown, apiKey: string): string {
  return explainOpenly(error).replaceAll(apiKey, '***');
}

/**
 * Whatever a call to the server threw, as a `sandbox-error`.
 *
 * The original is not kept as the cause: it may hold what was sent, the key included.
 */
export function toRemoteError(error: unknown, apiKey: string, path?: string): SageError {
  if (isSageError(error)) return error;
  return new SageError('sandbox-error', explain(error, apiKey), path === undefined ? {} : { path });
}

function explainOpenly(error: unknown): string {
  if (isSageError(error)) return error.message;
  const refusal = toRefusal(error);
  if (refusal === undefined) {
    const why = reasonsOf(error);
    return `The sandbox server could not be reached, or gave no answer that can be read: ${why}. Check that it runs, and try again later.`;
  }
  const said = sentence(refusal.message);
  const { status, code } = refusal;
  if (status === 401) return 'The sandbox server refused the key. Check remote.apiKey.';
  if (status === 403) return `The sandbox server does not allow this: ${said}`;
  if (code === 'SANDBOX_NOT_FOUND')
    return 'The sandbox is gone from the server: its time was up, or somebody ended it. Open another one.';
  if (status >= 500)
    return `The sandbox server failed (status ${status}): ${said} Try again later, or look at its log.`;
  return `The sandbox server refused this (status ${status}): ${said}`;
}

/** `fetch` keeps the reason in the cause: a refused connection, an unknown name. */
function reasonsOf(error: unknown): string {
  const message = messageOf(error);
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? message : `${message} (${reasonsOf(cause)})`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
