import { inspect } from 'node:util';
import { messageOf } from '../errors.ts';
import { isContextOverflow } from './context-overflow.ts';
import { maskSecrets } from './mask-secrets.ts';
import { GarbledStream, ProviderReport } from './read-stream.ts';

/** What is known of a model call that failed. No key is in it, neither in `text` nor in `cause`. */
export interface ModelFailure {
  /** `reported`: an error object inside the stream. `client`: an error the client made itself. */
  readonly kind: 'http' | 'connection' | 'reported' | 'overflow' | 'garbled' | 'unfinished' | 'client';
  readonly status?: number;
  /** The provider's words, or the network's: one line. */
  readonly text: string;
  /** How long the provider asked us to wait. */
  readonly retryAfterMs?: number;
  /** The provider's own word on trying again: its header `x-should-retry`. */
  readonly shouldRetry?: boolean;
  readonly cause?: unknown;
}

/** A stream that ended as if all were well, without saying why the model stopped. */
export const unfinished: ModelFailure = { kind: 'unfinished', text: 'the stream ended without a finish_reason' };

/**
 * The facts of a failed call from what was thrown: by the `openai` package, by another client that puts `status`,
 * `headers` and `error` on its errors, by the network, or by us while reading. `secrets` are masked wherever they stand.
 */
export function toModelFailure(thrown: unknown, secrets: readonly string[]): ModelFailure {
  const chain = causesOf(thrown);
  const facts = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Thrown;
  const report = thrown instanceof ProviderReport ? thrown.report : facts.error;
  const status = toStatus(facts.status) ?? toStatus(codeOf(report, 'status')) ?? toStatus(codeOf(report, 'code'));
  const text = textOfReport(report) || messageOf(chain.at(-1)) || messageOf(thrown);
  const words = [...chain.map(messageOf), toJson(report)].join('\n');
  return {
    kind: isContextOverflow(status, words) ? 'overflow' : kindOf(thrown, chain, report),
    ...(status === undefined ? {} : { status }),
    text: oneLine(maskSecrets(text, secrets)),
    ...adviceOf(facts.headers),
    cause: withoutSecrets(thrown, secrets),
  };
}

interface Thrown {
  readonly status?: unknown;
  readonly error?: unknown;
  readonly headers?: unknown;
}

function kindOf(thrown: unknown, chain: readonly unknown[], report: unknown): ModelFailure['kind'] {
  if (thrown instanceof GarbledStream) return 'garbled';
  if (toStatus((thrown as Thrown | undefined)?.status) !== undefined) return 'http';
  if (report !== undefined && report !== null) return 'reported';
  return chain.some(isOfNetwork) ? 'connection' : 'client';
}

/** `fetch failed` and `terminated` are undici's, the codes Node's; the openai client names its own. */
function isOfNetwork(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  if (typeof code === 'string' && /^(E(?!RR_)[A-Z_]+|UND_ERR_\w+)$/.test(code)) return true;
  if (!(error instanceof Error)) return false;
  return error.constructor.name.startsWith('APIConnection') || /^(fetch failed|terminated)$/.test(error.message);
}

/** An error and its causes, outermost first. */
function causesOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let next = error; next != null && chain.length < 8; next = (next as { cause?: unknown }).cause) chain.push(next);
  return chain;
}

function codeOf(report: unknown, field: 'status' | 'code'): unknown {
  return typeof report === 'object' && report !== null ? (report as Record<string, unknown>)[field] : undefined;
}

function toStatus(value: unknown): number | undefined {
  const status = Number(value);
  return status >= 400 && status < 600 ? status : undefined;
}

function textOfReport(report: unknown): string {
  if (report == null) return '';
  if (typeof report === 'string') return report;
  const { message } = report as { readonly message?: unknown };
  return typeof message === 'string' && message !== '' ? message : toJson(message ?? report);
}

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return String(value);
  }
}

function adviceOf(headers: unknown): Pick<ModelFailure, 'retryAfterMs' | 'shouldRetry'> {
  const retryAfterMs = toWaitMs(headerOf(headers, 'retry-after-ms'), headerOf(headers, 'retry-after'));
  const shouldRetry = headerOf(headers, 'x-should-retry');
  return {
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(shouldRetry === 'true' || shouldRetry === 'false' ? { shouldRetry: shouldRetry === 'true' } : {}),
  };
}

function headerOf(headers: unknown, name: string): string | undefined {
  const value = headers instanceof Headers ? headers.get(name) : (headers as Record<string, unknown> | null)?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** From `retry-after-ms`, else `retry-after`: seconds or an HTTP date. */
function toWaitMs(inMs: string | undefined, after = ''): number | undefined {
  const candidates = [Number(inMs), after === '' ? NaN : Number(after) * 1_000, Date.parse(after) - Date.now()];
  const wait = candidates.find((ms) => !Number.isNaN(ms));
  return wait === undefined ? undefined : Math.max(0, Math.round(wait));
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}

/** The original, unless a key can be found in it (clients hang whole requests on their errors): then its message. */
function withoutSecrets(thrown: unknown, secrets: readonly string[]): unknown {
  const everything = inspect(thrown, { depth: 8 });
  if (maskSecrets(everything, secrets) === everything) return thrown;
  const shown = new Error(oneLine(maskSecrets(messageOf(thrown), secrets)));
  if (thrown instanceof Error) shown.name = thrown.constructor.name;
  return shown;
}
