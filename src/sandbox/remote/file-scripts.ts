/** A place file operations may touch: the workspace or a mount, by its real path in the sandbox. */
export interface Root {
  readonly real: string;
  readonly readOnly: boolean;
}

/** One word of a POSIX shell, whatever is in it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * The shell functions of the file operations, for a POSIX shell with the usual small tools (GNU or BusyBox): the protocol
 * itself knows no links, no replacing in one step, and no names that are refused.
 *
 * Each prints `ok` and a line break before what it has to tell, or `error` and a word: one of the system's, or `OUTSIDE`,
 * `ROOT`, `KIND`, `EXISTS`, `ITSELF`, with `TO_` before it when it is about the second path. A record of a file ends with two slashes, which no name has.
 */
export function createFileScripts(roots: readonly Root[]): (operation: string, ...args: readonly string[]) => string {
  const prelude = functions + confine(roots);
  return (operation, ...args) => `${prelude}\n${[operation, ...args.map(quote)].join(' ')}`;
}

/** The deepest root decides; what holds a root below it may be looked at, but not moved away. */
function confine(roots: readonly Root[]): string {
  const deepest = roots.toSorted((a, b) => b.real.length - a.real.length);
  const inside = deepest.map(({ real, readOnly }) => `${quote(`${real}/`)}*) access=${readOnly ? 'r' : 'rw'} ;;`);
  const around = roots.map(({ real }) => `case ${quote(`${real}/`)} in "$real/"*) fail ROOT ;; esac`);
  return `
confine() {
  case $real/ in
  ${inside.join('\n  ')}
  *) fail OUTSIDE ;;
  esac
}
keep_roots() {
  ${around.join('\n  ')}
}`;
}

const functions = `
LC_ALL=C TZ=UTC0
export LC_ALL TZ
about=
fail() { printf 'error %s%s\\n' "$about" "$1"; exit 0; }

# The real path of what $1 names, links followed, dangling ones too: $real.
resolve() {
  p=$1 rest= links=0
  until [ -e "$p" ]; do
    if [ -L "$p" ]; then
      links=$((links + 1))
      [ $links -le 40 ] || fail ELOOP
      t=$(readlink "$p"; echo .)
      t=\${t%??}
      case $t in /*) p=$t ;; *) p=\${p%/*}/$t ;; esac
      case $p in ?*/) p=\${p%/} ;; esac
    else
      rest=/\${p##*/}$rest
      p=\${p%/*}
      [ -n "$p" ] || p=/
    fi
  done
  real=$(readlink -f "$p"; echo .)
  real=\${real%??}
  [ "$real" != / ] || real=
  real=$real$rest
  case $real/ in */../* | */./*) fail ENOENT ;; esac
  [ -n "$real" ] || real=/
}
# The same for the entry itself, which may be a link.
resolve_entry() {
  name=\${1##*/}
  parent=\${1%/*}
  resolve "\${parent:-/}"
  real=\${real%/}/$name
}
is_there() { [ -e "$real" ] || [ -L "$real" ]; }
can_write() { [ $access = rw ] || fail EROFS; }
make_parent() {
  parent=\${real%/*}
  [ ! -d "$parent" ] || return 0
  up=$parent
  until [ -e "$up" ]; do up=\${up%/*}; [ -n "$up" ] || up=/; done
  [ -d "$up" ] || fail ENOTDIR
  mkdir -p "$parent" 2>/dev/null || fail EACCES
}

inspect() {
  resolve "$1"; confine
  [ -e "$real" ] || fail ENOENT
  found=$(stat -L -c '%f|%s|%y' "$real" 2>/dev/null) || fail EACCES
  printf 'ok\\n%s|%s//\\n' "$found" "$real"
}
find_file() {
  resolve "$1"; confine
  [ -e "$real" ] || fail ENOENT
  [ ! -d "$real" ] || fail EISDIR
  [ -f "$real" ] || fail KIND
  [ -r "$real" ] || fail EACCES
  printf 'ok\\n%s//\\n' "$real"
}
# Makes room for what is to be written to $1: an empty draft beside it, named $2.
begin_write() {
  resolve "$1"; confine; can_write
  [ ! -d "$real" ] || fail EISDIR
  if [ -e "$real" ]; then
    [ -f "$real" ] || fail KIND
    [ -w "$real" ] || fail EACCES
    umask 077
  else
    make_parent
  fi
  (: > "\${real%/*}/$2") 2>/dev/null || fail EACCES
  printf 'ok\\n%s//\\n' "$real"
}
# $1 is what begin_write told, $2 the name of the draft.
end_overwrite() {
  draft=\${1%/*}/$2
  if [ -f "$1" ]; then
    chown "$(stat -c %u:%g "$1")" "$draft" 2>/dev/null
    chmod "$(stat -c %a "$1")" "$draft"
  fi
  if [ -d "$1" ] || ! mv -f "$draft" "$1" 2>/dev/null; then
    rm -f "$draft"
    fail EACCES
  fi
  printf 'ok\\n'
}
end_append() {
  draft=\${1%/*}/$2
  if [ -f "$1" ]; then cat "$draft" >> "$1"; else [ ! -e "$1" ] && mv "$draft" "$1"; fi 2>/dev/null
  status=$?
  rm -f "$draft"
  [ $status = 0 ] || fail EACCES
  printf 'ok\\n'
}
drop_draft() {
  rm -f "\${1%/*}/$2"
  printf 'ok\\n'
}
list_folder() {
  resolve "$1"; confine
  [ -e "$real" ] || fail ENOENT
  [ -d "$real" ] || fail ENOTDIR
  folder=$real
  cd "$folder" 2>/dev/null || fail EACCES
  printf 'ok\\n'
  find . ! -name . -prune -exec stat -c '%f|%s|%y|%n//' {} + 2>/dev/null
  # Links once more, as what they lead to; each by itself, so that a bad one spoils no other.
  for entry in ./* ./.[!.]* ./..?*; do
    [ -L "$entry" ] || continue
    found=$(resolve "$folder/\${entry#./}"; confine; stat -L -c '%f|%s|%y' "$real" 2>/dev/null)
    case $found in '' | error*) ;; *) printf '%s|%s//\\n' "$found" "$entry" ;; esac
  done
}
move_entry() {
  resolve_entry "$1"; confine; can_write; keep_roots
  is_there || fail ENOENT
  from=$real
  about=TO_
  resolve_entry "$2"; confine; can_write
  ! is_there || fail EXISTS
  case $real/ in "$from/"*) fail ITSELF ;; esac
  make_parent
  mv "$from" "$real" 2>/dev/null || fail EACCES
  printf 'ok\\n'
}
remove_entry() {
  resolve_entry "$1"; confine; can_write; keep_roots
  is_there || fail ENOENT
  rm -rf "$real" 2>/dev/null || fail EACCES
  printf 'ok\\n'
}
# Below $1; $2 is how many bytes are told at most, the rest is what find leaves out.
find_files() {
  resolve "$1"; confine
  [ -e "$real" ] || fail ENOENT
  [ -d "$real" ] || fail ENOTDIR
  cd "$real" 2>/dev/null || fail EACCES
  most=$2
  shift 2
  printf 'ok\\n'
  find . "$@" -type f -exec stat -c '%f|%s|%y|%n//' {} + 2>/dev/null | head -c "$most"
}
`;
