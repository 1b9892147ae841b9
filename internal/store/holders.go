package store

import (
	"cmp"
	"slices"

	"jifen/internal/access"
	"jifen/internal/domain"
)

// Holders returns who holds which office over organisations of the scope now, by
// account: the present rows of open accounts.
func (v *Snapshot) Holders(scope access.Scope) ([]access.Holder, error) {
	where, args := scopeSQL(scope, false)
	rows, err := v.holders(where, args)
	return holdersOf(rows), err
}

// HoldersBelow is Holders over organisations at and below a path ("" for all).
func (v *Snapshot) HoldersBelow(scope access.Scope, below string) ([]access.Holder, error) {
	where, args := scopeBelow(scope, below)
	rows, err := v.holders(where, args)
	return holdersOf(rows), err
}

// HoldersAbove is Holders over the organisations that some paths lead through and to,
// whoever asks: above a branch, whoever hands a request in is told who decides.
func (v *Snapshot) HoldersAbove(paths []string) ([]access.Holder, error) {
	var lines []int64
	for _, path := range paths {
		for at := path; at != ""; at = above(at) {
			lines = append(lines, rowOf(at))
		}
	}
	slices.Sort(lines)
	var all []holderRow
	err := chunks(slices.Compact(lines), func(marks string, args []any) error {
		some, err := v.holders("o.id IN ("+marks+")", args)
		all = append(all, some...)
		return err
	})
	slices.SortFunc(all, func(a, b holderRow) int {
		return cmp.Or(cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.ID, b.ID))
	})
	return holdersOf(all), err
}

type holderRow struct {
	ID        int64
	AccountID int64
	Person    *domain.MemberID
	Name      string
	Role      string
	Path      string
	Level     string
	Party     *string
}

func (v *Snapshot) holders(where string, args []any) (rows []holderRow, err error) {
	err = v.all(&rows, `SELECT s.id, s.account_id, coalesce(a.member_id, a.person) AS person,
		a.name, s.role, o.path, o.level, s.group_name AS party FROM assignments s
		JOIN orgs o ON o.id = s.org_id JOIN accounts a ON a.id = s.account_id
		WHERE a.closed = 0 AND s.ended = 0 AND s.id = (SELECT max(t.id) FROM assignments t WHERE t.account_id = s.account_id
		AND t.role = s.role AND t.waits IS NULL AND t.org_id = s.org_id)
		AND `+onItsDays+" AND "+where+" ORDER BY s.account_id, s.id", append([]any{v.today(), v.today()}, args...)...)
	return rows, err
}

func holdersOf(rows []holderRow) []access.Holder {
	out := make([]access.Holder, len(rows))
	for i, r := range rows {
		who := domain.PersonOf(domain.AccountID(r.AccountID), r.Person)
		out[i] = access.Holder{Account: who.Account, Member: who.Member, Name: r.Name, Role: domain.Role(r.Role),
			Path: r.Path, Level: orgLevel(r.Level), Group: text(r.Party)}
	}
	return out
}

// OfficesEnded returns the offices of a member in an organisation that ended at an instant.
func (v *Snapshot) OfficesEnded(id domain.MemberID, org domain.OrgID, at string) (out []domain.Role, err error) {
	var roles []string
	err = v.all(&roles, `SELECT DISTINCT s.role FROM assignments s JOIN accounts a ON a.id = s.account_id
		WHERE s.org_id = ? AND s.ended = 1 AND s.waits IS NULL AND s.confirms IS NULL AND s.recorded_at = ?
		AND coalesce(a.member_id, a.person) = ? ORDER BY s.role`, orgKey(org), at, string(id))
	for _, r := range roles {
		out = append(out, domain.Role(r))
	}
	return out, err
}
