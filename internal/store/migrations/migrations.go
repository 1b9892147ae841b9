// Package migrations has what brings an older database to the shape of schema.sql.
//
// schema.sql is the truth of a fresh database. Version 1 is the shape in which the
// program was first released; every change of schema.sql after that has a step
// here, steps/NNNN_name.sql, which brings a database of version NNNN-1 to it. What it
// is for the program of the version before stands in its first line.
package migrations

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"maps"
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

// Dialect names the SQL of a kind of database, as it stands in the name of a file.
type Dialect string

// The dialects. A file without one is for both, or for SQLite alone where another of the
// same number says what PostgreSQL is to do.
const (
	SQLite   Dialect = ""
	Postgres Dialect = "postgres"
)

// Step brings a database from the version before to its own.
type Step struct {
	Version   int64
	Name      string // as in the file's name
	Script    string
	Contracts bool // the program of the version before cannot work on what comes of it
}

// Steps returns the program's own in a dialect, in order.
func Steps(of Dialect) ([]Step, error) {
	sub, err := fs.Sub(files, "steps")
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "读不了程序自带的改造步骤")
	}
	return Read(sub, of)
}

var (
	stepName = regexp.MustCompile(`^(\d{4})_([a-z0-9_]+)(?:\.(postgres))?\.sql$`)
	// A step runs in a transaction that is begun and ended around it.
	ending = regexp.MustCompile(`(?im)^[ \t]*(?:BEGIN(?:[ \t]+\w+)*[ \t]*` +
		`|(?:COMMIT|ROLLBACK|SAVEPOINT|PRAGMA|ATTACH|VACUUM)\b[^;]*);`)
)

// The first line of a step says what it is.
const (
	expands   = "-- expands"
	contracts = "-- contracts"
)

// Read reads the steps of a folder in a dialect. They are numbered without a gap from
// the one after the baseline, say in their first line whether they expand or contract,
// and leave the transaction and the version alone.
func Read(folder fs.FS, of Dialect) ([]Step, error) {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "读不了改造步骤")
	}
	common, own := map[string]Step{}, map[string]Step{}
	for _, e := range entries {
		if e.Name() == "README.md" {
			continue
		}
		step, dialect, err := readStep(folder, e.Name())
		if err != nil {
			return nil, err
		}
		to := common
		if dialect != SQLite {
			to = own
		}
		to[key(step)] = step
	}
	for name, step := range own {
		both, ok := common[name]
		if !ok || both.Contracts != step.Contracts {
			return nil, fault.New(fault.Internal, "改造步骤 %s.postgres.sql 旁边要有 %s.sql，两个的第一行一样", name, name)
		}
		if of == Postgres {
			common[name] = step
		}
	}
	return inOrder(slices.Collect(maps.Values(common)))
}

func key(s Step) string { return fmt.Sprintf("%04d_%s", s.Version, s.Name) }

// readStep reads one file.
func readStep(folder fs.FS, name string) (s Step, of Dialect, err error) {
	m := stepName.FindStringSubmatch(name)
	if m == nil {
		return s, of, fault.New(fault.Internal, "改造步骤的文件名写成 0002_name.sql，或 0002_name.postgres.sql，不是 %s", name)
	}
	text, err := fs.ReadFile(folder, name)
	if err != nil {
		return s, of, fault.Wrap(err, fault.Internal, "读不了改造步骤 %s", name)
	}
	s.Name, s.Script = m[2], string(text)
	if s.Version, err = strconv.ParseInt(m[1], 10, 64); err != nil {
		return s, of, fault.Wrap(err, fault.Internal, "改造步骤 %s 的号读不出来", name)
	}
	first, _, _ := strings.Cut(s.Script, "\n")
	switch strings.TrimSpace(first) {
	case expands:
	case contracts:
		s.Contracts = true
	default:
		return s, of, fault.New(fault.Internal, "改造步骤 %s 的第一行要写“%s”或“%s”，别的不写", name, expands, contracts).
			WithHint("只加、上一版的程序还能接着用的写 %s；上一版的程序不能再用的写 %s", expands, contracts)
	}
	if word := ending.FindString(s.Script); word != "" {
		return s, of, fault.New(fault.Internal, "改造步骤 %s 里不写“%s”：事务和版本由程序管", name, strings.TrimSpace(word))
	}
	return s, Dialect(m[3]), nil
}

// inOrder sorts steps, and refuses them where a number is left out or stands twice.
func inOrder(steps []Step) ([]Step, error) {
	slices.SortFunc(steps, func(a, b Step) int { return cmp.Compare(a.Version, b.Version) })
	for i, s := range steps {
		if want := int64(Baseline + 1 + i); s.Version != want {
			return nil, fault.New(fault.Internal, "改造步骤要一号接一号：缺 %04d，或者写了两个", want)
		}
	}
	return steps, nil
}
