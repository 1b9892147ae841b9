#!/bin/sh
# need.sh TOOL... checks that what a make target needs is here: go, cc, node,
# npm, make, dpkg, and a C compiler for amd64 or arm64. It says in one sentence what is missing and how to get it, and fails.
# Only the shell's own words are used until something is missing, so that the
# check itself needs nothing.
set -u

what=     # what is missing, in words
packages= # the Debian packages that bring it
page=     # where to get what apt does not have

# missing WORDS PACKAGE adds one thing to the sentence.
missing() {
	what=${what:+$what, }$1
	packages="$packages${2:+ $2}"
}

# apt_has_go reports whether this machine's apt offers Go 1.26 or newer.
apt_has_go() {
	case $(LC_ALL=C apt-cache policy golang-go 2>/dev/null) in
	*'Candidate: 2:1.2'[6-9]* | *'Candidate: 2:1.'[3-9][0-9]*) return 0 ;;
	esac
	return 1
}

# go env is asked in the module's folder, where the go command switches to the
# toolchain that go.mod names if it may.
need_go() {
	case $(go env GOVERSION 2>/dev/null) in
	go1.2[6-9]* | go1.[3-9][0-9]* | go[2-9]*) return ;;
	esac
	if apt_has_go; then
		missing 'Go 1.26 or newer' golang-go
	else
		missing 'Go 1.26 or newer' ''
		page=https://go.dev/dl
	fi
}

# The compiler is the one cgo will call: $CC, else Go's own choice. A compiler
# alone is not enough: Debian's gcc comes without the C library's headers when
# recommended packages are left out.
need_cc() {
	cc=${CC:-$(go env CC 2>/dev/null)}
	cc=${cc:-gcc}
	if ! command -v "${cc%% *}" >/dev/null; then
		missing 'a C compiler' gcc
	elif ! echo '#include <stdlib.h>' | $cc -E - >/dev/null 2>&1; then
		missing "the C library's headers" libc6-dev
	fi
}

# need_target ARCH GNU PACKAGE looks for a C compiler that makes programs for ARCH:
# this machine's own, or one for another.
need_target() {
	if [ "$(go env GOHOSTARCH 2>/dev/null)" = "$1" ]; then
		need_cc
	elif ! command -v "$2-gcc" >/dev/null; then
		missing "a C compiler for $1" "$3 libc6-dev-$1-cross"
	fi
}

for tool; do
	case $tool in
	go) need_go ;;
	cc) need_cc ;;
	node) command -v node >/dev/null || missing 'Node.js' nodejs ;;
	npm) command -v npm >/dev/null || missing 'npm' npm ;;
	make) command -v make >/dev/null || missing 'make' make ;;
	dpkg) command -v dpkg-deb >/dev/null || missing "Debian's package tools" dpkg ;;
	amd64) need_target amd64 x86_64-linux-gnu gcc-x86-64-linux-gnu ;;
	arm64) need_target arm64 aarch64-linux-gnu gcc-aarch64-linux-gnu ;;
	*)
		echo "need.sh knows go, cc, node, npm, make, dpkg, amd64 and arm64, not $tool" >&2
		exit 2
		;;
	esac
done
[ -n "$what" ] || exit 0

case $what in
*,*) what="${what%, *} and ${what##*, }" them=them ;;
*) them=it ;;
esac
sudo='sudo '
[ "$(id -u 2>/dev/null)" != 0 ] || sudo=
how="${packages:+with: ${sudo}apt-get install$packages}"
case $page,$packages in
,*) ;;
*,) how="from $page" ;;
*) how="$how (Go from $page)" ;;
esac
echo "jifen needs $what; install $them $how" >&2
exit 1
