import { readFile } from 'node:fs/promises';
import { messageOf } from '../errors.ts';
import type { ExitCode, Io } from './io.ts';
import { UsageError } from './usage-error.ts';
import { usage } from './usage.ts';

type Command = (args: readonly string[], io: Io) => Promise<ExitCode>;

/** Each loaded when it is asked for. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  'sandbox serve': async () => (await import('./sandbox-serve.ts')).sandboxServe,
};

/** Runs one command line, without the names of Node and of the program, to its end. Failures are told in one line. */
export async function runCli(args: readonly string[], io: Io): Promise<ExitCode> {
  try {
    return await run(args, io);
  } catch (error) {
    io.printError(`sagents: ${messageOf(error).replaceAll(/\s*\n\s*/g, ' ')}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  if (args.includes('--help') || args.includes('-h')) {
    io.print(usage);
    return 0;
  }
  if (args[0] === '--version') {
    const { version } = JSON.parse(await readFile(io.packageFile, 'utf8')) as { readonly version: string };
    io.print(version);
    return 0;
  }
  const found = Object.entries(commands).find(([name]) => args.slice(0, name.split(' ').length).join(' ') === name);
  if (found !== undefined) {
    const [name, load] = found;
    return await (
      await load()
    )(args.slice(name.split(' ').length), io);
  }
  const given = args.length === 0 ? 'No command was given' : `"${args.join(' ')}" is unknown`;
  throw new UsageError(`${given}. Allowed: ${Object.keys(commands).join(', ')}, --help, --version.`);
}
