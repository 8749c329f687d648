import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';

/** An answer that is no success; `code` is for programs, `message` says what to do next. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** One request and its answer. `params` are the named parts of the path. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly params: Readonly<Record<string, string>>;
}

/** Of the limit of a body: what is read and dropped beyond it. */
const droppedTimes = 4;

export function badRequest(message: string): HttpError {
  return new HttpError(400, 'INVALID_REQUEST', message);
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

export function sendNothing(response: ServerResponse, status: 200 | 204 = 200): void {
  response.writeHead(status, { 'content-length': 0 }).end();
}

export function sendBytes(
  response: ServerResponse,
  status: number,
  bytes: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/octet-stream',
    'content-length': bytes.length,
    ...headers,
  });
  response.end(bytes);
}

/**
 * What is over the limit is read on and dropped, up to a point: who is still sending would not hear the answer.
 *
 * @throws {HttpError} 413 for more than `limit` bytes.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= limit) chunks.push(chunk);
    else chunks.length = 0;
    if (bytes > limit * droppedTimes) break;
  }
  if (bytes <= limit) return Buffer.concat(chunks);
  const message = `The request is larger than ${limit} bytes, which is what this server takes at once.`;
  throw new HttpError(413, 'TOO_LARGE', message);
}

/** @throws {HttpError} 400 for what is no JSON of this shape. */
export async function readJson<Shape>(
  request: IncomingMessage,
  shape: z.ZodType<Shape>,
  limit: number,
): Promise<Shape> {
  const text = (await readBody(request, limit)).toString('utf8');
  let value: unknown;
  try {
    value = text === '' ? {} : JSON.parse(text);
  } catch {
    throw badRequest('The body is not JSON.');
  }
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  throw badRequest(`The body does not fit. ${issues.join('; ')}.`);
}
