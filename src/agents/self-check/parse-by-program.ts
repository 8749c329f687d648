import type { Sandbox } from '../../sandbox/sandbox.ts';

const parseMs = 20_000;
const shownErrors = 300;

/** Isolated, and without its site: it imports nothing but what it was installed with. */
const pythonCode = `
import ast, sys
try:
    ast.parse(sys.stdin.buffer.read())
except SyntaxError as error:
    print(f"{error.msg} (line {error.lineno})", file=sys.stderr)
    sys.exit(2)
`;

/** Read from standard input, a file that cannot be parsed ends each of them with 2. */
const commands = {
  python: `python3 -I -S -W ignore -c '${pythonCode}'`,
  sh: 'sh -n',
  // Patterns that a script may switch on, and that are read only where they are on.
  bash: 'bash --norc -O extglob -n',
} as const;

export type Program = keyof typeof commands;

/** Programs are the system's: a PATH may lead into the workspace, and what stands there is not to be run. */
const environment = { PATH: '/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin' };

/** What a program that only parses has against a file; nothing where there is no such program. */
export async function parseByProgram(
  program: Program,
  bytes: Uint8Array,
  { sandbox, signal }: { readonly sandbox: Sandbox; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const options = { stdin: bytes, env: environment, timeoutMs: parseMs, signal };
  // What stands for a program may look around where it starts, for which version it is to be.
  const output = sandbox.exec(`cd / && exec ${commands[program]}`, options);
  let errors = '';
  for (;;) {
    const next = await output.next();
    if (next.done === true) {
      const { exitCode, endedBy } = next.value;
      if (exitCode !== 2 || endedBy !== 'exit') return undefined;
      return `cannot be parsed: ${errors.trim().slice(0, shownErrors)}`;
    }
    if (next.value.stream === 'stderr' && errors.length < shownErrors) errors += next.value.text;
  }
}
