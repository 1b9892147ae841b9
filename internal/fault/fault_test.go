package fault_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"jifen/internal/fault"
)

func TestTheCauseIsKeptAndNeverShown(t *testing.T) {
	t.Parallel()
	cause := errors.New("secret cause")
	f := fault.Wrap(cause, fault.Invalid, "“%s”不是日期", "昨天").WithHint("写成 %s", "2026-03-05")
	if got := f.Error(); got != "“昨天”不是日期（写成 2026-03-05）" || strings.Contains(got, "secret") {
		t.Error(got)
	}
	if !errors.Is(f, cause) {
		t.Error("the cause is lost")
	}
}

func TestCodeOf(t *testing.T) {
	t.Parallel()
	for want, err := range map[fault.Code]error{
		"":             nil,
		fault.Internal: errors.New("somebody else's"),
		fault.NotFound: fmt.Errorf("outer: %w", fault.New(fault.NotFound, "没有")),
		fault.Stale:    fault.Wrap(fault.New(fault.NotFound, "没有"), fault.Stale, "变了"),
	} {
		if got := fault.CodeOf(err); got != want {
			t.Errorf("%v: %s, want %s", err, got, want)
		}
	}
}
