package store

import (
	"github.com/jmoiron/sqlx"

	"jifen/internal/domain"
)

// SetIdentity records who the holder of an account is at a provider of identities, as
// a.Identity says; the zero one at none. fault.Conflict where another account is his.
func (tx *Tx) SetIdentity(a domain.Account, by domain.AccountID) error {
	street, err := tx.streetOfAccount(a.ID)
	if err != nil {
		return err
	}
	var issuer, subject, written any
	if a.Identity.Subject != "" {
		issuer, subject = a.Identity.Issuer, a.Identity.Subject
		if written, err = tx.insertText(chainOfStreet(street), a.Identity.Subject); err != nil {
			return err
		}
	}
	_, err = tx.exec("UPDATE accounts SET issuer = ?, subject = ? WHERE id = ?", issuer, subject, int64(a.ID))
	if err != nil {
		return raced(err)
	}
	return tx.recordAccount(&a, street, by, a.Identity.Issuer, written)
}

// AccountByIdentity returns the account whose holder is somebody at a provider. It is asked
// before anybody is signed in and so has no scope.
func (v *Snapshot) AccountByIdentity(who domain.Identity) (domain.Account, error) {
	var r accountRow
	err := v.get(&r, accountSelect+" WHERE a.issuer = ? AND a.subject = ?", who.Issuer, who.Subject)
	return r.account(), err
}

// recountIdentities compares who the holders of accounts are at a provider. What was erased
// is to be gone from the account too.
func (v *Snapshot) recountIdentities() (out []domain.Miscount, err error) {
	err = v.each(func(rows *sqlx.Rows) error {
		m := domain.Miscount{Why: "统一认证的关联和登记的不一样"}
		if err := rows.Scan(&m.Login, &m.Name); err != nil {
			return err
		}
		out = append(out, m)
		return nil
	}, `SELECT a.login, a.name FROM accounts a
		LEFT JOIN account_changes c ON c.id = (SELECT max(y.id) FROM account_changes y
		WHERE y.account_id = a.id AND y.issuer IS NOT NULL)
		LEFT JOIN texts t ON t.id = c.subject
		WHERE CASE WHEN length(t.salt) = 0 THEN a.issuer IS NOT NULL OR a.subject IS NOT NULL
		ELSE coalesce(a.issuer, '') <> coalesce(c.issuer, '') OR coalesce(a.subject, '') <> coalesce(t.body, '') END
		ORDER BY a.id`)
	return out, err
}
