#!/bin/sh
# compile.sh FOLDER VERSION writes the program and the licences of what is linked
# into it: FOLDER/jifen and FOLDER/copyright. It is linked statically, so that it
# runs on any Linux and needs nothing beside it. nomsgpack leaves a format out that
# nobody asks for, and with it six megabytes of every running server.
set -eu

export CGO_ENABLED=1 GOOS=linux GOFLAGS='-trimpath -buildvcs=false -tags=netgo,osusergo,nomsgpack,sqlite_omit_load_extension'
go build -ldflags "-s -w -X main.version=$2 -linkmode external -extldflags -static" -o "$1/jifen" ./cmd/jifen
sh packaging/licences.sh >"$1/copyright"
