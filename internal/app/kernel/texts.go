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

// Hide answers the same for what is absent and what is hidden.
func Hide(err error, what string) error {
	if fault.CodeOf(err) == fault.NotFound {
		return fault.Wrap(err, fault.NotFound, "没有%s", what).WithHint("也可能不在您的范围里")
	}
	return err
}

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
