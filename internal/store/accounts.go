package store

import (
	"time"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

type accountRow struct {
	ID       int64
	Login    string
	Name     string
	MemberID *string
	Password string
	Closed   bool
}

const accountSelect = "SELECT a.id, a.login, a.name, a.member_id, a.password, a.closed FROM accounts a"

func (r *accountRow) account() domain.Account {
	a := domain.Account{ID: domain.AccountID(r.ID), Login: r.Login, Name: r.Name, Password: r.Password, Closed: r.Closed}
	if r.MemberID != nil {
		a.Member = domain.MemberID(*r.MemberID)
	}
	return a
}

// InsertAccount adds an account; fault.Conflict if the login or the member has
// one. by is 0 for the program itself.
func (tx *Tx) InsertAccount(a domain.Account, by domain.AccountID) (domain.AccountID, error) {
	var member any
	if a.Member != "" {
		member = string(a.Member)
	}
	id, err := tx.insert("INSERT INTO accounts (login, name, member_id, password) VALUES (?, ?, ?, ?)",
		a.Login, a.Name, member, a.Password)
	if err != nil {
		return 0, err
	}
	a.ID = domain.AccountID(id)
	return a.ID, tx.insertAccountChange(&a, by)
}

// CloseAccount closes an account or opens it again, as a.Closed says.
func (tx *Tx) CloseAccount(a domain.Account, by domain.AccountID) error {
	if _, err := tx.exec("UPDATE accounts SET closed = ? WHERE id = ?", a.Closed, int64(a.ID)); err != nil {
		return err
	}
	return tx.insertAccountChange(&a, by)
}

// insertAccountChange records what an account is from now on.
func (tx *Tx) insertAccountChange(a *domain.Account, by domain.AccountID) error {
	name, err := tx.insertText("", a.Name)
	if err != nil {
		return err
	}
	var member any
	if a.Member != "" {
		member = string(a.Member)
	}
	_, err = tx.record("", kindAccount, int64(a.ID), a.Login, name, member, a.Closed, tx.stamp(), account(by))
	return err
}

// UpdateAccount keeps what may change of how one signs in: the password.
func (tx *Tx) UpdateAccount(a domain.Account) error {
	_, err := tx.exec("UPDATE accounts SET password = ? WHERE id = ?", a.Password, int64(a.ID))
	return err
}

// AccountByLogin returns the account of a login. It is asked before anybody is
// signed in and so has no scope.
func (v *Snapshot) AccountByLogin(login string) (domain.Account, error) {
	var r accountRow
	err := v.get(&r, accountSelect+" WHERE a.login = ?", login)
	return r.account(), err
}

// AccountAlike returns the account whose login is one, whatever the case of its
// letters. It is asked before an account is opened and so has no scope.
func (v *Snapshot) AccountAlike(login string) (domain.Account, error) {
	var r accountRow
	err := v.get(&r, accountSelect+" WHERE lower(a.login) = lower(?)", login)
	return r.account(), err
}

// AccountOf returns the account of a member, for who opens accounts.
func (v *Snapshot) AccountOf(member domain.MemberID) (domain.Account, error) {
	var r accountRow
	err := v.get(&r, accountSelect+" WHERE a.member_id = ?", string(member))
	return r.account(), err
}

// Account returns one account by id, for the session that holds it.
func (v *Snapshot) Account(id domain.AccountID) (domain.Account, error) {
	var r accountRow
	err := v.get(&r, accountSelect+" WHERE a.id = ?", int64(id))
	return r.account(), err
}

// Accounts returns every account by login; who may ask holds ManageAccounts.
func (v *Snapshot) Accounts(scope access.Scope) ([]domain.Account, error) {
	if !scope.All() {
		return nil, nil
	}
	var rows []accountRow
	err := v.all(&rows, accountSelect+" ORDER BY a.login")
	out := make([]domain.Account, len(rows))
	for i := range rows {
		out[i] = rows[i].account()
	}
	return out, err
}

// InsertAssignment gives an account a role over a subtree, or ends it.
func (tx *Tx) InsertAssignment(
	id domain.AccountID, role domain.Role, org domain.OrgID, ended bool, by domain.AccountID,
) error {
	var at any
	if org != "" {
		at = orgKey(org)
	}
	_, err := tx.record(org, kindAssignment, int64(id), string(role), at, ended, tx.stamp(), account(by))
	return err
}

// Actor returns who an account is now: its roles with their subtrees.
// fault.NotFound for an account that is closed or none.
func (v *Snapshot) Actor(id domain.AccountID) (*access.Actor, error) {
	var a accountRow
	if err := v.get(&a, accountSelect+" WHERE a.id = ? AND a.closed = 0", int64(id)); err != nil {
		return nil, err
	}
	var rows []struct {
		Role  string
		Path  *string
		Level *string
		Ended bool
	}
	err := v.all(&rows, `SELECT s.role, o.path, o.level, s.ended FROM assignments s LEFT JOIN orgs o ON o.id = s.org_id
		WHERE s.account_id = ? AND s.id = (SELECT max(t.id) FROM assignments t WHERE t.account_id = s.account_id
		AND t.role = s.role
			AND coalesce(t.org_id, 0) = coalesce(s.org_id, 0)) ORDER BY s.id`, int64(id))
	if err != nil {
		return nil, err
	}
	acc := a.account()
	actor := &access.Actor{Account: id, Name: acc.Name, Member: acc.Member}
	for _, r := range rows {
		if r.Ended {
			continue
		}
		g := access.Grant{Role: domain.Role(r.Role)}
		if r.Path != nil {
			g.Path, g.Level = *r.Path, orgLevel(*r.Level)
		}
		actor.Grants = append(actor.Grants, g)
	}
	return actor, nil
}

// Session returns a session's data; ok is false for one that is none or over.
func (v *Snapshot) Session(token []byte, now time.Time) (data []byte, ok bool, err error) {
	var rows [][]byte
	err = v.all(&rows, "SELECT data FROM sessions WHERE token = ? AND expires_at > ?", token, calendar.Instant(now))
	if err != nil || len(rows) == 0 {
		return nil, false, err
	}
	return rows[0], true, nil
}

// PutSession keeps a session's data until an instant.
func (tx *Tx) PutSession(token, data []byte, expires time.Time) error {
	_, err := tx.exec(`INSERT INTO sessions (token, data, expires_at) VALUES (?, ?, ?)
		ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at`, token, data,
		calendar.Instant(expires))
	return err
}

// DeleteSession ends a session.
func (tx *Tx) DeleteSession(token []byte) error {
	_, err := tx.exec("DELETE FROM sessions WHERE token = ?", token)
	return err
}

// DeleteExpiredSessions forgets what is over.
func (tx *Tx) DeleteExpiredSessions() error {
	_, err := tx.exec("DELETE FROM sessions WHERE expires_at <= ?", tx.stamp())
	return err
}
