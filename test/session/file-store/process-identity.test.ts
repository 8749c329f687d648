import { expect, test } from 'vitest';
import { livenessOf, thisProcess } from '../../../src/session/file-store/process-identity.ts';

const self = thisProcess();
const mac = { pid: process.pid, host: 'mac', platform: 'darwin' };
/** Above the largest pid Linux gives. */
const noPid = 4_194_305;

test('this process is alive', () => {
  expect(livenessOf(self, self)).toBe('alive');
});

test('a pid nobody has is gone', () => {
  expect(livenessOf({ ...self, pid: noPid }, self)).toBe('gone');
});

test('a process that started at another time is gone', () => {
  expect(livenessOf({ ...self, started: '1' }, self)).toBe('gone');
});

test('what runs elsewhere is unknown', () => {
  for (const elsewhere of [{ host: 'x' }, { boot: 'x' }, { pidNamespace: 'x' }, { platform: 'x' }]) {
    expect(livenessOf({ ...self, ...elsewhere }, self)).toBe('unknown');
    expect(livenessOf(self, { ...self, ...elsewhere })).toBe('unknown');
  }
});

test('where the system does not tell the namespace, even of ourselves, all is unknown', () => {
  const { pidNamespace: _, ...blind } = self;
  expect(livenessOf(blind, blind)).toBe('unknown');
});

test('on a system without /proc the pid alone tells', () => {
  expect(livenessOf(mac, mac)).toBe('alive');
  expect(livenessOf({ ...mac, pid: noPid }, mac)).toBe('gone');
});
