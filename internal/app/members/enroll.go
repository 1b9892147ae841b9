package members

import (
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Enrolment is one member to be taken in: where he belongs from a day on, and
// what is known of him.
type Enrolment struct {
	ID       domain.MemberID
	Name     string
	Initials []string // of the pinyin, one for each reading
	Home     domain.OrgID
	From     calendar.Day // first day here
	Joins    []domain.OrgID
	Facts    []domain.Fact
}

// EnrolTx takes a member in, with everything known of him, in the caller's
// transaction. by is 0 for the program itself.
func EnrolTx(tx *store.Tx, e *Enrolment, by domain.AccountID) error {
	if err := tx.InsertMemberAt(e.Home, e.ID, e.Name, strings.Join(e.Initials, " ")); err != nil {
		if fault.CodeOf(err) == fault.Conflict {
			return fault.Wrap(err, fault.Conflict, "编号 %s 已经有人用了", e.ID)
		}
		return err
	}
	steps := []domain.Affiliation{{Member: e.ID, Kind: domain.Home, Org: e.Home, From: e.From}}
	for _, org := range e.Joins {
		steps = append(steps, domain.Affiliation{Member: e.ID, Kind: domain.Participant, Org: org, From: e.From})
	}
	for _, a := range steps {
		if err := tx.InsertAffiliation(a, by); err != nil {
			return err
		}
	}
	for _, f := range e.Facts {
		if err := tx.InsertFact(e.ID, f, by); err != nil {
			return err
		}
	}
	return nil
}

// LeaveTx records that a member is not here from a day on (转出).
func LeaveTx(tx *store.Tx, id domain.MemberID, from calendar.Day, by domain.AccountID) error {
	return tx.InsertAffiliation(domain.Affiliation{Member: id, Kind: domain.Home, From: from}, by)
}
