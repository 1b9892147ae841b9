package ruletest

import (
	"slices"

	"jifen/internal/domain"
	"jifen/internal/ruleset"
)

// Coverage holds the parts of a rule file that some worked case has touched.
type Coverage struct {
	touched map[string]bool
}

// Add counts what the outcomes of one file of cases touched.
func (c *Coverage) Add(outcomes []Outcome) {
	if c.touched == nil {
		c.touched = map[string]bool{}
	}
	for i := range outcomes {
		for _, path := range outcomes[i].touched {
			c.touched[path] = true
		}
	}
}

// Untouched lists the clauses that no case touched, in the order of the
// language: categories somebody was in, items of which something was recorded
// or arose, red lines that acted, grades that were given, alerts that were
// raised, benchmarks that were met.
func (c *Coverage) Untouched(book *ruleset.RuleSet) []string {
	var out []string
	look := func(section, name string) {
		if path := section + "." + name; !c.touched[path] {
			out = append(out, path)
		}
	}
	for i := range book.Categories {
		look("类别", book.Categories[i].Code)
	}
	for i := range book.Items {
		look("项目", book.Items[i].Name)
	}
	for i := range book.RedLines {
		look("红线", book.RedLines[i].Name)
	}
	for _, name := range book.GradeNames {
		look("等次", name)
	}
	for i := range book.Alerts {
		look("预警", book.Alerts[i].Name)
	}
	for i := range book.Benchmarks {
		look("标杆", book.Benchmarks[i].Name)
	}
	return out
}

// touchedParts lists what of a rule file one life touched.
func touchedParts(book *ruleset.RuleSet, record *domain.MemberHistory, account *domain.Statement) []string {
	var out []string
	touch := func(section, name string) {
		if path := section + "." + name; name != "" && !slices.Contains(out, path) {
			out = append(out, path)
		}
	}
	s := &account.Standing
	touch("类别", s.Category)
	for i := range record.Entries {
		touch("项目", record.Entries[i].Item)
	}
	for i := range record.Attendance {
		for _, k := range book.Following(record.Attendance[i].Kind) {
			if it := &book.Items[k]; len(it.Statuses) == 0 || slices.Contains(it.Statuses, record.Attendance[i].Status) {
				touch("项目", it.Name)
			}
		}
	}
	var walk func(l *domain.Line)
	walk = func(l *domain.Line) {
		if l.Kind == domain.LineEntry {
			touch("项目", l.Name)
		}
		for i := range l.Children {
			walk(&l.Children[i])
		}
	}
	walk(&account.Total)
	for i := range account.Idle {
		walk(&account.Idle[i])
	}
	for _, name := range s.RedLines {
		touch("红线", name)
	}
	touch("等次", s.Grade)
	touch("等次", s.Bare)
	for i := range s.Alerts {
		touch("预警", s.Alerts[i].Name)
	}
	for _, name := range s.Meets {
		touch("标杆", name)
	}
	return out
}
