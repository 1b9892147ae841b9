package kernel

import (
	"errors"
	"strings"
	"unicode/utf8"

	"jifen/internal/fault"
)

// Limits of what one form may carry.
const (
	MaxPeople = 2000 // or requests, in one form
	MaxNote   = 500  // runes of a free text
)

// Note limits a free text and returns it without blanks at its ends.
func Note(text, what string) (string, error) {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) > MaxNote {
		return "", fault.New(fault.Invalid, "%s太长", what).WithHint("最多 %d 字", MaxNote)
	}
	return text, nil
}

// Reason returns what a person is told of one row among many.
func Reason(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		if f.Hint != "" {
			return f.Message + "（" + f.Hint + "）"
		}
		return f.Message
	}
	return err.Error()
}
