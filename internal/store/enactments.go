package store

import (
	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/party"
)

// Enactment is a rule file in force for a subtree from a day on.
type Enactment struct {
	Org    party.OrgID
	Code   string // 编号
	From   calendar.Day
	Hash   string
	Source string
}

// InsertEnactment puts a rule file in force; fault.Conflict if one of the same
// code begins on that day there.
func (tx *Tx) InsertEnactment(e Enactment, by access.AccountID) error {
	id, err := tx.insert("INSERT INTO enactments (org_id, code, from_on, hash, source, recorded_at, recorded_by) VALUES (?, ?, ?, ?, ?, ?, ?)",
		orgKey(e.Org), e.Code, e.From.String(), e.Hash, e.Source, tx.stamp(), account(by))
	if err != nil {
		return err
	}
	return tx.link(e.Org, linkEnactment, id)
}

// Enacted returns what is in force for an organisation on a day, without its
// source: the nearest one up the tree, of those the latest. fault.NotFound if
// there is none. A text is no secret and has no scope.
func (v *View) Enacted(path string, on calendar.Day) (Enactment, error) {
	var r struct {
		OrgID  int64
		Code   string
		FromOn day
		Hash   string
	}
	err := v.get(&r, `SELECT e.org_id, e.code, e.from_on, e.hash FROM enactments e JOIN orgs o ON o.id = e.org_id
		WHERE e.from_on <= ? AND substr(?, 1, length(o.path)) = o.path ORDER BY length(o.path) DESC, e.from_on DESC, e.id DESC LIMIT 1`,
		on.String(), path)
	return Enactment{Org: orgID(r.OrgID), Code: r.Code, From: calendar.Day(r.FromOn), Hash: r.Hash}, err
}

// Source returns an enacted text by its hash.
func (v *View) Source(hash string) (source string, err error) {
	err = v.get(&source, "SELECT source FROM enactments WHERE hash = ? ORDER BY id LIMIT 1", hash)
	return source, err
}
