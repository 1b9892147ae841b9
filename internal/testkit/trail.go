package testkit

import (
	"context"

	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// Trail returns at most n lines of the trail as the town's auditor is shown them,
// newest first.
func (t *Town) Trail(f domain.AuditFilter, n int) (out []domain.AuditEvent, err error) {
	err = t.DB.Read(context.Background(), func(v *store.Snapshot) error {
		out, err = audit.Lines(v, t.Auditor, f, n)
		return err
	})
	return out, err
}
