/**
 * Whether a variable changes how a text looks, and nothing else. Names in lower case are the line's own: what programs obey
 * (`PATH`, `LD_PRELOAD`, `GIT_PAGER`) is written in upper case.
 */
export function isTame(name: string): boolean {
  return /^(LC_[A-Z]+|LANG|LANGUAGE|TZ|NO_COLOR|FORCE_COLOR|CLICOLOR|COLUMNS|LINES|TERM|CI|[a-z_][a-z0-9_]*)$/.test(
    name,
  );
}
