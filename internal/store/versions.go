package store

import (
	"slices"
	"strconv"
	"strings"

	"jifen/internal/domain"
)

// What versions tell stale, as it is named in their rows: what something recorded of a
// member is judged by, what is in force where, and who may do what.
const (
	commonVersion = "common"
	rulesVersion  = "rules"
	rightsVersion = "rights"
)

// raised is a version to be raised for a street; 0 is above streets, and raises it for
// all.
type raised struct {
	version string
	street  int64
}

// raise takes note that a version is to be raised for a street, once in a transaction.
func (tx *Tx) raise(version string, street int64) {
	if r := (raised{version, street}); !slices.Contains(tx.raised, r) {
		tx.raised = append(tx.raised, r)
	}
}

// rowOfVersion returns the row of a version for a street.
func rowOfVersion(version string, street int64) string {
	if street == 0 {
		return version
	}
	return version + " " + strconv.FormatInt(street, 10)
}

// raiseVersions writes what is to be raised, all in one statement and in the order of the
// names, in which every transaction locks them.
func (tx *Tx) raiseVersions() error {
	names := make([]string, len(tx.raised))
	for i, r := range tx.raised {
		names[i] = rowOfVersion(r.version, r.street)
	}
	tx.raised = nil
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) == 0 {
		return nil
	}
	values := make([]any, len(names))
	for i, name := range names {
		values[i] = name
	}
	_, err := tx.exec("INSERT INTO versions (name, number) VALUES (?, 1)"+strings.Repeat(", (?, 1)", len(names)-1)+
		" ON CONFLICT (name) DO UPDATE SET number = versions.number + 1", values...)
	return err
}

// Stamp is a version for some streets and what stands above them, as it was when
// something was read that is held.
type Stamp struct {
	names  []any // of its rows
	number int64 // their sum, which only grows
}

const askStamp = "SELECT CAST(coalesce(sum(number), 0) AS BIGINT) FROM versions WHERE name IN (?"

// ask returns the question for the number of a stamp.
func (s *Stamp) ask() string { return askStamp + strings.Repeat(", ?", len(s.names)-1) + ")" }

// stampOf returns a stamp of streets that is not read yet.
func stampOf(version string, streets []int64) Stamp {
	s := Stamp{names: []any{version}}
	for _, street := range streets {
		if street != 0 {
			s.names = append(s.names, rowOfVersion(version, street))
		}
	}
	return s
}

// version reads a version for some streets.
func (v *Snapshot) version(version string, streets []int64) (Stamp, error) {
	s := stampOf(version, streets)
	if err := v.settled(); err != nil {
		return s, err
	}
	err := v.get(&s.number, s.ask(), s.names...)
	return s, err
}

// Current reports whether a stamp is that of now.
func (db *DB) Current(s Stamp) (bool, error) {
	if len(s.names) == 0 {
		return false, nil
	}
	var number int64
	err := db.engine.Peek(&number, s.ask(), s.names...)
	return number == s.number, err
}

// Rights returns the stamp of what an account may do.
func (v *Snapshot) Rights(of domain.AccountID) (Stamp, error) {
	street, err := v.streetOfAccount(of)
	if err == nil && street == 0 { // it stands in the root's chain, which may be a street's
		err = v.get(&street, "SELECT coalesce(max(street_id), 0) FROM orgs WHERE parent_id IS NULL")
	}
	if err != nil {
		return Stamp{}, err
	}
	return v.version(rightsVersion, []int64{street})
}

// CommonOf returns the stamp of what is recorded of members is judged by, in their
// streets and that of an organisation.
func (v *Snapshot) CommonOf(members []domain.Member, org domain.OrgID) (Stamp, error) {
	ids := make([]domain.MemberID, len(members))
	for i := range members {
		ids[i] = members[i].ID
	}
	of, err := v.streetsOf(ids)
	if err != nil {
		return Stamp{}, err
	}
	street, err := v.streetOf(org)
	if err != nil {
		return Stamp{}, err
	}
	streets := []int64{street}
	for _, some := range of {
		streets = append(streets, some...)
	}
	slices.Sort(streets)
	return v.version(commonVersion, slices.Compact(streets))
}

// commonOfAll returns the number of the common version in all streets and above them.
func (v *Snapshot) commonOfAll() (int64, error) { return v.ofAll(commonVersion) }

// ofAll returns the number of a version in all streets and above them, which only grows.
func (v *Snapshot) ofAll(version string) (n int64, err error) {
	if err := v.settled(); err != nil {
		return 0, err
	}
	err = v.get(&n, "SELECT CAST(coalesce(sum(number), 0) AS BIGINT) FROM versions WHERE name >= ? AND name < ?", version,
		version+"!")
	return n, err
}

// streetsOf returns in which streets members belong or have belonged, in order: what is
// recorded of them stands there.
func (v *Snapshot) streetsOf(ids []domain.MemberID) (map[domain.MemberID][]int64, error) {
	out := make(map[domain.MemberID][]int64, len(ids))
	err := chunks(ids, func(marks string, args []any) error {
		var rows []struct {
			MemberID domain.MemberID
			StreetID int64
		}
		err := v.all(&rows, "SELECT DISTINCT a.member_id, a.street_id FROM affiliations a WHERE a.member_id IN ("+marks+
			") ORDER BY a.member_id, a.street_id", args...)
		for _, r := range rows {
			out[r.MemberID] = append(out[r.MemberID], r.StreetID)
		}
		return err
	})
	return out, err
}

// RulesVersions are the versions of what is in force, by their rows.
type RulesVersions map[string]int64

// RulesVersions returns the versions of what is in force in every street.
func (v *Snapshot) RulesVersions() (RulesVersions, error) {
	if err := v.settled(); err != nil {
		return nil, err
	}
	var rows []struct {
		Name   string
		Number int64
	}
	err := v.all(&rows, "SELECT name, number FROM versions WHERE name >= ? AND name < ?", rulesVersion, rulesVersion+"!")
	out := make(RulesVersions, len(rows))
	for _, r := range rows {
		out[r.Name] = r.Number
	}
	return out, err
}

// Rule reports whether what was in force under some versions is what is held by a view
// that remembers (see DB.Recall) was read under.
func (r RulesVersions) Rule(v *Snapshot) bool {
	if v.held == nil || r == nil {
		return false
	}
	var number int64
	for _, name := range v.held.rules.names {
		number += r[name.(string)]
	}
	return number == v.held.rules.number
}

// stamping reads stamps of members, those of the same streets once.
type stamping struct {
	*Snapshot
	streets []int64
	common  Stamp
	rules   Stamp
}

// of returns the stamps of some streets.
func (s *stamping) of(streets []int64) (common, rules Stamp, err error) {
	if s.common.names != nil && slices.Equal(streets, s.streets) {
		return s.common, s.rules, nil
	}
	if common, err = s.version(commonVersion, streets); err != nil {
		return common, rules, err
	}
	if rules, err = s.version(rulesVersion, streets); err != nil {
		return common, rules, err
	}
	s.streets, s.common, s.rules = streets, common, rules
	return common, rules, nil
}
