import type { Skill } from './skill.ts';

/** Those of the skills that are named. */
export function pickSkills(skills: readonly Skill[], names: readonly string[]): readonly Skill[] {
  const named = new Set(names.map((name) => name.normalize()));
  return skills.filter(({ name }) => named.has(name));
}

/** The first name that none of the skills has. */
export function unknownSkill(names: readonly string[], skills: readonly Skill[]): string | undefined {
  return names.find((name) => findSkill(skills, name) === undefined);
}

/** However the name was typed: with spaces around it, or in another form of the same letters. */
export function findSkill(skills: readonly Skill[], given: string): Skill | undefined {
  const named = given.trim().normalize();
  return skills.find(({ name }) => name === named);
}

export function nameSkills(skills: readonly Skill[]): string {
  return skills.length === 0 ? 'none' : skills.map(({ name }) => name).join(', ');
}
