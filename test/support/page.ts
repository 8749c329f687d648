import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { SageServer } from './sage-server.ts';

/** What the page of the server is asked to do, and what must stand on it. */
interface Spoken {
  readonly message_id: string;
  readonly role: string;
  readonly message_type: string;
  readonly content: string | null;
}

/** A page that may not go wrong: what it logs as an error fails the test that asks for `errors`. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Page & { errors: string[] }> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })).newPage();
  page.setDefaultTimeout(40_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(url);
  await page.waitForSelector('#flow option', { state: 'attached' });
  return Object.assign(page, { errors });
}

export async function say(page: Page, text: string): Promise<void> {
  await page.fill('#input', text);
  await page.press('#input', 'Enter');
}

export const status = (page: Page, text: string) => page.waitForSelector(`.pill:text-is("${text}")`);
export const idOf = (page: Page) => new URL(page.url()).hash.slice(1);
/** What is left of Markdown when it is drawn: no marks, and no numbers of lists. */
const letters = (text: string) => text.replaceAll(/```\w+|^\d+\. /gm, '').replaceAll(/[^\p{L}\p{N}]/gu, '');

/** Every word of the session stands on the page once, in its order; those of its children in their columns, and only there. */
export async function expectWhole(page: Page, server: SageServer): Promise<void> {
  const { body } = await server.call(`sessions/${idOf(page)}`);
  await expectSpoken(page, '#conversation', body.messages);
  for (const { session_id } of body.children as { session_id: string }[]) {
    const column = `.column[data-session="${session_id}"]`;
    // A column that nobody has looked at has not asked for its words; there is one for each of its tasks.
    for (const one of await page.locator(column).all()) await one.scrollIntoViewIfNeeded();
    const child = await server.call(`sessions/${session_id}`);
    await expectSpoken(page, `${column} > .words > div`, child.body.messages);
  }
}

async function expectSpoken(page: Page, place: string, messages: readonly Spoken[]): Promise<void> {
  const aside = ['token_usage', 'tool_progress', 'error', 'confirmation'];
  const spoken = messages.filter(({ role, message_type }) => role !== 'tool' && !aside.includes(message_type));
  await expect
    .poll(
      async () => {
        const shown = await page.$$eval(`${place} > .message:not(.token_usage, .error)`, (articles) =>
          articles.map((article) => [
            article.getAttribute('data-id') ?? '',
            article.querySelector(':scope > :is(.said, .markdown), :scope > .given > .markdown')?.textContent ?? '',
          ]),
        );
        return shown.map(([id, text = '']) => [id, letters(text)]);
      },
      { timeout: 40_000 },
    )
    .toEqual(spoken.map(({ message_id, content }) => [message_id, letters(content ?? '')]));
}
