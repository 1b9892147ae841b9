package store

import (
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// RequestDrafts returns what an account is writing, the latest first. They are the
// asker's own, and so have no scope.
func (v *Snapshot) RequestDrafts(by domain.AccountID) ([]domain.RequestDraft, error) {
	var rows []struct {
		ID      int64
		Body    string
		SavedAt string
	}
	err := v.all(&rows, "SELECT id, body, saved_at FROM request_drafts WHERE account_id = ? ORDER BY id DESC", int64(by))
	out := make([]domain.RequestDraft, len(rows))
	for i, r := range rows {
		out[i] = domain.RequestDraft{ID: r.ID, Body: r.Body, At: r.SavedAt}
	}
	return out, err
}

// SaveRequestDraft keeps what an account is writing: anew for id 0, else in its
// place. fault.NotFound if that is none of the account's.
func (tx *Tx) SaveRequestDraft(by domain.AccountID, id int64, body string) (int64, error) {
	if id == 0 {
		return tx.insert("INSERT INTO request_drafts (account_id, body, saved_at) VALUES (?, ?, ?)", int64(by), body,
			tx.stamp())
	}
	res, err := tx.exec("UPDATE request_drafts SET body = ?, saved_at = ? WHERE id = ? AND account_id = ?", body,
		tx.stamp(), id, int64(by))
	if err != nil {
		return 0, err
	}
	return id, one(res.RowsAffected())
}

// DropRequestDraft throws away what an account was writing.
func (tx *Tx) DropRequestDraft(by domain.AccountID, id int64) error {
	res, err := tx.exec("DELETE FROM request_drafts WHERE id = ? AND account_id = ?", id, int64(by))
	if err != nil {
		return err
	}
	return one(res.RowsAffected())
}

// one is fault.NotFound where a statement met no row.
func one(n int64, err error) error {
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "没有这份草稿").WithHint("可能已经提交或删掉")
	}
	return err
}
