package store

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// walked is a district of three streets with members who move about in it.
type walked struct {
	db       *DB
	orgs     []domain.Org // all of them, the district first
	branches []domain.Org
	members  []domain.MemberID
	clerk    domain.AccountID
}

// walk settles the district and lets chance move, rename, enact and record in it.
func walk(t *testing.T, seed uint64, steps int) *walked {
	t.Helper()
	now := noon()
	db, err := Open(t.Context(), Options{Path: filepath.Join(t.TempDir(), "t.db"), Create: true, Random: zeros{},
		Now: func() time.Time { return now }, Unlined: true, Keys: []Generation{{Chain: make([]byte, 32)}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &walked{db: db}
	write(t, w.db, func(tx *Tx) error {
		w.orgs, w.branches, w.members = nil, nil, nil
		add := func(up domain.Org, level domain.Level, name string) (o domain.Org, err error) {
			o = domain.Org{Parent: up.ID, Level: level, Name: name}
			if level == domain.Branch {
				o.Kind = "社区"
			}
			o, err = tx.InsertOrg(o)
			w.orgs = append(w.orgs, o)
			return o, err
		}
		district, err := add(domain.Org{}, domain.District, "示例区")
		if err != nil {
			return err
		}
		for s := range 3 {
			street, err := add(district, domain.Street, fmt.Sprint("街道", s))
			if err != nil {
				return err
			}
			for b := range 4 { // ids of one digit and of two: 1.9. and 1.10. are strangers
				var up domain.Org
				if b%2 == 0 {
					if up, err = add(street, domain.Community, fmt.Sprint("社区", b)); err != nil {
						return err
					}
				} else {
					up = w.orgs[len(w.orgs)-2]
				}
				branch, err := add(up, domain.Branch, fmt.Sprint("支部", b))
				if err != nil {
					return err
				}
				w.branches = append(w.branches, branch)
			}
		}
		for i := range 9 {
			id := domain.MemberID(fmt.Sprint("P", i))
			w.members = append(w.members, id)
			if err := tx.InsertMember(id, "示例", "sl"); err != nil {
				return err
			}
		}
		w.clerk, err = tx.InsertAccount(domain.Account{Login: "clerk", Name: "示例干事"}, 0)
		return err
	})
	chance := rand.New(rand.NewPCG(seed, 14)) //nolint:gosec // a test
	for range steps {
		now = now.Add(time.Minute)
		write(t, w.db, func(tx *Tx) error { return w.step(tx, chance) })
	}
	return w
}

// step records something.
func (w *walked) step(tx *Tx, chance *rand.Rand) error {
	branch, id := w.branches[chance.IntN(len(w.branches))], w.members[chance.IntN(len(w.members))]
	day := on("2026-01-01") + calendar.Day(chance.IntN(100))
	switch n := chance.IntN(12); {
	case n >= 10:
		return w.takeBack(tx, chance, id)
	case n < 5: // also before what was recorded already, and twice on a day
		a := domain.Affiliation{Member: id, Kind: domain.Home, Org: branch.ID, From: day}
		m, err := tx.Member(everybody, id)
		if err != nil {
			return err
		}
		if n == 0 && m.Home.ID != "" {
			a.Org = "" // he leaves
		}
		return tx.InsertAffiliation(a, w.clerk)
	case n == 5:
		return tx.InsertAffiliation(domain.Affiliation{Member: id, Kind: domain.Host, Org: branch.ID, From: day}, w.clerk)
	case n == 6:
		o := w.orgs[chance.IntN(len(w.orgs))]
		_, err := tx.ChangeOrg(o, domain.OrgChange{Kind: domain.OrgRenamed, Name: fmt.Sprint("新", chance.Uint64()),
			From: day}, w.clerk)
		return err
	case n == 7:
		o := w.orgs[chance.IntN(len(w.orgs))]
		return tx.InsertEnactment(domain.RuleVersion{Org: o.ID, Code: "t", From: day, Hash: fmt.Sprint(chance.Uint64()),
			Source: "办法", Person: "示例乙"}, w.clerk)
	default:
		m, err := tx.Member(everybody, id)
		if err != nil || m.Home.ID == "" {
			return err
		}
		_, err = tx.InsertEntry(&m, domain.NewEntry{Entry: domain.Entry{Item: "好事", On: day}}, w.clerk)
		return err
	}
}

// takeBack takes one of a member's affiliations back, but for the first.
func (w *walked) takeBack(tx *Tx, chance *rand.Rand, id domain.MemberID) error {
	items, err := tx.History(everybody, id)
	if err != nil {
		return err
	}
	items = slices.DeleteFunc(items, func(i domain.HistoryItem) bool { return i.Reversal != nil || i.ID.Affiliation == 0 })
	homes := slices.DeleteFunc(slices.Clone(items),
		func(i domain.HistoryItem) bool { return i.Org == "" || i.Kind != domain.Home })
	if len(homes) < 2 {
		return nil
	}
	return tx.ReverseChange(id, items[chance.IntN(len(items))].ID, "记错了", w.clerk)
}

// slowMark returns what Mark says it returns, from all rows.
func slowMark(v *Snapshot, paths []string) (mark Mark, err error) {
	at := func(list []string, path string) bool {
		return slices.ContainsFunc(list, func(p string) bool { return strings.HasPrefix(path, p) })
	}
	homes := map[string][]string{}
	if err := v.each(func(rows *sqlx.Rows) error {
		var member, path string
		err := rows.Scan(&member, &path)
		homes[member] = append(homes[member], path)
		return err
	}, "SELECT a.member_id, o.path FROM affiliations a JOIN orgs o ON o.id = a.org_id WHERE a.kind = 'home'"); err != nil {
		return 0, err
	}
	lines := slices.Clone(paths)
	for _, list := range homes {
		if slices.ContainsFunc(list, func(path string) bool { return at(paths, path) }) {
			lines = append(lines, list...)
		}
	}
	err = v.each(func(rows *sqlx.Rows) error {
		var path string
		var seq Mark
		err := rows.Scan(&path, &seq)
		if at(paths, path) || slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, path) }) {
			mark += seq
		}
		return err
	}, "SELECT o.path, h.seq FROM chain_heads h JOIN orgs o ON o.id = h.org_id WHERE h.month = ''")
	return mark, err
}

// TestTheMarkIsThatOfWhomItConcerns compares the mark of every organisation, and of two
// at once, with the sum over all rows that it stands for, whoever moved wherever and in
// whatever order that was recorded.
func TestTheMarkIsThatOfWhomItConcerns(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		w := walk(t, seed, 60)
		read(t, w.db, func(v *Snapshot) error {
			apart := map[Mark]bool{}
			for i, o := range w.orgs {
				for _, paths := range [][]string{{o.Path}, {o.Path, w.orgs[(i*7+3)%len(w.orgs)].Path}} {
					want, err := slowMark(v, paths)
					if err != nil {
						return err
					}
					got, err := v.Mark(paths...)
					if err != nil {
						return err
					}
					if got != want {
						t.Errorf("seed %d: the mark of %v is %d, want %d", seed, paths, got, want)
					}
					apart[got] = true
				}
			}
			if len(apart) < 5 {
				t.Errorf("seed %d: only the marks %v: nothing is shown", seed, apart)
			}
			return nil
		})
	}
}

// TestAListHasItsPartOfAll compares, on days before, between and after everybody's moves
// and as known at several instants, the population and the movers of each organisation
// with those of everybody who belonged there on the day.
func TestAListHasItsPartOfAll(t *testing.T) {
	t.Parallel()
	found := 0
	for seed := range uint64(4) {
		w := walk(t, 100+seed, 50)
		for _, minutes := range []time.Duration{0, 13, 37} {
			for day := on("2025-12-31"); day < on("2026-05-01"); day += 17 {
				read(t, w.db, func(v *Snapshot) error { // one read each: a read has its time
					if minutes > 0 {
						v = v.KnownBy(noon().Add(minutes * time.Minute))
					}
					n, err := w.parts(t, v, day)
					found += n
					return err
				})
			}
		}
	}
	if found < 1000 {
		t.Errorf("%d members in all lists: nothing is shown", found)
	}
}

// parts compares the lists of a day and counts those who are in them.
func (w *walked) parts(t *testing.T, v *Snapshot, day calendar.Day) (found int, err error) {
	t.Helper()
	all, err := v.Population(everybody, "", "t", "2026", 0, day)
	if err != nil {
		return 0, err
	}
	movers, err := v.Movers(everybody, "", day)
	if err != nil {
		return 0, err
	}
	for _, o := range w.orgs {
		var want []domain.MemberStanding
		for i := range all {
			if strings.HasPrefix(all[i].Member.Home.Path, o.Path) {
				want = append(want, all[i])
			}
		}
		clerk := &access.Actor{Account: w.clerk, Grants: []access.Grant{{Role: domain.RoleStreet, Path: o.Path}}}
		scope := clerk.Scope(access.SeeMembers)
		for name, ask := range map[string]struct {
			scope access.Scope
			below string
		}{"below": {everybody, o.Path}, "within": {scope, ""}, "both": {scope, o.Path}} {
			got, err := v.Population(ask.scope, ask.below, "t", "2026", 0, day)
			if err != nil {
				return 0, err
			}
			if (len(got) > 0 || len(want) > 0) && !reflect.DeepEqual(got, want) {
				t.Errorf("%s, %s %s: %+v, want %+v", day, name, o.Path, got, want)
			}
			some, err := v.Movers(ask.scope, ask.below, day)
			if err != nil {
				return 0, err
			}
			for i := range got {
				id := got[i].Member.ID
				if !reflect.DeepEqual(some[id], movers[id]) {
					t.Errorf("%s, %s %s: the homes of %s are %+v, want %+v", day, name, o.Path, id, some[id], movers[id])
				}
			}
			found += len(got)
		}
	}
	return found, nil
}
