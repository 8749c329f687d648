import { posix } from 'node:path';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { ToolState } from '../tools/tool.ts';
import { findSkill } from './find-skill.ts';
import { loadedSkills } from './loaded-skills.ts';
import { placeSkill } from './place-skill.ts';
import { readSkillFolder } from './read-skill-folder.ts';
import { skillFile, type Skill } from './skill.ts';

export interface RestoreOptions {
  /** Those the session has now: no other is brought back. */
  readonly skills: readonly Skill[];
  /** Of the session. */
  readonly state: Pick<ToolState, 'get'>;
  /** Rules may have changed since it was loaded. */
  readonly mayLoad: (skill: Skill) => Promise<boolean>;
  readonly signal: AbortSignal;
}

/** Opens the sandbox, and the first time sees to it that it has the skills the session has loaded before. */
export function openWithSkills(open: () => Promise<Sandbox>, options: RestoreOptions): () => Promise<Sandbox> {
  let restored: Promise<void> | undefined;
  return async () => {
    const sandbox = await open();
    await (restored ??= restoreSkills(sandbox, options));
    return sandbox;
  };
}

/**
 * Puts the skills that a session has loaded back into a sandbox that does not have them: what was said of their files is true
 * again. One that may not or cannot be put there is missed by whoever uses it, and loading it again tells why.
 */
async function restoreSkills(sandbox: Sandbox, { skills, state, mayLoad, signal }: RestoreOptions): Promise<void> {
  for (const [name, folder] of Object.entries(loadedSkills(state))) {
    const skill = findSkill(skills, name);
    if (skill === undefined || (await isThere(sandbox, posix.join(folder, skillFile)))) continue;
    if (!(await mayLoad(skill))) continue;
    try {
      await placeSkill(sandbox, { folder, files: await readSkillFolder(skill), signal });
    } catch {
      // Told when it is loaded again.
    }
  }
}

async function isThere(sandbox: Sandbox, path: string): Promise<boolean> {
  return await sandbox.stat(path).then(
    () => true,
    () => false,
  );
}
