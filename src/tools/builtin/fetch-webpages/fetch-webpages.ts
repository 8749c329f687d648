import { messageOf } from '../../../errors.ts';
import { limitOutput } from '../../../sandbox/limit-output.ts';
import { linkAbort } from '../../../streams/abort.ts';
import { defineTool, type Tool } from '../../tool.ts';
import { fetchPage } from './fetch-page.ts';
import { pageToText } from './page-to-text.ts';
import { strictRules, type AddressRules } from './public-address.ts';

const parameters = {
  type: 'object',
  properties: {
    urls: {
      type: 'array',
      minItems: 1,
      maxItems: 10,
      items: { type: 'string', minLength: 1 },
      description: 'Pages on the public internet, http or https.',
    },
    max_length_per_url: {
      type: 'integer',
      minimum: 200,
      maximum: 100_000,
      default: 8_000,
      description: 'Bytes of text to return of each page; of a longer one its beginning and end.',
    },
    timeout: {
      type: 'integer',
      minimum: 1,
      maximum: 120,
      default: 30,
      description: 'Seconds for all of them together.',
    },
  },
  required: ['urls'],
  additionalProperties: false,
} as const;

/** What the model reads of one page. */
interface PageResult {
  readonly url: string;
  readonly status: 'success' | 'error';
  readonly final_url?: string;
  readonly http_status?: number;
  readonly content_type?: string;
  readonly title?: string;
  /** Of HTML as Markdown. */
  readonly content?: string;
  readonly truncated?: boolean;
  readonly error?: string;
}

/** Fetches pages side by side, in this process and not in the sandbox, from public addresses only. */
export const fetchWebpages: Tool = createFetchWebpages(strictRules);

export function createFetchWebpages(rules: AddressRules): Tool {
  return defineTool({
    name: 'fetch_webpages',
    description:
      'Fetches pages of the public internet and returns their text, HTML as Markdown. Follows redirects; runs no scripts.',
    parameters,
    effect: 'none',
    async execute({ urls, max_length_per_url, timeout }, { signal }) {
      using scope = linkAbort(signal);
      const outOfTime = new Error(`The pages did not come within ${timeout} s.`);
      const timer = setTimeout(() => scope.abort(outOfTime), timeout * 1_000);
      try {
        const fetchOne = (url: string) =>
          describePage(url, rules, { maxBytes: max_length_per_url, signal: scope.signal });
        const results = await Promise.all(urls.map(fetchOne));
        signal.throwIfAborted();
        const success_count = results.filter(({ status }) => status === 'success').length;
        const status = success_count === urls.length ? 'success' : success_count > 0 ? 'partial' : 'error';
        return { status, total_urls: urls.length, success_count, error_count: urls.length - success_count, results };
      } finally {
        clearTimeout(timer);
      }
    },
  });
}

/** A page that fails is told as such, beside the others. */
async function describePage(
  url: string,
  rules: AddressRules,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<PageResult> {
  try {
    const page = await fetchPage(url, rules, signal);
    const { finalUrl: final_url, status: http_status, contentType: content_type } = page;
    const facts = { url, final_url, http_status, content_type };
    const read = await pageToText(page, signal);
    if (read === undefined)
      return { ...facts, status: 'error', error: `This is no text: ${page.body.length} bytes of ${content_type}.` };
    const { text, leftOutBytes } = limitOutput(read.text, maxBytes);
    const title = read.title === undefined ? {} : { title: read.title };
    const told = { ...facts, ...title, content: text, truncated: leftOutBytes > 0 || page.isCut };
    if (http_status < 400) return { ...told, status: 'success' };
    return { ...told, status: 'error', error: `The server answered with status ${http_status}.` };
  } catch (error) {
    return { url, status: 'error', error: messageOf(signal.aborted ? signal.reason : error) };
  }
}
