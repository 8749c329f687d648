import { messageOf } from '../../../errors.ts';
import { limitOutput } from '../../../sandbox/limit-output.ts';
import { fetchPage } from './fetch-page.ts';
import { pageToText } from './page-to-text.ts';
import { strictRules, type AddressRules } from './public-address.ts';

/** What the model reads of one page. */
export interface PageResult {
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

/** A page that fails is told as such, beside the others. */
export async function describePage(
  url: string,
  rules: AddressRules = strictRules,
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
