import { describe, expect, test } from 'vitest';
import { builtinTools, PermissionEngine, textOf, ToolManager, type PermissionOptions } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, echo, echoTool } from '../../support/tools.ts';
import { delegateTo, fibre, finish, subAgents, teamOf } from '../fibre/team.ts';

const toolManager = new ToolManager({ tools: [...builtinTools(), echoTool()] });

/** What the calls of one message came to, as the model was told. */
async function told(permissions: PermissionOptions | PermissionEngine, ...answers: readonly ReturnType<typeof call>[]) {
  await using house = await createHouse();
  const calls = { toolCalls: answers.flatMap(({ toolCalls }) => toolCalls) };
  const model = scriptedModel([calls, 'Ok.']);
  await record(house.run(model, { toolManager, permissions }));
  return (model.requests[1]?.messages ?? []).flatMap(({ role, content }) => (role === 'tool' ? [String(content)] : []));
}

const shell = (command: string) => call('execute_shell_command', { command });

describe('a run with permissions', () => {
  test('runs what they let pass, and tells the model what was refused, by what', async () => {
    const [one, other] = await told(
      { denies: [{ tool: 'echo', args: { text: 'secret' } }] },
      echo('hello'),
      echo('a secret'),
    );
    expect(one).toBe('hello');
    expect(other).toMatch(/PERMISSION_DENIED.*permissions\.denies\[0\] refuses.*other words/s);
  });

  test('has nothing destroyed in full-access either', async () => {
    const [result] = await told({ mode: 'full-access' }, shell('sudo rm -rf /etc'));
    expect(result).toMatch(/PERMISSION_DENIED.*nothing allows that/s);
  });

  test('runs only what reads in read-only', async () => {
    const write = call('file_write', { file_path: 'a.txt', content: 'a' });
    const [wrote, said] = await told({ mode: 'read-only' }, write, echo('still here'));
    expect(wrote).toContain('PERMISSION_DENIED');
    expect(said).toBe('still here');
  });

  test('on the host needs a person for commands that are not known to be harmless', async () => {
    const [made, listed] = await told({}, shell('touch made.txt'), shell('ls'));
    expect(made).toMatch(/needs approval, and nobody answers/);
    expect(listed).not.toContain('made.txt');
    expect(listed).toContain('"exit_code":0');
  });

  test('takes an engine, which may serve many runs', async () => {
    const engine = new PermissionEngine({ rules: [{ tool: 'echo', action: 'deny' }] });
    expect(await told(engine, echo('a'))).toEqual(await told(engine, echo('a')));
  });
});

describe('permissions are refused', () => {
  test('at once where a pattern is none, with its place', async () => {
    await using house = await createHouse();
    const permissions = { rules: [{ tool: 'echo', args: { text: '(' }, action: 'allow' }] } as const;
    expect(() => house.run(scriptedModel([]), { toolManager, permissions })).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        facts: expect.objectContaining({ option: 'permissions.rules[0].args.text' }),
      }),
    );
  });

  test('before anything is written where a rule names no tool of the run, its own tools included', async () => {
    await using house = await createHouse();
    const wrong = { denies: [{ tool: 'ech' }] };
    const run = house.run(scriptedModel([]), { toolManager, permissions: wrong, sessionId: 's' });
    await expect(run.next()).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(await house.agent.getSessionStatus('s')).toBeUndefined();
    const right = { denies: [{ tool: 'sys_spawn_agent' }] };
    const { outcome } = await record(house.run(teamOf({ lead: ['Hi'] }), { ...fibre, permissions: right }));
    expect(outcome.reason).toBe('done');
  });
});

describe('the children of a run', () => {
  test('have their paths and commands read from where they work', async () => {
    await using house = await createHouse();
    const write = (file_path: string) => call('file_write', { file_path, content: 'a' });
    const calls = [write('../../../.env'), write('../../../own.txt'), shell('echo a > ../../../made.txt')];
    const team = teamOf({
      lead: [delegateTo('Ann'), 'Ok.'],
      Ann: [{ toolCalls: calls.flatMap(({ toolCalls }) => toolCalls) }, finish('Done.')],
    });
    const permissions = {
      mode: 'full-access',
      denies: [
        { tool: 'file_*', args: { file_path: '^\\.env$' } },
        { tool: 'execute_shell_command', commandClass: 'dangerous' },
      ],
    } as const;
    const more = { ...fibre, customSubAgents: subAgents('Ann'), toolManager, permissions };
    const { messages } = await record(house.run(team, more));
    const results = messages.filter(({ role }) => role === 'tool').map(textOf);
    expect(results[0]).toMatch(/PERMISSION_DENIED.*denies\[0\]/);
    expect(results[1]).toContain('"success":true');
    expect(results[2]).toContain('"exit_code":0');
  });

  test('obey the same permissions, and can work and hand over in read-only', async () => {
    await using house = await createHouse();
    const write = call('file_write', { file_path: 'a.txt', content: 'a' });
    const team = teamOf({ lead: [delegateTo('Ann'), 'Ok.'], Ann: [write, finish('I may not write.')] });
    const permissions = { mode: 'read-only' } as const;
    const more = { ...fibre, customSubAgents: subAgents('Ann'), toolManager, permissions };
    const { outcome, messages } = await record(house.run(team, more));
    expect(outcome.reason).toBe('done');
    const results = messages.filter(({ role }) => role === 'tool').map(textOf);
    expect(results[0]).toMatch(/PERMISSION_DENIED/);
    expect(results.at(-1)).toContain('"status":"completed"');
  });
});
