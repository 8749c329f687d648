import type { Browser, Page } from 'playwright-core';
import { askUser, defineTool, SAgent, ToolManager } from 'sagents';
import { scriptedModel } from 'sagents/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { expectWhole, idOf, openPage, say, status } from '../support/page.ts';
import { SageServer } from '../support/sage-server.ts';

/** Longer than any wait on a page, so that it is the wait that says what was missing. */
const patiently = { timeout: 120_000 };
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
}, 300_000);
afterAll(() => browser.close());

/** A page on which a table is to be booked, for as many as the message says. */
async function ask(server: SageServer, message = 'Book a table in Porto for 3') {
  const page = await openPage(browser, server.url);
  await say(page, message);
  await page.waitForSelector('.confirmation.open');
  await status(page, 'waits for you');
  return page;
}

const hidden = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}]/u;

/** A session in which another process has been asked to run something, and to answer a question. */
async function plant(server: SageServer, toRun: object, toAsk: object): Promise<void> {
  await using elsewhere = new SAgent({ sessionRootSpace: server.sessions });
  const run = defineTool({
    name: 'run',
    description: 'Runs.',
    parameters: { properties: {} },
    approval: 'ask',
    execute: () => {},
  });
  const toolCalls = [
    { name: 'run', arguments: toRun },
    { name: 'ask_user', arguments: toAsk },
  ];
  const running = elsewhere.runStream({
    inputMessages: [{ role: 'user', content: 'Go.' }],
    sessionId: 'planted',
    model: scriptedModel([{ toolCalls }]),
    modelConfig: { model: 'm' },
    systemPrefix: 'You run things.',
    maxLoopCount: 2,
    toolManager: new ToolManager({ tools: [run, askUser] }),
    sandboxAgentWorkspace: '.',
    whenApprovalNeeded: 'suspend',
  });
  for await (const _ of running);
}

const card = (page: Page) => page.getByRole('region', { name: 'Approval of book_table' });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const decided = (page: Page, verdict: string) => page.waitForSelector(`.verdict:text-is("${verdict}")`);

async function resultsOf(page: Page, server: SageServer): Promise<string[]> {
  const { body } = await server.call(`sessions/${idOf(page)}`);
  const messages = body.messages as { readonly role: string; readonly content: string }[];
  return messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
}

describe('the page, of calls that wait for a person', patiently, () => {
  test('shows what is to be run at its call, and runs it once it is allowed', async () => {
    await using server = await SageServer.start({ SAGE_USER: 'Ada' });
    const page = await ask(server);
    expect(await card(page).innerText()).toMatch(/May this be run\?\s+until .*\d\d:\d\d/);
    expect(await card(page).locator('dl').innerText()).toMatch(/place\s+Casa da Ribeira, Porto\s.*people\s+3/s);
    expect(await page.innerText('.tool[data-tool="book_table"]')).toMatch(/Waits$/);
    expect(await page.innerText('#waiting [role="status"]')).toBe('book_table waits for your approval.');
    expect(await page.innerText('#sessions .current .badge')).toBe('waits');
    await press(page, 'Allow once');
    await decided(page, 'Allowed once, by Ada.');
    await status(page, 'completed');
    expect(await resultsOf(page, server)).toEqual([expect.stringContaining('Booked: a table for 3')]);
    expect(await page.isVisible('.confirmation button, #waiting button, #sessions .badge')).toBe(false);
    await expectWhole(page, server);
    expect(page.errors).toEqual([]);
  });

  test('asks no more in the session where that was said', async () => {
    await using server = await SageServer.start();
    const page = await ask(server);
    await press(page, 'Allow for this session');
    await decided(page, 'Allowed for this session, by you.');
    await status(page, 'completed');
    await say(page, 'Book a table in Lisbon for 2');
    await page.waitForSelector('.markdown:has-text("Casa da Ribeira, Lisbon")');
    expect(await page.$$('.confirmation')).toHaveLength(1);
  });

  test('runs nothing that is declined', async () => {
    await using server = await SageServer.start();
    const page = await ask(server);
    await press(page, 'Decline');
    await decided(page, 'Declined, by you.');
    await status(page, 'completed');
    expect(await page.innerText('.tool[data-tool="book_table"]')).toContain('Not run');
    expect(await resultsOf(page, server)).toEqual([expect.stringContaining('PERMISSION_DENIED')]);
  });

  test('lets the arguments be changed, but sends nothing that is no JSON', async () => {
    await using server = await SageServer.start();
    const page = await ask(server);
    await press(page, 'Change …');
    const field = page.getByRole('textbox', { name: 'Arguments, as JSON' });
    for (const wrong of ['{ "place": ', '"a table"']) {
      await field.fill(wrong);
      await press(page, 'Allow once');
      await page.waitForSelector('.editor [role="alert"]:has-text("This cannot be sent")');
      expect(await field.getAttribute('aria-invalid')).toBe('true');
    }
    // Whoever leaves it gets back what was asked.
    await field.press('Escape');
    expect(await card(page).locator('dl').innerText()).toContain('Casa da Ribeira');
    await status(page, 'waits for you');
    await press(page, 'Change …');
    await field.fill('{ "place": "The harbour", "time": "20:00", "people": 5 }');
    await press(page, 'Allow once');
    await decided(page, 'Allowed once, with changed arguments, by you.');
    expect(await card(page).locator('dl').innerText()).toContain('The harbour');
    await status(page, 'completed');
    expect(await resultsOf(page, server)).toEqual([
      expect.stringContaining('Booked: a table for 5 at The harbour, 20:00.'),
    ]);
  });

  test('hides nothing of what is to be run, and changes only what is changed', async () => {
    await using server = await SageServer.start();
    const toRun = {
      'command': 'echo \u202E/ krow/cba fr- mr\u202C # …',
      'files': ['notes\u200B.txt'],
      'to\u2066do': 'a\u2028b\u001Bc\nd',
    };
    await plant(server, toRun, { question: 'Wh\u200Bo?', options: ['A\u202Eda'] });
    const page = await openPage(browser, `${server.url}#planted`);
    const run = page.getByRole('region', { name: 'Approval of run' });
    await run.getByRole('button', { name: 'Allow once' }).waitFor();
    const shown = await run.locator('dl').innerText();
    expect(shown).toContain('echo \\u{202E}/ krow/cba fr- mr\\u{202C} # …');
    expect(shown).toContain('notes\\u{200B}.txt');
    expect(shown).toMatch(/to\\u\{2066\}do\s+a\\u\{2028\}b\\u\{1B\}c\nd/);
    await press(page, 'Change …');
    const field = page.getByRole('textbox', { name: 'Arguments, as JSON' });
    const json = await field.inputValue();
    expect(json).not.toMatch(hidden);
    expect(await page.textContent('#conversation')).not.toMatch(hidden);
    expect(await page.innerText('[aria-label^="Question"] .reason')).toBe('Wh\\u{200B}o?');
    await field.fill(json.replace('echo', 'print'));
    await press(page, 'Allow once');
    await decided(page, 'Allowed once, with changed arguments, by you.');
    await press(page, 'A\\u{202E}da');
    await page.locator('.verdict', { hasText: 'Answered, by you: A\\u{202E}da' }).waitFor();
    const { body } = await server.call('sessions/planted');
    const words = body.messages as { readonly metadata?: { readonly confirmation?: object } }[];
    expect(words.map(({ metadata }) => metadata?.confirmation)).toContainEqual(
      expect.objectContaining({
        decision: 'allow-once',
        arguments: { ...toRun, command: toRun.command.replace('echo', 'print') },
      }),
    );
    expect(page.errors).toEqual([]);
  });

  test('asks a question with its options, and takes another answer, by the keyboard alone', async () => {
    await using server = await SageServer.start();
    const page = await ask(server, 'Book a table in Porto');
    const question = page.getByRole('region', { name: 'Question for you' });
    expect(await question.innerText()).toContain('For how many people?');
    await page.getByRole('button', { name: 'Show' }).press('Enter');
    for (const name of ['2', '4', '6']) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe(name);
    }
    await page.keyboard.press('Tab');
    await page.keyboard.type('7');
    await page.keyboard.press('Enter');
    await decided(page, 'Answered, by you: 7');
    await page.waitForSelector('.confirmation.open[aria-label="Approval of book_table"]');
    expect(await card(page).locator('dl').innerText()).toMatch(/people\s+7/);
  });

  test('survives reloads and a new start of the server in between, and keeps what is typed meanwhile', async () => {
    await using server = await SageServer.start();
    const page = await ask(server);
    await page.reload();
    await card(page).waitFor();
    await server.end('SIGKILL');
    await page.waitForSelector('#connection:text-is("Reconnecting …")');
    await press(page, 'Change …');
    await page.fill('.editor textarea', '{ "place": "The harbour", "time": "20:00", "people": 5 }');
    await press(page, 'Allow once');
    await page.waitForSelector('.refusal:text-is("Your answer was not taken. The server cannot be reached.")');
    await server.start();
    await page.waitForSelector('#connection:text-is("")', { state: 'attached' });
    await press(page, 'Allow once');
    await decided(page, 'Allowed once, with changed arguments, by you.');
    await status(page, 'completed');
    await page.reload();
    await decided(page, 'Allowed once, with changed arguments, by you.');
    expect(await resultsOf(page, server)).toHaveLength(1);
    await expectWhole(page, server);
    expect(page.errors).toEqual([]);
  });

  test('offers to continue where another process has answered while the server was away', async () => {
    await using server = await SageServer.start();
    const page = await ask(server);
    await server.end('SIGKILL');
    {
      await using elsewhere = new SAgent({ sessionRootSpace: server.sessions });
      const [asked] = await elsewhere.listPendingConfirmations(idOf(page));
      const answer = { decision: 'allow-once', by: 'Bob' } as const;
      await elsewhere.answerConfirmation(idOf(page), asked?.confirmation_id ?? '', answer);
    }
    await server.start();
    await decided(page, 'Allowed once, by Bob.');
    await page.waitForSelector('#banner-text:has-text("the run has not gone on")');
    await page.click('#continue');
    await status(page, 'completed');
    expect(await page.isVisible('#banner')).toBe(false);
    expect(await resultsOf(page, server)).toEqual([expect.stringContaining('Booked: a table for 3')]);
  });

  test('tells in every tab who has answered, and says so to whoever comes too late', async () => {
    await using server = await SageServer.start({ SAGE_USER: 'Ada' });
    const one = await ask(server);
    const two = await openPage(browser, one.url());
    await card(two).getByRole('button', { name: 'Decline' }).waitFor();
    const deaf = await one.context().newPage();
    // It sees what was asked, and never hears what came of it.
    await deaf.route('**/events?*', (route) => route.abort());
    await deaf.goto(one.url());
    await card(deaf).getByRole('button', { name: 'Decline' }).waitFor();
    await press(one, 'Allow once');
    await decided(two, 'Allowed once, by Ada.');
    expect(await two.isVisible('.confirmation button')).toBe(false);
    await press(deaf, 'Decline');
    await deaf.waitForSelector('.refusal:text-is("Your answer was not taken. It has been answered already.")');
    await status(one, 'completed');
    expect(await resultsOf(one, server)).toEqual([expect.stringContaining('Booked')]);
    expect([...one.errors, ...two.errors]).toEqual([]);
  });

  test('asks for those that work for others in their columns', async () => {
    await using server = await SageServer.start();
    const page = await openPage(browser, server.url);
    await page.selectOption('#flow', 'team');
    await say(page, 'Plan a day in Porto and book a table for 3');
    await status(page, 'waits for you');
    await page.reload();
    await page.click('#show-waiting');
    const column = page.locator('.column', { has: page.getByText('Planner', { exact: true }) }).first();
    await column.getByRole('button', { name: 'Allow once' }).click();
    await status(page, 'completed');
    expect(await column.innerText()).toContain('Booked: a table for 3');
    await expectWhole(page, server);
    expect(page.errors).toEqual([]);
  });

  test('gives up what waits where the user says something else, and tells so', async () => {
    await using server = await SageServer.start();
    const page = await ask(server);
    await say(page, 'Plan a day in Porto instead');
    await page.waitForSelector('.tool[data-tool="get_weather"]');
    await status(page, 'completed');
    expect(await page.isVisible('.confirmation button')).toBe(false);
    expect(await page.innerText('.confirmation .verdict')).toMatch(/Nobody is asked any more|Given up/);
    await expectWhole(page, server);
  });

  test.each([390, 1280])('fits a window of %i pixels without scrolling sideways', async (width) => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '0' });
    const page = await openPage(browser, server.url, { viewport: { width, height: 844 } });
    await page.selectOption('#flow', 'team');
    await say(page, `Book a table in P${'orto'.repeat(40)} for 3`);
    await status(page, 'waits for you');
    await page.waitForSelector('.column .confirmation.open');
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(await page.$eval('.confirmation', (one) => one.scrollWidth - one.clientWidth)).toBe(0);
  });
});
