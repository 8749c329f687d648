import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SageError, messageOf } from '../errors.ts';
import { toolsOf } from './described-methods.ts';
import type { Tool } from './tool.ts';

/** `.ts` where this process runs TypeScript. Declarations are no modules. */
const moduleName = /(?<!\.d)\.m?[jt]s$/;

/**
 * The tools that the modules of a folder export, each once, by the modules' names; folders within are not looked into. Each
 * module is run, so whoever can write there can do what this process can.
 *
 * @throws {SageError} `invalid-argument` for a folder that cannot be read, and for a module that cannot be loaded or gives no tool.
 */
export async function loadToolsFrom(folder: string): Promise<Tool[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw unusable('path', folder, `The folder of tools cannot be read: ${messageOf(cause)}`, cause);
  });
  const tools = new Set<Tool>();
  const made = new Map<object, readonly Tool[]>();
  for (const name of names.filter((one) => moduleName.test(one)).sort()) {
    const file = join(resolve(folder), name);
    try {
      const found = toolsOf((await import(pathToFileURL(file).href)) as object, made);
      if (found.length === 0) throw new Error('It exports none. What other modules need stands in a folder within.');
      for (const tool of found) tools.add(tool);
    } catch (cause) {
      throw unusable('path', file, `The tools of ${file} cannot be loaded: ${messageOf(cause)}`, cause);
    }
  }
  return [...tools];
}

function unusable(option: string, given: string, message: string, cause: unknown): SageError {
  return new SageError('invalid-argument', message, { option, given }, { cause });
}
