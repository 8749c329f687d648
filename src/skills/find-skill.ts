import type { Skill } from './skill.ts';

/** Those of the skills that are named. */
export function pickSkills(skills: readonly Skill[], names: readonly string[]): readonly Skill[] {
  const named = new Set(names.map(written));
  return skills.filter(({ name }) => named.has(name));
}

/** The first name that none of the skills has. */
export function unknownSkill(names: readonly string[], skills: readonly Skill[]): string | undefined {
  return names.find((name) => findSkill(skills, name) === undefined);
}

export function findSkill(skills: readonly Skill[], given: string): Skill | undefined {
  return skills.find(({ name }) => name === written(given));
}

export function nameSkills(skills: readonly Skill[]): string {
  return skills.length === 0 ? 'none' : skills.map(({ name }) => name).join(', ');
}

/** As skills have their names, however it was typed: with spaces around it, or in another form of the same letters. */
function written(name: string): string {
  return name.trim().normalize();
}
