import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sharedEtcFolders } from './bwrap-args.ts';
import type { User } from './workspace-user.ts';

/** What programs look up in `/etc` and everybody may know. Users, passwords, keys and settings of services no. */
const copied = [
  ['ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'localtime', 'timezone', 'mime.types', 'magic'],
  ['os-release', 'debian_version', 'nsswitch.conf', 'services', 'protocols', 'gai.conf'],
].flat();

/** The `/etc` of a sandbox: copies of a few harmless files, its own user, and for its network the host's name servers. */
export async function writeEtc(folder: string, { uid, gid }: User, network: 'off' | 'on'): Promise<void> {
  await mkdir(folder, { mode: 0o755 });
  const names = [...copied, ...(network === 'on' ? ['resolv.conf'] : [])];
  // What this system does not have, nothing inside will look for.
  const copies = names.map((name) => {
    // Links into /usr hold inside as well; those of name servers lead to where nothing is.
    const options = { recursive: true, dereference: name === 'resolv.conf', verbatimSymlinks: name !== 'resolv.conf' };
    return cp(join('/etc', name), join(folder, name), options).catch(() => undefined);
  });
  const places = sharedEtcFolders.map((name) => mkdir(join(folder, name), { recursive: true }));
  await Promise.all([...copies, ...places]);
  const own = {
    passwd: `agent:x:${uid}:${gid}::/home/agent:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n`,
    group: `agent:x:${gid}:\nnogroup:x:65534:\n`,
    hosts: '127.0.0.1 localhost sandbox\n::1 localhost\n',
  };
  for (const [name, text] of Object.entries(own)) await writeFile(join(folder, name), text);
}
