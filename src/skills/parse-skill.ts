import { readFrontMatter, splitFrontMatter } from './front-matter.ts';
import { allowedNames, isSkillName, mostSkillBytes, type Skill } from './skill.ts';

/** What a `SKILL.md` says. */
export interface SkillText extends Pick<Skill, 'name' | 'description' | 'frontMatter'> {
  /** The instructions, behind the front matter. */
  readonly body: string;
}

/** Four times what the published format has room for: one that is a little over is no reason to do without the skill. */
const longestDescription = 4_096;

/** Reads a `SKILL.md`. Throws with the reason, as it goes on after the file's name: `has no front matter`. */
export async function parseSkill(data: Uint8Array): Promise<SkillText> {
  if (data.byteLength > mostSkillBytes) throw new Error(`has more than ${mostSkillBytes} bytes`);
  const { yaml, body } = splitFrontMatter(decode(data));
  const frontMatter = await readFrontMatter(yaml);
  return { name: readName(frontMatter), description: readDescription(frontMatter), frontMatter, body };
}

function decode(data: Uint8Array): string {
  try {
    // Takes a byte order mark away.
    return new TextDecoder('utf-8', { fatal: true }).decode(data);
  } catch (cause) {
    throw new Error('is not UTF-8 text', { cause });
  }
}

function readName(frontMatter: SkillText['frontMatter']): string {
  const name = readText(frontMatter, 'name').normalize();
  if (isSkillName(name)) return name;
  const shown = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
  throw new Error(`has the name ${shown}, which cannot be used. Allowed: ${allowedNames}`);
}

function readDescription(frontMatter: SkillText['frontMatter']): string {
  const description = readText(frontMatter, 'description');
  if (description.length <= longestDescription) return description;
  throw new Error(`has a description of more than ${longestDescription} characters`);
}

function readText(frontMatter: SkillText['frontMatter'], key: string): string {
  const value = Object.hasOwn(frontMatter, key) ? frontMatter[key] : undefined;
  const text = typeof value === 'string' ? value.trim() : '';
  if (text === '') throw new Error(`has no ${key}: its front matter needs the text "${key}"`);
  return text;
}
