import { join } from 'node:path';
import { builtinTools, SkillManager, ToolManager, type RunOptions } from '../../../src/index.ts';
import type { ScriptedModel } from '../../../src/testing/index.ts';
import { skillText, writeFiles } from '../../support/skills.ts';
import type { TestHouse } from '../../support/test-house.ts';
import { call } from '../../support/tools.ts';

/** A skill with a script that tells where it is run. */
export const greeting = {
  'greet/SKILL.md': skillText('greet', { description: 'Greets people.', body: 'Run `scripts/greet.sh NAME`.\n' }),
  'greet/scripts/greet.sh': '#!/bin/sh\necho "Hello $1 from ${PWD##*/}"\n',
};

/** A run of the session "s" with these skills and the built-in tools. */
export async function skillOptions(
  house: TestHouse,
  files: Readonly<Record<string, string | Uint8Array>> = greeting,
): Promise<{ readonly root: string; readonly options: Partial<RunOptions> & { readonly skillManager: SkillManager } }> {
  const root = join(house.root, '../skills-of-the-host');
  await writeFiles(root, files);
  const skillManager = new SkillManager({ roots: [root] });
  const toolManager = new ToolManager({ tools: builtinTools() });
  const permissions = { mode: 'full-access' } as const;
  return { root, options: { skillManager, toolManager, permissions, sessionId: 's' } };
}

export const loadSkill = (skill_name: string) => call('load_skill', { skill_name });

export const shell = (command: string) => call('execute_shell_command', { command });

export const saying = (content: string): Pick<RunOptions, 'inputMessages'> => ({
  inputMessages: [{ role: 'user', content }],
});

/** The texts of all results the model has been given, as the last request has them. */
export function resultsOf({ requests }: ScriptedModel): string[] {
  const messages = requests.at(-1)?.messages ?? [];
  return messages.filter(({ role }) => role === 'tool').map(({ content }) => String(content));
}

/** Of the request of that number. */
export function systemOf({ requests }: ScriptedModel, place = 0): string {
  return (
    requests[place]?.messages.flatMap(({ role, content }) => (role === 'system' ? [String(content)] : []))[0] ?? ''
  );
}
