#!/bin/sh
# build.sh FOLDER ARCH... makes for each of amd64 and arm64 a tarball and a Debian
# package, and SHA256SUMS of all. One commit gives the same bytes in every folder:
# times are the commit's, modes and order are fixed.
set -eu
umask 022

out=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."
mkdir -p "$out"
out=$(cd "$out" && pwd)
rm -f "$out"/jifen[-_]* "$out/SHA256SUMS"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH LC_ALL=C TZ=UTC DPKG_DEB_THREADS_MAX=1
version=$(sh packaging/version.sh)

# compiler ARCH chooses the C compiler: this machine's own, or the one for another.
compiler() {
	case $1 in
	"$(go env GOHOSTARCH)") CC=gcc ;;
	amd64) CC=x86_64-linux-gnu-gcc ;;
	arm64) CC=aarch64-linux-gnu-gcc ;;
	*)
		echo "packages are built for amd64 and arm64, not $1" >&2
		exit 2
		;;
	esac
	export CC
}

# put MODE FILE PLACE lays one file into the tree.
put() { install -D -m "$1" "$2" "$tree/$3"; }

# shared lays what is the same on every machine.
shared() {
	put 644 packaging/systemd/jifen.service usr/lib/systemd/system/jifen.service
	put 644 packaging/systemd/jifen-backup.service usr/lib/systemd/system/jifen-backup.service
	put 644 packaging/systemd/jifen-backup.timer usr/lib/systemd/system/jifen-backup.timer
	put 644 packaging/systemd/sysusers.conf usr/lib/sysusers.d/jifen.conf
	put 644 packaging/systemd/tmpfiles.conf usr/lib/tmpfiles.d/jifen.conf
	put 640 packaging/jifen.env etc/jifen/jifen.env
	put 644 packaging/proxy/Caddyfile usr/share/doc/jifen/proxy/Caddyfile
	put 644 packaging/proxy/nginx.conf usr/share/doc/jifen/proxy/nginx.conf
	put 644 docs/install.md usr/share/doc/jifen/install.md
	put 644 docs/manual.md usr/share/doc/jifen/manual.md
	put 644 CHANGELOG.md usr/share/doc/jifen/CHANGELOG.md
	put 644 rules/README.md usr/share/doc/jifen/rules.md
	find rules -name '*.yaml' | while IFS= read -r file; do put 644 "$file" "usr/share/jifen/$file"; done
}

# tarball packs the tree under one folder.
tarball() {
	mkdir "$work/tar"
	cp -a "$tree" "$work/tar/$1"
	install -m 755 packaging/install.sh "$work/tar/$1/install.sh"
	tar -C "$work/tar" --sort=name --format=gnu --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
		-cf - "$1" | gzip -9n >"$out/$1.tar.gz"
	rm -rf "$work/tar"
}

# debian packs the tree as a Debian package.
debian() {
	size=$(find "$tree" -type f -printf '%s\n' | awk '{n += int(($1 + 1023) / 1024)} END {print n}')
	(cd "$tree" && find . -type f -printf '%P\n' | sort | xargs md5sum) >"$work/md5sums"
	sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$1/" -e "s/@SIZE@/$size/" packaging/debian/control >"$work/control"
	put 644 "$work/control" DEBIAN/control
	put 644 "$work/md5sums" DEBIAN/md5sums
	put 644 packaging/debian/conffiles DEBIAN/conffiles
	for script in postinst prerm postrm; do put 755 "packaging/debian/$script" "DEBIAN/$script"; done
	find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
	dpkg-deb -Zxz --root-owner-group --build "$tree" "$out/jifen_${version}_$1.deb" >/dev/null
}

for arch; do
	echo "building $version for linux/$arch"
	tree=$work/tree
	export GOARCH="$arch"
	compiler "$arch"
	sh packaging/compile.sh "$work" "$version"
	put 755 "$work/jifen" usr/bin/jifen
	put 644 "$work/copyright" usr/share/doc/jifen/copyright
	shared
	tarball "jifen-$version-linux-$arch"
	debian "$arch"
	rm -rf "$tree"
done
cd "$out"
sha256sum jifen* >SHA256SUMS
cat SHA256SUMS
