package migrations

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestStepsOfTheProgram(t *testing.T) {
	t.Parallel()
	for _, of := range []Dialect{SQLite, Postgres} {
		if _, err := Steps(of); err != nil {
			t.Error(err)
		}
	}
}

func TestWhichStepsAreRead(t *testing.T) {
	t.Parallel()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	const trigger = "-- expands\nCREATE TRIGGER x BEFORE DELETE ON a\nBEGIN\n  SELECT RAISE(ABORT, 'no');\nEND;"
	const add = "-- expands\nALTER TABLE a ADD COLUMN b TEXT;"
	for name, c := range map[string]struct {
		folder fstest.MapFS
		want   string // of the error; "" for none
		steps  int
	}{
		"none":          {folder: fstest.MapFS{"README.md": file("x")}},
		"two":           {folder: fstest.MapFS{"0003_b.sql": file(add), "0002_a.sql": file(add)}, steps: 2},
		"a gap":         {folder: fstest.MapFS{"0002_a.sql": file(add), "0004_b.sql": file(add)}, want: "缺 0003"},
		"twice":         {folder: fstest.MapFS{"0002_a.sql": file(add), "0002_b.sql": file(add)}, want: "缺 0003"},
		"the baseline":  {folder: fstest.MapFS{"0001_a.sql": file(add)}, want: "缺 0002"},
		"no first line": {folder: fstest.MapFS{"0002_a.sql": file("\n" + add)}, want: "第一行要写“-- expands”"},
		"another word":  {folder: fstest.MapFS{"0002_a.sql": file("-- adds\n")}, want: "或“-- contracts”"},
		"two dialects":  {folder: fstest.MapFS{"0002_a.sql": file(add), "0002_a.postgres.sql": file(add)}, steps: 1},
		"one dialect":   {folder: fstest.MapFS{"0002_a.postgres.sql": file(add)}, want: "旁边要有 0002_a.sql"},
		"two minds": {
			folder: fstest.MapFS{"0002_a.sql": file(add), "0002_a.postgres.sql": file("-- contracts\n")}, want: "第一行一样",
		},
		"another name": {folder: fstest.MapFS{"2_a.sql": file(add)}, want: "不是 2_a.sql"},
		"a commit":     {folder: fstest.MapFS{"0002_a.sql": file(add + "\n  commit;\n" + add)}, want: "不写“commit;”"},
		"a pragma": {
			folder: fstest.MapFS{"0002_a.sql": file("-- expands\nPRAGMA user_version = 9;")}, want: "事务和版本由程序管",
		},
		"a trigger":     {folder: fstest.MapFS{"0002_a.sql": file(trigger)}, steps: 1},
		"begin by line": {folder: fstest.MapFS{"0002_a.sql": file("-- expands\nBEGIN;\n" + add)}, want: "不写“BEGIN;”"},
	} {
		steps, err := Read(c.folder, SQLite)
		switch {
		case c.want == "" && (err != nil || len(steps) != c.steps):
			t.Errorf("%s: %d steps, %v", name, len(steps), err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v", name, err)
		}
		for i, s := range steps {
			if s.Version != int64(i+2) || s.Script == "" {
				t.Errorf("%s: step %d is %+v", name, i, s)
			}
		}
	}
}

func TestEachDatabaseHasItsDialect(t *testing.T) {
	t.Parallel()
	folder := fstest.MapFS{
		"0002_a.sql": {Data: []byte("-- expands\nfile")}, "0002_a.postgres.sql": {Data: []byte("-- expands\nserver")},
		"0003_b.sql": {Data: []byte("-- contracts\nboth")},
	}
	for of, want := range map[Dialect]string{SQLite: "file", Postgres: "server"} {
		steps, err := Read(folder, of)
		if err != nil || len(steps) != 2 {
			t.Fatalf("%q: %d steps, %v", of, len(steps), err)
		}
		a, b := steps[0], steps[1]
		if a.Script != "-- expands\n"+want || a.Contracts || b.Script != "-- contracts\nboth" || !b.Contracts {
			t.Errorf("%q: %+v", of, steps)
		}
	}
}
