#!/bin/sh
# install.sh puts the program in its places where there are no Debian packages:
# run it as root in the folder of the tarball, and again for a newer version.
# Settings that are there are not touched. DESTDIR is another root than /.
set -eu

cd "$(dirname "$0")"
root=${DESTDIR:-}
find usr etc -type f | while IFS= read -r file; do
	case $file in
	etc/*) [ ! -e "$root/$file" ] || continue ;;
	esac
	mode=$(stat -c %a "$file")
	install -D -m "$mode" "$file" "$root/$file"
done
systemd-sysusers --root="${root:-/}" jifen.conf
systemd-tmpfiles --root="${root:-/}" --create jifen.conf
if [ -z "$root" ] && [ -d /run/systemd/system ]; then
	systemctl daemon-reload
	systemctl try-restart jifen.service jifen-backup.timer
fi
echo "程序放好了，接着看 $root/usr/share/doc/jifen/install.md"
