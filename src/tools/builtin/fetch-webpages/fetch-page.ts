import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { SageError } from '../../../errors.ts';
import { hostOf } from '../../permission/web/host-of.ts';
import { checkedLookup, checkHost, type AddressRules } from './public-address.ts';

/** What a page came to, after its redirects. */
export interface FetchedPage {
  readonly finalUrl: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  /** Whether the body was longer than what is read of it. */
  readonly isCut: boolean;
}

const mostRedirects = 5;
/** Of a body, after it has been unpacked. */
const mostBytes = 5 * 1024 * 1024;

/**
 * Fetches a page by GET. Each address on the way, of redirects too, is checked and then used.
 *
 * @throws {SageError} `tool-error` for what is no public page; the reason of `signal`; network errors as they come.
 */
export async function fetchPage(url: string, rules: AddressRules, signal: AbortSignal): Promise<FetchedPage> {
  let next = readUrl(url);
  for (let left = mostRedirects; ; left -= 1) {
    checkHost(next, rules);
    const response = await request(next, rules, signal);
    const location = isRedirect(response.statusCode) ? response.headers.location : undefined;
    if (location === undefined) return { finalUrl: next.href, ...(await readResponse(response)) };
    response.destroy();
    if (left === 0) throw mistake(`"${url}" redirects more than ${mostRedirects} times.`);
    next = readUrl(new URL(location, next).href);
  }
}

function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw mistake(`"${text}" is no URL. Give one such as https://example.org/page.`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw mistake(`"${text}" is neither http nor https.`);
  if (url.username !== '' || url.password !== '')
    throw mistake('The URL has a user name or password in it. Leave them out.');
  // Rules about hosts could not be kept.
  if (hostOf(text) === undefined)
    throw mistake(`In "${text}" no host can be read for sure. Write it as in ${url.href}.`);
  return url;
}

function request(url: URL, rules: AddressRules, signal: AbortSignal): Promise<IncomingMessage> {
  const { get } = url.protocol === 'https:' ? https : http;
  const headers = {
    'accept': 'text/html,application/xhtml+xml,application/json,text/*;q=0.9,*/*;q=0.1',
    'accept-encoding': 'gzip, deflate, br',
    'user-agent': 'Mozilla/5.0 (compatible; sagents)',
  };
  return new Promise((resolve, reject) => {
    // A connection of its own: one that is kept could have been made for another look at the name.
    get(url, { agent: false, lookup: checkedLookup(rules), headers, signal }, resolve).on('error', reject);
  });
}

async function readResponse(response: IncomingMessage): Promise<Omit<FetchedPage, 'finalUrl'>> {
  const parts: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop closes the connection.
  for await (const part of unpack(response)) {
    parts.push(part as Buffer);
    bytes += (part as Buffer).length;
    if (bytes > mostBytes) break;
  }
  response.destroy();
  const status = response.statusCode ?? 0;
  const contentType = response.headers['content-type'] ?? '';
  return { status, contentType, body: Buffer.concat(parts).subarray(0, mostBytes), isCut: bytes > mostBytes };
}

function unpack(response: IncomingMessage): Readable {
  const coding = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  const unpacker = {
    'gzip': createGunzip,
    'x-gzip': createGunzip,
    'deflate': createInflate,
    'br': createBrotliDecompress,
  }[coding];
  if (unpacker === undefined) return response;
  const unpacked = unpacker();
  response.on('error', (error) => unpacked.destroy(error));
  return response.pipe(unpacked);
}

function isRedirect(status: number | undefined): boolean {
  return status !== undefined && [301, 302, 303, 307, 308].includes(status);
}

function mistake(message: string): SageError {
  return new SageError('tool-error', message, { tool: 'fetch_webpages' });
}
