package fault

import (
	"errors"
	"slices"
	"strings"
	"unicode"
)

// quotable bounds what a sentence quotes of what somebody wrote, in characters.
const quotable = 30

// Quote shortens what somebody wrote to what a sentence can quote, and keeps it
// in one line.
func Quote(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > quotable {
		return string(runes[:quotable]) + "…"
	}
	return s
}

// From returns the fault in an error. An error without one is our mistake and
// says nothing of itself.
func From(err error) *Error {
	var f *Error
	if errors.As(err, &f) {
		return f
	}
	return Wrap(err, Internal, "程序出错了").WithHint("请稍后再试；还不行，请告诉系统管理员")
}

// Hide answers the same for what is absent and what is hidden from the person;
// what names it. Other errors pass.
func Hide(err error, what string) error {
	if CodeOf(err) == NotFound {
		return Hidden(err, what)
	}
	return err
}

// Hidden returns the fault of something that is absent or hidden; err, which may
// be nil, is its cause.
func Hidden(err error, what string) *Error {
	return Wrap(err, NotFound, "没有%s", what).WithHint("也可能不在您的范围里")
}

// Correctable reports whether the person at a form can go on from what an error
// says: the form comes back with what was typed. Everything else is answered by
// a page of its own, as is what the form's address names; a form that names
// something itself adds NotFound.
func Correctable(err error, more ...Code) bool {
	code := CodeOf(err)
	switch code {
	case Invalid, Conflict, Forbidden, TooMany:
		return true
	}
	return err != nil && slices.Contains(more, code)
}
