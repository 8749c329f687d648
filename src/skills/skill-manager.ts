import { lstat, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { messageOf, SageError } from '../errors.ts';
import { codeOf } from '../sandbox/file-error.ts';
import { parseSkill } from './parse-skill.ts';
import { readPlainFile } from './plain-file.ts';
import { mostSkillBytes, skillFile, type Skill, type SkillProblem, type SkillSource } from './skill.ts';

/** What a folder was found to hold, for as long as its `SKILL.md` is the same. */
interface Known {
  readonly stamp: string;
  readonly found: Skill | SkillProblem;
}

/** A file that was changed this shortly before it was read could be changed again with the same time. */
const settledMs = 100;

/**
 * The skills in some folders of the host: every folder in one of them that has a `SKILL.md`. Nothing is read before somebody
 * asks; then what has changed on disk since the last time is read anew.
 *
 * What cannot be used is told by `problems`, skipped, and left as it is. Of two skills of one name the first counts: roots
 * in their order, and in each the folders by their names.
 */
export class SkillManager implements SkillSource {
  readonly #roots: readonly string[];
  #known: ReadonlyMap<string, Known> = new Map();

  /**
   * Relative roots start at the current folder of this process.
   *
   * @throws {SageError} `invalid-argument`.
   */
  constructor({ roots }: { readonly roots: readonly string[] }) {
    if (!Array.isArray(roots) || roots.some((root) => typeof root !== 'string' || root === '')) {
      const allowed = 'a list of folders';
      throw new SageError('invalid-argument', `The roots of a SkillManager must be ${allowed}.`, {
        option: 'roots',
        given: roots,
        allowed,
      });
    }
    this.#roots = roots.map((root) => resolve(root));
  }

  async listSkills(): Promise<readonly Skill[]> {
    return (await this.#read()).skills;
  }

  async problems(): Promise<readonly SkillProblem[]> {
    return (await this.#read()).problems;
  }

  async #read(): Promise<{ readonly skills: readonly Skill[]; readonly problems: readonly SkillProblem[] }> {
    const known = new Map<string, Known>();
    const byName = new Map<string, Skill>();
    const problems: SkillProblem[] = [];
    for (const root of this.#roots) {
      for (const found of await this.#readRoot(root, known)) {
        const first = 'name' in found ? byName.get(found.name) : undefined;
        if ('reason' in found) problems.push(found);
        else if (first === undefined) byName.set(found.name, found);
        else if (first.folder !== found.folder) problems.push(clash(found, first));
      }
    }
    this.#known = known;
    const skills = [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return { skills, problems };
  }

  async #readRoot(root: string, known: Map<string, Known>): Promise<readonly (Skill | SkillProblem)[]> {
    try {
      const entries = await readdir(root, { withFileTypes: true });
      const folders = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map(({ name }) => name);
      const found = await Promise.all(folders.toSorted().map((name) => this.#readFolder(join(root, name), known)));
      return found.filter((one) => one !== undefined);
    } catch (error) {
      return [{ path: root, reason: `The folder cannot be read (${codeOf(error) ?? messageOf(error)}).` }];
    }
  }

  /** `undefined` where there is no skill. */
  async #readFolder(folder: string, known: Map<string, Known>): Promise<Skill | SkillProblem | undefined> {
    const path = join(folder, skillFile);
    try {
      const stats = await lstat(path).catch(() => undefined);
      if (stats === undefined) return undefined;
      if ((await lstat(folder)).isSymbolicLink()) return { path: folder, reason: 'The folder is a link.' };
      const stamp = [stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join();
      const before = this.#known.get(folder);
      const found = before?.stamp === stamp ? before.found : await readSkill(folder);
      if (Date.now() - stats.ctimeMs > settledMs) known.set(folder, { stamp, found });
      return found;
    } catch (error) {
      return { path, reason: `${skillFile} ${messageOf(error)}.` };
    }
  }
}

async function readSkill(folder: string): Promise<Skill | SkillProblem> {
  const path = join(folder, skillFile);
  try {
    const { data } = await readPlainFile(path, mostSkillBytes);
    const { name, description, frontMatter } = await parseSkill(data);
    return { name, description, folder, frontMatter };
  } catch (error) {
    return { path, reason: `${skillFile} ${messageOf(error)}.` };
  }
}

function clash({ name, folder }: Skill, first: Skill): SkillProblem {
  return { path: folder, reason: `There is a skill "${name}" already, in ${first.folder}.` };
}
