package domain

import (
	"cmp"
	"slices"

	"jifen/internal/calendar"
)

// Alert (预警) is a proposal to a person, never a disposal.
type Alert struct {
	Name    string
	On      calendar.Day // the day it was judged: its window's last day
	Window  string       // the window's key; "" for one judged at once (实时)
	Run     int          // how many complete windows running
	Level   AlertLevel
	Suggest string       // the step the rules suggest
	Owner   string       // the organ or post that must act
	Due     calendar.Day // by when
	Clause  int          // which clause of the rule file says so
}

// Compare orders open alerts as people are asked to see to them: the gravest first,
// then by the day until which something has to be done.
func (a *Alert) Compare(other *Alert) int {
	return cmp.Or(other.Level.Compare(a.Level), cmp.Compare(a.Due, other.Due))
}

// WindowLabel prints what stretch of time an alert speaks of: 2026年12月.
func (a *Alert) WindowLabel() string {
	p, err := calendar.ParseWindow(a.Window)
	if err != nil {
		return "截至 " + a.On.String()
	}
	return p.Label()
}

// RunLabel prints for how many windows running an alert has held: 3 个月; "" for the
// first.
func (a *Alert) RunLabel() string {
	p, err := calendar.ParseWindow(a.Window)
	if err != nil || a.Run < 2 {
		return ""
	}
	return p.Unit.Count(a.Run)
}

// AlertLevel (级别) names how grave an alert is, in the word of the rule file, which is
// also what is kept and shown.
type AlertLevel string

// The levels of alerts.
const (
	AlertReminder AlertLevel = "提醒"
	AlertWarning  AlertLevel = "警示"
	AlertRed      AlertLevel = "红"
)

// AlertLevels lists every level, the mildest first.
func AlertLevels() []AlertLevel { return []AlertLevel{AlertReminder, AlertWarning, AlertRed} }

// Compare orders levels: below 0 for one milder than another. A word that is no
// level is milder than all.
func (l AlertLevel) Compare(other AlertLevel) int {
	return cmp.Compare(slices.Index(AlertLevels(), l), slices.Index(AlertLevels(), other))
}
