#!/bin/sh
# reproducible.sh ARCH... builds the packages of the last commit twice, in clones of
# two names and with caches of their own, and fails unless every file is the same.
set -eu

top=$(git rev-parse --show-toplevel)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in one another-folder; do
	git clone -q "$top" "$work/$name/jifen"
	cache=$(go env GOCACHE)
	[ "$name" = one ] || cache=$work/cache
	GOCACHE=$cache make -s -C "$work/$name/jifen" package ARCHS="$*"
done
cd "$work/one/jifen/bin/packages"
count=0
for file in *; do
	cmp "$file" "$work/another-folder/jifen/bin/packages/$file"
	count=$((count + 1))
done
echo "$count files were built twice and are equal"
