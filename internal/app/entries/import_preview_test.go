package entries_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"jifen/internal/app/entries"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/testkit"
)

// TestThePreviewOfAnImportIsWhatBecomesOfIt: what is refused, and why, is the same.
func TestThePreviewOfAnImportIsWhatBecomesOfIt(t *testing.T) {
	t.Parallel()
	town := testkit.NewSized(t, 4)
	chance := rand.New(rand.NewPCG(1, 2))
	refused, taken := 0, 0
	for step := range 60 {
		p := entries.Paper{Name: fmt.Sprint("台账", step%3)}
		for range 1 + chance.IntN(5) {
			p.Entries = append(p.Entries, entries.EntryInput{
				Member: domain.MemberID(fmt.Sprintf("%c%d", "EW"[chance.IntN(2)], 1+chance.IntN(4)+step%20/19)),
				Item:   []string{"好事", "服务", "酌情", "表彰"}[chance.IntN(4)],
				On:     calendar.Of(2026, 1+chance.IntN(5), 1+chance.IntN(28)),
				Fields: map[string]string{},
			})
			d := &p.Entries[len(p.Entries)-1]
			switch d.Item {
			case "服务":
				d.Fields["时长"] = fmt.Sprint(chance.IntN(110))
			case "酌情":
				d.Points = fmt.Sprint(chance.IntN(8))
			case "表彰":
				d.Fields["级别"] = "国家"
			}
		}
		want, err := town.Entries.Import(t.Context(), town.Clerk, p, true)
		if err != nil {
			t.Fatal(err)
		}
		got, err := town.Entries.Import(t.Context(), town.Clerk, p, false)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("step %d: the preview says\n%+v\nwhat became of it is\n%+v %v", step, want, got, err)
		}
		if len(got.Refused) > 0 {
			refused++
		} else {
			taken++
		}
	}
	if refused < 10 || taken < 10 {
		t.Errorf("%d refused, %d taken: the test does not do what its name says", refused, taken)
	}
}
