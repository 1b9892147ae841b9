package ruleset

import (
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/formula"
)

// dateWords lists what SlotDate holds: in which quarter and month of the year
// the day lies that is looked at. A file may give these names to something of
// its own.
func dateWords() []string { return []string{"季度", "月份"} }

// dateWord resolves 季度 and 月份: wherever a category may be read there is a day
// on which it is.
func (s *scope) dateWord(name string) (sym formula.Symbol, known, allowed bool) {
	i := slices.Index(dateWords(), name)
	if i < 0 {
		return sym, false, false
	}
	allowed = s.may&mayCategory != 0
	return formula.Symbol{Type: formula.Numeric, Slot: SlotDate | i, Max: datesIn(i)}, true, allowed
}

// datesIn returns how many quarters or months a year has.
func datesIn(word int) int64 { return [...]int64{4, 12}[word] }

// DateOf returns what a word of SlotDate is on a day.
func DateOf(word int, day calendar.Day) int64 {
	_, month, _ := day.Civil()
	if word == 0 {
		return int64(month-1)/3 + 1
	}
	return int64(month)
}
