import { describe, expect, test } from 'vitest';
import { scriptedTeam, type ScriptedTeam } from '../../src/testing/scripted-team.ts';
import { body } from './helpers.ts';

/** What an agent with this system message is answered: the first text of the answer. */
async function ask(team: ScriptedTeam<string>, system?: string): Promise<unknown> {
  const prompt = system === undefined ? [] : [{ role: 'system', content: system }];
  const request = { ...body, messages: [...prompt, ...body.messages] };
  const answer = (await team.chat.completions.create(request, {
    signal: new AbortController().signal,
    maxRetries: 0,
  })) as AsyncIterable<{ readonly choices: readonly { readonly delta: { readonly content?: string } }[] }>;
  for await (const { choices } of answer) return choices[0]?.delta.content;
  return undefined;
}

describe('a scripted team', () => {
  test('answers each agent from its own script, whoever asks first', async () => {
    const team = scriptedTeam({ Ann: ['a1', 'a2'], Bob: ['b1'] });
    const answers = [];
    for (const system of ['You are Bob.', 'You are Ann.', 'You are Ann.']) answers.push(await ask(team, system));
    expect(answers).toEqual(['b1', 'a1', 'a2']);
    expect([team.members.Ann.requests.length, team.members.Bob.requests.length]).toEqual([2, 1]);
    team.members.Ann.assertSpent();
    team.members.Bob.assertSpent();
  });

  test('takes the first script whose name is in the system message', async () => {
    const team = scriptedTeam({ Ann: ['a'], Bob: ['b'] });
    expect(await ask(team, 'You are Bob, and work for Ann.')).toBe('a');
  });

  test('fails for an agent that nobody has written a script for, and tells its prompt', async () => {
    const team = scriptedTeam({ Ann: ['a'] });
    await expect(ask(team, 'You are Eve.')).rejects.toThrow('no script for an agent with this prompt: You are Eve.');
    await expect(ask(team)).rejects.toThrow('no script');
  });

  test('fails for a member that is asked more often than its script says', async () => {
    const team = scriptedTeam({ Ann: [] });
    await expect(ask(team, 'You are Ann.')).rejects.toThrow('was called 1 times, but has 0 answers');
  });
});
