package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Catalogue describes what a database is made of.
type Catalogue struct {
	Whole string // SHA-256, hex, of all that two databases of one shape have in common
	Parts string // the lines of its parts, in the order of bytes
}

// The first word of a part; the second is the table's name. A part that asks is a column
// to which every new row must give a value.
const (
	PartColumn  = "column"
	PartAsks    = "asks"
	PartKey     = "key"
	PartTrigger = "trigger"
	PartCheck   = "check"
	PartIndex   = "index" // that only makes reading quick
)

// CatalogueOf makes a catalogue of the lines of its parts; more goes into the whole of it,
// and indexes do not: a database may have some of its own.
func CatalogueOf(parts []string, more ...string) Catalogue {
	slices.Sort(parts)
	whole := slices.DeleteFunc(slices.Clone(parts), func(line string) bool {
		word, _, _ := PartOf(line)
		return word == PartIndex
	})
	sum := sha256.Sum256([]byte(strings.Join(append(whole, more...), "\n")))
	return Catalogue{hex.EncodeToString(sum[:]), strings.Join(parts, "\n")}
}

// PartOf returns the first words of a line of a catalogue, and the rest.
func PartOf(line string) (word, table, rest string) {
	word, rest, _ = strings.Cut(line, " ")
	table, rest, _ = strings.Cut(rest, " ")
	return word, table, rest
}

// Same returns the first line that tells another catalogue from this one, "" for none:
// what it lacks or has more, but for more indexes. A difference that no line tells is "?".
func (c Catalogue) Same(other Catalogue) string {
	has, known := lines(other), lines(c)
	for line := range known {
		if !has[line] {
			return first(known, has)
		}
	}
	if c.Whole == other.Whole {
		return ""
	}
	for line := range has {
		if word, _, _ := PartOf(line); word == PartIndex {
			known[line] = true
		}
	}
	if line := first(has, known); line != "" {
		return line
	}
	return "?"
}

// Obstacle returns the first line that keeps a program that knows this catalogue from
// working on a database that has another, "" for none. All its columns, keys and triggers
// must be there; of what it does not know, no column of its tables may ask for a value and
// no trigger may stand on them.
func (c Catalogue) Obstacle(other Catalogue) string {
	known, has := lines(c), lines(other)
	tables := map[string]bool{}
	needs, hinders := map[string]bool{}, map[string]bool{}
	for line := range known {
		switch word, table, _ := PartOf(line); word {
		case PartColumn, PartKey, PartTrigger:
			tables[table] = true
			needs[line] = true
		}
	}
	for line := range has {
		if word, table, _ := PartOf(line); tables[table] && (word == PartAsks || word == PartTrigger) {
			hinders[line] = true
		}
	}
	if line := first(needs, has); line != "" {
		return line
	}
	return first(hinders, known)
}

func lines(c Catalogue) map[string]bool {
	out := map[string]bool{}
	for line := range strings.SplitSeq(c.Parts, "\n") {
		if line != "" {
			out[line] = true
		}
	}
	return out
}

// first returns the first of some lines that others have not.
func first(of, others map[string]bool) string {
	least := ""
	for line := range of {
		if !others[line] && (least == "" || line < least) {
			least = line
		}
	}
	return least
}
