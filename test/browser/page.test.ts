import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { CuttableProxy } from '../support/cuttable-proxy.ts';
import { expectWhole, idOf, openPage, say, status } from '../support/page.ts';
import { SageServer } from '../support/sage-server.ts';

/** Longer than any wait on a page, so that it is the wait that says what was missing. */
const patiently = { timeout: 120_000 };
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
}, 300_000);
afterAll(() => browser.close());

const open = (url: string, options?: BrowserContextOptions) => openPage(browser, url, options);

describe('the page', patiently, () => {
  test('streams an answer with its tools, and says when it is done', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '25' });
    const page = await open(server.url);
    await say(page, 'What about a day in Porto?');
    await page.waitForSelector('.tool.running');
    await page.waitForSelector('.markdown.open');
    await status(page, 'completed');
    await expectWhole(page, server);
    expect(await page.$$eval('.tool.success', (cards) => cards.length)).toBe(2);
    expect(await page.innerText('.markdown table')).toContain('Porto');
    expect(await page.innerText('#sessions .current')).toContain('What about a day');
    await page.click('.tool summary');
    expect(await page.innerText('.tool[open]')).toContain('asking the station');
    expect(page.errors).toEqual([]);
  });

  test('guides a live run: a chip can be changed and taken back until the agent has read it', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '60' });
    const page = await open(server.url);
    await say(page, 'Plan a day in Porto');
    await page.waitForSelector('.tool.running');
    await say(page, 'With children');
    await say(page, 'Not this');
    const chip = (text: string) => page.locator('.chip', { hasText: text });
    await chip('Not this').waitFor();
    await chip('Not this').locator('.remove').click();
    await chip('Not this').waitFor({ state: 'detached' });
    await chip('With children').locator('.text').click();
    await page.fill('.chip input', 'With grandparents');
    await page.press('.chip input', 'Enter');
    await page.waitForSelector('.message.user .said:text-is("With grandparents")');
    await page.waitForSelector('.chip', { state: 'detached' });
    await status(page, 'completed');
    expect(await page.innerText('#conversation')).not.toMatch(/Not this|With children/);
    expect(await page.innerText('.markdown blockquote')).toContain('With grandparents');
    await expectWhole(page, server);
  });

  test('stops a run, and says where it was cut', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '40' });
    const page = await open(server.url);
    await say(page, 'Plan a day in Porto');
    await page.waitForSelector('.markdown.open');
    await page.click('#stop');
    await status(page, 'interrupted');
    await page.waitForSelector('.note.cut:text-is("Stopped here.")');
    expect(await page.isVisible('#banner')).toBe(false);
    await say(page, 'Go on then');
    await status(page, 'running');
    await page.keyboard.press('Escape');
    await status(page, 'interrupted');
  });

  test('survives a reload in the middle: nothing is missing, nothing is doubled', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '25' });
    const page = await open(server.url);
    await say(page, 'Plan a day in Porto');
    for (const sign of ['.markdown.open', '.tool', '.markdown table']) {
      await page.waitForSelector(sign);
      await page.reload();
    }
    await status(page, 'completed');
    await expectWhole(page, server);
    expect(page.errors).toEqual([]);
  });

  test('comes back by itself when the network was cut, and has missed nothing', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '12' });
    await using wire = await CuttableProxy.to(server.port);
    const page = await open(wire.url);
    await say(page, 'Plan a day in Porto');
    for (const sign of ['.tool', '.markdown table']) {
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

  test('shows the same in two tabs, whichever of them speaks', async () => {
    await using server = await SageServer.start();
    const one = await open(server.url);
    await say(one, 'Plan a day in Porto');
    await one.waitForSelector('.message');
    const two = await open(one.url());
    await status(one, 'completed');
    await status(two, 'completed');
    await say(two, 'And in Lisbon?');
    await one.waitForSelector('.said:text-is("And in Lisbon?")');
    await one.waitForSelector('.usage >> nth=1');
    await two.waitForSelector('.usage >> nth=1');
    await expectWhole(one, server);
    await expectWhole(two, server);
    expect([...one.errors, ...two.errors]).toEqual([]);
  });

  test('says what happened when the server was killed in the middle, and goes on', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '20' });
    const page = await open(server.url);
    await page.selectOption('#flow', 'research');
    await say(page, 'Plan a day in Porto');
    await page.waitForSelector('.tool.running');
    await server.end('SIGKILL');
    await page.waitForSelector('#connection:text-is("Reconnecting …")');
    await server.start();
    await page.waitForSelector('#banner-text:has-text("Nothing that was said is lost")');
    await status(page, 'crashed');
    await page.click('#continue');
    await status(page, 'running');
    await status(page, 'completed');
    expect(await page.isVisible('#banner')).toBe(false);
    await expectWhole(page, server);
    const { body } = await server.call(`sessions/${idOf(page)}`);
    expect(body.trace).toMatchObject({ attempts: 2, ended: { reason: 'done' } });
    expect(
      body.messages.filter(({ message_type }: { message_type: string }) => message_type === 'user_input'),
    ).toHaveLength(1);
  });

  test('lights the node of the flow that is at work', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '15' });
    const page = await open(server.url);
    await page.selectOption('#flow', 'research');
    await say(page, 'Plan a day in Porto');
    await page.waitForSelector('[data-path="root/steps/0/branches/0"][data-state="running"]');
    await page.waitForSelector('[data-path="root/steps/0/branches/1"][data-state="done"]');
    await page.waitForSelector('[data-path="root/steps/1"][data-state="running"]');
    await status(page, 'completed');
    expect(await page.$$eval('.node.agent[data-state="done"]', (nodes) => nodes.length)).toBe(3);
    expect(await page.$$eval('.speaker', (names) => names.map(({ textContent }) => textContent))).toContain('Writer');
  });

  test('runs nothing of what is said on it', async () => {
    await using server = await SageServer.start();
    const page = await open(server.url);
    const evil = `<img src=x onerror="window.hurt=1"> <script>window.hurt=1</script> [go](javascript:window.hurt=1) <style>body{display:none}</style>`;
    await say(page, evil);
    await status(page, 'completed');
    expect(await page.evaluate('window.hurt')).toBeUndefined();
    const bad = 'img, script:not([src]), style, [onerror], [href^="javascript:"]';
    expect(await page.$$eval(`#conversation :is(${bad})`, (found) => found.length)).toBe(0);
    expect(await page.isVisible('#composer')).toBe(true);
  });

  test.each([390, 800, 1280])(
    'fits a window of %i pixels, light and dark, without scrolling sideways',
    async (width) => {
      await using server = await SageServer.start({ SAGE_PACE_MS: '1' });
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await open(server.url, { viewport: { width, height: 844 }, colorScheme });
        await say(page, `Plan a day ${'in-a-very-long-word-'.repeat(9)}`);
        await status(page, 'completed');
        const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect(wide).toBeLessThanOrEqual(0);
        await page.close();
      }
    },
  );
});
