import { nameOf, type SimpleCommand } from '../command.ts';
import { show, type Field } from '../field.ts';
import { dangerOfFiles } from './files.ts';
import { dangerOfGit } from './git.ts';
import { dangerOfPackages } from './packages.ts';
import { dangerOfServices } from './services.ts';

/** Programs that are dangerous by what they are for. */
const named: readonly (readonly [reason: string, names: string])[] = [
  ['works with the rights of another user', 'sudo doas su pkexec runuser gosu su-exec sg newgrp'],
  [
    'changes users or passwords',
    'passwd chpasswd useradd userdel usermod adduser deluser groupadd groupdel visudo vipw chsh',
  ],
  ['changes what runs later', 'at batch crontab launchctl'],
  ['changes services', 'service rc-service chkconfig update-rc.d'],
  ['changes the kernel or what is mounted', 'insmod rmmod modprobe mount umount swapon swapoff sysctl kexec losetup'],
  ['leaves the folders it was given', 'chroot nsenter unshare pivot_root'],
  ['changes the network', 'iptables ip6tables nft ufw firewall-cmd ifconfig route tc'],
  ['works on disks', 'dd fdisk sfdisk cfdisk gdisk sgdisk parted cryptsetup mdadm diskutil format'],
  ['works on disks', 'mkswap mke2fs wipefs blkdiscard hdparm pvcreate vgcreate lvcreate lvremove zpool zfs btrfs'],
  ['ends processes', 'kill killall pkill skill xkill'],
  ['changes who may use files', 'chmod chown chgrp chattr setfacl chcon umask'],
  ['works on another machine', 'ssh scp sftp rsync telnet ftp rclone'],
  ['opens connections for others', 'nc ncat netcat socat ngrok'],
  ['overwrites files past repair', 'shred srm'],
];

const reasons = new Map(named.flatMap(([reason, names]) => names.split(' ').map((name) => [name, reason] as const)));

const downloads = new Set(['curl', 'wget', 'fetch', 'aria2c', 'http', 'https', 'lynx']);
const interpreters = /^(python|perl|ruby|node|php|deno|bun|lua|osascript|pwsh|tclsh)[\d.]*$/;

/** What is worth a second look in these commands, by the first that is. `workspace` is where deleting and writing is the work. */
export function dangerOf(commands: readonly SimpleCommand[], workspace: Field): string | undefined {
  for (const command of commands) {
    const danger = dangerOfCommand(command, workspace);
    if (danger !== undefined) return danger;
  }
  return undefined;
}

function dangerOfCommand(command: SimpleCommand, workspace: Field): string | undefined {
  const name = nameOf(command);
  const from = command.input?.from ?? [];
  const isDownloaded = from.some((one) => downloads.has(one));
  if (isDownloaded && (command.runs === 'unseen-text' || interpreters.test(name))) return 'runs what it downloads';
  if (command.runs === 'unseen-text') return `runs text with "${name}" that nobody has seen yet`;
  const reason = /^mkfs(\.|$)/.test(name) ? 'works on disks' : reasons.get(name);
  if (reason !== undefined && !isAsking(command)) return `${reason}, with "${show(name)}"`;
  const args = command.fields.slice(1);
  return (
    dangerOfFiles(command, workspace) ??
    (name === 'git' ? dangerOfGit(args) : undefined) ??
    dangerOfPackages(name, args) ??
    dangerOfServices(name, args)
  );
}

/** Only wants to know how it is used, or which one it is. */
function isAsking({ fields }: SimpleCommand): boolean {
  return fields.length === 2 && /^(--help|--version|-V)$/.test(fields[1] ?? '');
}
