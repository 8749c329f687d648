import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseFile } from '../../../src/agents/self-check/parse-file.ts';
import { openPassthroughSandbox } from '../../../src/sandbox/passthrough/passthrough-sandbox.ts';

let workspace: string;
beforeAll(async () => void (workspace = await mkdtemp(join(tmpdir(), 'sagents-parse-'))));
afterAll(() => rm(workspace, { recursive: true, force: true }));

async function parse(path: string, text: string, { env = {}, signal = new AbortController().signal } = {}) {
  await using sandbox = await openPassthroughSandbox({ workspace, env });
  return await parseFile(path, new TextEncoder().encode(text), { sandbox, signal });
}

describe('cannot be parsed:', () => {
  test.each([
    ['a.json', '{"a": 1,}', /^is not JSON: /],
    ['a.json', '// why\n{"a": }', /^is not JSON, its comments left out: Unexpected token '}'/],
    ['a.jsonc', '{"a": /* never closed', /^is not JSON, its comments left out: /],
    ['a.js', 'const = 1', /^cannot be parsed: Unexpected token '=' \(line 1\)/],
    ['a.js', 'import fs from "fs";\nexport const a = ;', /^cannot be parsed: Unexpected token ';'/],
    ['a.mjs', 'return 1', /^cannot be parsed: Illegal return/],
    ['a.cjs', 'import a from "a"', /^cannot be parsed: Cannot use import/],
    ['a.py', 'x = 1\ndef f(:\n', /^cannot be parsed: invalid syntax \(line 2\)/],
    ['a.sh', '#!/bin/sh\nif true; then\n', /^cannot be parsed: /],
    ['a.sh', '#!/bin/sh\na=(1 2)\n', /^cannot be parsed: /],
    ['a.sh', '#!/usr/bin/env bash\necho "never closed\n', /^cannot be parsed: /],
  ])('%s with %j', async (path, text, said) => {
    expect(await parse(path, text)).toMatch(said);
  });
});

describe('can be parsed, or nobody can tell:', () => {
  test.each([
    ['a.json', '\u{FEFF}{"a": 1}'],
    ['a.json', '{\n  // why\n  "a": "http://x", /* b */\n}'],
    ['config/tsconfig.build.json', '{"a": [1,],}'],
    ['.vscode/settings.json', '{"a": 1,}'],
    ['a.jsonc', '{"a": 1,} // why'],
    ['a.js', 'import fs from "node:fs";\nexport const a = await fs.promises.readFile("x");'],
    ['a.js', '#!/usr/bin/env node\nif (require.main !== module) return;\nwith (a) b();'],
    ['a.js', 'export default function App() { return <div>hi</div>; }'],
    ['a.js', '// @flow\nconst a: number = 1;'],
    ['a.js', '@element("a")\nexport class A {}'],
    ['a.py', '#!/usr/bin/env python3\nprint(f"{1}")'],
    ['a.py', '#!/usr/bin/python2\nprint "hi"'],
    ['a.py', 'import re\nre.compile("\\d")'],
    ['a.sh', '#!/bin/bash -e\na=(1 2 3)\nshopt -s extglob\nls !(a)\necho "${a[@]}" <(true)\n'],
    ['a.sh', 'a=(1 2)\nfi\n'],
    ['a.sh', '#!/usr/bin/env -S zsh\nfi\n'],
    ['a.ts', 'const = 1'],
  ])('%s with %j', async (path, text) => {
    expect(await parse(path, text)).toBeUndefined();
  });
});

describe('nothing that lies in the workspace takes part:', () => {
  const broken = { 'a.py': 'def f(:\n', 'a.sh': '#!/bin/sh\nfi\n', 'b.sh': '#!/bin/bash\nfi\n', 'a.js': 'const = 1' };
  const marker = () => join(workspace, 'was-run');

  test.each(Object.entries(broken))('%s', async (path, text) => {
    const bin = join(workspace, 'bin');
    await mkdir(bin, { recursive: true });
    for (const name of ['python3', 'sh', 'bash', 'node']) {
      await writeFile(join(bin, name), `#!/bin/sh\ntouch ${marker()}\n`);
      await chmod(join(bin, name), 0o755);
    }
    for (const name of ['ast.py', 'sys.py', 'sitecustomize.py', 'usercustomize.py']) {
      await writeFile(join(workspace, name), `open(${JSON.stringify(marker())}, "w")\n`);
    }
    await writeFile(join(workspace, 'setup.sh'), `touch ${marker()}\n`);
    await writeFile(join(workspace, 'setup.js'), `require('fs').writeFileSync(${JSON.stringify(marker())}, '')\n`);
    const env = {
      PATH: `${bin}:bin`,
      PYTHONPATH: workspace,
      PYTHONSTARTUP: join(workspace, 'ast.py'),
      BASH_ENV: join(workspace, 'setup.sh'),
      NODE_OPTIONS: `--require ${join(workspace, 'setup.js')}`,
    };
    expect(await parse(path, text, { env })).toMatch(/^cannot be parsed: /);
    expect(await readdir(workspace)).not.toContain('was-run');
  });

  test('nor is what is parsed run', async () => {
    const write = `require('fs').writeFileSync(${JSON.stringify(marker())}, '')`;
    await parse('a.js', `${write}; }); ${write}; (() => {`);
    await parse('a.cjs', write);
    await parse('a.mjs', `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(marker())}, '');`);
    await parse('a.py', `open(${JSON.stringify(marker())}, "w")`);
    await parse('a.sh', `#!/bin/bash\ntouch ${marker()}\n$(touch ${marker()})\n`);
    expect(await readdir(workspace)).not.toContain('was-run');
  });
});

test('what nests too deep for a parser is nobody’s fault', async () => {
  expect(await parse('a.js', '('.repeat(200_000))).toBeUndefined();
});

test('a check that is stopped says nothing', async () => {
  const controller = new AbortController();
  controller.abort();
  expect(await parse('a.js', 'const = 1', { signal: controller.signal })).toBeUndefined();
});
