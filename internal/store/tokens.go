package store

import (
	"time"

	"jifen/internal/domain"
	"jifen/internal/fault"
)

type tokenRow struct {
	ID        int64
	AccountID int64
	Name      string
	Tail      string
	Session   bool
	MadeAt    string
	ExpiresAt string
	Scope     *string
	UsedAt    *string
	RevokedAt *string
	Revoker   *string
}

const tokenSelect = `SELECT t.id, t.account_id, t.name, t.tail, t.session, t.made_at, t.expires_at,
	t.scope, u.used_at, x.recorded_at AS revoked_at, b.name AS revoker
	FROM tokens t LEFT JOIN revocations x ON x.token_id = t.id LEFT JOIN accounts b ON b.id = x.recorded_by
	LEFT JOIN token_uses u ON u.token_id = t.id`

func (r *tokenRow) token() (t domain.Token, err error) {
	t = domain.Token{ID: domain.TokenID(r.ID), Account: domain.AccountID(r.AccountID), Name: r.Name, Tail: r.Tail,
		Session: r.Session}
	if r.Revoker != nil {
		t.RevokedBy = *r.Revoker
	}
	if r.Scope != nil {
		t.Scope = domain.ParseTokenScope(*r.Scope)
	}
	if r.UsedAt != nil {
		if t.Used, err = ParseInstant(*r.UsedAt); err != nil {
			return t, fault.Wrap(err, fault.Internal, "凭证 %d 的使用时间读不懂", r.ID)
		}
	}
	if t.Made, err = ParseInstant(r.MadeAt); err != nil {
		return t, fault.Wrap(err, fault.Internal, "凭证 %d 的时间读不懂", r.ID)
	}
	if t.Expires, err = ParseInstant(r.ExpiresAt); err != nil {
		return t, fault.Wrap(err, fault.Internal, "凭证 %d 的期限读不懂", r.ID)
	}
	if r.RevokedAt != nil {
		if t.Revoked, err = ParseInstant(*r.RevokedAt); err != nil {
			return t, fault.Wrap(err, fault.Internal, "凭证 %d 的作废时间读不懂", r.ID)
		}
	}
	return t, nil
}

// InsertToken keeps a bearer token by its hash, made now.
func (tx *Tx) InsertToken(hash []byte, t domain.Token) (domain.TokenID, error) {
	chain, err := tx.chainOfAccount(t.Account)
	if err != nil {
		return 0, err
	}
	var scope any
	if code := t.Scope.Code(); code != "" {
		scope = code
	}
	id, err := tx.record(chain, kindToken, hash, int64(t.Account), t.Name, t.Tail, t.Session, Instant(t.Expires),
		tx.stamp(), scope)
	return domain.TokenID(id), err
}

// TokenByHash returns the token of a hash, for who holds it; fault.NotFound if
// there is none, or it lives no more at an instant.
func (v *Snapshot) TokenByHash(hash []byte, at time.Time) (domain.Token, error) {
	var r tokenRow
	err := v.get(&r, tokenSelect+" WHERE t.hash = ? AND x.id IS NULL AND t.expires_at > ?", hash, Instant(at))
	if err != nil {
		return domain.Token{}, err
	}
	return r.token()
}

// Tokens returns at most n tokens of an account: those for programs before those
// of signing in, the latest first. Who asks holds the account or manages accounts.
func (v *Snapshot) Tokens(id domain.AccountID, n int) ([]domain.Token, error) {
	var rows []tokenRow
	if err := v.all(&rows, tokenSelect+" WHERE t.account_id = ? ORDER BY t.session, t.id DESC LIMIT ?", int64(id),
		n); err != nil {
		return nil, err
	}
	out := make([]domain.Token, len(rows))
	for i := range rows {
		var err error
		if out[i], err = rows[i].token(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// LiveTokens counts the tokens for programs of an account that live now.
func (v *Snapshot) LiveTokens(id domain.AccountID) (n int, err error) {
	err = v.get(&n, `SELECT count(*) FROM tokens t WHERE t.account_id = ? AND t.session = 0 AND t.expires_at > ?
		AND NOT EXISTS (SELECT 1 FROM revocations x WHERE x.token_id = t.id)`, int64(id), Instant(v.now))
	return n, err
}

// RevokeToken ends a token of an account; fault.NotFound if it has none of that
// number, fault.Conflict if it lives no more. by is 0 for the command line.
func (tx *Tx) RevokeToken(of domain.AccountID, id domain.TokenID, by domain.AccountID) (domain.Token, error) {
	var r tokenRow
	if err := tx.get(&r, tokenSelect+" WHERE t.id = ? AND t.account_id = ?", int64(id), int64(of)); err != nil {
		return domain.Token{}, err
	}
	t, err := r.token()
	if err != nil {
		return t, err
	}
	if !t.Lives(tx.now) {
		return t, fault.New(fault.Conflict, "凭证 %d 已经失效，不用再作废", id)
	}
	return t, tx.revoke(of, int64(id), by)
}

// UseToken notes that a token was used now.
func (tx *Tx) UseToken(id domain.TokenID) error {
	_, err := tx.exec(`INSERT INTO token_uses (token_id, used_at) VALUES (?, ?)
		ON CONFLICT (token_id) DO UPDATE SET used_at = excluded.used_at`, int64(id), tx.stamp())
	return err
}

// revoke records that a token of an account lives no more.
func (tx *Tx) revoke(of domain.AccountID, token int64, by domain.AccountID) error {
	chain, err := tx.chainOfAccount(of)
	if err != nil {
		return err
	}
	_, err = tx.record(chain, kindRevocation, token, tx.stamp(), account(by))
	return err
}

// RevokeTokens ends what lives of an account's tokens, or only what signing in
// made, and returns how many there were. by is 0 for the command line.
func (tx *Tx) RevokeTokens(of domain.AccountID, onlySessions bool, by domain.AccountID) (int, error) {
	where := " WHERE t.account_id = ? AND t.expires_at > ? AND NOT EXISTS (SELECT 1 FROM revocations x " +
		"WHERE x.token_id = t.id)"
	if onlySessions {
		where += " AND t.session = 1"
	}
	var ids []int64
	if err := tx.all(&ids, "SELECT t.id FROM tokens t"+where+" ORDER BY t.id", int64(of), tx.stamp()); err != nil {
		return 0, err
	}
	for _, id := range ids {
		if err := tx.revoke(of, id, by); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}
