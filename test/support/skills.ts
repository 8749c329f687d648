import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The text of a `SKILL.md`. */
export function skillText(name: string, { description = `Helps with ${name}.`, body = `Do ${name}.\n` } = {}): string {
  return `---\nname: ${name}\ndescription: ${description}\n---\n${body}`;
}

/** Writes files below a folder, by their paths. Scripts can be run. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, data] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, data);
    if (path.endsWith('.sh')) await chmod(file, 0o755);
  }
}

/** A folder with a skill of each name. */
export async function writeSkills(root: string, ...names: readonly string[]): Promise<void> {
  await writeFiles(root, Object.fromEntries(names.map((name) => [`${name}/SKILL.md`, skillText(name)])));
}
