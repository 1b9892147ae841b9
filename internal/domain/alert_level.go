package domain

import (
	"cmp"
	"slices"
)

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

// Compare orders open alerts as people are asked to see to them: the gravest first,
// then by the day until which something has to be done.
func (a *Alert) Compare(other *Alert) int {
	return cmp.Or(other.Level.Compare(a.Level), cmp.Compare(a.Due, other.Due))
}
