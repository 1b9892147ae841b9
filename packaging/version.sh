#!/bin/sh
# version.sh prints the version of the commit that is checked out: the number of
# its tag v1.2.3, or 0 with the commit's time and name, so that later is higher.
set -eu

if tag=$(git describe --tags --exact-match --match 'v[0-9]*' 2>/dev/null); then
	version=${tag#v}
else
	version=0.$(TZ=UTC git log -1 --format=%cd --date=format-local:%Y%m%d%H%M%S).$(git rev-parse --short=12 HEAD)
fi
[ -z "$(git status --porcelain --untracked-files=no)" ] || version=$version+dirty
echo "$version"
