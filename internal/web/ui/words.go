package ui

import (
	"html/template"
	"strconv"
	"strings"
	"unicode/utf8"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	assets "jifen/web"
)

// words returns the functions of the templates. They put things into words and
// addresses; what to show, the view has decided.
func words(names assets.Manifest) template.FuncMap {
	return template.FuncMap{
		"mistake": mistaken,
		"fixed":   fixed,
		"points":  domain.Points.String,
		"signed":  signed,
		"change":  change,
		"day":     calendar.Day.String,
		"level":   domain.Level.String,
		"bar":     bar,
		"fall":    func(move int) int { return -move },
		"short":   func(name string) bool { return utf8.RuneCountInString(name) == 2 },
		"built":   names.Built,
		"asset":   func(name string) string { return AssetsPath + names[name] },

		"branchPath":      BranchPath,
		"orgPath":         OrgPath,
		"newActivityPath": NewActivityPath,
		"memberPath":      MemberPath,
		"entryPath":       EntryPath,
		"reversePath":     ReversePath,
		"undoPath":        UndoPath,
		"accountPath":     AccountPath,
		"tokenPath":       TokenPath,
		"proposalPath":    ProposalPath,
		"slipPath":        SlipPath,
		"draftPath":       DraftPath,
		"bulkPath":        BulkPath,
		"groupsPath":      GroupsPath,
		"factsPath":       FactsPath,
		"incomingPath":    IncomingPath,
		"lackingPath":     LackingPath,
		"othersPath":      OthersPath,
		"correctPath":     CorrectPath,
		"changesPath":     ChangesPath,

		"reverseChangePath": ReverseChangePath,
		"renamePath":        RenamePath,
		"linksPath":         LinksPath,
		"textsPath":         TextsPath,
		"erasePersonPath":   ErasePersonPath,
	}
}

// mistake names the fault of one input, with the id by which the input
// points to it. The zero mistake is none.
type mistake struct{ ID, Words string }

// mistaken returns what is wrong with an input. Where a page has several of a
// name, their number keeps the ids apart.
func mistaken(r Refusal, input string, number ...int) mistake {
	id := "wrong-" + input
	if len(number) > 0 {
		id = "wrong-" + strconv.Itoa(number[0])
	}
	return mistake{id, r.Wrong(input)}
}

// fixed prints points with so many decimals at least, so that the figures of a
// column stand under each other.
func fixed(p domain.Points, places int) string {
	text := p.String()
	_, fraction, dot := strings.Cut(text, ".")
	if places > len(fraction) {
		if !dot {
			text += "."
		}
		text += strings.Repeat("0", places-len(fraction))
	}
	return text
}

// decimals returns how many decimals points need, 0 to 2.
func decimals(p domain.Points) int {
	_, fraction, _ := strings.Cut(p.String(), ".")
	return len(fraction)
}

// signed prints what an entry adds: +2, -5, 0.
func signed(p domain.Points) string {
	if p == 0 {
		return "0"
	}
	return p.Signed()
}

// change puts what becomes of a total into words: 加 2 分.
func change(p domain.Points) string {
	switch {
	case p > 0:
		return "加 " + p.String() + " 分"
	case p < 0:
		return "减 " + (-p).String() + " 分"
	default:
		return "不加不减"
	}
}

// bar returns how long the bar of a value is, in per cent of the longest.
func bar(value, highest domain.Points) int {
	if value <= 0 || highest <= 0 {
		return 0
	}
	return int(min(value*100/highest, 100))
}
