import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { placeSkill, type SkillPlace } from '../../src/skills/place-skill.ts';
import { readAll } from '../sandbox/helpers.ts';
import { sandboxes } from './sandboxes.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

const folder = 'skills/my pdf';
const encode = (text: string) => new TextEncoder().encode(text);
const { signal } = new AbortController();

const place = (sandbox: Sandbox, files: Files, into = folder): Promise<SkillPlace> =>
  placeSkill(sandbox, {
    folder: into,
    signal,
    files: Object.entries(files).map(([path, data]) => ({
      path,
      data: typeof data === 'string' ? encode(data) : data,
      isExecutable: path.endsWith('.sh'),
    })),
  });

const read = async (sandbox: Sandbox, path: string) => new TextDecoder().decode(await sandbox.readFile(path));

/** The files of the workspace, with what they hold; notes of what was copied left out. */
async function filesOf(sandbox: Sandbox): Promise<Record<string, string>> {
  const { files } = await sandbox.glob('**/*');
  const paths = files
    .map(({ path }) => path.slice(sandbox.workspace.length + 1))
    .filter((path) => !path.includes('/.'));
  return Object.fromEntries(await Promise.all(paths.toSorted().map(async (path) => [path, await read(sandbox, path)])));
}

/** The sandbox, and how often something was written in it. */
function counting(sandbox: Sandbox): { readonly counted: Sandbox; readonly writes: string[] } {
  const writes: string[] = [];
  const counted = new Proxy(sandbox, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        if (name === 'writeFile' || name === 'remove') writes.push(String(args[0]));
        return Reflect.apply(member, target, args) as unknown;
      };
    },
  });
  return { counted, writes };
}

describe.each(sandboxes)('in %s', (_, open) => {
  test('the files of a skill are copied byte by byte, and its programs can be run', async () => {
    await using opened = await open();
    const { sandbox } = opened;
    const binary = Uint8Array.from({ length: 100_000 }, (_none, at) => (at * 7) % 256);
    const files = {
      'SKILL.md': 'text',
      "bin/it's.sh": '#!/bin/sh\necho "hi from $(dirname "$0")"\n',
      'a/b/c.bin': binary,
    };
    expect(await place(sandbox, files)).toEqual({ folder, edited: [] });
    expect(Buffer.from(await sandbox.readFile(`${folder}/a/b/c.bin`)).equals(binary)).toBe(true);
    const ran = await readAll(sandbox.exec(`"${folder}/bin/it's.sh"`));
    expect(ran).toMatchObject({ stdout: `hi from ${folder}/bin\n`, exitCode: 0 });
  });

  test('a copy that is there and the same is left, one that lacks something is completed', async () => {
    await using opened = await open();
    const { counted, writes } = counting(opened.sandbox);
    const files = { 'SKILL.md': 'text', 'a.sh': 'exit 0' };
    await place(counted, files);
    writes.length = 0;
    expect(await place(counted, files)).toEqual({ folder, edited: [] });
    expect(writes).toEqual([]);
    await opened.sandbox.remove(`${folder}/a.sh`);
    await place(counted, files);
    expect(await filesOf(opened.sandbox)).toEqual({ [`${folder}/SKILL.md`]: 'text', [`${folder}/a.sh`]: 'exit 0' });
  });

  test('an older version that nobody edited is replaced, what is no longer in it goes', async () => {
    await using opened = await open();
    const { sandbox } = opened;
    await place(sandbox, { 'SKILL.md': 'one', 'old.md': 'old', 'same.md': 'same' });
    await sandbox.writeFile(`${folder}/notes.md`, 'of the agent');
    expect(await place(sandbox, { 'SKILL.md': 'two', 'same.md': 'same', 'new.md': 'new' })).toEqual({
      folder,
      edited: [],
    });
    expect(await filesOf(sandbox)).toEqual({
      [`${folder}/SKILL.md`]: 'two',
      [`${folder}/new.md`]: 'new',
      [`${folder}/notes.md`]: 'of the agent',
      [`${folder}/same.md`]: 'same',
    });
  });

  test('an edited copy is left; a newer version goes beside it', async () => {
    await using opened = await open();
    const { sandbox } = opened;
    await place(sandbox, { 'SKILL.md': 'one', 'a.md': 'a' });
    await sandbox.writeFile(`${folder}/a.md`, 'edited');
    expect(await place(sandbox, { 'SKILL.md': 'one', 'a.md': 'a' })).toEqual({ folder, edited: ['a.md'] });
    const beside = await place(sandbox, { 'SKILL.md': 'two', 'a.md': 'a' });
    expect(beside).toEqual({
      folder: expect.stringMatching(/^skills\/my pdf@[0-9a-f]{8}$/),
      edited: [],
      instead: folder,
    });
    expect(await place(sandbox, { 'SKILL.md': 'two', 'a.md': 'a' })).toEqual(beside);
    expect(await filesOf(sandbox)).toEqual({
      [`${folder}/SKILL.md`]: 'one',
      [`${folder}/a.md`]: 'edited',
      [`${beside.folder}/SKILL.md`]: 'two',
      [`${beside.folder}/a.md`]: 'a',
    });
  });
});

const [[, openPassthrough] = []] = sandboxes;

describe('a copy', () => {
  const opening = async () => {
    if (openPassthrough === undefined) throw new Error('There is no sandbox to test in.');
    return await openPassthrough();
  };

  test('that was interrupted is completed, also when it was replacing another', async () => {
    await using opened = await opening();
    const { sandbox } = opened;
    const stopAt = (path: string): Sandbox =>
      new Proxy(sandbox, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name, target);
          if (name !== 'writeFile') return typeof member === 'function' ? member.bind(target) : member;
          return (...[at, data]: Parameters<Sandbox['writeFile']>) =>
            at.endsWith(path) ? Promise.reject(new Error('stopped')) : target.writeFile(at, data);
        },
      });
    const one = { 'a.md': '1', 'b.md': '1' };
    await expect(place(stopAt('b.md'), one)).rejects.toThrow('stopped');
    expect(await place(sandbox, one)).toEqual({ folder, edited: [] });
    for (const last of ['b.md', '.json']) {
      const two = { 'a.md': `2${last}`, 'b.md': `2${last}` };
      await expect(place(stopAt(last), two)).rejects.toThrow('stopped');
      expect(await place(sandbox, two)).toEqual({ folder, edited: [] });
      expect(await filesOf(sandbox)).toEqual({ [`${folder}/a.md`]: two['a.md'], [`${folder}/b.md`]: two['b.md'] });
    }
    expect(await place(sandbox, { 'a.md': '3' })).toEqual({ folder, edited: [] });
    expect(await filesOf(sandbox)).toEqual({ [`${folder}/a.md`]: '3' });
  });

  test('that was interrupted before its programs could be run has them run', async () => {
    await using opened = await opening();
    const { sandbox } = opened;
    await sandbox.writeFile(`${folder}/a.sh`, 'exit 0');
    await place(sandbox, { 'a.sh': 'exit 0' });
    expect(await readAll(sandbox.exec(`"${folder}/a.sh"`))).toMatchObject({ exitCode: 0 });
  });

  test('is not made over what somebody else has put there', async () => {
    await using opened = await opening();
    const { sandbox } = opened;
    await sandbox.writeFile(`${folder}/SKILL.md`, 'mine');
    expect(await place(sandbox, { 'SKILL.md': 'text' })).toMatchObject({ instead: folder });
    expect(await read(sandbox, `${folder}/SKILL.md`)).toBe('mine');
  });

  test.each(['{', '{"files":1}', '{"files":{"../../kept.md":"x"}}', '{"files":{"SKILL.md":1}}'])(
    'whose note was spoiled counts as edited: %s',
    async (note) => {
      await using opened = await opening();
      const { sandbox } = opened;
      await sandbox.writeFile('kept.md', 'kept');
      await place(sandbox, { 'SKILL.md': 'one' });
      await sandbox.writeFile(`${folder}/.sagents-skill.json`, note);
      expect(await place(sandbox, { 'SKILL.md': 'two' })).toMatchObject({ instead: folder });
      expect(await read(sandbox, 'kept.md')).toBe('kept');
      expect(await read(sandbox, `${folder}/SKILL.md`)).toBe('one');
    },
  );

  test('does not leave the workspace through a link', async () => {
    await using opened = await opening();
    const { sandbox } = opened;
    await readAll(sandbox.exec('mkdir -p skills && ln -s /tmp "skills/my pdf"'));
    await expect(place(sandbox, { 'SKILL.md': 'text' })).rejects.toMatchObject({ code: 'sandbox-error' });
  });

  test('stops between files when the run does', async () => {
    await using opened = await opening();
    const stopped = new AbortController();
    stopped.abort(new Error('stopped'));
    const file = { path: 'SKILL.md', data: encode('x'), isExecutable: false };
    const copying = placeSkill(opened.sandbox, { folder, files: [file], signal: stopped.signal });
    await expect(copying).rejects.toThrow('stopped');
    expect(await filesOf(opened.sandbox)).toEqual({});
  });
});
