/**
 * What a command may know of the host's environment: where programs and the home are, how people write here. Nothing that
 * may hold a secret: names are listed one by one, since anything can hide behind a prefix, and proxies carry passwords.
 */
const passedOn = [
  ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TMPDIR', 'TZ'],
  ['TERM', 'COLORTERM', 'NO_COLOR', 'FORCE_COLOR'],
  ['LANG', 'LANGUAGE', 'LC_ALL', 'LC_COLLATE', 'LC_CTYPE', 'LC_MESSAGES', 'LC_MONETARY', 'LC_NUMERIC', 'LC_TIME'],
  ['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS', 'REQUESTS_CA_BUNDLE'],
].flat();

/** The environment of commands, built from a short list of the variables in `host`, and `added`, which wins. */
export function buildEnvironment(
  host: Readonly<Record<string, string | undefined>>,
  added: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const known = passedOn.flatMap((name) => {
    const value = host[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { PATH: '/usr/local/bin:/usr/bin:/bin', ...Object.fromEntries(known), ...added };
}
