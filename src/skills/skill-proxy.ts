import { SageError } from '../errors.ts';
import { nameSkills, pickSkills, unknownSkill } from './find-skill.ts';
import type { Skill, SkillProblem, SkillSource } from './skill.ts';

/** A manager's skills, narrowed to those that are named. */
export class SkillProxy implements SkillSource {
  readonly #source: SkillSource;
  readonly #allow: readonly string[];

  /** @throws {SageError} `invalid-argument` for what is no list of names. */
  constructor(source: SkillSource, { allow }: { readonly allow: readonly string[] }) {
    if (!Array.isArray(allow) || allow.some((name) => typeof name !== 'string')) {
      const allowed = 'a list of names of skills';
      throw new SageError('invalid-argument', `allow must be ${allowed}.`, { option: 'allow', given: allow, allowed });
    }
    this.#source = source;
    this.#allow = allow;
  }

  /** @throws {SageError} `invalid-argument` for a name that the source does not have, or has a broken skill for. */
  async listSkills(): Promise<readonly Skill[]> {
    const skills = await this.#source.listSkills();
    const unknown = unknownSkill(this.#allow, skills);
    if (unknown === undefined) return pickSkills(skills, this.#allow);
    const allowed = nameSkills(skills);
    const message = `There is no skill "${unknown}" to allow, or it is broken. Known skills: ${allowed}.`;
    throw new SageError('invalid-argument', message, { option: 'allow', given: this.#allow, allowed });
  }

  problems(): Promise<readonly SkillProblem[]> {
    return this.#source.problems();
  }
}
