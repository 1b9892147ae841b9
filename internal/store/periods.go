package store

import (
	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// InsertPeriodStep locks a branch's period, or opens it again. by is 0 for the
// program itself.
func (tx *Tx) InsertPeriodStep(org domain.OrgID, period string, locked bool, by domain.AccountID) error {
	_, err := tx.InsertPeriodStepFor(org, period, locked, "", by)
	return err
}

// InsertPeriodStepFor is InsertPeriodStep with the reason, "" for none, whose text it returns.
func (tx *Tx) InsertPeriodStepFor(org domain.OrgID, period string, locked bool, reason string, by domain.AccountID) (
	domain.TextID, error) {
	state := "open"
	if locked {
		state = "locked"
	}
	text, err := tx.insertText(org, reason)
	if err != nil {
		return 0, err
	}
	_, err = tx.record(org, kindPeriod, orgKey(org), period, state, tx.stamp(), account(by), text)
	ref, _ := text.(textRef)
	return domain.TextID(ref.id), err
}

// Locked reports whether a branch's period is locked. It has no scope: whoever
// records must be told.
func (v *Snapshot) Locked(org domain.OrgID, period string) (bool, error) {
	if v.held != nil {
		return v.held.lockedIn(org, period)
	}
	var state string
	err := v.get(&state, "SELECT state FROM periods WHERE org_id = ? AND period = ? ORDER BY id DESC LIMIT 1", orgKey(org),
		period)
	if fault.CodeOf(err) == fault.NotFound {
		return false, nil
	}
	return state == "locked", err
}

// LockedOrgs returns the branches of the scope at or below a path ("" for everywhere)
// whose period is locked.
func (v *Snapshot) LockedOrgs(scope access.Scope, below, period string) (map[domain.OrgID]bool, error) {
	where, args := scopeBelow(scope, below)
	var ids []int64
	err := v.all(&ids, `SELECT p.org_id FROM periods p JOIN orgs o ON o.id = p.org_id WHERE p.period = ?
		AND p.state = 'locked'
		AND p.id = (SELECT max(q.id) FROM periods q WHERE q.org_id = p.org_id AND q.period = p.period) AND `+where,
		append([]any{period}, args...)...)
	out := make(map[domain.OrgID]bool, len(ids))
	for _, id := range ids {
		out[orgID(id)] = true
	}
	return out, err
}

// LockedPeriods returns the periods of a branch that are locked, by their keys.
func (v *Snapshot) LockedPeriods(org domain.OrgID) (keys []string, err error) {
	err = v.all(&keys, `SELECT p.period FROM periods p WHERE p.org_id = ? AND p.state = 'locked'
		AND p.id = (SELECT max(q.id) FROM periods q WHERE q.org_id = p.org_id AND q.period = p.period) ORDER BY p.period`,
		orgKey(org))
	return keys, err
}
