import { ProtocolError, SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client';
import { messageOf } from '../../errors.ts';
import { answerLost } from './http-transport.ts';

/**
 * What became of a call: it never reached the server (`not-sent`), nor a session of it (`session-lost`); the server would not take it
 * (`refused`), or has answered it with what is no result (`answered`); or nobody knows (`lost`).
 */
export interface CallFailure {
  readonly type: 'not-sent' | 'session-lost' | 'refused' | 'answered' | 'lost';
  readonly why: string;
}

/** Whether no server has had the call, so that it may be sent again. */
export function isUntouched({ type }: CallFailure): boolean {
  return type === 'session-lost' || type === 'not-sent';
}

/** Of errors that come before a byte is sent. */
const neverConnected = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'];

export function callFailure(error: unknown): CallFailure {
  if (SdkHttpError.isInstance(error)) return httpFailure(error);
  if (ProtocolError.isInstance(error)) {
    return { type: error.code === answerLost ? 'lost' : 'answered', why: error.message };
  }
  if (SdkError.isInstance(error)) return sdkFailure(error);
  const code = codeOf(rootOf(error));
  if (code !== undefined && neverConnected.includes(code)) return { type: 'not-sent', why: code };
  // The client says this, as a plain error, when its connection has ended before it sent.
  if (messageOf(error) === 'Not connected') return { type: 'not-sent', why: 'the connection has ended' };
  return { type: 'lost', why: code ?? messageOf(error) };
}

function httpFailure({ status, data, message }: SdkHttpError): CallFailure {
  const text = typeof data['text'] === 'string' ? data['text'] : '';
  const why = text === '' ? `HTTP ${status}` : `HTTP ${status}: ${text}`;
  // 404 is what the specification says for a session that is no longer there; servers say 400 too.
  if (status === 404 || (status === 400 && /session/i.test(text))) return { type: 'session-lost', why };
  if (status >= 400 && status < 500) return { type: 'refused', why };
  return { type: 'lost', why: status === 0 ? message : why };
}

function sdkFailure({ code, message }: SdkError): CallFailure {
  switch (code) {
    case SdkErrorCode.NotConnected:
      return { type: 'not-sent', why: message };
    case SdkErrorCode.InvalidResult:
    case SdkErrorCode.ClientHttpUnexpectedContent:
      return { type: 'answered', why: `its answer is no valid result (${message})` };
    case SdkErrorCode.UnsupportedResultType:
    case SdkErrorCode.InputRequiredRoundsExceeded:
      return { type: 'answered', why: 'it asks for input that nobody gives here' };
    default:
      return { type: 'lost', why: message };
  }
}

/** What went wrong, of any error: the layers around it say only that something did. */
export function describeFailure(error: unknown): string {
  const { type, why } = callFailure(error);
  if (type !== 'lost') return why;
  const root = rootOf(error);
  return codeOf(root) ?? messageOf(root);
}

function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : error;
}

/** The system's, where it is one: `ECONNRESET`. The client has codes too, which say less than its messages. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || SdkError.isInstance(error)) return undefined;
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
