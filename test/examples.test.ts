import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { scriptedModel } from 'sagents/testing';
import { describe, expect, test } from 'vitest';
import { createDemoModel } from '../examples/demo/demo-model.ts';
import { answerWith, repository, runProgram, serve } from './programs.ts';

/** Every program is a process, and all of them start at once. */
const slowly = { timeout: 60_000 };

describe.concurrent('each example runs offline and asserts its own ending', slowly, () => {
  const endings = {
    '01-hello.ts': 'ok: said hello in 1 model call',
    '02-tools.ts': 'ok: 5 tool calls, one of them refused with a reason',
    '03-guidance.ts': 'ok: the edited guidance was seen before the next model call',
    '04-resume.ts': 'ok: the session outlived its agent, and a killed process',
    '05-stop-and-deadlines.ts': 'ok: stopped four times, each with its reason',
    '06-custom-flow.ts': 'ok: two side by side, then two turns until it was short enough',
    '07-follow.ts': 'ok: three readers, one of them cut off and one in another process, got the same',
    '08-continue-after-a-crash.ts': 'ok: the run went on where it was, and paid once at most',
    '09-sandboxes.ts': 'ok: on the host 2 of 4 attempts got out, confined none',
    '10-multi.ts': 'ok: planned, done, seen to be wrong and mended in 2 rounds',
    '11-fibre.ts': 'ok: three spoke side by side, and their results came in the order of the tasks',
    '12-sub-agent.ts': 'ok: one worked with the tools it was given, one was made on the way, and one failed alone',
    '13-skill.ts': 'ok: a skill brought its script, and another was there because the user named it',
    '14-permissions.ts': 'ok: 9 calls decided, 3 of them refused',
    '15-mcp-servers.ts': 'ok: an object and a server asked, and the server kept from writing',
    '16-approve-elsewhere.ts': 'ok: approved in another process with other arguments, and bought once',
    '17-confirm-in-the-terminal.ts': 'ok: 1 call was asked about, allowed, and run',
    '18-hooks.ts': 'ok: 8 times a hook was asked, and 1 letter was written',
  };

  test.for(Object.entries(endings))('%s', async ([file, ending]) => {
    const { exitCode, lines, errors } = await runProgram(join('examples', file));
    const told = { exitCode, last: lines.at(-1), ...(exitCode === 0 ? {} : { errors }) };
    expect(told).toEqual({ exitCode: 0, last: ending });
  });

  test.for(['16-approve-elsewhere.ts', '17-confirm-in-the-terminal.ts'])(
    '%s shows whoever approves also what no terminal shows',
    async (file) => {
      const { output } = await runProgram(join('examples', file));
      expect(output).toContain('\\u{200B}');
      expect(output).not.toContain('\u200B');
    },
  );

  test('none is forgotten here', async () => {
    const numbered = (await readdir(join(repository, 'examples'))).filter((name) => /^\d\d-.*\.ts$/.test(name));
    expect(numbered.sort()).toEqual(Object.keys(endings));
  });
});

describe.concurrent('the demo', slowly, () => {
  const demo = 'examples/demo/demo.ts';

  test('runs on the built-in model, says so, and lets guidance change what the agent does', async () => {
    const { exitCode, output } = await runProgram(demo);
    expect(exitCode).toBe(0);
    expect(output).toContain('demo model: built in, no network');
    expect(output).toMatch(/guidance +taken by the model: I need the totals in euros/);
    expect(output).toMatch(/calls +exchange_rate/);
    expect(output).toContain('west: € 2000.00');
    expect(output).toMatch(/\d+ lines, \d+ bytes, every checksum right/);
    expect(output).toMatch(/While I worked you\s+told me: "I need the totals in euros/);
    expect(output).toMatch(/done +2 runs, 1 session, 6 model calls/);
  });

  test('writes no colours into a pipe', async () => {
    expect((await runProgram(demo)).output).not.toContain('\u001B');
  });

  test('tells the same story over HTTP when an endpoint is set', async () => {
    await using endpoint = await serve(answerWith(createDemoModel({ paceMs: 0 })));
    const { exitCode, output } = await runProgram(demo, {
      OPENAI_API_KEY: 'test',
      OPENAI_BASE_URL: endpoint.url,
      SAGE_MODEL: 'some-model',
    });
    expect(exitCode).toBe(0);
    expect(output).toContain(`some-model at ${endpoint.url}`);
    expect(output).not.toContain('demo model');
    expect(output).toContain('west: € 2000.00');
    expect(endpoint.models).toEqual(new Set(['some-model']));
  });

  test('comes to its end with a model that uses no tool and does not do the job', async () => {
    const answers = ['I would rather talk.', 'As you like.', 'I forgot.'];
    await using endpoint = await serve(answerWith(scriptedModel(answers)));
    const { exitCode, output } = await runProgram(demo, { OPENAI_BASE_URL: endpoint.url });
    expect(exitCode).toBe(0);
    expect(output).toContain('gpt-4o-mini at');
    expect(output).toContain('The model did not write it.');
    expect(output).toMatch(/done +2 runs, 1 session, 3 model calls/);
  });

  test('says what is wrong with an endpoint that refuses, and fails', async () => {
    await using endpoint = await serve(async (_, response) => {
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"message":"No such key."}}');
    });
    const { exitCode, output } = await runProgram(demo, { OPENAI_API_KEY: 'wrong', OPENAI_BASE_URL: endpoint.url });
    expect(exitCode).toBe(1);
    expect(output).toContain('No such key.');
    expect(output).toMatch(/Unset OPENAI_API_KEY and\s+OPENAI_BASE_URL/);
  });
});
