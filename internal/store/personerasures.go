package store

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// personalKinds names what an erasure of a person takes away, as its row has it.
const personalKinds = "names numbers texts drafts sessions replies"

// personal holds what an erasure of a person takes away.
type personal struct {
	member   domain.Member
	names    []string // that he was recorded under
	texts    []int64  // that are not erased yet, names among them
	account  *domain.Account
	drafts   []int64
	sealed   int
	named    int // texts that are names
	namesake bool
}

// PersonalDataOf counts what an erasure of a member would take away; fault.NotFound
// outside the scope.
func (v *Snapshot) PersonalDataOf(scope access.Scope, id domain.MemberID) (domain.PersonalData, error) {
	p, err := v.personal(scope, id)
	if err != nil {
		return domain.PersonalData{}, err
	}
	return domain.PersonalData{Names: p.named, Numbers: p.sealed, Texts: len(p.texts) - p.named, Drafts: len(p.drafts),
		Account: p.account != nil && !p.account.Closed, Namesake: p.namesake}, nil
}

// personal gathers what is held of a member.
func (v *Snapshot) personal(scope access.Scope, id domain.MemberID) (*personal, error) {
	m, err := v.Member(scope, id)
	if err != nil {
		return nil, err
	}
	p := &personal{member: m}
	account, err := v.AccountOf(id)
	switch {
	case err == nil:
		p.account = &account
	case fault.CodeOf(err) != fault.NotFound:
		return nil, err
	}
	if err := v.get(&p.sealed, "SELECT count(*) FROM sealed WHERE member_id = ?", string(id)); err != nil {
		return nil, err
	}
	for _, find := range [...]func(*personal) error{v.personalNames, v.personalTexts, v.personalDrafts} {
		if err := find(p); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// personalNames finds the names, and whether somebody else is called so.
func (v *Snapshot) personalNames(p *personal) error {
	var rows []struct {
		ID   int64
		Body string
		Own  bool // the account may be called by the office, which others write of too
	}
	err := v.all(&rows, `SELECT t.id, t.body, t.id IN (SELECT c.name FROM member_changes c WHERE c.member_id = ?) AS own
		FROM texts t WHERE length(t.salt) > 0 AND t.id IN (
		SELECT c.name FROM member_changes c WHERE c.member_id = ?
		UNION SELECT c.name FROM account_changes c JOIN accounts a ON a.id = c.account_id WHERE a.member_id = ?
			AND c.name IS NOT NULL)
		AND t.body <> ? ORDER BY t.id`, string(p.member.ID), string(p.member.ID), string(p.member.ID), domain.ErasedName)
	for _, r := range rows {
		p.texts = append(p.texts, r.ID)
		if r.Own {
			p.names = append(p.names, r.Body)
		}
	}
	p.named = len(rows)
	if p.member.Name != domain.ErasedName {
		p.names = append(p.names, p.member.Name)
	}
	slices.Sort(p.names)
	p.names = slices.Compact(p.names)
	for _, name := range p.names {
		var others int
		if err == nil {
			err = v.get(&others, `SELECT count(*) FROM members m WHERE m.id <> ? AND replace(m.name, ?, '') <> m.name`,
				string(p.member.ID), name)
		}
		p.namesake = p.namesake || others > 0
	}
	return err
}

// personalTexts finds what was written about the member, what names him where nobody else
// is called so, and by what name he handed in and confirmed rule files. Titles of
// activities are of all who attended: they are his only where they name him.
func (v *Snapshot) personalTexts(p *personal) error {
	list, err := v.TextsOf(access.System("an erased person is erased wherever he is written of"), p.member.ID)
	if err != nil {
		return err
	}
	for i := range list {
		if t := &list[i]; !t.Erased && t.Part != domain.TextTitle {
			p.texts = append(p.texts, int64(t.ID))
		}
	}
	if p.account != nil {
		var own []int64
		by := int64(p.account.ID)
		err = v.all(&own, `SELECT t.id FROM texts t WHERE length(t.salt) > 0 AND t.id IN (
			SELECT d.person FROM drafts d WHERE d.recorded_by = ?
			UNION SELECT w.person FROM withdrawals w WHERE w.recorded_by = ? AND w.person IS NOT NULL
			UNION SELECT e.person FROM enactments e WHERE e.recorded_by = ? AND e.person IS NOT NULL
			UNION SELECT c.subject FROM account_changes c WHERE c.account_id = ? AND c.subject IS NOT NULL)`, by, by, by, by)
		p.texts = append(p.texts, own...)
	}
	for _, name := range p.names {
		if err != nil || p.namesake {
			break
		}
		var found []int64
		err = v.all(&found, `SELECT t.id FROM texts t WHERE length(t.salt) > 0 AND replace(t.body, ?, '') <> t.body
			AND t.id NOT IN (SELECT c.name FROM member_changes c)
			AND t.id NOT IN (SELECT c.name FROM account_changes c WHERE c.name IS NOT NULL)`, name)
		p.texts = append(p.texts, found...)
	}
	slices.Sort(p.texts)
	p.texts = slices.Compact(p.texts)
	return err
}

// personalDrafts finds what he is writing himself, and what others write of him.
func (v *Snapshot) personalDrafts(p *personal) error {
	var rows []struct {
		ID, AccountID int64
		Body          string
	}
	err := v.all(&rows, "SELECT id, account_id, body FROM request_drafts ORDER BY id")
	number, quoting := json.Marshal(string(p.member.ID))
	if err == nil {
		err = quoting
	}
	for _, r := range rows {
		own := p.account != nil && r.AccountID == int64(p.account.ID)
		if own || strings.Contains(r.Body, string(number)) || p.in(r.Body) {
			p.drafts = append(p.drafts, r.ID)
		}
	}
	return err
}

// in reports whether a text has one of the names.
func (p *personal) in(text string) bool {
	return slices.ContainsFunc(p.names, func(name string) bool { return strings.Contains(text, name) })
}

// ErasePerson erases who a member was: first the row that says so, then names, numbers,
// what was written, drafts, sessions and answers. What counts stays under his number. by is
// 0 for the program itself. It may be done again for what was written since.
func (tx *Tx) ErasePerson(id domain.MemberID, reason string, on calendar.Day, by domain.AccountID) error {
	p, err := tx.personal(access.System("an erased person is erased wherever he is written of"), id)
	if err != nil {
		return err
	}
	why, err := tx.insertText(p.member.Home.ID, reason)
	if err != nil {
		return err
	}
	if _, err := tx.record(p.member.Home.ID, kindPersonErasure, string(id), personalKinds, why, tx.stamp(),
		account(by)); err != nil {
		return err
	}
	if err := tx.erasePersonAccount(p, by); err != nil {
		return err
	}
	if err := tx.erasePersonRows(p); err != nil {
		return err
	}
	if err := tx.erasePersonSessions(p); err != nil {
		return err
	}
	for _, text := range p.texts {
		if err := tx.EraseText(domain.TextID(text), reason, on, by); err != nil {
			return err
		}
	}
	return tx.touch(id)
}

// erasePersonAccount closes the account without a name.
func (tx *Tx) erasePersonAccount(p *personal, by domain.AccountID) error {
	if p.account == nil {
		return nil
	}
	a := *p.account
	a.Name, a.Password, a.Closed = domain.ErasedName, "", true
	if _, err := tx.exec("UPDATE accounts SET name = ?, password = '', issuer = NULL, subject = NULL WHERE id = ?",
		a.Name, int64(a.ID)); err != nil {
		return err
	}
	return tx.CloseAccount(a, by)
}

// erasePersonRows takes away what is no history.
func (tx *Tx) erasePersonRows(p *personal) error {
	id := string(p.member.ID)
	if _, err := tx.exec("UPDATE members SET name = ?, initials = '' WHERE id = ?", domain.ErasedName, id); err != nil {
		return err
	}
	for _, query := range [...]string{
		"DELETE FROM sealed WHERE member_id = ?", "DELETE FROM standings WHERE member_id = ?",
	} {
		if _, err := tx.exec(query, id); err != nil {
			return err
		}
	}
	for _, draft := range p.drafts {
		if _, err := tx.exec("DELETE FROM request_drafts WHERE id = ?", draft); err != nil {
			return err
		}
	}
	for _, name := range p.names {
		if _, err := tx.exec("DELETE FROM replies WHERE replace(answer, ?, '') <> answer", name); err != nil {
			return err
		}
	}
	if p.account == nil {
		return nil
	}
	_, err := tx.exec("DELETE FROM replies WHERE account_id = ?", int64(p.account.ID))
	return err
}

// erasePersonSessions ends his sessions, and those that have a name in them.
func (tx *Tx) erasePersonSessions(p *personal) error {
	if p.account != nil {
		if _, err := tx.DeleteSessions(p.account.ID, nil); err != nil {
			return err
		}
	}
	var rows []struct{ Token, Data []byte }
	if err := tx.all(&rows, "SELECT token, data FROM sessions ORDER BY token"); err != nil {
		return err
	}
	for _, r := range rows {
		if !slices.ContainsFunc(p.names, func(name string) bool { return bytes.Contains(r.Data, []byte(name)) }) {
			continue
		}
		if err := tx.DeleteSession(r.Token); err != nil {
			return err
		}
	}
	return nil
}

// PersonErasures lists the persons who were erased, in the order in which that was
// recorded, for the list outside the database.
func (v *Snapshot) PersonErasures() ([]domain.PersonErasure, error) {
	var rows []struct {
		MemberID   string
		Commitment []byte
		Body       string
		RecordedAt string
	}
	err := v.all(&rows, `SELECT p.member_id, f.commitment, r.body, p.recorded_at FROM person_erasures p
		JOIN texts r ON r.id = p.reason JOIN member_changes c ON c.id = (SELECT min(x.id) FROM member_changes x
			WHERE x.member_id = p.member_id)
		JOIN texts f ON f.id = c.name ORDER BY p.id`)
	out := make([]domain.PersonErasure, len(rows))
	for i, r := range rows {
		out[i] = domain.PersonErasure{Member: domain.MemberID(r.MemberID), Proof: r.Commitment, Reason: r.Body}
		if err == nil {
			out[i].At, err = ParseInstant(r.RecordedAt)
		}
	}
	return out, err
}

// ToErase reports whether an erasure that was listed concerns a member of this database who
// was not erased in it.
func (v *Snapshot) ToErase(e *domain.PersonErasure) (bool, error) {
	var n int
	err := v.get(&n, `SELECT count(*) FROM member_changes c JOIN texts f ON f.id = c.name
		WHERE c.member_id = ? AND f.commitment = ? AND c.id = (SELECT min(x.id) FROM member_changes x
			WHERE x.member_id = c.member_id)
		AND NOT EXISTS (SELECT 1 FROM person_erasures p WHERE p.member_id = c.member_id AND p.recorded_at >= ?)`,
		string(e.Member), e.Proof, calendar.Instant(e.At))
	return n > 0, err
}
