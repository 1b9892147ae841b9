package backup

import (
	"slices"
	"testing"

	"jifen/internal/store"
)

func TestAnchorsSayHowFarARootSpeaks(t *testing.T) {
	t.Parallel()
	town, _ := open(t)
	err := town.DB.Read(t.Context(), func(v *store.Snapshot) error {
		now, err := RootOf(v)
		if err != nil {
			return err
		}
		if len(now.Heads) < 3 {
			t.Fatalf("too few chains: %+v", now.Heads)
		}
		then := *now
		then.Heads = slices.Clone(now.Heads[1:])
		then.Heads[0].Seq += 100
		then.Heads[1].Hash = []byte("another")
		got, err := Anchors(v, &then, now)
		if err != nil {
			return err
		}
		short, differs, later := got[0], got[1], got[len(got)-1]
		if !short.Missing || short.Differs || short.To != short.Now+100 {
			t.Errorf("a chain that was longer: %+v", short)
		}
		if differs.Missing || !differs.Differs {
			t.Errorf("a chain with another link: %+v", differs)
		}
		if later.Chain != now.Heads[0].Chain || later.To != 0 || later.Now != now.Heads[0].Seq {
			t.Errorf("a chain that began later: %+v", later)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
