package store

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"jifen/internal/domain"
)

// marked records one row of a kind: where it stands, or concerns somebody, the marks of
// lists must grow.
type marked struct {
	in    string // a branch: east or west; "" = what concerns all
	write func(tx *Tx, s *town) error

	raises string // the versions of the street that it raises
}

// marks gives, by its methods, rows to record of each kind, P1 being in the east with an
// entry, a claim and an activity. The test of a table adds a method for its kind.
type marks struct {
	entry    domain.EntryID
	activity domain.ActivityID
}

// marking joins what the methods of marks give.
func marking(entry domain.EntryID, activity domain.ActivityID) map[kind][]marked {
	out, parts := map[kind][]marked{}, reflect.ValueOf(marks{entry, activity})
	for i := range parts.NumMethod() {
		maps.Copy(out, parts.Method(i).Interface().(func() map[kind][]marked)())
	}
	return out
}

// Kinds gives the rows of the first kinds.
func (m marks) Kinds() map[kind][]marked {
	entry, activity := m.entry, m.activity
	home := func(in, org string) marked {
		return marked{in: in, write: func(tx *Tx, s *town) error {
			to := map[string]domain.OrgID{"east": s.east.ID, "west": s.west.ID, "": ""}[org]
			return tx.InsertAffiliation(domain.Affiliation{Member: "P1", Kind: domain.Home, Org: to, From: on("2026-04-01")},
				s.clerk)
		}}
	}
	east := func(write func(tx *Tx, s *town) error) []marked { return []marked{{in: "east", write: write}} }
	all := func(write func(tx *Tx, s *town) error) []marked { return []marked{{write: write}} }
	of := func(write func(tx *Tx, s *town, m *domain.Member) error) []marked {
		return east(func(tx *Tx, s *town) error {
			m, err := tx.Member(everybody, "P1")
			if err != nil {
				return err
			}
			return write(tx, s, &m)
		})
	}
	draft := domain.RuleDraft{Code: "t", From: on("2026-01-01"), Hash: "h", Source: "办法", Person: "示例甲"}
	out := map[kind][]marked{
		kindAffiliation: {home("east", "west"), home("west", "west"), home("east", "")},
		kindFact: east(func(tx *Tx, s *town) error {
			return tx.InsertFact("P1", domain.Fact{Attribute: "职务", From: on("2026-02-01"), Value: domain.Value{Text: "无"}},
				s.clerk)
		}),
		kindEntry: of(func(tx *Tx, s *town, m *domain.Member) error {
			_, err := tx.InsertEntry(m, domain.NewEntry{Entry: domain.Entry{Item: "好事", On: on("2026-03-02")}}, s.clerk)
			return err
		}),
		kindRequest: of(func(tx *Tx, s *town, m *domain.Member) error {
			_, err := tx.InsertEntry(m, domain.NewEntry{Entry: domain.Entry{Item: "好事", On: on("2026-03-02")},
				Route: domain.Route{"支部委员会"}}, s.clerk)
			return err
		}),
		kindRequestStep: east(func(tx *Tx, s *town) error {
			return decide(tx, 1, domain.RequestStep{Kind: domain.StepAccept, Organs: []string{"支部委员会"}, Rest: 1}, s.clerk)
		}),
		kindReversal: east(func(tx *Tx, s *town) error {
			e, err := tx.Entry(everybody, entry)
			if err != nil {
				return err
			}
			return tx.InsertReversal(&e, "重复录入", s.clerk)
		}),
		kindActivity: east(func(tx *Tx, s *town) error {
			_, err := tx.InsertActivity(domain.Activity{Org: s.east.ID, Kind: "党课", On: on("2026-03-04")}, s.clerk)
			return err
		}),
		kindAttendance: of(func(tx *Tx, s *town, m *domain.Member) error {
			return attend(tx, activity, m, domain.AttendanceInput{Status: "缺席"}, s.clerk)
		}),
		kindPeriod: east(func(tx *Tx, s *town) error { return tx.InsertPeriodStep(s.east.ID, "2026", true, s.clerk) }),
		kindOrg: all(func(tx *Tx, s *town) error {
			_, err := tx.InsertOrg(domain.Org{Parent: s.street.ID, Level: domain.Community, Name: "南社区"})
			return err
		}),
		kindOrgChange: {
			{in: "east", write: func(tx *Tx, s *town) error {
				_, err := tx.ChangeOrg(s.east, domain.OrgChange{Kind: domain.OrgRenamed, Name: "东新支部", From: on("2026-03-01")},
					s.clerk)
				return err
			}},
			{write: func(tx *Tx, s *town) error {
				_, err := tx.ChangeOrg(s.street, domain.OrgChange{Kind: domain.OrgRenamed, Name: "示例新街道", From: on("2026-03-01")},
					s.clerk)
				return err
			}},
		},
		kindMember: {{write: func(tx *Tx, _ *town) error { return tx.InsertMember("P9", "示例南", "sl") }},
			{in: "east", write: func(tx *Tx, s *town) error {
				m, err := tx.Member(everybody, "P1")
				if err != nil {
					return err
				}
				return tx.RenameMember(&m, "示例北", "slb", 0, "写错了", s.clerk)
			}}},
		kindDraft: all(func(tx *Tx, s *town) error {
			draft.Org = s.street
			_, err := tx.InsertDraft(draft, s.clerk)
			return err
		}),
		kindWithdrawal: all(func(tx *Tx, s *town) (err error) {
			draft.Org = s.street
			if draft.ID, err = tx.InsertDraft(draft, s.clerk); err != nil {
				return err
			}
			return tx.InsertWithdrawal(&draft, "示例甲", "写错了", s.clerk)
		}),
		kindEnactment: {
			{in: "east", write: func(tx *Tx, s *town) error { return enact(tx, s, s.east.ID) }},
			{write: func(tx *Tx, s *town) error { return enact(tx, s, s.street.ID) }},
		},
		kindAccount: all(func(tx *Tx, s *town) error {
			_, err := tx.InsertAccount(domain.Account{Login: "other", Name: "示例丙"}, s.clerk)
			return err
		}),
		kindAssignment: {
			{in: "east", write: func(tx *Tx, s *town) error {
				return tx.InsertAssignment(s.clerk, domain.RoleSecretary, s.east.ID, false, s.clerk)
			}},
			{write: func(tx *Tx, s *town) error {
				return tx.InsertAssignment(s.clerk, domain.RoleSecretary, s.street.ID, false, s.clerk)
			}},
		},
		kindToken: all(func(tx *Tx, s *town) error { _, err := token(tx, s); return err }),
		kindRevocation: all(func(tx *Tx, s *town) error {
			id, err := token(tx, s)
			if err == nil {
				_, err = tx.RevokeToken(s.clerk, id, s.clerk)
			}
			return err
		}),
		kindSlip: all(func(tx *Tx, s *town) error { _, err := slip(tx, s, "one"); return err }),
		kindSlipEnd: all(func(tx *Tx, s *town) error {
			made, err := slip(tx, s, "two")
			if err == nil {
				err = tx.EndSlip(&made, true, s.clerk)
			}
			return err
		}),
		kindSetting: all(func(tx *Tx, s *town) error { return tx.InsertSetting(domain.SettingIdle, 15, s.clerk) }),
		kindTrailDrop: all(func(tx *Tx, s *town) error {
			_, err := tx.record(s.street.ID, kindTrailDrop, orgKey(s.street.ID), "2026-01", int64(1), nil, []byte("hash"),
				"note", int64(s.clerk), tx.stamp(), int64(s.clerk))
			return err
		}),
		kindActsSeen: east(func(tx *Tx, s *town) error {
			return tx.InsertActsSeen(s.east.ID, "2026-03-09T00:00:00.000Z", s.clerk)
		}),
		kindErasure: all(func(tx *Tx, s *town) error { return tx.EraseText(1, "本人要求", on("2026-03-09"), s.clerk) }),
		kindCorrection: of(func(tx *Tx, s *town, m *domain.Member) error {
			_, err := tx.InsertCorrection(m, domain.CorrectionAsked{About: domain.DossierFacts, Wrong: "写错了", Wanted: "示例"},
				"登记的情况",
				on("2026-03-09"), domain.Route{"支部书记"}, s.clerk)
			return err
		}),
		kindPersonErasure: all(func(tx *Tx, s *town) error {
			return tx.ErasePerson("P1", "本人要求", on("2026-03-09"), s.clerk)
		}),
	}
	for k, raises := range map[kind]string{
		kindOrg: "common rules", kindEnactment: "common rules",
		kindOrgChange: "common", kindPeriod: "common", kindMember: "common", kindErasure: "common",
		kindPersonErasure: "common",
		kindAccount:       "rights", kindAssignment: "rights", kindRevocation: "rights",
		kindSetting: "rights",
	} {
		for i := range out[k] {
			out[k][i].raises = raises
		}
	}
	return out
}

func enact(tx *Tx, s *town, org domain.OrgID) error {
	return tx.InsertEnactment(domain.RuleVersion{Org: org, Code: "t", From: on("2026-01-01"), Hash: "h", Source: "办法",
		Person: "示例乙"}, s.clerk)
}

func slip(tx *Tx, s *town, hash string) (domain.Slip, error) {
	if err := tx.InsertSlip(s.clerk, []byte(hash), noon().AddDate(0, 0, 30), s.clerk); err != nil {
		return domain.Slip{}, err
	}
	return tx.SlipByHash(s.clerk, []byte(hash))
}

func token(tx *Tx, s *town) (domain.TokenID, error) {
	return tx.InsertToken([]byte("hash"), domain.Token{Account: s.clerk, Name: "同步", Expires: noon().AddDate(1, 0, 0)})
}

// TestMarksGrowWithWhatTheyConcern: whatever kind of row is recorded, the marks of the
// branch that it concerns and of all above it grow; that of another branch stays where
// nobody is moved and nothing is decided above. The versions grow as its row of
// chainedKinds says.
func TestMarksGrowWithWhatTheyConcern(t *testing.T) {
	t.Parallel()
	for _, k := range chainedKinds() {
		rows := marking(1, 1)[k.kind] // the first that record records
		if len(rows) == 0 {
			t.Errorf("%s is not recorded here: a method of marks does, in the test of its table", k.kind)
		}
		for i, row := range rows {
			db := temporary(t)
			s := settle(t, db)
			record(t, db, s)
			before, version, stamps := marksOf(t, db, &s), versionOf(t, db, "P1"), stampsOf(t, db, &s)
			write(t, db, func(tx *Tx) error { return row.write(tx, &s) })
			after := marksOf(t, db, &s)
			if k.raises == 0 || k.raises == raisesMember && versionOf(t, db, "P1") <= version {
				t.Errorf("%s %d: does not say what it raises, or does not raise its member's version", k.kind, i)
			}
			var raised []string
			for version, stamp := range stampsOf(t, db, &s) {
				if stamp != stamps[version] {
					raised = append(raised, version)
				}
			}
			slices.Sort(raised)
			if got := strings.Join(raised, " "); got != row.raises {
				t.Errorf("%s %d: raises %q, want %q", k.kind, i, got, row.raises)
			}
			for place, m := range before {
				concerned := row.in == "" || row.in == place || place == row.in+" community" || place == "street" ||
					place == "everywhere"
				moved := k.kind == kindAffiliation
				switch {
				case concerned && after[place] <= m:
					t.Errorf("%s %d: the mark of %s stays %d", k.kind, i, place, m)
				case !concerned && !moved && after[place] != m:
					t.Errorf("%s %d: the mark of %s goes from %d to %d", k.kind, i, place, m, after[place])
				}
			}
		}
	}
}

// TestWhoMovedTakesTheMarkAlong: what is recorded of somebody in the new branch changes
// lists of the old one for the days on which he was there, and rules made above the new
// one may too.
func TestWhoMovedTakesTheMarkAlong(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	s := settle(t, db)
	rows := marking(record(t, db, s))
	write(t, db, func(tx *Tx) error { return rows[kindAffiliation][0].write(tx, &s) })
	for name, change := range map[string]func(tx *Tx) error{
		"an entry": func(tx *Tx) error { return rows[kindEntry][0].write(tx, &s) },
		"rules":    func(tx *Tx) error { return enact(tx, &s, s.west.Parent) },
	} {
		before := marksOf(t, db, &s)
		write(t, db, change)
		for place, after := range marksOf(t, db, &s) {
			if after <= before[place] {
				t.Errorf("%s in the west: the mark of %s stays %d", name, place, after)
			}
		}
	}
}

func versionOf(t *testing.T, db *DB, id domain.MemberID) (n int64) {
	t.Helper()
	read(t, db, func(v *Snapshot) error { return v.get(&n, "SELECT version FROM members WHERE id = ?", string(id)) })
	return n
}

// stampsOf returns the versions of the town's street and its clerk, and those of another
// street.
func stampsOf(t *testing.T, db *DB, s *town) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	read(t, db, func(v *Snapshot) error {
		for _, of := range []string{commonVersion, rulesVersion} {
			for in, street := range map[string]int64{of: orgKey(s.street.ID), of + " elsewhere": 99} {
				stamp, err := v.version(of, []int64{street})
				if err != nil {
					return err
				}
				out[in] = stamp.number
			}
		}
		rights, err := v.Rights(s.clerk)
		out[rightsVersion] = rights.number
		return err
	})
	return out
}

// marksOf are the marks of the branches, of what stands above them, and of all.
func marksOf(t *testing.T, db *DB, s *town) map[string]Mark {
	t.Helper()
	out := map[string]Mark{}
	read(t, db, func(v *Snapshot) error {
		for place, paths := range map[string][]string{
			"east": {s.east.Path}, "west": {s.west.Path}, "street": {s.street.Path}, "everywhere": nil,
			"east community": {domain.Ancestor(s.east.Path, domain.Community)},
			"west community": {domain.Ancestor(s.west.Path, domain.Community)},
		} {
			m, err := v.Mark(paths...)
			if err != nil {
				return err
			}
			out[place] = m
		}
		return nil
	})
	return out
}
