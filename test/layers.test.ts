import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';

/**
 * Which folder of `src/` may import which, as the design has it. A folder may always import itself and `errors.ts`.
 * Type imports count too: what a floor cannot name, it cannot come to depend on.
 */
const house = {
  errors: [],
  streams: [],
  messages: [],
  model: ['messages', 'streams'],
  sandbox: ['streams'],
  memory: ['messages'],
  tools: ['messages', 'sandbox', 'memory', 'streams'],
  skills: ['tools', 'sandbox', 'messages'],
  flow: ['messages', 'streams'],
  session: ['messages', 'streams'],
  agents: ['session', 'tools', 'skills', 'sandbox', 'memory', 'model', 'messages', 'streams'],
  runtime: allBut('runtime', 'index', 'server', 'cluster', 'testing', 'cli'),
  index: allBut('index', 'server', 'cluster', 'testing', 'cli'),
  server: allBut('server', 'index', 'cluster', 'testing', 'cli'),
  cluster: allBut('cluster', 'index', 'server', 'testing', 'cli'),
  testing: allBut('testing', 'index', 'server', 'cli'),
  cli: allBut('cli'),
} satisfies Record<string, readonly string[]>;

type Room = keyof typeof house;

/** Packages whose types may be named, and which are never loaded: the host brings its own client. */
const typesOnly = ['openai'];

function allBut(...closed: string[]): string[] {
  const rooms =
    'streams messages model sandbox memory tools skills flow session agents runtime index server cluster testing cli';
  return rooms.split(' ').filter((room) => !closed.includes(room));
}

interface Import {
  readonly specifier: string;
  readonly kind: 'value' | 'type';
}

/** The imports and re-exports of a module that is formatted as `npm run fix` does: statements begin their line. */
function importsOf(source: string): Import[] {
  const statements = source.matchAll(/^(?:import|export)\s+(type\s)?[^'"`;=]*?\bfrom\s+['"]([^'"]+)['"]/gm);
  const bare = source.matchAll(/^import\s+()['"]([^'"]+)['"]/gm);
  // `import('…')` in code, not in a comment: a call, or the type of a module.
  const inline = source.matchAll(/^(?!\s*(?:\*|\/\/)).*?(typeof\s+)?\bimport\(\s*['"]([^'"]+)['"]/gm);
  return [...statements, ...bare, ...inline].map(([, type, specifier = '']) => ({
    specifier,
    kind: type === undefined || type === '' ? 'value' : 'type',
  }));
}

/** The room a file stands in: the first folder below `src/`, or its own name at the top. */
function roomOf(file: string): string {
  const [first = ''] = posix.relative('src', file).split('/');
  return posix.basename(first, '.ts');
}

/** One sentence for each import of `file` that the table does not allow. */
function offences(file: string, source: string): string[] {
  const room = roomOf(file);
  if (!(room in house)) return [`${file} is in "${room}", which the table does not know. Known: ${list(house)}.`];
  const allowed: readonly string[] = [room, 'errors', ...house[room as Room]];
  return importsOf(source).flatMap(({ specifier, kind }) => {
    if (!specifier.startsWith('.')) {
      const [owner] = typesOnly.filter((name) => specifier === name || specifier.startsWith(`${name}/`));
      if (owner === undefined || kind === 'type') return [];
      return [`${file} loads "${specifier}". Only its types may be imported: write "import type".`];
    }
    const target = posix.join(posix.dirname(file), specifier);
    if (allowed.includes(roomOf(target))) return [];
    return [
      `${file} imports "${specifier}". "${room}" may import only ${allowed.map((name) => `"${name}"`).join(', ')}.`,
    ];
  });
}

function list(record: object): string {
  return Object.keys(record).join(', ');
}

describe('the floors of the house', () => {
  test('every import of src/ is one its folder may make', () => {
    const files = globSync('src/**/*.ts').map((file) => file.replaceAll('\\', '/'));
    expect(files).not.toEqual([]);
    expect(files.flatMap((file) => offences(file, readFileSync(file, 'utf8')))).toEqual([]);
  });

  test('the table names only rooms it has', () => {
    expect(
      Object.values(house)
        .flat()
        .filter((room) => !(room in house)),
    ).toEqual([]);
  });

  test('the table has no two rooms that may import each other', () => {
    const pairs = (Object.keys(house) as Room[]).flatMap((a) => house[a].map((b) => [a, b as Room] as const));
    const reached = (from: Room, seen = new Set<Room>()): Set<Room> => {
      for (const next of house[from] as readonly Room[]) {
        if (!seen.has(next)) reached(next, seen.add(next));
      }
      return seen;
    };
    expect(pairs.filter(([a, b]) => reached(b).has(a))).toEqual([]);
  });
});

describe('the check itself', () => {
  test.each([
    ['a value', `import { step } from '../agents/step.ts';`],
    ['a type', `import type { Step } from '../agents/step.ts';`],
    ['over many lines', `import {\n  a,\n  type B,\n} from '../agents/step.ts';`],
    ['a re-export', `export * from '../agents/step.ts';`],
    ['for its effect', `import '../agents/step.ts';`],
    ['at run time', `  const { step } = await import('../agents/step.ts');`],
    ['in a type', `type Step = import('../agents/step.ts').Step;`],
  ])('catches a forbidden import: %s', (_, source) => {
    expect(offences('src/flow/run-flow.ts', source)).toEqual([
      'src/flow/run-flow.ts imports "../agents/step.ts". "flow" may import only "flow", "errors", "messages", "streams".',
    ]);
  });

  test.each([
    ['a floor below', `import { textOf } from '../messages/message.ts';`],
    ['the same floor', `import { build } from './build.ts';`],
    ['errors.ts', `export { SageError } from '../errors.ts';`],
    ['a package', `import { z } from 'zod';`],
    ['a type of the client', `import type OpenAI from 'openai';`],
    ['a name that only looks like one', `export const from = 'here';\nconst note = '../agents/step.ts';`],
  ])('lets through %s', (_, source) => {
    expect(offences('src/flow/run-flow.ts', source)).toEqual([]);
  });

  test('catches the client being loaded', () => {
    expect(offences('src/model/request.ts', `import OpenAI from 'openai';`)).toEqual([
      'src/model/request.ts loads "openai". Only its types may be imported: write "import type".',
    ]);
  });

  test('catches a folder nobody planned', () => {
    expect(offences('src/utils/misc.ts', '')[0]).toContain('"utils", which the table does not know');
  });
});
