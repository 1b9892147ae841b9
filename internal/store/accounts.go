package store

import (
	"slices"
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
	Person   *domain.MemberID
	Password string
	Closed   bool

	PasswordAt *string
	Issuer     *string
	Subject    *string
}

const (
	accountColumns = "a.id, a.login, a.name, a.member_id, a.person, a.password, a.closed, a.password_at, " +
		"a.issuer, a.subject"
	accountSelect = "SELECT " + accountColumns + " FROM accounts a"
)

func (r *accountRow) account() domain.Account {
	a := domain.Account{ID: domain.AccountID(r.ID), Login: r.Login, Name: r.Name, Password: r.Password, Closed: r.Closed,
		Person: r.Person}
	if r.MemberID != nil {
		a.Member = domain.MemberID(*r.MemberID)
	}
	a.Identity = domain.Identity{Issuer: text(r.Issuer), Subject: text(r.Subject)}
	if r.PasswordAt != nil {
		if at, err := ParseInstant(*r.PasswordAt); err == nil {
			a.PasswordAt = at
		} else {
			a.PasswordAt = time.Unix(0, 0) // what cannot be read is no reason to keep a password
		}
	}
	return a
}

// InsertAccount adds an account; fault.Conflict if the login or the member has
// one. by is 0 for the program itself.
func (tx *Tx) InsertAccount(a domain.Account, by domain.AccountID) (domain.AccountID, error) {
	return tx.InsertAccountFor(a, "", by)
}

// InsertAccountFor is InsertAccount of one that is to act for an organisation, "" for
// none or what is above streets: it stands in the street's chain from the first.
func (tx *Tx) InsertAccountFor(a domain.Account, org domain.OrgID, by domain.AccountID) (domain.AccountID, error) {
	var member any
	if a.Member != "" {
		member = string(a.Member)
	}
	id, err := tx.insert(`INSERT INTO accounts (login, name, member_id, password, person, password_at)
		VALUES (?, ?, ?, ?, ?, ?)`,
		a.Login, a.Name, member, a.Password, heldBy(a.Person), tx.since(a.Password))
	if err != nil {
		return 0, raced(err)
	}
	a.ID = domain.AccountID(id)
	if tx.opened == nil {
		tx.opened = map[domain.AccountID]bool{}
	}
	tx.opened[a.ID] = true
	street, err := tx.streetOfAccount(a.ID)
	if err == nil && a.Member == "" {
		street, err = tx.streetOf(org)
	}
	if err != nil {
		return 0, err
	}
	return a.ID, tx.insertAccountChange(&a, street, by)
}

// HoldAccount makes the transaction the only one that writes of an account, whatever the
// street.
func (tx *Tx) HoldAccount(id domain.AccountID) error {
	_, err := tx.writer.Lock("SELECT id FROM accounts WHERE id = ?", int64(id))
	return err
}

// streetOfAccount returns the row of the one street that an account belongs to and acts
// in, by its member, its roles of now and those that wait: what is recorded of it stands in its chain. It is
// 0 for who belongs to none, to several, or acts above them.
func (v *Snapshot) streetOfAccount(id domain.AccountID) (int64, error) {
	var streets []int64
	err := v.all(&streets, `SELECT m.street_id FROM accounts a JOIN members m ON m.id = a.member_id WHERE a.id = ?
		UNION SELECT coalesce(o.street_id, 0) FROM assignments s LEFT JOIN orgs o ON o.id = s.org_id
		WHERE s.account_id = ? AND s.ended = 0 AND s.role <> ? AND (s.id = (SELECT max(t.id) FROM assignments t
		WHERE t.account_id = s.account_id AND t.role = s.role AND t.waits IS NULL
		AND coalesce(t.org_id, 0) = coalesce(s.org_id, 0)) OR s.waits IS NOT NULL AND s.confirms IS NULL
		AND NOT EXISTS (SELECT 1 FROM assignments c WHERE c.confirms = s.id))`,
		int64(id), int64(id), string(domain.RoleMember))
	if err != nil || len(streets) != 1 {
		return 0, err
	}
	return streets[0], nil
}

// chainOfStreet returns the chain of a street, that of the root for none.
func chainOfStreet(street int64) domain.OrgID {
	if street == 0 {
		return ""
	}
	return orgID(street)
}

// chainOfAccount returns the chain of what is recorded of an account.
func (tx *Tx) chainOfAccount(id domain.AccountID) (domain.OrgID, error) {
	street, err := tx.streetOfAccount(id)
	return chainOfStreet(street), err
}

// moveRights runs what may bring an account into another street: what is held of its
// rights was read under the versions of the one before. Of an account that was opened here
// nobody holds anything.
func (tx *Tx) moveRights(id domain.AccountID, move func() error) error {
	if tx.opened[id] {
		return move()
	}
	street, err := tx.streetOfAccount(id)
	if err != nil {
		return err
	}
	tx.raise(rightsVersion, street)
	return move()
}

// CloseAccount closes an account or opens it again, as a.Closed says.
func (tx *Tx) CloseAccount(a domain.Account, by domain.AccountID) error {
	if _, err := tx.exec("UPDATE accounts SET closed = ? WHERE id = ?", a.Closed, int64(a.ID)); err != nil {
		return err
	}
	street, err := tx.streetOfAccount(a.ID)
	if err != nil {
		return err
	}
	return tx.insertAccountChange(&a, street, by)
}

// UnsettledAccounts returns the logins of open accounts that have an office over points now
// or later while nobody has said who holds them; who may ask sees everybody.
func (v *Snapshot) UnsettledAccounts(scope access.Scope) (out []string, err error) {
	if !scope.All() {
		return nil, nil
	}
	var rows []struct{ Login, Role string }
	err = v.all(&rows, `SELECT a.login, s.role FROM accounts a JOIN assignments s ON s.account_id = a.id
		WHERE a.closed = 0 AND a.member_id IS NULL AND a.person IS NULL AND s.ended = 0
		AND s.id = (SELECT max(t.id) FROM assignments t WHERE t.account_id = s.account_id AND t.role = s.role
		AND t.waits IS NULL AND coalesce(t.org_id, 0) = coalesce(s.org_id, 0))
		AND (s.until_on IS NULL OR s.until_on >= ?) ORDER BY a.login, s.id`, v.today())
	for _, r := range rows {
		if access.OverPoints(domain.Role(r.Role)) && !slices.Contains(out, r.Login) {
			out = append(out, r.Login)
		}
	}
	return out, err
}

// SettleAccount records who holds an account as a member, or that he is none, as a.Person does.
func (tx *Tx) SettleAccount(a domain.Account, by domain.AccountID) error {
	if _, err := tx.exec("UPDATE accounts SET person = ? WHERE id = ?", heldBy(a.Person), int64(a.ID)); err != nil {
		return err
	}
	street, err := tx.streetOfAccount(a.ID)
	if err != nil {
		return err
	}
	return tx.insertAccountChange(&a, street, by)
}

// heldBy returns who holds an account, as it is stored.
func heldBy(who *domain.MemberID) any {
	if who == nil {
		return nil
	}
	return string(*who)
}

// insertAccountChange records what an account is from now on, in a street's chain.
func (tx *Tx) insertAccountChange(a *domain.Account, street int64, by domain.AccountID) error {
	return tx.recordAccount(a, street, by, nil, nil)
}

// recordAccount is insertAccountChange with the provider and the text of who its holder is
// there; nil where that stays.
func (tx *Tx) recordAccount(a *domain.Account, street int64, by domain.AccountID, issuer, subject any) error {
	chain := chainOfStreet(street)
	name, err := tx.insertText(chain, a.Name)
	if err != nil {
		return err
	}
	var member any
	if a.Member != "" {
		member = string(a.Member)
	}
	_, err = tx.record(chain, kindAccount, int64(a.ID), a.Login, name, member, a.Closed, tx.stamp(), account(by),
		heldBy(a.Person), issuer, subject)
	return err
}

// UpdateAccount keeps what may change of how one signs in: the password.
func (tx *Tx) UpdateAccount(a domain.Account) error {
	_, err := tx.exec("UPDATE accounts SET password = ?, password_at = ? WHERE id = ?", a.Password, tx.since(a.Password),
		int64(a.ID))
	return err
}

// since returns since when an account has a password that it is given now, as it is stored.
func (tx *Tx) since(password string) any {
	if password == "" {
		return nil
	}
	return tx.stamp()
}

// DatePassword takes now for since when an account has the password that it had before
// that was noted.
func (tx *Tx) DatePassword(id domain.AccountID) error {
	_, err := tx.exec("UPDATE accounts SET password_at = ? WHERE id = ? AND password_at IS NULL AND password <> ''",
		tx.stamp(), int64(id))
	return err
}

// AccountByLogin returns the account of a login, whatever the case of its letters. It is
// asked before anybody is signed in and so has no scope.
func (v *Snapshot) AccountByLogin(login string) (domain.Account, error) {
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
	return tx.InsertTerm(id, domain.Term{Role: role, Org: org}, ended, by)
}

// InsertTerm gives an account a role over a subtree on some days, or ends it.
func (tx *Tx) InsertTerm(id domain.AccountID, term domain.Term, ended bool, by domain.AccountID) error {
	return tx.moveRights(id, func() error {
		chain, at, err := tx.chainOfTerm(id, &term)
		if err != nil {
			return err
		}
		return tx.insertAssignment(chain, at, id, &term, ended, by, nil, nil, nil)
	})
}

// chainOfTerm returns the chain of what is recorded of a role of an account, and the row of
// its organisation.
func (tx *Tx) chainOfTerm(id domain.AccountID, t *domain.Term) (chain domain.OrgID, org any, err error) {
	if t.Org != "" {
		return t.Org, orgKey(t.Org), nil
	}
	chain, err = tx.chainOfAccount(id)
	return chain, nil, err
}

// insertAssignment records a row of a role over the organisation of a row.
func (tx *Tx) insertAssignment(
	chain domain.OrgID, org any, id domain.AccountID, t *domain.Term, ended bool, by domain.AccountID,
	waits, confirms, reason any,
) error {
	_, err := tx.record(chain, kindAssignment, int64(id), string(t.Role), org, ended, tx.stamp(), account(by),
		dayOrNull(t.From), dayOrNull(t.Until), waits, confirms, reason, wordOrNull(t.Group))
	return err
}

// onItsDays holds of a row s of assignments on a day that is given twice.
const onItsDays = "(s.from_on IS NULL OR s.from_on <= ?) AND (s.until_on IS NULL OR s.until_on >= ?)"

// today returns the day of the snapshot as it is stored.
func (v *Snapshot) today() string { return calendar.FromTime(v.now).String() }

func dayOrNull(d calendar.Day) any {
	if d == 0 {
		return nil
	}
	return d.String()
}

func wordOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// Terms returns the roles of an account that hold now or will, in the order given; none of
// one that is closed.
func (v *Snapshot) Terms(id domain.AccountID) ([]domain.Term, error) {
	var rows []struct {
		Role    string
		OrgID   *int64
		FromOn  *string
		UntilOn *string
		Party   *string
	}
	err := v.all(&rows, `SELECT s.role, s.org_id, s.from_on, s.until_on, s.group_name AS party FROM assignments s
		JOIN accounts a ON a.id = s.account_id WHERE s.account_id = ? AND a.closed = 0 AND s.ended = 0
		AND s.id = (SELECT max(t.id) FROM assignments t WHERE t.account_id = s.account_id AND t.role = s.role
		AND t.waits IS NULL AND coalesce(t.org_id, 0) = coalesce(s.org_id, 0))
		AND (s.until_on IS NULL OR s.until_on >= ?) ORDER BY s.id`, int64(id), v.today())
	out := make([]domain.Term, len(rows))
	for i, r := range rows {
		out[i].Role, out[i].Group = domain.Role(r.Role), text(r.Party)
		if r.OrgID != nil {
			out[i].Org = orgID(*r.OrgID)
		}
		for at, text := range map[*calendar.Day]*string{&out[i].From: r.FromOn, &out[i].Until: r.UntilOn} {
			if text == nil || err != nil {
				continue
			}
			*at, err = calendar.Parse(*text)
		}
	}
	return out, err
}
