// Package migrations has what brings an older database to the shape of schema.sql.
//
// schema.sql is the truth of a fresh database. Version 1 is the shape in which the
// program was first released; every change of schema.sql after that has a step
// here, steps/NNNN_name.sql, which brings a database of version NNNN-1 to it.
package migrations

import (
	"cmp"
	"embed"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"jifen/internal/fault"
)

//go:embed steps
var files embed.FS

// Baseline is the version of the first release, from which steps lead on.
const Baseline = 1

// Step brings a database from the version before to its own.
type Step struct {
	Version int64
	Name    string // as in the file's name
	Script  string
}

// Steps returns the program's own, in order.
func Steps() ([]Step, error) {
	sub, err := fs.Sub(files, "steps")
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "读不了程序自带的改造步骤")
	}
	return Read(sub)
}

var (
	stepName = regexp.MustCompile(`^(\d{4})_([a-z0-9_]+)\.sql$`)
	// A step runs in a transaction that is begun and ended around it.
	ending = regexp.MustCompile(`(?im)^[ \t]*(?:BEGIN(?:[ \t]+\w+)*[ \t]*` +
		`|(?:COMMIT|ROLLBACK|SAVEPOINT|PRAGMA|ATTACH|VACUUM)\b[^;]*);`)
)

// Read reads the steps of a folder. They are numbered without a gap from the one
// after the baseline, and leave the transaction and the version alone.
func Read(folder fs.FS) ([]Step, error) {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "读不了改造步骤")
	}
	var out []Step
	for _, e := range entries {
		if e.Name() == "README.md" {
			continue
		}
		m := stepName.FindStringSubmatch(e.Name())
		if m == nil {
			return nil, fault.New(fault.Internal, "改造步骤的文件名写成 0002_name.sql，不是 %s", e.Name())
		}
		text, err := fs.ReadFile(folder, e.Name())
		if err != nil {
			return nil, fault.Wrap(err, fault.Internal, "读不了改造步骤 %s", e.Name())
		}
		number, err := strconv.ParseInt(m[1], 10, 64)
		if err != nil {
			return nil, fault.Wrap(err, fault.Internal, "改造步骤 %s 的号读不出来", e.Name())
		}
		if word := ending.FindString(string(text)); word != "" {
			return nil, fault.New(fault.Internal, "改造步骤 %s 里不写“%s”：事务和版本由程序管", e.Name(), strings.TrimSpace(word))
		}
		out = append(out, Step{number, m[2], string(text)})
	}
	slices.SortFunc(out, func(a, b Step) int { return cmp.Compare(a.Version, b.Version) })
	for i, s := range out {
		if want := int64(Baseline + 1 + i); s.Version != want {
			return nil, fault.New(fault.Internal, "改造步骤要一号接一号：缺 %04d，或者写了两个", want)
		}
	}
	return out, nil
}
