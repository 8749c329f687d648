import { loadSkillName } from '../../skills/load-skill.ts';
import type { HostSubAgent } from './check-sub-agents.ts';
import { invalid } from './check-values.ts';
import type { RunOptions } from './run-options.ts';

/**
 * Checks what can be told of skills without looking at the disk.
 *
 * @throws {SageError} `invalid-argument`.
 */
export function checkSkills(
  { skillManager, toolManager }: Pick<RunOptions, 'skillManager' | 'toolManager'>,
  subAgents: readonly HostSubAgent[],
): void {
  if (skillManager === undefined || skillManager === null) {
    const place = subAgents.findIndex(({ available_skills = [] }) => available_skills.length > 0);
    if (place === -1) return;
    const given = subAgents[place]?.available_skills;
    throw invalid(`customSubAgents[${place}].available_skills`, given, 'no skills, for the run has no skillManager');
  }
  if (typeof skillManager.listSkills !== 'function') {
    throw invalid('skillManager', typeof skillManager, 'a SkillManager or SkillProxy');
  }
  if (toolManager?.getTool(loadSkillName) === undefined) return;
  const allowed = 'other names: a run with skills has a tool of that name itself';
  throw invalid('toolManager', `a manager with a tool "${loadSkillName}"`, allowed);
}
