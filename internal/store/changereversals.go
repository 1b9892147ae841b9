package store

import (
	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// affiliationHolds is the condition under which a row of affiliations was not taken back, as
// the view knows it. It takes v.knownBy as its argument.
func affiliationHolds(row string) string {
	return "(SELECT z.id FROM change_reversals z WHERE z.affiliation_id = " + row + ".id AND z.recorded_at <= ?) IS NULL"
}

// affiliationNow is affiliationHolds as things are now.
func affiliationNow(row string) string {
	return "(SELECT z.id FROM change_reversals z WHERE z.affiliation_id = " + row + ".id) IS NULL"
}

// factHolds is affiliationHolds for a row of facts.
func factHolds(row string) string {
	return "(SELECT z.id FROM change_reversals z WHERE z.fact_id = " + row + ".id AND z.recorded_at <= ?) IS NULL"
}

// factNow is factHolds as things are now.
func factNow(row string) string {
	return "(SELECT z.id FROM change_reversals z WHERE z.fact_id = " + row + ".id) IS NULL"
}

// reversedColumns holds what is read of how a row was taken back, by the join of reversedBy.
const reversedColumns = `r.recorded_by AS reversed_by, rb.name AS reversed_by_name, r.recorded_at AS reversed_at,
		rt.body AS reversed_reason`

func reversedBy(column, row string) string {
	return " LEFT JOIN change_reversals r ON r." + column + " = " + row +
		" LEFT JOIN accounts rb ON rb.id = r.recorded_by LEFT JOIN shown_texts rt ON rt.id = r.reason "
}

// reversedRow holds what is read of reversedColumns.
type reversedRow struct {
	ReversedBy     *int64
	ReversedByName *string
	ReversedAt     *string
	ReversedReason *string
}

// reversal returns how a row was taken back, nil where it was not.
func (r *reversedRow) reversal() *domain.Reversal {
	if r.ReversedAt == nil {
		return nil
	}
	return &domain.Reversal{By: accountOf(r.ReversedBy), ByName: text(r.ReversedByName), At: *r.ReversedAt,
		Reason: text(r.ReversedReason)}
}

// accountOf is the inverse of account.
func accountOf(by *int64) domain.AccountID {
	if by == nil {
		return 0
	}
	return domain.AccountID(*by)
}

// ReverseChange takes back a fact or an affiliation of a member: from now on it holds
// nowhere. reason is "" for who takes back on the same day what he recorded himself; by is
// 0 for the program itself. fault.NotFound for what is no row of the member's.
func (tx *Tx) ReverseChange(member domain.MemberID, id domain.ChangeID, reason string, by domain.AccountID) error {
	m, err := tx.Member(access.System("the chain of the home branch"), member)
	if err != nil {
		return err
	}
	var fact, affiliation any
	var kind string
	if id.Fact != 0 {
		fact = id.Fact
		err = tx.get(&kind, "SELECT '' FROM facts WHERE id = ? AND member_id = ?", id.Fact, string(member))
	} else {
		affiliation = id.Affiliation
		err = tx.get(&kind, "SELECT kind FROM affiliations WHERE id = ? AND member_id = ?", id.Affiliation, string(member))
	}
	if err != nil {
		return fault.Hide(err, "登记过的这一条")
	}
	said, err := tx.insertText(m.Home.ID, reason)
	if err != nil {
		return err
	}
	_, err = tx.record(m.Home.ID, kindChangeReversal, string(member), fact, affiliation, said, tx.stamp(), account(by))
	if err != nil {
		return err
	}
	if kind == string(domain.Home) {
		if err := tx.settleAt(&m); err != nil {
			return err
		}
	}
	return tx.touch(member)
}
