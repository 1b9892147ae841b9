#!/bin/sh
# Runs a command beside a PostgreSQL server of its own: on a socket in a folder that
# is removed at the end, with nothing on the network. Its address is in
# JIFEN_TEST_POSTGRES.
#
#	sh internal/tools/postgres.sh go test ./internal/store/...
set -eu

for bin in "$(dirname "$(command -v initdb 2>/dev/null || echo /none/x)")" /usr/lib/postgresql/*/bin /usr/local/pgsql/bin; do
	[ -x "$bin/initdb" ] && break
done
[ -x "$bin/initdb" ] || { echo 'PostgreSQL is needed: install the package postgresql' >&2; exit 1; }

dir=$(mktemp -d)
# A server refuses to run as root.
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
	user=postgres
	id "$user" >/dev/null 2>&1 || user=nobody
	chown "$user" "$dir"
	as() { setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups env HOME="$dir" "$@"; }
fi
cleanup() {
	as "$bin/pg_ctl" -D "$dir/data" -m immediate -s stop >/dev/null 2>&1 || :
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

chmod 755 "$dir"
cd "$dir"
as "$bin/initdb" -D "$dir/data" -U owner --auth=trust -E UTF8 --locale=C.UTF-8 >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; exit 1; }
# What tests write need not outlive them: no flush is waited for.
as "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -s -o "-c listen_addresses= -c unix_socket_directories=$dir \
	-c max_connections=400 -c fsync=off -c full_page_writes=off -c max_wal_size=2GB" start || { cat "$dir/server.log" >&2; exit 1; }
cd "$OLDPWD"
JIFEN_TEST_POSTGRES="postgres://owner@/postgres?host=$dir" "$@"
