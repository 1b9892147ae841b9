package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// lived records something of every kind for P1 and lets him move from the east
// to the west; the reversed entry is the first, the decided claim the second.
func lived(t *testing.T, db *DB, s town) {
	t.Helper()
	entry, activity := record(t, db, s)
	write(t, db, func(tx *Tx) error {
		if err := decide(tx, 1, domain.RequestStep{Kind: domain.StepAccept, Organs: []string{"支部委员会"}, Rest: 1},
			s.clerk); err != nil {
			return err
		}
		e, err := tx.Entry(everybody, entry)
		if err != nil {
			return err
		}
		if err := tx.InsertReversal(&e, "重复录入", s.clerk); err != nil {
			return err
		}
		m, err := tx.Member(everybody, "P1")
		if err != nil {
			return err
		}
		if err := attend(tx, activity, &m, domain.AttendanceInput{Status: "补课", Route: domain.Route{"支部书记"}, Reason: "补听录音"},
			s.clerk); err != nil {
			return err
		}
		if err := decide(tx, 2, domain.RequestStep{Kind: domain.StepReturn, Organs: []string{"支部书记"}, Reason: "没有补课"},
			s.clerk); err != nil {
			return err
		}
		if err := tx.InsertAffiliation(domain.Affiliation{Member: "P1", Kind: "home", Org: s.west.ID, From: on("2026-04-01")},
			s.clerk); err != nil {
			return err
		}
		return tx.InsertAffiliation(domain.Affiliation{Member: "P1", Kind: "participant", Org: s.east.ID,
			From: on("2026-04-01"), Ended: true}, s.clerk)
	})
}

func memberChain(t *testing.T, db *DB, id domain.MemberID, n int) (out []domain.ChainEntry) {
	t.Helper()
	read(t, db, func(v *Snapshot) (err error) {
		out, err = v.MemberChain(everybody, id, n)
		return err
	})
	return out
}

// inOneLine returns a chain entry without its hash.
func inOneLine(l *domain.ChainEntry) string {
	words := []string{l.Kind}
	for _, w := range []string{string(l.Step), l.What, string(l.Status), string(l.Affiliation), fmt.Sprint(l.Ended),
		l.On.String(), l.ByName, l.ChainName, fmt.Sprint(l.Seq), l.Wrong} {
		if w != "" && w != "false" {
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}

func TestMemberChainIsAllThatConcernsHim(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	s := settle(t, db)
	lived(t, db, s)
	// The clock of the tests stands: the entries tell in which order it was.
	want := []string{
		"affiliation 西支部 home 2026-04-01 示例干事 西支部 2",
		"affiliation 东支部 participant true 2026-04-01 示例干事 东支部 15",
		"request_step return 党课 补课 2026-03-03 示例干事 东支部 14",
		"attendance 党课 补课 2026-03-03 示例干事 东支部 13",
		"request 党课 补课 2026-03-03 示例干事 东支部 12",
		"reversal 志愿服务 2026-03-01 示例干事 东支部 11",
		"request_step accept 交纳党费 2026-03-02 示例干事 东支部 10",
		"attendance 党课 到会 2026-03-03 示例干事 东支部 9",
		"attendance 党课 缺席 2026-03-03 示例干事 东支部 8",
		"entry 交纳党费 2026-03-02 示例干事 东支部 6",
		"request 交纳党费 2026-03-02 示例干事 东支部 5",
		"entry 志愿服务 2026-03-01 示例干事 东支部 4",
		"fact 职务 2026-01-01 示例干事 东支部 3",
		"fact 职务 2026-01-01 示例干事 东支部 2",
		"affiliation 东支部 home 2020-01-01 东支部 1",
	}
	entries := memberChain(t, db, "P1", 100)
	var got, records []string
	for i := range entries {
		got = append(got, inOneLine(&entries[i]))
		records = append(records, entries[i].Record.String())
		if len(entries[i].Hash) != 32 || entries[i].Chain == "" || entries[i].At != Instant(noon()) {
			t.Errorf("%+v", entries[i])
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if words := strings.Join(records, " "); words != "  activity.1 activity.1 activity.1 entry.1 entry.2 activity.1 "+
		"activity.1 entry.2 entry.2 entry.1   " {
		t.Errorf("which history each is part of: %q", words)
	}
	if first := memberChain(t, db, "P1", 3); len(first) != 3 || inOneLine(&first[2]) != want[2] {
		t.Errorf("%d entries, the last %+v", len(first), first[len(first)-1])
	}
	read(t, db, func(v *Snapshot) error {
		past, err := v.KnownBy(noon().Add(-1e9)).MemberChain(everybody, "P1", 100)
		if len(past) != 0 {
			t.Errorf("known before it was recorded: %d", len(past))
		}
		return err
	})
}

func TestMemberChainStaysInTheScope(t *testing.T) {
	t.Parallel()
	inBothTrees(t, testMemberChainStaysInTheScope)
}

func testMemberChainStaysInTheScope(t *testing.T, db *DB, s town) {
	record(t, db, s)
	east := s.secretary(s.east).Scope(access.SeeMembers)
	for _, c := range []struct {
		scope access.Scope
		id    domain.MemberID
		seen  bool
	}{{east, "P1", true}, {east, "P2", false}, {access.Scope{}, "P1", false}, {everybody, "P2", true},
		{everybody, "P3", false}} {
		err := db.Read(context.Background(), func(v *Snapshot) error {
			entries, err := v.MemberChain(c.scope, c.id, 10)
			if c.seen == (len(entries) == 0) {
				t.Errorf("%s: %d entries", c.id, len(entries))
			}
			return err
		})
		if (err == nil) != c.seen || (!c.seen && fault.CodeOf(err) != fault.NotFound) {
			t.Errorf("%s: %v, %v", c.id, err, errors.Unwrap(err))
		}
	}
}

// TestMemberChainTellsWhatWasTamperedWith changes one thing each and reads
// whether it, and it alone, is told.
func TestMemberChainTellsWhatWasTamperedWith(t *testing.T) {
	t.Parallel()
	const east = "(SELECT id FROM orgs WHERE name = '东支部')"
	for name, c := range map[string]struct{ statement, want string }{
		"nothing": {"SELECT 1", ""},
		"an erased text": {"INSERT INTO erasures (street_id, text_id, erased_on, reason, recorded_at) " +
			"SELECT 1, id, '', id, '' FROM texts; UPDATE texts SET body = '', salt = x''", ""},
		"a row": {"DROP TRIGGER facts_stay; UPDATE facts SET text = '书记' WHERE id = 2",
			"fact 3 这一行被改过"},
		"another's row made his": {"DROP TRIGGER affiliations_stay; UPDATE affiliations SET member_id = 'P1' " +
			"WHERE member_id = 'P2'", "affiliation 1 这一行被改过"},
		"a text": {"DROP TRIGGER texts_stay; UPDATE texts SET body = 'x' WHERE body = '示例备注'",
			"entry 4 写的话被改过"},
		"a text taken away": {"DROP TRIGGER texts_kept; PRAGMA foreign_keys = OFF; DELETE FROM texts " +
			"WHERE body = '重复录入'; PRAGMA foreign_keys = ON", "reversal 11 这一行被改过；写的话被改过"},
		"the day of an activity": {"DROP TRIGGER activities_stay; UPDATE activities SET occurred_on = '2026-03-04'",
			"attendance 13 那次活动不对：这一行被改过, attendance 9 那次活动不对：这一行被改过, attendance 8 那次活动不对：这一行被改过"},
		"an entry's digest": {"DROP TRIGGER chain_entries_stay; UPDATE chain_entries SET digest = x'00' " +
			"WHERE chain_id = " + east + " AND seq = 10", "request_step 10 这一行被改过"},
		"an entry's hash": {"DROP TRIGGER chain_entries_stay; UPDATE chain_entries SET hash = x'00' " +
			"WHERE chain_id = " + east + " AND seq = 10", "reversal 11 这一环与前一环不相连, request_step 10 这一环与前一环不相连"},
		"an entry taken away": {"DROP TRIGGER chain_entries_kept; DELETE FROM chain_entries WHERE chain_id = " +
			east + " AND seq = 4", "request 5 这一环与前一环不相连, entry 0 这一行不在链上"},
		"a row that was never recorded": {"INSERT INTO facts (street_id, member_id, attribute, from_on, recorded_at) " +
			"VALUES (1, 'P1', '职务', '', '2026-03-05T12:00:00.000Z')", "fact 0 这一行不在链上"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := temporary(t)
			lived(t, db, settle(t, db))
			raw(t, db, c.statement)
			var got []string
			entries := memberChain(t, db, "P1", 100)
			for i := range entries {
				if l := &entries[i]; l.Wrong != "" {
					got = append(got, fmt.Sprintf("%s %d %s", l.Kind, l.Seq, l.Wrong))
				}
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), c.want)
			}
		})
	}
}
