package standings_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"jifen/internal/app/standings"
	"jifen/internal/ruletest"
	"jifen/internal/ruleversions"
	shipped "jifen/rules"
)

// update writes down what the engine computes now.
var update = flag.Bool("update", false, "write testdata/engine.txt anew") //nolint:gochecknoglobals // a test's flag

// TestTheEngineIsRaisedWithWhatItComputes holds the engine's name, under which
// standings are cached, against what it makes of every case that ships: cached
// standings of another engine are stale, so a change of scoring has to raise it.
func TestTheEngineIsRaisedWithWhatItComputes(t *testing.T) {
	t.Parallel()
	now := standings.Engine + " " + computed(t) + "\n"
	if *update {
		if err := os.WriteFile("testdata/engine.txt", []byte(now), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	was, err := os.ReadFile("testdata/engine.txt")
	if err != nil {
		t.Fatal(err)
	}
	engine, digest, _ := strings.Cut(strings.TrimSpace(string(was)), " ")
	switch same := strings.HasSuffix(strings.TrimSpace(now), digest); {
	case same && engine != standings.Engine:
		t.Errorf("engine is %q and computes what %q did: go test -run TestTheEngine -update", standings.Engine, engine)
	case !same && engine == standings.Engine:
		t.Errorf("the worked cases come to something else, or there are others: if scoring changed, raise engine (%q); "+
			"then go test ./internal/app/standings -run TestTheEngine -update", engine)
	case !same:
		t.Errorf("engine was raised to %q: go test ./internal/app/standings -run TestTheEngine -update", standings.Engine)
	}
}

// computed returns a digest of the statements of all cases that ship.
func computed(t *testing.T) string {
	t.Helper()
	_, caseFiles, err := ruletest.Files(shipped.Files, ".")
	if err != nil || len(caseFiles) == 0 {
		t.Fatal(caseFiles, err)
	}
	sum := sha256.New()
	read := func(name string) ([]byte, error) { return fs.ReadFile(shipped.Files, name) }
	for _, name := range caseFiles {
		src, err := read(name)
		if err != nil {
			t.Fatal(err)
		}
		l := ruletest.Read(name, src)
		if l.Book == nil {
			t.Fatal(l.Format())
		}
		var names []string
		for _, file := range append(slices.Clone(l.Book.Rules), l.Book.Added...) {
			names = append(names, path.Join(path.Dir(name), file))
		}
		files, broken, err := ruleversions.Open(names, read)
		if err != nil || len(broken) > 0 {
			t.Fatal(err, broken)
		}
		for _, o := range l.Book.RunUnder(files) {
			text, err := json.Marshal([]any{name, o.Name, o.Statement.Standing, o.Statement.Total})
			if err != nil {
				t.Fatal(err)
			}
			_, _ = sum.Write(text)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}
