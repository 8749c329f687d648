import { SageError } from '../errors.ts';
import type { GrepOptions, GrepResult } from './grep.ts';
import { createGrepReader } from './read-grep.ts';
import type { ExecResult, OutputPiece, Sandbox } from './sandbox.ts';

const timeoutMs = 60_000;
const defaultLimit = 200;

/**
 * Searches files by a command in the sandbox: ripgrep, or grep where there is no ripgrep. Reads until it has enough and
 * ends the command then.
 *
 * @throws {SageError} `sandbox-error` with what the program said, for a pattern it cannot read for example.
 */
export async function grepFiles(
  sandbox: Pick<Sandbox, 'exec' | 'workspace'>,
  pattern: string,
  options: GrepOptions,
): Promise<GrepResult> {
  const { limit = defaultLimit, outputMode = 'content', beforeLines = 0, afterLines = 0, signal } = options;
  const reader = createGrepReader(sandbox.workspace, { limit, outputMode, beforeLines, afterLines });
  const output = sandbox.exec(toCommand(pattern, options), { timeoutMs, ...(signal === undefined ? {} : { signal }) });
  const { errors, result } = await readUntilEnough(output, reader);
  if (result?.endedBy === 'timeout')
    throw failure(`The search took longer than ${timeoutMs / 1_000} s. Search a smaller folder`);
  signal?.throwIfAborted();
  // 1: nothing was found. Files that cannot be read are an error beside results, not instead of them.
  if (result !== undefined && result.exitCode > 1 && reader.isEmpty())
    throw failure(errors.trim() || 'The search failed');
  return reader.result();
}

async function readUntilEnough(
  output: AsyncGenerator<OutputPiece, ExecResult>,
  reader: ReturnType<typeof createGrepReader>,
): Promise<{ errors: string; result?: ExecResult }> {
  let errors = '';
  try {
    for (;;) {
      const next = await output.next();
      if (next.done === true) return { errors, result: next.value };
      if (next.value.stream === 'stderr') errors = (errors + next.value.text).slice(0, 2_000);
      else if (reader.add(next.value.text) === 'enough') return { errors };
    }
  } finally {
    await output.return(undefined as never);
  }
}

/** One line of shell: what the program is called with depends on which there is. */
function toCommand(pattern: string, options: GrepOptions): string {
  const path = quote(options.path ?? '.');
  const common = ['-e', quote(pattern), '--', path].join(' ');
  const withGrep =
    options.multiline === true || options.type !== undefined
      ? "{ echo 'multiline and type need ripgrep, which is not installed in this sandbox' >&2; exit 2; }"
      : `{ echo grep; exec grep ${grepFlags(options).join(' ')} ${common}; }`;
  return `if command -v rg >/dev/null 2>&1; then echo rg; exec rg ${rgFlags(options).join(' ')} ${common}; else ${withGrep}; fi`;
}

function rgFlags(options: GrepOptions): string[] {
  const { glob, type, caseInsensitive, multiline, beforeLines = 0, afterLines = 0 } = options;
  return [
    // Settings of the user it runs as must not change what is found.
    '--no-config',
    '--json',
    '--sort',
    'path',
    '--hidden',
    '--glob',
    quote('!.git'),
    ...(glob === undefined ? [] : ['--glob', quote(glob)]),
    ...(type === undefined ? [] : ['--type', quote(type)]),
    ...(caseInsensitive === true ? ['--ignore-case'] : []),
    ...(multiline === true ? ['--multiline', '--multiline-dotall'] : []),
    '--before-context',
    String(beforeLines),
    '--after-context',
    String(afterLines),
  ];
}

/** NUL stands after each name: names may hold anything else. */
function grepFlags(options: GrepOptions): string[] {
  const { glob, caseInsensitive, beforeLines = 0, afterLines = 0 } = options;
  return [
    '-rnIEHZ',
    '--exclude-dir=.git',
    '-B',
    String(beforeLines),
    '-A',
    String(afterLines),
    ...(glob === undefined ? [] : [`--include=${quote(glob)}`]),
    ...(caseInsensitive === true ? ['-i'] : []),
  ];
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function failure(said: string): SageError {
  return new SageError('sandbox-error', `${said.replace(/\.$/, '')}.`, {});
}
