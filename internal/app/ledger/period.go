package ledger

import (
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// PeriodTx locks a period of branches, or opens it again, and returns how many
// of them changed. Opening needs a reason. A branch outside the
// actor's scope is fault.NotFound.
func PeriodTx(tx *store.Tx, by *access.Actor, branches []domain.Org, key string, lock bool, reason string) (changed int, err error) {
	if _, err := calendar.ParsePeriod(key); err != nil {
		return 0, err
	}
	if reason, err = kernel.Note(reason, "理由"); err != nil {
		return 0, err
	}
	action := audit.Locked
	if !lock {
		action = audit.Reopened
		if reason == "" {
			return 0, fault.New(fault.Invalid, "重开要写理由").WithHint("例如：补记漏报的出勤")
		}
	}
	if !by.May(access.LockPeriods) {
		return 0, kernel.Denied()
	}
	scope := by.Scope(access.LockPeriods)
	for _, org := range branches {
		if !scope.Covers(org.Path) {
			return 0, fault.Hidden(nil, "这个支部")
		}
		locked, err := tx.Locked(org.ID, key)
		if err != nil {
			return 0, err
		}
		if locked == lock {
			continue
		}
		if err := tx.InsertPeriodStep(org.ID, key, lock, by.ID()); err != nil {
			return 0, err
		}
		if err := audit.Record(tx, by, action, audit.What{Org: org.ID, Detail: strings.TrimSpace(key + " " + reason)}); err != nil {
			return 0, err
		}
		changed++
	}
	return changed, nil
}
