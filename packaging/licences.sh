#!/bin/sh
# licences.sh prints the licence of everything that is linked into the program for
# GOARCH, and fails when one has none.
set -eu

# part NAME FILE... prints licence files under a heading.
part() {
	printf '\n======== %s ========\n' "$1"
	shift
	for file; do
		printf '\n'
		tr -d '\r' <"$file"
	done
}

echo 'jifen is made of its own sources and of what follows, each under its own licence.'
part 'the Go standard library and runtime' "$(go env GOROOT)/LICENSE"
modules=$(go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' ./cmd/jifen)
printf '%s\n' "$modules" | sort -u | while read -r path version dir; do
	[ -n "$path" ] || continue # packages of the standard library and our own
	set -- # the licence files of this module
	for file in "$dir"/*; do
		case $(basename "$file" | tr '[:lower:]' '[:upper:]') in
		LICENSE* | LICENCE* | COPYING* | NOTICE*) [ ! -f "$file" ] || set -- "$@" "$file" ;;
		esac
	done
	if [ $# = 0 ]; then
		echo "$path $version has no licence file" >&2
		exit 1
	fi
	part "$path $version" "$@"
done
printf '\n======== SQLite ========\n\nIn the public domain.\n'
part 'the style and the script of the pages' web/dist/licences.txt
printf '\n======== the GNU C library ========\n\n'
echo 'Linked statically, under the GNU Lesser General Public License, version 2.1 or later. Whoever wants to link the'
echo 'program with another version of it builds it from its sources: make package.'
part 'the GNU C library, its notices' /usr/share/doc/libc6-dev/copyright
