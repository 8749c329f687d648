import { fitsName, isUnknown, marks, type Field } from './field.ts';

/** Where a line begins whose folder is not known: deep enough that `..` does not reach the root. */
export const someFolder: Field = `/${Array.from({ length: 6 }, () => marks.unknown).join('/')}`;

/** The absolute path that a command means, without `.` and `..`; `undefined` if its folder is not known. */
export function resolvePath(path: Field, folder: Field | undefined): Field | undefined {
  if (!path.startsWith('/') && folder === undefined) return undefined;
  return toPath(partsOf(path.startsWith('/') ? path : `${folder}/${path}`));
}

/** Whether `path` is `folder` or in it. Both are absolute and without `..`. */
export function isInside(path: Field, folder: Field): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}

/** What an important folder is to a machine. */
export type FolderKind = 'system' | 'homes';

/** System folders where not even a part may go. */
const whole = 'bin sbin boot dev lib lib32 lib64 libx32 proc sys System'.split(' ');
/** Those that are lost only as a whole: what is in them may be somebody's work. */
const alone = 'etc usr var opt srv run mnt media snap nix Library Applications Volumes private'.split(' ');
const inside: Readonly<Record<string, readonly string[]>> = {
  usr: ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libexec', 'local', 'share', 'include'],
  var: ['lib'],
  private: ['etc', 'var'],
};
const homes = ['home', 'Users'];

/**
 * What would be lost with this absolute path, or with all that is in it (`/etc/*`): the system, homes, or nothing of the kind.
 * What is below `workspace` belongs to the work.
 */
export function folderKind(path: Field, workspace: Field): FolderKind | undefined {
  const parts = partsOf(path);
  // `/etc/*` and `/etc/.*` are all of it.
  if (/^\.?[\uE001\uE002]*\uE001[\uE001\uE002]*$/.test(parts.at(-1) ?? '')) parts.pop();
  const [first, second] = parts;
  if (first === undefined) return 'system';
  if (toPath(parts) !== workspace && workspace !== '/' && isInside(toPath(parts), workspace)) return undefined;
  const fits = (part: Field, names: readonly string[]): boolean => names.some((name) => fitsName(part, name));
  if (first === 'dev' && second === 'shm' && parts.length > 2) return undefined;
  if (fits(first, whole)) return 'system';
  if (parts.length === 1 && fits(first, alone)) return 'system';
  if (parts.length === 2 && second !== undefined && fits(second, insideOf(first))) return 'system';
  if (parts.length === 1 && fits(first, [...homes, 'root'])) return 'homes';
  return second !== undefined && !isUnknown(second) && parts.length === 2 && fits(first, homes) ? 'homes' : undefined;
}

function insideOf(folder: Field): readonly string[] {
  return Object.entries(inside).flatMap(([name, names]) => (fitsName(folder, name) ? names : []));
}

const rawDevices =
  /^((sd|hd|vd|xvd)[a-z]|nvme\d|mmcblk|loop\d|md\d|dm-|mapper$|r?disk|ram\d|sr\d|zram|nbd|zd\d|mtd|block$|(mem|kmem|port|nvram)$)/;

/** Whether what is written there is written to a disk, or to memory, past all files. */
export function isRawDevice(path: Field): boolean {
  const [first, device] = partsOf(path);
  return path.startsWith('/') && first === 'dev' && device !== undefined && isRaw(device);
}

function isRaw(device: Field): boolean {
  return rawDevices.test(device) || /^[a-z]{0,4}[\uE001\uE002]/.test(device);
}

function partsOf(path: Field): Field[] {
  const parts: Field[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts;
}

function toPath(parts: readonly Field[]): Field {
  return `/${parts.join('/')}`;
}
