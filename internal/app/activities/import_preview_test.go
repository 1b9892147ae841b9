package activities_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"jifen/internal/app/activities"
	"jifen/internal/domain"
	"jifen/internal/testkit"
)

// TestThePreviewOfAnImportIsWhatBecomesOfIt: a list that is taken again in the same
// file, or that was there before, is refused in the preview as it is in the import.
func TestThePreviewOfAnImportIsWhatBecomesOfIt(t *testing.T) {
	t.Parallel()
	town := testkit.NewSized(t, 4)
	chance := rand.New(rand.NewPCG(1, 2))
	refused, taken := 0, 0
	for step := range 60 {
		var list []activities.ActivityInput
		for range 1 + chance.IntN(4) {
			list = append(list, drawn(town, chance))
			if chance.IntN(6) == 0 {
				list = append(list, list[chance.IntN(len(list))])
			}
			if chance.IntN(8) == 0 {
				list[len(list)-1].Lines = append(list[len(list)-1].Lines, activities.Line{Member: "X9", Status: domain.Present})
			}
		}
		paper := fmt.Sprint("册", step%3)
		want, err := town.Activities.Import(t.Context(), town.Clerk, paper, list, true)
		if err != nil {
			t.Fatal(err)
		}
		got, err := town.Activities.Import(t.Context(), town.Clerk, paper, list, false)
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
