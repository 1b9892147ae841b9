package store

import "testing"

// TestRowsReadTogetherHaveTheirDigests: of every row that stands in a chain the digest
// is found without reading it alone, and of one that was changed nothing is said.
func TestRowsReadTogetherHaveTheirDigests(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	s := settle(t, db)
	lived(t, db, s)
	look := func(changed int) {
		t.Helper()
		read(t, db, func(v *Snapshot) error {
			list, err := v.entriesAfter(nil)
			if err != nil {
				return err
			}
			rows, unlike := v.digestsOf(list), 0
			for i := range list {
				if !rows.same(&list[i]) {
					unlike++
				}
			}
			if unlike != changed || len(list) < 20 {
				t.Errorf("%d of %d rows are not known to be the same, want %d", unlike, len(list), changed)
			}
			return nil
		})
	}
	look(0)
	raw(t, db, "DROP TRIGGER entries_stay; UPDATE entries SET item = item || 'x' WHERE id = 1")
	raw(t, db, "DROP TRIGGER facts_stay; UPDATE facts SET from_on = '2025-01-09' WHERE id = 1")
	look(2)
}
