#!/usr/bin/env bash
# check.sh FOLDER tries the packages for this machine that lie in a folder: installs
# them into roots of their own, starts the program from there on a new database, also
# as a container would, makes a backup, and removes it again. What cannot be tried
# here is said.
set -euo pipefail

arch=$(go env GOHOSTARCH)
for deb in "$1"/jifen_*_"$arch".deb; do :; done
[ -e "$deb" ] || { echo "no package for $arch in $1: not tried"; exit 0; }
[ "$(id -u)" = 0 ] || { echo 'not tried: only root installs a package'; exit 0; }
command -v systemd-sysusers >/dev/null || { echo 'not tried: systemd-sysusers is not here'; exit 0; }

root=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$root"' EXIT
fail() { echo "$deb: $*" >&2; exit 1; }

mkdir -p "$root/var/lib/dpkg/info" "$root/etc"
: >"$root/var/lib/dpkg/status"
dpkg() { command dpkg --root="$root" --force-script-chrootless --force-depends --log=/dev/null "$@" >"$root/said" 2>&1 ||
	{ cat "$root/said" >&2; fail "dpkg $*"; }; }

# answers starts the web site by a command, asks whether it is well, and stops it.
answers() {
	rm -f "$root/log"
	mkfifo "$root/log"
	"$@" 2>"$root/log" &
	server=$!
	exec 3<"$root/log"
	local line address='' status
	while [ -z "$address" ] && read -r line <&3; do
		case $line in
		*http://*) address=${line#*http://} address=${address%% *} ;;
		esac
	done
	[ -n "$address" ] || fail "the web site did not start: $*"
	exec 4<>"/dev/tcp/127.0.0.1/${address##*:}"
	printf 'GET /healthz HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$address" >&4
	read -r status <&4
	exec 4<&-
	case $status in
	*' 200 '*) ;;
	*) fail "/healthz answers $status" ;;
	esac
	cat <&3 >/dev/null & # what it says while it stops
	kill "$server"
	wait "$server" || fail "the web site ended with code $?: $*"
	server=
}

# mode WANT PLACE compares mode and owner of what was installed.
mode() {
	got=$(stat -c '%a %u' "$root$2")
	[ "$got" = "$1" ] || fail "$2 has mode and owner $got, not $1"
}

dpkg -i "$deb"
user=$(awk -F: '$1 == "jifen" {print $3}' "$root/etc/passwd")
[ -n "$user" ] || fail 'there is no user jifen'
mode '755 0' /usr/bin/jifen
mode '640 0' /etc/jifen/jifen.env
mode "700 $user" /var/lib/jifen
mode "700 $user" /var/backups/jifen
if command -v systemd-analyze >/dev/null; then
	# ExecStart is looked for where it would be; the units are read from the scratch root.
	systemd-analyze --root="$root" --recursive-errors=no verify "$root/usr/lib/systemd/system/jifen.service" \
		"$root/usr/lib/systemd/system/jifen-backup.service" "$root/usr/lib/systemd/system/jifen-backup.timer"
	systemd-analyze --root="$root" --offline=yes --threshold=25 --no-pager security jifen.service >"$root/said" ||
		{ tail -1 "$root/said" >&2; fail 'the unit is not hardened enough'; }
	tail -1 "$root/said"
fi

# The units' own words, with the paths below the scratch root.
chmod 755 "$root"
db=$root/var/lib/jifen/jifen.db backups=$root/var/backups/jifen
as=(setpriv --reuid="$user" --regid="$user" --clear-groups "$root/usr/bin/jifen")
"${as[@]}" init --db "$db" --street 示例街道 >/dev/null
answers "${as[@]}" serve --db="$db" --listen=127.0.0.1:0 --backups="$backups" --keep=14 --behind-proxy
"${as[@]}" daily --db="$db" --to="$backups" --keep=14
"${as[@]}" verify --db "$db" >/dev/null

# As packaging/Containerfile has it: one file, a root that nobody can write, nobody's rights.
if unshare -m true 2>/dev/null; then
	mkdir -p "$root/box/data" "$root/box/tmp"
	cp "$root/usr/bin/jifen" "$root/box/jifen"
	chown 65534:65534 "$root/box/data" "$root/box/tmp"
	box=(unshare -m bash -ec 'mount --bind "$0" "$0"; mount --bind "$0/data" "$0/data"; mount -t tmpfs tmpfs "$0/tmp"
		mount -o remount,ro,bind "$0"; exec chroot --userspec=65534:65534 "$0" /jifen "$@"' "$root/box")
	"${box[@]}" init --db /data/jifen.db --street 示例街道 >/dev/null
	answers "${box[@]}" serve --db /data/jifen.db --listen 127.0.0.1:0 --behind-proxy
	"${box[@]}" verify --db /data/jifen.db >/dev/null
else
	echo 'not tried with a root that cannot be written: no mounts can be made here'
fi

dpkg -r jifen
[ ! -e "$root/usr/bin/jifen" ] || fail 'the program is left after it was removed'
[ -e "$root/etc/jifen/jifen.env" ] || fail 'removing took the settings'
dpkg -P jifen
[ ! -e "$root/etc/jifen" ] || fail 'purging left the settings'
[ -e "$db" ] || fail 'purging took the database'

# The tarball: twice into another root; what somebody set stays.
other=$root/other
mkdir -p "$other/etc" "$root/open"
tar -xzf "$1"/jifen-*-linux-"$arch".tar.gz --strip-components=1 -C "$root/open"
DESTDIR=$other sh "$root/open/install.sh" >"$root/said" 2>&1
echo JIFEN_KEEP=7 >"$other/etc/jifen/jifen.env"
DESTDIR=$other sh "$root/open/install.sh" >"$root/said" 2>&1
[ "$(cat "$other/etc/jifen/jifen.env")" = JIFEN_KEEP=7 ] || fail 'install.sh of the tarball took the settings'
"$other/usr/bin/jifen" rules check "$other/usr/share/jifen/rules" >"$root/said" ||
	{ cat "$root/said" >&2; fail 'the rule files are not whole'; }
[ -d "$other/var/lib/jifen" ] || fail 'install.sh of the tarball made no folder'
echo "$(basename "$deb") and its tarball: installed, started, backed up, removed"
