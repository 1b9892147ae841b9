package store

import (
	"time"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

type sessionRow struct {
	Token     []byte
	Data      []byte
	AccountID *int64
	MadeAt    *string
	SeenAt    *string
	Address   *string
	Agent     *string
}

func (r *sessionRow) session() (s domain.Session, err error) {
	s = domain.Session{Key: r.Token, Data: r.Data}
	if r.AccountID != nil {
		s.Account = domain.AccountID(*r.AccountID)
	}
	for at, text := range map[*time.Time]*string{&s.Made: r.MadeAt, &s.Seen: r.SeenAt} {
		if text != nil && err == nil {
			*at, err = ParseInstant(*text)
		}
	}
	if r.Address != nil && r.Agent != nil {
		s.Address, s.Agent = *r.Address, *r.Agent
	}
	return s, err
}

const sessionSelect = "SELECT s.token, s.data, s.account_id, s.made_at, s.seen_at, s.address, s.agent FROM sessions s"

// Session returns a session by the hash of its token; ok is false for one that is none or
// over.
func (v *Snapshot) Session(key []byte, now time.Time) (s domain.Session, ok bool, err error) {
	var rows []sessionRow
	err = v.all(&rows, sessionSelect+" WHERE s.token = ? AND s.expires_at > ?", key, calendar.Instant(now))
	if err != nil || len(rows) == 0 {
		return s, false, err
	}
	s, err = rows[0].session()
	return s, err == nil, err
}

// Sessions returns the sessions of an account that are not over, at most n, the latest
// first, for its holder.
func (v *Snapshot) Sessions(of domain.AccountID, now time.Time, n int) ([]domain.Session, error) {
	var rows []sessionRow
	err := v.all(&rows, sessionSelect+` WHERE s.account_id = ? AND s.expires_at > ?
		ORDER BY s.made_at DESC, s.token LIMIT ?`, int64(of), calendar.Instant(now), n)
	out := make([]domain.Session, len(rows))
	for i := range rows {
		if err == nil {
			out[i], err = rows[i].session()
		}
	}
	return out, err
}

// PutSession keeps a session until an instant. Whose it is and where he is seen now stays
// as it was where it is nobody's.
func (tx *Tx) PutSession(s *domain.Session, expires time.Time) error {
	var account, made, seen, address, agent any
	if s.Account != 0 {
		account, made, seen = int64(s.Account), tx.stamp(), tx.stamp()
		address, agent = s.Address, s.Agent
	}
	_, err := tx.exec(`INSERT INTO sessions (token, data, expires_at, account_id, made_at, seen_at, address, agent)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at,
		account_id = coalesce(excluded.account_id, sessions.account_id),
		made_at = coalesce(sessions.made_at, excluded.made_at),
		seen_at = coalesce(excluded.seen_at, sessions.seen_at), address = coalesce(excluded.address, sessions.address),
		agent = coalesce(excluded.agent, sessions.agent)`,
		s.Key, s.Data, calendar.Instant(expires), account, made, seen, address, agent)
	return err
}

// TouchSession notes that the holder of a session is seen now, and where.
func (tx *Tx) TouchSession(s *domain.Session) error {
	_, err := tx.exec(`UPDATE sessions SET account_id = ?, made_at = coalesce(made_at, ?), seen_at = ?, address = ?,
		agent = ? WHERE token = ?`, int64(s.Account), tx.stamp(), tx.stamp(), s.Address, s.Agent, s.Key)
	return err
}

// DeleteSession ends a session.
func (tx *Tx) DeleteSession(key []byte) error {
	_, err := tx.exec("DELETE FROM sessions WHERE token = ?", key)
	return err
}

// DeleteSessions ends the sessions of an account but one, nil for none, and returns how
// many.
func (tx *Tx) DeleteSessions(of domain.AccountID, but []byte) (int64, error) {
	if but == nil {
		but = []byte{}
	}
	done, err := tx.exec("DELETE FROM sessions WHERE account_id = ? AND token <> ?", int64(of), but)
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}
