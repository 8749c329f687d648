/** Instructions for one kind of task, with files that go with them: a folder of the host that has a `SKILL.md`. */
export interface Skill {
  /** What the model loads it by. */
  readonly name: string;
  /** What it is good for: the model chooses by it. */
  readonly description: string;
  /** On the host, absolute. */
  readonly folder: string;
  /** All that stands in the front matter, as text. Nothing but name and description means anything to sagents. */
  readonly frontMatter: Readonly<Record<string, unknown>>;
}

/** Something that was to be a skill, or a place of skills, and cannot be used. It is left as it is. */
export interface SkillProblem {
  /** On the host, absolute. */
  readonly path: string;
  readonly reason: string;
}

/** Where a run finds its skills: a manager, or a proxy that narrows one. */
export interface SkillSource {
  /** What is there now, sorted by name. */
  listSkills(): Promise<readonly Skill[]>;
  /** What is there now and cannot be used. */
  problems(): Promise<readonly SkillProblem[]>;
}

export const skillFile = 'SKILL.md';

/** Of one skill, to read what it says: a `SKILL.md` that is larger is none. */
export const mostSkillBytes = 256 * 1024;

/** Names become names of folders. They may be of any script; published ones are words with hyphens. */
const namePattern = /^[\p{L}\p{M}\p{N}_-]+(?: [\p{L}\p{M}\p{N}_-]+)*$/u;

export const allowedNames = 'letters, digits, "-", "_" and single spaces, 1 to 64 of them';

export function isSkillName(text: string): boolean {
  return text.length <= 64 && namePattern.test(text);
}
