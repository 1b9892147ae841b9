package fault_test

import (
	"errors"
	"strings"
	"testing"

	"jifen/internal/fault"
)

// What somebody wrote is quoted in one line and never at length.
func TestQuote(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"":                      "",
		"七一":                    "七一",
		"甲\n乙\t丙\x00":           "甲 乙 丙 ",
		strings.Repeat("长", 30): strings.Repeat("长", 30),
		strings.Repeat("长", 31): strings.Repeat("长", 30) + "…",
	} {
		if got := fault.Quote(s); got != want {
			t.Errorf("%q is quoted as %q, want %q", s, got, want)
		}
	}
}

// An error that is no fault says nothing of itself.
func TestFrom(t *testing.T) {
	t.Parallel()
	f := fault.New(fault.Conflict, "已有")
	if got := fault.From(errors.Join(f)); got != f {
		t.Errorf("the fault itself is lost: %v", got)
	}
	cause := errors.New("secret cause")
	got := fault.From(cause)
	if got.Code != fault.Internal || strings.Contains(got.Error(), "secret") || !errors.Is(got, cause) {
		t.Errorf("%s: %v, cause %v", got.Code, got, got.Err)
	}
}

// What is absent and what is hidden answer with the same words.
func TestHide(t *testing.T) {
	t.Parallel()
	absent := fault.Hide(fault.New(fault.NotFound, "no such row"), "这名党员")
	if got := absent.Error(); got != "没有这名党员（也可能不在您的范围里）" || fault.CodeOf(absent) != fault.NotFound {
		t.Errorf("%s: %s", fault.CodeOf(absent), got)
	}
	if got := fault.Hidden(nil, "这名党员").Error(); got != absent.Error() {
		t.Errorf("what is hidden says %s", got)
	}
	other := fault.New(fault.Forbidden, "没有这个权限")
	if got := fault.Hide(other, "这名党员"); !errors.Is(got, other) || got.Error() != other.Error() {
		t.Errorf("another error became %v", got)
	}
	if err := fault.Hide(nil, "这名党员"); err != nil {
		t.Errorf("no error became %v", err)
	}
}

// Which faults a form can mend.
func TestCorrectable(t *testing.T) {
	t.Parallel()
	for code, want := range map[fault.Code]bool{
		fault.Invalid: true, fault.Conflict: true, fault.Forbidden: true, fault.TooMany: true,
		fault.Unauthenticated: false, fault.NotFound: false, fault.Stale: false, fault.Unavailable: false,
		fault.Internal: false,
	} {
		if got := fault.Correctable(fault.New(code, "x")); got != want {
			t.Errorf("%s is correctable: %v, want %v", code, got, want)
		}
		if !fault.Correctable(fault.New(code, "x"), code) {
			t.Errorf("%s is not correctable where a form says so", code)
		}
	}
	if fault.Correctable(nil) || fault.Correctable(nil, "") {
		t.Error("no error is correctable")
	}
}
