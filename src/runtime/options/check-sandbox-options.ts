import { defaultLimits } from '../../sandbox/limits.ts';
import type { SandboxOptions } from '../../sandbox/open-sandbox.ts';
import { sandboxTypes, type SandboxType, type VolumeMount } from '../../sandbox/sandbox.ts';
import { invalid, isRecord, mustBeBoolean, mustBeOneOf, mustBeText, refuseUnknown } from './check-values.ts';

const known = ['network', 'env', 'limits', 'requireLimits', 'adoptWorkspace', 'remote'];
const knownRemote = ['domain', 'protocol', 'apiKey', 'image', 'timeoutSeconds', 'keep', 'requestTimeoutSeconds'];
const knownMount = ['hostPath', 'mountPath', 'readOnly'];

/** @throws {SageError} `invalid-argument` for what is not the name of a sandbox. */
export function readSandboxType(given: string | undefined): SandboxType {
  if (given === undefined || given === '') return 'local';
  mustBeOneOf('sandboxType', given, sandboxTypes);
  return given as SandboxType;
}

/** @throws {SageError} `invalid-argument` naming the option, what was given and what is allowed. */
export function checkSandboxOptions(given: unknown = {}): SandboxOptions {
  if (!isRecord(given)) throw invalid('sandboxOptions', typeof given, 'an object');
  refuseUnknown(given, known, 'sandboxOptions.');
  const { network, env = {}, limits = {}, requireLimits, adoptWorkspace, remote } = given;
  if (network !== undefined) mustBeOneOf('sandboxOptions.network', network, ['off', 'on']);
  if (requireLimits !== undefined) mustBeOneOf('sandboxOptions.requireLimits', requireLimits, ['hard']);
  mustBeBoolean('sandboxOptions.adoptWorkspace', adoptWorkspace);
  checkEnv(env);
  if (remote !== undefined) checkRemote(remote);
  if (!isRecord(limits)) throw invalid('sandboxOptions.limits', typeof limits, 'an object');
  refuseUnknown(limits, Object.keys(defaultLimits), 'sandboxOptions.limits.');
  for (const [name, value] of Object.entries(limits)) {
    if (value !== undefined && !(Number.isSafeInteger(value) && (value as number) > 0)) {
      throw invalid(`sandboxOptions.limits.${name}`, value, 'a whole number above 0');
    }
  }
  return given;
}

/** @throws {SageError} `invalid-argument` naming the mount, what was given and what is allowed. */
export function checkVolumeMounts(given: unknown = []): readonly VolumeMount[] {
  if (!Array.isArray(given)) throw invalid('volumeMounts', typeof given, 'a list of { hostPath, mountPath, readOnly }');
  given.forEach((mount: unknown, i) => {
    const name = `volumeMounts[${i}]`;
    if (!isRecord(mount)) throw invalid(name, mount, '{ hostPath, mountPath, readOnly }');
    refuseUnknown(mount, knownMount, `${name}.`);
    for (const path of ['hostPath', 'mountPath'] as const) {
      const value = mount[path];
      if (typeof value !== 'string' || !value.startsWith('/'))
        throw invalid(`${name}.${path}`, value, 'an absolute path');
    }
    mustBeBoolean(`${name}.readOnly`, mount['readOnly']);
  });
  return given as readonly VolumeMount[];
}

/** The values stay out of the error: they may be keys. */
function checkEnv(env: unknown): void {
  const allowed = 'an object of strings, its names letters, digits and "_"';
  if (!isRecord(env)) throw invalid('sandboxOptions.env', typeof env, allowed);
  for (const [name, value] of Object.entries(env)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || typeof value !== 'string' || value.includes('\0')) {
      throw invalid(`sandboxOptions.env.${name}`, 'not shown', allowed);
    }
  }
}

/** The key stays out of the error. */
function checkRemote(remote: unknown): void {
  if (!isRecord(remote)) throw invalid('sandboxOptions.remote', typeof remote, 'an object with domain and apiKey');
  refuseUnknown(remote, knownRemote, 'sandboxOptions.remote.');
  const { domain, protocol, apiKey, image, keep } = remote;
  if (typeof domain !== 'string' || domain === '')
    throw invalid('sandboxOptions.remote.domain', domain, 'the host and port of a sandbox server');
  if (typeof apiKey !== 'string' || !/^[\x21-\x7e]+$/.test(apiKey))
    throw invalid('sandboxOptions.remote.apiKey', 'not shown', 'a word of printable ASCII characters');
  if (protocol !== undefined) mustBeOneOf('sandboxOptions.remote.protocol', protocol, ['http', 'https']);
  mustBeText('sandboxOptions.remote.image', image);
  mustBeBoolean('sandboxOptions.remote.keep', keep);
  for (const name of ['timeoutSeconds', 'requestTimeoutSeconds'] as const) {
    const seconds = remote[name];
    if (seconds !== undefined && !(Number.isSafeInteger(seconds) && (seconds as number) > 0))
      throw invalid(`sandboxOptions.remote.${name}`, seconds, 'a whole number above 0');
  }
}
