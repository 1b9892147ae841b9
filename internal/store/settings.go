package store

import (
	"jifen/internal/access"
	"jifen/internal/domain"
	"strings"
)

// InsertSetting sets something of signing in, in the chain of the root. by is 0 for the
// program.
func (tx *Tx) InsertSetting(name domain.SettingName, value int64, by domain.AccountID) error {
	_, err := tx.record("", kindSetting, string(name), value, tx.stamp(), account(by))
	return err
}

// Settings returns how signing in is set. It is asked before anybody is signed in and so
// has no scope.
func (v *Snapshot) Settings() (domain.Settings, error) {
	var rows []struct {
		Name  string
		Value int64
	}
	var names []any
	for _, known := range domain.KnownSettings() {
		names = append(names, string(known.Name))
	}
	const latest = "(SELECT max(t.id) FROM setting_changes t WHERE t.name = ?)"
	err := v.all(&rows, "SELECT s.name, s.value FROM setting_changes s WHERE s.id IN ("+latest+
		strings.Repeat(", "+latest, len(names)-1)+")", names...)
	set := make(map[domain.SettingName]int64, len(rows))
	for _, r := range rows {
		set[domain.SettingName(r.Name)] = r.Value
	}
	return domain.NewSettings(set), err
}

// SettingChanges returns the latest changes of settings, at most n, newest first, for who
// manages accounts.
func (v *Snapshot) SettingChanges(scope access.Scope, n int) ([]domain.SettingChange, error) {
	if !scope.All() {
		return nil, nil
	}
	var rows []struct {
		Name       string
		Value      int64
		RecordedAt string
		Who        string
	}
	err := v.all(&rows, `SELECT s.name, s.value, s.recorded_at, coalesce(a.name, '') AS who FROM setting_changes s
		LEFT JOIN accounts a ON a.id = s.recorded_by ORDER BY s.id DESC LIMIT ?`, n)
	out := make([]domain.SettingChange, len(rows))
	for i, r := range rows {
		out[i] = domain.SettingChange{Name: domain.SettingName(r.Name), Value: r.Value, By: r.Who}
		if err == nil {
			out[i].At, err = ParseInstant(r.RecordedAt)
		}
	}
	return out, err
}

// RightsOfAll returns the stamp of what is set for all accounts.
func (v *Snapshot) RightsOfAll() (Stamp, error) {
	var street int64
	if err := v.get(&street, "SELECT coalesce(max(street_id), 0) FROM orgs WHERE parent_id IS NULL"); err != nil {
		return Stamp{}, err
	}
	return v.version(rightsVersion, []int64{street})
}

// AccountUnder is Account, and reports whether a stamp is that of the snapshot.
func (v *Snapshot) AccountUnder(id domain.AccountID, s Stamp) (a domain.Account, current bool, err error) {
	if len(s.names) == 0 {
		a, err = v.Account(id)
		return a, false, err
	}
	var row struct {
		accountRow
		Number int64
	}
	err = v.get(&row, "SELECT "+accountColumns+", ("+s.ask()+") AS number FROM accounts a WHERE a.id = ?",
		append(append([]any{}, s.names...), int64(id))...)
	if err != nil {
		return a, false, err
	}
	return row.account(), row.Number == s.number, nil
}
