import { nameSkills, pickSkills, unknownSkill } from '../skills/find-skill.ts';
import type { Skill } from '../skills/skill.ts';
import type { CheckedOptions } from './options/check-options.ts';
import { invalid } from './options/check-values.ts';

/**
 * The options with the skills that are on the disk now: the run has these to its end.
 *
 * @throws {SageError} `invalid-argument` for a sub-agent, or a proxy, that names a skill that is not there.
 */
export async function readSkills(options: CheckedOptions): Promise<CheckedOptions> {
  const { skillManager, subAgents } = options;
  if (skillManager === undefined || skillManager === null) return options;
  const skills = await skillManager.listSkills();
  for (const [place, { available_skills = [] }] of subAgents.entries()) {
    const unknown = unknownSkill(available_skills, skills);
    if (unknown !== undefined)
      throw invalid(`customSubAgents[${place}].available_skills`, unknown, `these skills: ${nameSkills(skills)}`);
  }
  return { ...options, skills };
}

/** Those a child gets: of its parent's, what its agent names, or all. */
export function skillsOfChild(parent: readonly Skill[], named: readonly string[] | undefined): readonly Skill[] {
  return named === undefined ? parent : pickSkills(parent, named);
}
