import { posix } from 'node:path';
import { isSageError } from '../../errors.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { AgentContext } from '../agent.ts';
import { canParse, parseFile } from './parse-file.ts';

/** Files an answer has to do with, by their paths. */
export interface AnswerFiles {
  /** That it links to: they are to be there. */
  readonly linked: readonly string[];
  /** That it names, and that may be something else. */
  readonly named: readonly string[];
  /** That were written on the way to it, and may have gone since. */
  readonly written: readonly string[];
}

const mostBytes = 1024 * 1024;
/** That are parsed in one check. */
const mostFiles = 50;

type Looks = Pick<AgentContext, 'tools' | 'openSandbox' | 'hasInWorkspace' | 'signal'>;

/** What is wrong with them. Where the run has no tools for files, it can have made none. */
export async function checkFiles({ linked, named, written }: AnswerFiles, context: Looks): Promise<string[]> {
  const { tools, openSandbox, signal } = context;
  if (!tools.listTools().some(({ sandbox }) => sandbox === 'needed')) return [];
  const others = [...written.filter(canParse), ...(await thoseThere(named, context))];
  if (linked.length + others.length === 0) return [];
  const sandbox = await openSandbox();
  const toFile = (path: string) => posix.resolve(sandbox.workspace, path);
  const links = linked.filter((path) => isBelow(sandbox, toFile(path)));
  // One file may have several names.
  const files = new Map([...links, ...others].map((path) => [toFile(path), path]));
  const isLink = new Set(links.map(toFile));
  const issues: string[] = [];
  let parsed = 0;
  for (const [file, path] of files) {
    if (signal.aborted) return [];
    const mayParse = canParse(file) && (parsed += 1) <= mostFiles;
    const issue = await checkFile(path, { sandbox, signal, mayParse });
    if (issue !== undefined && (issue.type === 'broken' || isLink.has(file))) issues.push(issue.text);
  }
  return issues;
}

/** Without opening a sandbox for a name that means no file: which absolute ones are there, only an open one tells. */
async function thoseThere(names: readonly string[], { hasInWorkspace }: Looks): Promise<string[]> {
  const there = await Promise.all(names.map(async (name) => posix.isAbsolute(name) || (await hasInWorkspace([name]))));
  return names.filter((_, place) => there[place]);
}

/** An absolute path may be one of a web site, and one that leads out of the workspace one of anything. */
function isBelow({ workspace, mounts }: Sandbox, file: string): boolean {
  const folders = [workspace, ...mounts.map(({ mountPath }) => mountPath)];
  return folders.some((folder) => file === folder || file.startsWith(`${folder}/`));
}

interface Issue {
  readonly type: 'missing' | 'broken';
  readonly text: string;
}

interface CheckOptions {
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
  readonly mayParse: boolean;
}

async function checkFile(path: string, { sandbox, signal, mayParse }: CheckOptions): Promise<Issue | undefined> {
  try {
    const { type, size } = await sandbox.stat(path);
    if (!mayParse || type !== 'file' || size > mostBytes) return undefined;
    const text = await parseFile(path, await sandbox.readFile(path), { sandbox, signal });
    return text === undefined ? undefined : { type: 'broken', text: `"${path}" ${text}` };
  } catch (error) {
    if (signal.aborted) return undefined;
    // Of a path: anything else is not the agent's doing.
    if (!isSageError(error, 'sandbox-error') || error.facts.path === undefined) throw error;
    return { type: 'missing', text: `The link to "${path}" leads nowhere: ${error.message}` };
  }
}
