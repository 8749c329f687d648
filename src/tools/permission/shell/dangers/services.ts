import type { Field } from '../field.ts';

/** Verbs that reach beyond the line: to containers, clusters, clouds and services. */
const verbs: readonly (readonly [names: string, verbs: RegExp])[] = [
  [
    'docker podman nerdctl',
    /^(run|exec|rm|rmi|kill|stop|prune|push|login|cp|create|start|restart|import|load|up|down)$/,
  ],
  ['docker-compose podman-compose', /^(up|down|rm|kill|stop|run|exec|restart)$/],
  [
    'kubectl oc',
    /^(delete|apply|create|replace|patch|edit|scale|drain|cordon|uncordon|taint|exec|run|rollout|cp|label|annotate|set)$/,
  ],
  ['terraform tofu pulumi', /^(apply|destroy|import|taint|up|state)$/],
  ['aws gcloud az doctl heroku flyctl fly vercel netlify', /./],
  ['gh glab', /^(api|repo|release|secret|auth|workflow|pr|issue|gist|run)$/],
  ['systemctl', /^(?!status$|show$|cat$|list-|is-|get-default$|help$)/],
  ['psql mysql mongosh redis-cli sqlplus', /./],
  ['security keychain gpg pass op vault', /./],
];

const services = new Map(verbs.flatMap(([names, verb]) => names.split(' ').map((name) => [name, verb] as const)));

export function dangerOfServices(name: string, args: readonly Field[]): string | undefined {
  const words = args.filter((arg) => !arg.startsWith('-'));
  // `docker compose up`, `docker system prune`: what counts may be the second word.
  const verb = words
    .slice(0, /^(docker|podman|nerdctl)$/.test(name) ? 2 : 1)
    .find((word) => services.get(name)?.test(word));
  return verb === undefined ? undefined : `changes what runs or is kept elsewhere, with "${name} ${verb}"`;
}
