package activities_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/effort"
)

// TestWhatIsForeseenOfAnActivityIsWhatIsRead: in two towns the same happens; in one
// activities are foreseen before something else happens and written after it, in the
// other all is read where it is written. Receipts, refusals and every row are the same.
func TestWhatIsForeseenOfAnActivityIsWhatIsRead(t *testing.T) {
	t.Parallel()
	kept, lost := 0, 0
	for seed := range uint64(effort.Size(t, 6, 3)) {
		chance := rand.New(rand.NewPCG(seed, 7))
		foreseen, plain := testkit.NewSized(t, 4), testkit.NewSized(t, 4)
		for step := range 80 {
			m := drawn(foreseen, chance)
			who, key := chance.IntN(6), []string{"", fmt.Sprint("key", chance.IntN(40))}[chance.IntN(2)]
			kind, n := chance.IntN(20), chance.IntN(4)
			got, as, err := foreseen.Activities.RecordLate(t.Context(), recorders(foreseen)[who], m, key, func() {
				disturb(t, foreseen, kind, n, step)
			})
			disturb(t, plain, kind, n, step)
			want, wrong := plain.Activities.RecordPlain(t.Context(), recorders(plain)[who], m, key)
			if !reflect.DeepEqual(got, want) || fmt.Sprint(err) != fmt.Sprint(wrong) {
				t.Errorf("seed %d, step %d, %+v: told\n%+v %v\nand where all is read\n%+v %v", seed, step, m, got, err, want, wrong)
			}
			foreseen.CheckRecords(t, fmt.Sprint("seed ", seed, ", step ", step))
			if as {
				kept++
			} else if err == nil {
				lost++
			}
		}
		if a, b := heads(t, foreseen), heads(t, plain); !reflect.DeepEqual(a, b) {
			t.Errorf("seed %d: the chains are\n%v\nand where all is read\n%v", seed, a, b)
		}
	}
	if kept < 20 || lost < 5 {
		t.Errorf("%d as foreseen, %d not: the test does not do what its name says", kept, lost)
	}
}

func recorders(town *testkit.Town) []*access.Actor {
	return []*access.Actor{town.Secretary, town.Secretary, town.Clerk, town.Clerk, town.Community, town.Member}
}

// drawn draws an activity.
func drawn(town *testkit.Town, chance *rand.Rand) activities.ActivityInput {
	m := activities.ActivityInput{
		Org:  []domain.OrgID{town.East.ID, town.East.ID, town.West.ID}[chance.IntN(3)],
		Kind: []string{"党课", "主题党日"}[chance.IntN(2)],
		On:   calendar.Of(2026, 1+chance.IntN(5), 1+chance.IntN(28)), Title: fmt.Sprint("第", chance.IntN(3), "次"),
	}
	statuses := []domain.AttendanceStatus{domain.Present, domain.Present, "缺席", "请假"}
	for _, i := range chance.Perm(8)[:1+chance.IntN(7)] {
		id := domain.MemberID(fmt.Sprintf("%c%d", "EW"[i/4], 1+i%4))
		m.Lines = append(m.Lines, activities.Line{Member: id, Status: statuses[chance.IntN(4)]})
	}
	return m
}

// disturb changes something in a town; mostly nothing.
func disturb(t *testing.T, town *testkit.Town, kind, n, step int) {
	t.Helper()
	id, branch := domain.MemberID(fmt.Sprint("E", n+1)), []domain.Org{town.East, town.West}[n%2]
	on := calendar.Of(2026, 1+n, 5)
	err := town.DB.Write(t.Context(), func(tx *store.Tx) error {
		m, err := tx.Member(access.System("test"), id)
		if err != nil {
			return err
		}
		switch kind {
		case 0:
			return tx.InsertPeriodStep(branch.ID, "2026", n == 0, 1)
		case 1:
			exempt := domain.Fact{Attribute: "豁免", From: on, Value: domain.Value{Text: []string{"不计", "免会", "", ""}[n]}}
			return tx.InsertFact(id, exempt, 1)
		case 2:
			return tx.InsertAffiliation(domain.Affiliation{Member: id, Kind: domain.Home, Org: branch.ID, From: on}, 1)
		case 3:
			closed := domain.OrgChange{Kind: []domain.OrgChangeKind{domain.OrgClosed, domain.OrgReopened}[min(n, 1)], From: on}
			_, err := tx.ChangeOrg(town.West, closed, 1)
			return err
		case 4:
			e := domain.NewEntry{Entry: domain.Entry{Item: "好事", On: on}}
			_, err := tx.InsertEntry(&m, e, 1)
			return err
		case 5: // the same is recorded by somebody else in the meantime
			a := domain.Activity{Org: town.East.ID, Kind: "党课", On: on, Title: fmt.Sprint("第", step%3, "次")}
			if a.ID, err = tx.InsertActivity(a, 1); err != nil {
				return err
			}
			_, err := tx.InsertAttendance(&a, &m, domain.AttendanceInput{Status: domain.Present}, 1)
			return err
		default:
			return nil
		}
	})
	if err != nil {
		t.Fatalf("step %d, kind %d: %v", step, kind, err)
	}
}

// heads are the ends of the chains of what was put in.
func heads(t *testing.T, town *testkit.Town) (out []domain.ChainHead) {
	t.Helper()
	if err := town.DB.Read(t.Context(), func(v *store.Snapshot) (err error) {
		out, err = v.Heads()
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}
