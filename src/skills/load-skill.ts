import { posix } from 'node:path';
import { messageOf, SageError } from '../errors.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { defineTool, type Tool } from '../tools/tool.ts';
import { findSkill, nameSkills } from './find-skill.ts';
import { loadedSkills, loadedSkillsKey, withLoaded } from './loaded-skills.ts';
import { parseSkill } from './parse-skill.ts';
import { placeSkill, type SkillPlace } from './place-skill.ts';
import { readSkillFolder, unloadable, type SkillFile } from './read-skill-folder.ts';
import { skillFile, type Skill } from './skill.ts';

export const loadSkillName = 'load_skill';

const parameters = {
  type: 'object',
  properties: { skill_name: { type: 'string', minLength: 1, description: 'The name of the skill.' } },
  required: ['skill_name'],
  additionalProperties: false,
} as const;

/** Gives the model the instructions of a skill, of which it is told name and description only, and puts its files into the sandbox. */
export function loadSkillTool(skills: readonly Skill[]): Tool {
  return defineTool({
    name: loadSkillName,
    description:
      'Gives you the instructions of one of the skills that are there, and puts its files into your workspace.',
    parameters,
    effect: 'idempotent',
    sandbox: 'needed',
    async execute({ skill_name }, { sandbox, signal, state }) {
      const skill = findSkill(skills, skill_name);
      if (skill === undefined)
        throw new SageError('tool-error', tellUnknown(skill_name, skills), { tool: loadSkillName });
      const { text, folder } = await loadSkill(skill, sandbox, signal);
      state.set(loadedSkillsKey, withLoaded(loadedSkills(state), skill.name, folder));
      return text;
    },
  });
}

export function tellUnknown(name: string, skills: readonly Skill[]): string {
  return `There is no skill "${name}". There are: ${nameSkills(skills)}.`;
}

export interface LoadedSkill {
  /** For the model: the instructions, and where the files are. */
  readonly text: string;
  /** From the workspace. */
  readonly folder: string;
}

/**
 * Copies a skill into the sandbox, as it is on the host now. A workspace whose own `skills` folder is a root has it already.
 *
 * @throws {SageError} `tool-error` for a skill that cannot be loaded, `sandbox-error` where it cannot be copied.
 */
export async function loadSkill(skill: Skill, sandbox: Sandbox, signal: AbortSignal): Promise<LoadedSkill> {
  const files = await readSkillFolder(skill);
  const body = await readBody(skill, files);
  const folder = posix.join('skills', skill.name);
  const isThere = sandbox.type !== 'remote' && posix.join(sandbox.workspace, folder) === skill.folder;
  const place = isThere ? { folder, edited: [] } : await placeSkill(sandbox, { folder, files, signal });
  return { text: `${describe(skill, place, files)}\n\n${body}`, folder: place.folder };
}

/** It may have changed since the run began. */
async function readBody(skill: Skill, files: readonly SkillFile[]): Promise<string> {
  const data = files.find(({ path }) => path === skillFile)?.data;
  if (data === undefined) throw unloadable(skill, `it has no ${skillFile} any more`);
  try {
    return (await parseSkill(data)).body;
  } catch (error) {
    throw unloadable(skill, `its ${skillFile} ${messageOf(error)}`);
  }
}

function describe({ name }: Skill, { folder, edited, instead }: SkillPlace, files: readonly SkillFile[]): string {
  const others = files.filter(({ path }) => path !== skillFile).map(({ path }) => `- ${path}`);
  const where =
    others.length === 0
      ? `It is in ${folder}/${skillFile}, and has no other files.`
      : `Its files are in ${folder} in your workspace; relative paths in it start there:\n${others.join('\n')}`;
  const kept = edited.length === 0 ? '' : `\nEdited there since it was copied, and left so: ${edited.join(', ')}.`;
  const beside = instead === undefined ? '' : `\n${instead} holds an edited or another version, and was left as it is.`;
  return `Skill "${name}" is loaded. ${where}${kept}${beside}`;
}
