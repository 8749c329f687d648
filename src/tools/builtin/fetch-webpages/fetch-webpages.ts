import { linkAbort } from '../../../streams/abort.ts';
import { defineTool, type Tool } from '../../tool.ts';
import type { AddressRules } from './public-address.ts';

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

/** Fetches pages side by side, in this process and not in the sandbox, from public addresses only. */
export const fetchWebpages: Tool = createFetchWebpages();

/** `rules` default to the strict ones; tests serve their pages on this machine. */
export function createFetchWebpages(rules?: AddressRules): Tool {
  return defineTool({
    name: 'fetch_webpages',
    description:
      'Fetches pages of the public internet and returns their text, HTML as Markdown. Follows redirects; runs no scripts.',
    parameters,
    effect: 'none',
    async execute({ urls, max_length_per_url, timeout }, { signal }) {
      // Loaded with the first page: few programs fetch any.
      const { describePage } = await import('./describe-page.ts');
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
