// Package expect states what a test expects, one condition at a time: what
// fails names the condition and shows the part that was looked at, never a whole
// page.
package expect

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"jifen/internal/fault"
)

// longest bounds the part of a text that a failure shows, in characters.
const longest = 400

// Equal compares a value with the one that should be.
func Equal[T any](tb testing.TB, what string, got, want T) {
	tb.Helper()
	if !reflect.DeepEqual(got, want) {
		tb.Errorf("%s is %s, want %s", what, show(got), show(want))
	}
}

// True reports a condition that does not hold, by its name, and shows the value
// that was looked at.
func True(tb testing.TB, condition bool, what string, got any) {
	tb.Helper()
	if !condition {
		tb.Errorf("not so: %s; it is %s", what, show(got))
	}
}

// Len ends the test unless a list is so long: what follows looks into it.
func Len[T any](tb testing.TB, what string, list []T, want int) {
	tb.Helper()
	if len(list) != want {
		tb.Fatalf("%s has %d, want %d: %s", what, len(list), want, show(list))
	}
}

// Empty checks that a list has nothing in it.
func Empty[T any](tb testing.TB, what string, list []T) {
	tb.Helper()
	if len(list) > 0 {
		tb.Errorf("%s should be empty: %s", what, show(list))
	}
}

// Fault checks the code of an error and that its message has some fragments.
func Fault(tb testing.TB, err error, code fault.Code, fragments ...string) {
	tb.Helper()
	if err == nil || fault.CodeOf(err) != code {
		tb.Errorf("the error is %q, want %q: %v", fault.CodeOf(err), code, err)
		return
	}
	Contains(tb, err.Error(), fragments...)
}

// NoError ends the test where a call failed: what follows looks at its result.
func NoError(tb testing.TB, what string, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatalf("%s failed: %v", what, err)
	}
}

// Err returns the error of a call that returns something else with it.
func Err[T any](_ T, err error) error { return err }

// Contains checks that a text has each of some fragments.
func Contains(tb testing.TB, text string, fragments ...string) {
	tb.Helper()
	for _, f := range fragments {
		if !strings.Contains(text, f) {
			tb.Errorf("there is no %q in:\n%s", f, clip(text))
		}
	}
}

// InOrder checks that a text has some fragments one after the other.
func InOrder(tb testing.TB, text string, fragments ...string) {
	tb.Helper()
	for i, f := range fragments {
		_, after, ok := strings.Cut(text, f)
		if !ok {
			tb.Errorf("there is no %q after the %d before it; what follows them is:\n%s", f, i, clip(text))
			return
		}
		text = after
	}
}

// Lacks checks that a text has none of some fragments.
func Lacks(tb testing.TB, text string, fragments ...string) {
	tb.Helper()
	for _, f := range fragments {
		if i := strings.Index(text, f); i >= 0 {
			tb.Errorf("%q should not be there: %s", f, around(text, i, len(f)))
		}
	}
}

// clip shortens a text for a failure.
func clip(s string) string {
	if utf8.RuneCountInString(s) <= longest {
		return s
	}
	return string([]rune(s)[:longest]) + " … (" + count(utf8.RuneCountInString(s)) + " characters)"
}

// around returns a part of a text with what stands before and after it.
func around(s string, at, long int) string {
	before, after := []rune(s[:at]), []rune(s[at+long:])
	before, after = before[max(0, len(before)-longest/4):], after[:min(len(after), longest/4)]
	return "… " + string(before) + s[at:at+long] + string(after) + " …"
}
