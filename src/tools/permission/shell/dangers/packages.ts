import type { Field } from '../field.ts';

/** Verbs with which package managers bring code of others, or take it away, by the names of the managers. */
const verbs: readonly (readonly [names: string, verbs: RegExp])[] = [
  [
    'npm pnpm yarn bun',
    /^(i|in|install|add|ci|isntall|up|update|upgrade|remove|rm|uninstall|un|dlx|create|exec|x|link|publish|import)$/,
  ],
  [
    'pip pip2 pip3 pipx uv poetry conda mamba pdm',
    /^(install|uninstall|add|remove|sync|update|upgrade|run|inject|tool|publish|download)$/,
  ],
  [
    'apt apt-get aptitude dnf yum microdnf zypper apk pkg port',
    /^(install|add|del|remove|erase|purge|autoremove|upgrade|update|dist-upgrade|full-upgrade|reinstall|in|rm|up|dup)$/,
  ],
  [
    'brew snap flatpak gem cargo go composer bundle choco scoop winget nix-env nix luarocks cpan cpanm helm',
    /^(install|reinstall|uninstall|remove|update|upgrade|get|add|require|cask|tap|publish|push|yank|-i|-e)$/,
  ],
];

const managers = new Map(verbs.flatMap(([names, verb]) => names.split(' ').map((name) => [name, verb] as const)));
const always = new Set([
  'npx',
  'pnpx',
  'bunx',
  'uvx',
  'easy_install',
  'pacman',
  'dpkg',
  'rpm',
  'installer',
  'yay',
  'emerge',
]);

/** Brings programs of others, which then run here. */
export function dangerOfPackages(name: string, args: readonly Field[]): string | undefined {
  const isQuery =
    /^(dpkg|rpm|pacman)$/.test(name) && /^(-[lLsSqQ]|--list|--query)/.test(args[0] ?? '') && args[0] !== '-S';
  if (always.has(name) && !isQuery) return `installs or runs packages, with "${name}"`;
  const verb = args.find((arg) => !arg.startsWith('-') || arg === '-i' || arg === '-e');
  if (/^python[\d.]*$/.test(name)) {
    const isPip = args[0] === '-m' && /^(pip|pipx|ensurepip|easy_install)$/.test(args[1] ?? '');
    return isPip ? dangerOfPackages('pip', args.slice(2)) : undefined;
  }
  const isBare = (name === 'yarn' || name === 'cpan' || name === 'cpanm') && args.length === 0;
  if (isBare || (verb !== undefined && managers.get(name)?.test(verb) === true)) {
    return `installs or removes packages, with "${[name, verb ?? ''].join(' ').trim()}"`;
  }
  return undefined;
}
