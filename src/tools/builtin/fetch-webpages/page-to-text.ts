import type { FetchedPage } from './fetch-page.ts';
import { toMarkdown } from './to-markdown.ts';

export interface PageText {
  readonly title?: string;
  readonly text: string;
}

/** Of HTML that is converted: what is beyond would keep this process busy for long. */
const mostHtml = 512 * 1024;

/** A page as text: HTML as Markdown, other text as it is; `undefined` for what is no text. */
export async function pageToText(
  { contentType, body }: FetchedPage,
  signal: AbortSignal,
): Promise<PageText | undefined> {
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const isHtml = type === 'text/html' || type === 'application/xhtml+xml';
  const isText = type === '' || type.startsWith('text/') || /[/+](json|xml|yaml|javascript)$/.test(type);
  if (!isHtml && !isText) return undefined;
  const text = decode(body, parameters, isHtml);
  if (!isHtml) return type === '' && text.includes('\0') ? undefined : { text };
  const html = text.slice(0, mostHtml);
  const title = /<title[^>]*>([^<]{1,300})/i.exec(html)?.[1]?.trim();
  return { ...(title === undefined ? {} : { title }), text: await toMarkdown(html, signal) };
}

/** The header's charset, else the one the page names, else UTF-8; what is broken is replaced. */
function decode(body: Buffer, parameters: readonly string[], isHtml: boolean): string {
  const named = parameters
    .find((part) => part.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '');
  const head = body.subarray(0, 2_048).toString('latin1');
  const inPage = isHtml ? /<meta[^>]{0,200}charset=["']?([\w-]{1,40})/i.exec(head)?.[1] : undefined;
  try {
    return new TextDecoder(named ?? inPage ?? 'utf-8').decode(body);
  } catch {
    // A charset nobody knows.
    return new TextDecoder('utf-8').decode(body);
  }
}
