package store

import (
	"crypto/sha256"
	"strconv"

	"jifen/internal/access"
	"jifen/internal/fault"
	"jifen/internal/party"
)

// Trace is one line of the trail (审计): who did or read what.
type Trace struct {
	ID      int64
	At      string
	Account access.AccountID
	Name    string // of the account
	Action  string
	Org     party.OrgID
	Member  party.MemberID
	Detail  string
}

// InsertTrace appends a line to the trail, chained to the one before it.
func (tx *Tx) InsertTrace(t Trace) error {
	var before []byte
	err := tx.get(&before, "SELECT hash FROM trail ORDER BY id DESC LIMIT 1")
	if err != nil && fault.CodeOf(err) != fault.NotFound {
		return err
	}
	t.At = tx.stamp()
	var org, member any
	if t.Org != "" {
		org = orgKey(t.Org)
	}
	if t.Member != "" {
		member = string(t.Member)
	}
	_, err = tx.exec("INSERT INTO trail (at, account_id, action, org_id, member_id, detail, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
		t.At, account(t.Account), t.Action, org, member, t.Detail, traceHash(before, &t))
	return err
}

func traceHash(before []byte, t *Trace) []byte {
	b := append([]byte(nil), before...)
	for _, s := range []string{t.At, strconv.FormatInt(int64(t.Account), 10), t.Action, string(t.Org), string(t.Member), t.Detail} {
		b = append(b, strconv.Itoa(len(s))...)
		b = append(b, ':')
		b = append(b, s...)
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

// Traces returns the trail, newest first, n lines before an id (0 for the
// newest). Only a scope of all sees it.
func (v *View) Traces(scope access.Scope, before int64, n int) ([]Trace, error) {
	if !scope.All() {
		return nil, nil
	}
	if before == 0 {
		before = 1<<63 - 1
	}
	var rows []struct {
		ID        int64
		At        string
		AccountID *int64
		Name      *string
		Action    string
		OrgID     *int64
		MemberID  *string
		Detail    string
	}
	err := v.all(&rows, `SELECT t.id, t.at, t.account_id, a.name, t.action, t.org_id, t.member_id, t.detail FROM trail t
		LEFT JOIN accounts a ON a.id = t.account_id WHERE t.id < ? ORDER BY t.id DESC LIMIT ?`, before, n)
	out := make([]Trace, len(rows))
	for i, r := range rows {
		out[i] = Trace{ID: r.ID, At: r.At, Action: r.Action, Detail: r.Detail}
		if r.AccountID != nil {
			out[i].Account, out[i].Name = access.AccountID(*r.AccountID), *r.Name
		}
		if r.OrgID != nil {
			out[i].Org = orgID(*r.OrgID)
		}
		if r.MemberID != nil {
			out[i].Member = party.MemberID(*r.MemberID)
		}
	}
	return out, err
}
