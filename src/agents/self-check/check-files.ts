import { messageOf } from '../../errors.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { AgentContext } from '../agent.ts';

/** How a file of some kind is read by what it is for, the path following; what is not installed checks nothing. */
const parsers: Readonly<Record<string, string>> = {
  cjs: 'node --check',
  js: 'node --check',
  mjs: 'node --check',
  py: 'python3 -c "import ast, sys; ast.parse(open(sys.argv[1], \'rb\').read(), sys.argv[1])"',
  sh: 'sh -n',
};
const mostBytes = 1024 * 1024;
const parseMs = 20_000;
const shownErrors = 300;

/** What is wrong with the files an answer leads to. Where the run has no tools for files, it can have made none. */
export async function checkFiles(
  paths: readonly string[],
  { tools, openSandbox, signal }: Pick<AgentContext, 'tools' | 'openSandbox' | 'signal'>,
): Promise<string[]> {
  if (paths.length === 0 || !tools.listTools().some(({ sandbox }) => sandbox === 'needed')) return [];
  const sandbox = await openSandbox();
  const issues: string[] = [];
  for (const path of paths) {
    if (signal.aborted) return [];
    const issue = await checkFile(sandbox, path, signal);
    if (issue !== undefined) issues.push(issue);
  }
  return issues;
}

async function checkFile(sandbox: Sandbox, path: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { type, size } = await sandbox.stat(path);
    if (type !== 'file' || size > mostBytes) return undefined;
    const kind = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
    if (kind === 'json') return await checkJson(sandbox, path);
    const parser = parsers[kind];
    return parser === undefined ? undefined : await parse(sandbox, `${parser} "$CHECKED_FILE"`, path, signal);
  } catch (error) {
    return `The link to "${path}" leads nowhere: ${messageOf(error)}`;
  }
}

async function checkJson(sandbox: Sandbox, path: string): Promise<string | undefined> {
  const text = new TextDecoder().decode(await sandbox.readFile(path));
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return `"${path}" is not JSON: ${messageOf(error)}`;
  }
}

async function parse(sandbox: Sandbox, command: string, path: string, signal: AbortSignal) {
  const output = sandbox.exec(command, { env: { CHECKED_FILE: path }, timeoutMs: parseMs, signal });
  let errors = '';
  for (;;) {
    const next = await output.next();
    if (next.done !== true) {
      if (next.value.stream === 'stderr' && errors.length < shownErrors) errors += next.value.text;
      continue;
    }
    const { exitCode, endedBy } = next.value;
    // 126 and 127: there is no such program.
    if (exitCode === 0 || exitCode === 126 || exitCode === 127 || endedBy !== 'exit') return undefined;
    return `"${path}" cannot be parsed: ${errors.trim().slice(0, shownErrors)}`;
  }
}
