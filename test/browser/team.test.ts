import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { CuttableProxy } from '../support/cuttable-proxy.ts';
import { expectWhole, openPage, say, status } from '../support/page.ts';
import { SageServer } from '../support/sage-server.ts';

/** Longer than any wait on a page, so that it is the wait that says what was missing. */
const patiently = { timeout: 120_000 };
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
}, 300_000);
afterAll(() => browser.close());

/** A page on which the team has just been asked. */
async function ask(
  url: string,
  { text = 'Plan a day in Porto', ...options }: BrowserContextOptions & { readonly text?: string } = {},
): Promise<Page & { errors: string[] }> {
  const page = await openPage(browser, url, options);
  await page.selectOption('#flow', 'team');
  await say(page, text);
  return page;
}

/** Of the conversation's own delegation, and not of one in it. */
const columns = '#conversation > .message > .delegation > .columns > .column';
const column = (page: Page, name: string) => page.locator(columns, { has: page.getByText(name, { exact: true }) });
const becomes = (page: Page, name: string, state: string) =>
  page.waitForSelector(`${columns}[data-state="${state}"] > header > .who:text-is("${name}")`);

const boxes = (page: Page) =>
  page.$$eval(columns, (found) => found.map((one) => one.getBoundingClientRect()).map(({ x, y }) => ({ x, y })));

describe('the page, of children', patiently, () => {
  test('shows them side by side under their delegation, each with its node, and then with what came of it', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '15' });
    const page = await ask(server.url);
    for (const [name, node] of [
      ['Forecaster', 'simple'],
      ['Planner', 'fibre'],
      ['Critic', 'simple'],
    ]) {
      await page.waitForSelector(`${columns}.running > header > .who:text-is("${name}")`);
      await page.waitForSelector(`${columns}[aria-label^="${name}:"] > .where > .at:text-is("${node}")`);
    }
    await page.waitForSelector(`${columns} .tool[data-tool="get_weather"]`);
    await page.waitForSelector(`${columns}[aria-label="Planner: The plan"] .markdown.open`);
    await page.waitForSelector(`${columns}[aria-label="Critic: The doubts"] .markdown.open`);
    const [first, second, third] = await boxes(page);
    expect(new Set([first?.y, second?.y, third?.y]).size).toBe(1);
    expect(new Set([first?.x, second?.x, third?.x]).size).toBe(3);
    // Who works for the planner stands in its column.
    await page.waitForSelector(`${columns}[aria-label^="Planner:"] .column[aria-label="Critic: Read the draft"] .at`);
    await status(page, 'completed');
    expect(await page.$$eval(`${columns} > header > .state`, (all) => all.map((one) => one.textContent))).toEqual([
      'Done',
      'Done',
      'Done',
    ]);
    expect(await page.isVisible('.column .controls, .column .where')).toBe(false);
    expect(await page.innerText(`${columns} .finish`)).toContain('Take a coat');
    await expectWhole(page, server);
    expect(page.errors).toEqual([]);
  });

  test('survives reloads in the middle, and a reload when all is over', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '25' });
    const page = await ask(server.url);
    for (const sign of [
      '.column .markdown.open',
      '.column .column .markdown.open',
      `${columns}[aria-label^="Planner:"] > .words > div > .message:last-child > .markdown.open`,
      '.message .markdown table',
    ]) {
      await page.waitForSelector(sign);
      await page.reload();
    }
    await status(page, 'completed');
    await expectWhole(page, server);
    await page.reload();
    await page.waitForSelector('.usage');
    await expectWhole(page, server);
    expect(page.errors).toEqual([]);
  });

  test('comes back by itself when the network was cut, and has missed nothing of them', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '15' });
    await using wire = await CuttableProxy.to(server.port);
    const page = await ask(wire.url);
    for (const sign of ['.column .tool', '.column .column .markdown.open']) {
      await page.waitForSelector(sign);
      wire.cut();
      await page.waitForSelector('#connection:text-is("Reconnecting …")');
      wire.mend();
      await page.waitForSelector('#connection:text-is("")', { state: 'attached' });
    }
    await status(page, 'completed');
    await expectWhole(page, server);
    expect(page.errors).toEqual([]);
  });

  test('shows the same in a tab that comes later', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '15' });
    const one = await ask(server.url);
    await one.waitForSelector('.column .column .markdown.open');
    const two = await openPage(browser, one.url());
    await two.waitForSelector('.column.running');
    for (const page of [one, two]) {
      await status(page, 'completed');
      await expectWhole(page, server);
    }
    expect([...one.errors, ...two.errors]).toEqual([]);
  });

  test('gives each task a column of its own, also where the same ones go on with another', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '10' });
    const page = await ask(server.url);
    await status(page, 'completed');
    await say(page, 'And in Lisbon?');
    await page.waitForSelector(`#conversation > .message:nth-last-child(1) > .delegation .column .markdown.open`);
    await page.reload();
    await page.waitForSelector('.usage >> nth=1');
    const sessions = await page.$$eval(columns, (found) => found.map((one) => one.getAttribute('data-session')));
    expect(sessions).toHaveLength(6);
    expect(sessions.slice(3)).toEqual(sessions.slice(0, 3));
    const results = await page.$$eval(`${columns} .finish`, (found) => found.map(({ textContent }) => textContent));
    expect(results).toEqual([expect.stringContaining('Porto'), expect.stringContaining('Lisbon')]);
    await expectWhole(page, server);
    expect(page.errors).toEqual([]);
  });

  test('stops one alone: the others go on, and it says so', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '25' });
    const page = await ask(server.url);
    await becomes(page, 'Planner', 'running');
    await page.waitForSelector('.column .column .markdown.open');
    await page.getByRole('button', { name: 'Stop Planner' }).click();
    await becomes(page, 'Planner', 'interrupted');
    expect(await column(page, 'Planner').locator('.column .state').innerText()).toBe('Stopped');
    expect(await page.innerText('#status')).toBe('running');
    await status(page, 'completed');
    await becomes(page, 'Forecaster', 'completed');
    await becomes(page, 'Critic', 'completed');
    expect(await column(page, 'Planner').innerText()).toContain('It was stopped: by the user.');
    expect(await page.innerText('#conversation > .message > .delegation > summary')).toMatch(
      /2 of 3 tasks done\s+Failed/,
    );
    await expectWhole(page, server);
  });

  test('says of one that has given up that it failed, while the others still work', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '25' });
    const page = await ask(server.url, { text: 'Plan a day in Atlantis' });
    await becomes(page, 'Forecaster', 'failed');
    expect(await page.innerText('#status')).toBe('running');
    await page.waitForSelector(`${columns}[data-state="running"] > header > .who:text-is("Planner")`);
    await status(page, 'completed');
    expect(await column(page, 'Forecaster').locator('> header > .state').innerText()).toBe('Failed');
    await expectWhole(page, server);
  });

  test('guides one of them, and nobody else', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '25' });
    const page = await ask(server.url);
    await becomes(page, 'Forecaster', 'running');
    await page.waitForSelector('.column .tool.running');
    const field = page.getByRole('textbox', { name: 'Steer Forecaster' });
    await field.fill('Only the morning');
    await field.press('Enter');
    await page.waitForSelector('.column .waits li:text-is("Only the morning")');
    await column(page, 'Forecaster').locator('.said', { hasText: 'Only the morning' }).waitFor();
    await page.waitForSelector('.column .waits li', { state: 'detached' });
    // It is the run that Escape stops, and not while one writes to a child.
    await page.getByRole('textbox', { name: 'Steer Planner' }).press('Escape');
    await status(page, 'completed');
    expect(await page.innerText('.column .finish')).toContain('Only the morning');
    expect(await page.$$('#conversation > .message > .said')).toHaveLength(1);
    await expectWhole(page, server);
  });

  test('says of each where it was cut when the server was killed, and goes on with all of them', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '25' });
    const page = await ask(server.url);
    await page.waitForSelector('.column .column .markdown.open');
    await server.end('SIGKILL');
    await page.waitForSelector('#connection:text-is("Reconnecting …")');
    await server.start();
    await status(page, 'crashed');
    await becomes(page, 'Planner', 'interrupted');
    await page.click('#continue');
    await becomes(page, 'Planner', 'running');
    await status(page, 'completed');
    await becomes(page, 'Planner', 'completed');
    expect(await page.$$(columns)).toHaveLength(3);
    await expectWhole(page, server);
    expect(page.errors).toEqual([]);
  });

  test.each([
    [390, 1],
    [800, 2],
    [1680, 3],
  ])('in a window of %i pixels has %i of them side by side, light and dark', async (width, abreast) => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '1' });
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await ask(server.url, { viewport: { width, height: 844 }, colorScheme });
      await status(page, 'completed');
      expect(new Set((await boxes(page)).map(({ x }) => x)).size).toBe(abreast);
      const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(wide).toBeLessThanOrEqual(0);
      expect(await page.$eval('#scroll', (scroll) => scroll.scrollWidth - scroll.clientWidth)).toBe(0);
      await page.close();
    }
  });
});
