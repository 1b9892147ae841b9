package entries_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/effort"
)

// twins are two towns in which the same happens: in one what is recorded is foreseen
// from memory, in the other all is read where it is written.
type twins struct {
	held, plain *testkit.Town
	chance      *rand.Rand
	kept, lost  int // entries that were written as foreseen, and not
}

// TestWhatIsForeseenIsWhatIsRead: receipts, refusals and every row are the same,
// whatever else is recorded in between.
func TestWhatIsForeseenIsWhatIsRead(t *testing.T) {
	t.Parallel()
	for seed := range uint64(effort.Size(t, 6, 2)) {
		w := &twins{held: testkit.NewSized(t, 4), plain: testkit.NewSized(t, 4), chance: rand.New(rand.NewPCG(seed, 13))}
		for step := range 300 {
			if w.chance.IntN(8) > 0 {
				w.post(t, step)
			} else {
				w.disturb(t, step)
			}
		}
		if w.kept < 20 || w.lost < 5 {
			t.Errorf("seed %d: %d entries as foreseen, %d not: the test does not do what its name says", seed, w.kept, w.lost)
		}
		if a, b := heads(t, w.held), heads(t, w.plain); !reflect.DeepEqual(a, b) {
			t.Errorf("seed %d: the chains are\n%v\nand where all is read\n%v", seed, a, b)
		}
	}
}

// actors are those who record, in a town.
func actors(town *testkit.Town) []*access.Actor {
	return []*access.Actor{town.Clerk, town.Secretary, town.Clerk, town.Community, town.Clerk, town.Member, town.Auditor,
		nil}
}

// post records the same entry in both towns and compares what was told.
func (w *twins) post(t *testing.T, step int) {
	t.Helper()
	items := []string{"好事", "服务", "酌情", "处理", "表彰", "上级记", "凭证", "没有的"}
	d := entries.EntryInput{
		Member: domain.MemberID(fmt.Sprintf("%c%d", "EEEWWWe"[w.chance.IntN(7)], 1+w.chance.IntN(4)+step%50/49)),
		Item:   items[w.chance.IntN(len(items))], On: calendar.Of(2026, 1+w.chance.IntN(5), 1+w.chance.IntN(28)),
		Note: []string{"", "有证书"}[w.chance.IntN(2)],
	}
	switch d.Item {
	case "服务":
		d.Fields = map[string]string{"时长": fmt.Sprint(w.chance.IntN(120))}
	case "酌情":
		d.Points = fmt.Sprint(w.chance.IntN(12) - 6)
	case "处理":
		d.Fields, d.Points = map[string]string{"程度": "轻"}, fmt.Sprint(-w.chance.IntN(4))
	case "表彰":
		d.Fields = map[string]string{"级别": []string{"国家", "街道", "村"}[w.chance.IntN(3)]}
	}
	who, key := w.chance.IntN(8), []string{"", fmt.Sprint("key", w.chance.IntN(150))}[w.chance.IntN(2)]
	got, kept, err := w.held.Entries.PostKept(t.Context(), actors(w.held)[who], d, key)
	want, wrong := w.plain.Entries.PostPlain(t.Context(), actors(w.plain)[who], d, key)
	if !reflect.DeepEqual(got, want) || fmt.Sprint(err) != fmt.Sprint(wrong) {
		t.Errorf("step %d %+v by %d under %q: told\n%+v %v\nand where all is read\n%+v %v", step, d, who, key, got, err,
			want, wrong)
	}
	if kept {
		w.kept++
	} else if err == nil {
		w.lost++
	}
	w.compareHeld(t, step, d.Member)
	w.held.CheckRecords(t, fmt.Sprint("step ", step))
}

// compareHeld compares what is held of a member with what is read now, where it is of
// now.
func (w *twins) compareHeld(t *testing.T, step int, id domain.MemberID) {
	t.Helper()
	held, err := w.held.DB.Held(t.Context(), id)
	if err != nil {
		return // there is no such member
	}
	same := false
	if err := w.held.DB.Write(t.Context(), func(tx *store.Tx) (err error) {
		same, err = tx.Unchanged(held, 0, "")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if read, err := w.held.DB.ReadHeld(t.Context(), id); err != nil || same != reflect.DeepEqual(held, read) {
		t.Errorf("step %d: unchanged is %v, held\n%+v\nread\n%+v %v", step, same, held, read, err)
	}
}

// disturb changes the same in both towns.
func (w *twins) disturb(t *testing.T, step int) {
	t.Helper()
	kind, n, on := w.chance.IntN(9), w.chance.IntN(4), calendar.Of(2026, 1+w.chance.IntN(5), 1)
	id := domain.MemberID(fmt.Sprintf("%c%d", "EW"[w.chance.IntN(2)], 1+n))
	for _, town := range []*testkit.Town{w.held, w.plain} {
		err := town.DB.Write(t.Context(), func(tx *store.Tx) error {
			m, err := tx.Member(access.System("test"), id)
			if err != nil {
				return err
			}
			branch := []domain.Org{town.East, town.West}[n%2]
			switch kind {
			case 0:
				return tx.InsertPeriodStep(branch.ID, []string{"2026", "2025"}[step%2], n == 0, 1)
			case 1:
				exempt := domain.Fact{Attribute: "豁免", From: on, Value: domain.Value{Text: []string{"不计", "免会", "", ""}[n]}}
				return tx.InsertFact(id, exempt, 1)
			case 2:
				move := domain.Affiliation{Member: id, Kind: domain.Home, Org: branch.ID, From: on}
				if n == 3 && step%3 == 0 {
					move.Org = "" // he leaves
				}
				return tx.InsertAffiliation(move, 1)
			case 3:
				_, err := tx.ChangeOrg(branch, domain.OrgChange{Kind: domain.OrgRenamed, Name: fmt.Sprint("支部", step), From: on}, 1)
				return err
			case 4:
				list, err := tx.Entries(access.System("test"), id, 1)
				if err != nil || len(list) == 0 || list[0].Reversed || list[0].Claim {
					return err
				}
				return tx.InsertReversal(&list[0], "重复", 1)
			case 5:
				list, err := tx.WaitingOf(access.System("test"), id)
				if err != nil || len(list) == 0 {
					return err
				}
				return tx.InsertRequestStep(&list[0], domain.RequestStep{
					Seq: len(list[0].Steps) + 1, Kind: domain.StepAccept, Organs: []string{"支部委员会"},
				}, 1)
			case 6:
				return enact(tx, town, step)
			case 7:
				a := domain.Activity{Org: branch.ID, Kind: "党课", On: on, Title: fmt.Sprint(step)}
				if a.ID, err = tx.InsertActivity(a, 1); err != nil {
					return err
				}
				_, err := tx.InsertAttendance(&a, &m, domain.AttendanceInput{Status: domain.Present}, 1)
				return err
			default:
				return tx.InsertAssignment(1, domain.RoleSecretary, branch.ID, n < 2, 1)
			}
		})
		if err != nil {
			t.Fatalf("step %d, kind %d: %v", step, kind, err)
		}
	}
	if step%10 == 0 {
		w.held.Later(14 * time.Hour)
		w.plain.Later(14 * time.Hour)
	}
}

// enact puts a text in force that gives other points.
func enact(tx *store.Tx, town *testkit.Town, step int) error {
	text := strings.Replace(testkit.Rules, "分值: 2}", fmt.Sprintf("分值: 2.%d}", step%90+1), 1)
	loaded := ruleset.Load("t.yaml", []byte(text))
	return tx.InsertEnactment(domain.RuleVersion{
		Org: town.Street.ID, Code: loaded.Book.Code, From: calendar.Of(2026, 1, 2),
		Hash: loaded.Book.Hash + fmt.Sprint(step), Source: text,
	}, 0)
}

// heads are the ends of all chains.
func heads(t *testing.T, town *testkit.Town) (out []domain.ChainHead) {
	t.Helper()
	if err := town.DB.Read(t.Context(), func(v *store.Snapshot) error {
		inputs, err := v.Heads()
		if err != nil {
			return err
		}
		trail, err := v.TrailHeads()
		out = slices.Concat(inputs, trail)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestReceiptsOfManyCallersFollowEachOther: whoever records of one member at the same
// time is told totals that begin where those of the entry before end.
func TestReceiptsOfManyCallersFollowEachOther(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	var mu sync.Mutex
	var told []entries.Effect
	var all sync.WaitGroup
	for range 24 {
		all.Go(func() {
			for range 5 {
				d := entries.EntryInput{Member: "E2", Item: "酌情", On: testkit.Day(t, "2026-05-07"), Points: "0.1"}
				e, err := town.Entries.Post(context.Background(), town.Secretary, d, "")
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				told = append(told, e)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	slices.SortFunc(told, func(a, b entries.Effect) int { return cmp.Compare(a.Entry, b.Entry) })
	for i, e := range told {
		if want := domain.Points(80_00 + 10*i); e.Before != want || e.After != want+10 || e.Granted != 10 || e.Same != i {
			t.Errorf("the receipt of entry %d says %v → %v (%v), %d like it; want from %v", e.Entry, e.Before, e.After,
				e.Granted, e.Same, want)
		}
	}
	if len(told) != 120 {
		t.Errorf("%d receipts", len(told))
	}
}
