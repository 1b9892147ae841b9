package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"jifen/internal/testkit/expect"
)

// byItself lists the commands that work on a database for nobody, with the reason of
// each; those of recovery do so only while nobody else administrates.
func byItself() map[string]string {
	return map[string]string{
		"init":        "nobody has an account yet",
		"demo":        "nobody has an account yet",
		"serve":       "whoever asks the site signs in",
		"daily":       "the timetable of the machine runs it",
		"backup":      "a copy is as secret as the file, and whoever may run it has the file",
		"verify":      "a file whose accounts may be wrong is looked through",
		"doctor":      "what is looked at is the machine's: nobody's points are shown",
		"restore":     "there is no database yet",
		"migrate":     "accounts are read when the shape is the present one",
		"user add":    "the last administrator is brought back",
		"user reset":  "the last administrator is brought back",
		"user unlock": "the last administrator is brought back",
	}
}

// TestCommandsActForSomebody: a command on a database requires --as, unless it is
// listed.
func TestCommandsActForSomebody(t *testing.T) {
	t.Parallel()
	parser, err := kong.New(&commands{})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, leaf := range parser.Model.Leaves(true) {
		onDatabase, forSomebody, named, proved, offices := false, false, 0, 0, 0
		for _, flag := range leaf.Flags {
			onDatabase = onDatabase || flag.Name == "db"
			forSomebody = forSomebody || flag.Name == "as" && flag.Required
			if flag.Name == "as" || strings.HasSuffix(flag.Name, "-as") {
				named++
			}
			if strings.HasSuffix(flag.Name, "password-file") {
				proved++
			}
			if strings.HasSuffix(flag.Name, "office") {
				offices++
			}
		}
		if named != proved || named != offices {
			t.Errorf("%s acts for %d people, %d of whom prove it, and %d in one office", leaf.FullPath(), named, proved, offices)
		}
		if onDatabase && !forSomebody {
			found[strings.TrimPrefix(leaf.FullPath(), parser.Model.Name+" ")] = true
		}
	}
	expect.Equal(t, "the commands that act for nobody", slices.Sorted(maps.Keys(found)),
		slices.Sorted(maps.Keys(byItself())))
}
