package store

import (
	"time"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

type slipRow struct {
	ID         int64
	AccountID  int64
	RecordedAt string
	ExpiresAt  string
	EndedAt    *string
	Used       *bool
}

const slipSelect = `SELECT s.id, s.account_id, s.recorded_at, s.expires_at, e.recorded_at AS ended_at, e.used
	FROM slips s LEFT JOIN slip_ends e ON e.slip_id = s.id`

func (r *slipRow) slip() (s domain.Slip, err error) {
	s = domain.Slip{ID: r.ID, Account: domain.AccountID(r.AccountID), Used: r.Used != nil && *r.Used}
	s.Made, err = ParseInstant(r.RecordedAt)
	if err == nil {
		s.Expires, err = ParseInstant(r.ExpiresAt)
	}
	if err == nil && r.EndedAt != nil {
		s.Ended, err = ParseInstant(*r.EndedAt)
	}
	if err != nil {
		return s, fault.Wrap(err, fault.Internal, "激活条 %d 的时间读不懂", r.ID)
	}
	return s, nil
}

// InsertSlip keeps a slip of an account by the hash of its code. by is 0 for the program.
func (tx *Tx) InsertSlip(of domain.AccountID, hash []byte, expires time.Time, by domain.AccountID) error {
	chain, err := tx.chainOfAccount(of)
	if err != nil {
		return err
	}
	_, err = tx.record(chain, kindSlip, int64(of), hash, Instant(expires), tx.stamp(), account(by))
	return err
}

// SlipByHash returns the slip of a hash that an account has, for who holds its code;
// fault.NotFound if there is none.
func (v *Snapshot) SlipByHash(of domain.AccountID, hash []byte) (domain.Slip, error) {
	var r slipRow
	if err := v.get(&r, slipSelect+" WHERE s.hash = ? AND s.account_id = ?", hash, int64(of)); err != nil {
		return domain.Slip{}, err
	}
	return r.slip()
}

// LastSlip returns the latest slip of an account, for who hands them out; fault.NotFound
// if it never had one.
func (v *Snapshot) LastSlip(of domain.AccountID) (domain.Slip, error) {
	var r slipRow
	if err := v.get(&r, slipSelect+" WHERE s.account_id = ? ORDER BY s.id DESC LIMIT 1", int64(of)); err != nil {
		return domain.Slip{}, err
	}
	return r.slip()
}

// EndSlip records that a slip was used, or taken back; fault.Conflict where it ended
// before.
func (tx *Tx) EndSlip(s *domain.Slip, used bool, by domain.AccountID) error {
	chain, err := tx.chainOfAccount(s.Account)
	if err != nil {
		return err
	}
	_, err = tx.record(chain, kindSlipEnd, s.ID, used, tx.stamp(), account(by))
	return err
}

// Unopened is a member who cannot sign in yet, and his account where there is one.
type Unopened struct {
	Member  domain.MemberID
	Name    string
	Account domain.AccountID // 0 = none
	Branch  string
}

// Unopened returns the members below an organisation who belong there now and cannot sign
// in: without an account, or with one that is open and has no password yet. By branch and
// number.
func (v *Snapshot) Unopened(scope access.Scope, path string) ([]Unopened, error) {
	if !scope.Covers(path) {
		return nil, nil
	}
	var rows []struct {
		ID, Name, Branch string
		AccountID        int64
	}
	err := v.all(&rows, `SELECT m.id, m.name, o.name AS branch, coalesce(a.id, 0) AS account_id
		FROM orgs o JOIN members m ON m.home_id = o.id LEFT JOIN accounts a ON a.member_id = m.id
		WHERE o.path >= ? AND o.path < ? AND m.left_on IS NULL AND (a.id IS NULL OR a.closed = 0 AND a.password = '')
		ORDER BY o.path, m.id`, path, path+"~")
	out := make([]Unopened, len(rows))
	for i, r := range rows {
		out[i] = Unopened{domain.MemberID(r.ID), r.Name, domain.AccountID(r.AccountID), r.Branch}
	}
	return out, err
}
