import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSageError, SAgent, type RunOptions } from 'sagents';
import { scriptedModel } from 'sagents/testing';
import { describe, expect, test } from 'vitest';
import { statusOfReason } from '../src/runtime/run-outcome.ts';
import { answerWith, repository, runNode, runProgram, serve } from './programs.ts';

describe('the README', { timeout: 60_000 }, () => {
  test('shows no code but whole programs and lines of the examples', async () => {
    const blocks = await codeBlocks('README.md');
    const isExcerpt = await excerptCheck();
    expect(blocks.filter((block) => !isProgram(block) && !isExcerpt(block))).toEqual([]);
    expect(blocks.filter(isProgram)).not.toEqual([]);
  });

  test('shows programs that compile, and run on an endpoint', async () => {
    await using project = await createProject();
    const programs = (await codeBlocks('README.md')).filter(isProgram);
    await Promise.all(programs.map((code, index) => writeFile(join(project.path, `program-${index}.ts`), code)));
    const tsc = join(repository, 'node_modules/typescript/bin/tsc');
    expect(await runNode([tsc, '-p', project.path])).toMatchObject({ exitCode: 0, output: '' });

    for (const index of programs.keys()) {
      await using endpoint = await serve(answerWith(scriptedModel(['Hello to you.'])));
      const env = { OPENAI_API_KEY: 'test', OPENAI_BASE_URL: endpoint.url };
      const { exitCode, output } = await runProgram(`program-${index}.ts`, env, project.path);
      expect(output).toContain('Hello to you.');
      expect(exitCode).toBe(0);
    }
  });

  test('tells every reason a run can end for, under its status', async () => {
    const rows = tableRows(await readText('README.md'));
    const told = rows.flatMap(([status = '', reason = '']) => (reason in statusOfReason ? [[reason, status]] : []));
    expect(Object.fromEntries(told)).toEqual(statusOfReason);
  });

  test('lists what is refused as not available yet, and all of it is', async () => {
    const [, section = ''] = /## What is not there yet\n(.*?)\n## /s.exec(await readText('README.md')) ?? [];
    const agent = new SAgent({ sessionRootSpace: join(tmpdir(), 'sagents-never-made') });
    for (const [name, options] of notThereYet) {
      expect(section).toContain(`\`${name}`);
      expect([name, refusalOf(() => agent.runStream({ ...minimal, ...options }))]).toEqual([name, 'not-available-yet']);
    }
  });
});

describe('the docs', () => {
  test('name every error code', async () => {
    const codes = matches(await readText('src/errors.ts'), /^ {2}'([a-z-]+)': /gm);
    const told = tableRows(await readText('docs/errors.md')).map(([code]) => code);
    expect(told).toEqual(expect.arrayContaining(codes));
    expect(codes.length).toBeGreaterThan(15);
  });

  test('name every kind of entry', async () => {
    const types = new Set(matches(await readText('src/session/entry.ts'), /readonly type: '(\w+)'/g));
    const told = new Set(tableRows(await readText('docs/journal.md')).map(([type]) => type));
    expect([...types].filter((type) => !told.has(type))).toEqual([]);
    expect(types.size).toBeGreaterThan(15);
  });

  test('show no code but lines of the examples', async () => {
    const isExcerpt = await excerptCheck();
    const files = (await readdir(join(repository, 'docs'))).filter((name) => name.endsWith('.md'));
    for (const file of files) {
      expect((await codeBlocks(`docs/${file}`)).filter((block) => !isExcerpt(block))).toEqual([]);
    }
  });
});

const minimal: RunOptions = {
  inputMessages: [{ role: 'user', content: 'Hello' }],
  model: scriptedModel([]),
  modelConfig: { model: 'gpt-4o' },
  systemPrefix: '',
  maxLoopCount: 1,
  sandboxAgentWorkspace: '.',
};

const something = { one: 1 };
const notThereYet: readonly (readonly [name: string, options: object])[] = [
  ['contextBudgetConfig', { contextBudgetConfig: something }],
];

function refusalOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return isSageError(error) ? error.code : String(error);
  }
}

function readText(file: string): Promise<string> {
  return readFile(join(repository, file), 'utf8');
}

/** The cells of each row of a table, without backticks. */
function tableRows(markdown: string): string[][] {
  const rows = matches(markdown, /^\|(.*)\|$/gm);
  return rows.map((row) => row.split('|').map((cell) => cell.trim().replaceAll('`', '')));
}

async function codeBlocks(file: string): Promise<string[]> {
  return matches(await readText(file), /^```ts\n(.*?)^```$/gms);
}

function isProgram(block: string): boolean {
  return block.startsWith('import ');
}

/** Whether lines stand in one of the examples, however deep they are indented there. */
async function excerptCheck(): Promise<(block: string) => boolean> {
  const names = (await readdir(join(repository, 'examples'), { recursive: true })).filter((name) =>
    name.endsWith('.ts'),
  );
  const examples = await Promise.all(names.map(async (name) => trimLines(await readText(join('examples', name)))));
  return (block) => examples.some((example) => example.includes(trimLines(block)));
}

function trimLines(text: string): string {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .join('\n');
}

function matches(text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), ([, found = '']) => found);
}

/** A folder as a user's project is: the packages are installed in it, and it has the compiler's options of this one. */
async function createProject() {
  const path = await mkdtemp(join(tmpdir(), 'sagents-readme-'));
  const modules = join(path, 'node_modules');
  await mkdir(modules);
  await symlink(repository, join(modules, 'sagents'));
  for (const name of ['@types', 'openai', 'tsx'])
    await symlink(join(repository, 'node_modules', name), join(modules, name));
  await writeFile(join(path, 'package.json'), '{ "type": "module" }');
  const config = { extends: join(repository, 'tsconfig.json'), include: ['*.ts'] };
  await writeFile(join(path, 'tsconfig.json'), JSON.stringify(config));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
