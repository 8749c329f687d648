import type { Sandbox } from '../../sandbox/sandbox.ts';
import { parseByProgram, type Program } from './parse-by-program.ts';
import { parseJson } from './parse-json.ts';
import { parseScript } from './parse-script.ts';

const kinds = /\.(jsonc?|[cm]?js|py|sh|bash)$/i;

/** Whether files of that name can be parsed, if what that takes is there. */
export function canParse(path: string): boolean {
  return kinds.test(path);
}

/**
 * What keeps a file from being parsed; `undefined` where nothing does, and where that is not certain. Nothing in it is run, and
 * nothing that lies beside it is read.
 */
export async function parseFile(
  path: string,
  bytes: Uint8Array,
  { sandbox, signal }: { readonly sandbox: Sandbox; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const text = new TextDecoder().decode(bytes);
  const kind = kinds.exec(path)?.[1]?.toLowerCase();
  switch (kind) {
    case 'json':
    case 'jsonc':
      return parseJson(text, path);
    case 'js':
    case 'cjs':
    case 'mjs':
      return await parseScript(text, kind, signal);
    case 'py':
    case 'sh':
    case 'bash': {
      const program = programFor(text, kind);
      return program && (await parseByProgram(program, bytes, { sandbox, signal }));
    }
    default:
      return undefined;
  }
}

/** By the first line; a shell script that does not tell for which shell it is may be for any. */
function programFor(text: string, kind: 'py' | 'sh' | 'bash'): Program | undefined {
  const [, named] = /^#![ \t]*(?:\S*\/env[ \t]+(?:-S[ \t]*)?)?(?:\S*\/)?([\w.-]+)/.exec(text) ?? [];
  if (kind === 'py') return named === undefined || /^python(?:3[\d.]*)?$/.test(named) ? 'python' : undefined;
  if (named === 'bash') return 'bash';
  return named === 'sh' || named === 'dash' ? 'sh' : undefined;
}
