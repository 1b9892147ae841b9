package store

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"github.com/jmoiron/sqlx"

	"jifen/internal/domain"
	"jifen/internal/fault"
)

// TestFreeTextStandsOutsideTheHashedRows: what a field of kind 文字 says, the name of a
// paper record and a person's name can be erased, and nothing that was hashed changes.
func TestFreeTextStandsOutsideTheHashedRows(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	s := settle(t, db)
	fields := []domain.Field{
		{Name: "事由", Value: domain.Value{Text: "示例事由"}, Free: true}, {Name: "级别", Value: domain.Value{Text: "县"}},
		{Name: "地点", Value: domain.Value{Text: "示例地点"}, Free: true}, {Name: "时长", Value: domain.Value{Number: 150}},
	}
	var first, second domain.EntryID
	write(t, db, func(tx *Tx) error {
		m, err := tx.Member(everybody, "P1")
		if err != nil {
			return err
		}
		posting := domain.NewEntry{Entry: domain.Entry{Item: "其他", On: on("2026-03-01"), Fields: fields}, Paper: "示例台账"}
		if first, err = tx.InsertEntry(&m, posting, s.clerk); err != nil {
			return err
		}
		second, err = tx.InsertEntry(&m, posting, s.clerk)
		return err
	})
	entry := func(id domain.EntryID) (e domain.RecordedEntry) {
		read(t, db, func(v *Snapshot) (err error) {
			e, err = v.Entry(everybody, id)
			return err
		})
		return e
	}
	if e := entry(first); !reflect.DeepEqual(e.Entry.Fields, fields) || e.Paper != "示例台账" {
		t.Errorf("%+v of %q", e.Entry.Fields, e.Paper)
	}
	if got := records(t, db, "P1").Entries[0].Fields; !reflect.DeepEqual(got, fields) {
		t.Errorf("the engine is told %+v", got)
	}
	var hashed string
	var free, paper, papers int64
	read(t, db, func(v *Snapshot) error {
		return v.each(func(rows *sqlx.Rows) error { return rows.Scan(&hashed, &free, &paper, &papers) },
			"SELECT fields, words, paper, (SELECT count(DISTINCT x.paper) FROM entries x) FROM entries WHERE id = ?",
			int64(first))
	})
	const want = `[{"name":"事由","free":true},{"name":"级别","text":"县"},` +
		`{"name":"地点","free":true},{"name":"时长","number":150}]`
	if hashed != want || papers != 1 {
		t.Errorf("hashed: %s, %d names of paper records", hashed, papers)
	}
	write(t, db, func(tx *Tx) error {
		if err := tx.EraseText(domain.TextID(free), "本人要求", on("2026-03-09"), s.clerk); err != nil {
			return err
		}
		return tx.EraseText(domain.TextID(paper), "写错了", on("2026-03-09"), s.clerk)
	})
	said := domain.Value{Text: "已按“本人要求”删除（2026-03-09）"}
	erasedFields := []domain.Field{
		{Name: "事由", Value: said, Free: true}, fields[1], {Name: "地点", Value: said, Free: true}, fields[3],
	}
	if e := entry(first); !reflect.DeepEqual(e.Entry.Fields, erasedFields) || e.Paper != "" {
		t.Errorf("erased, and yet %+v of %q", e.Entry.Fields, e.Paper)
	}
	if e := entry(second); !reflect.DeepEqual(e.Entry.Fields, fields) {
		t.Errorf("the other one lost %+v", e.Entry.Fields)
	}
	if got := breaks(t, db); got != "" || erased(t, db) != 2 {
		t.Errorf("%d texts erased: %s", erased(t, db), got)
	}
	err := db.Write(context.Background(), func(tx *Tx) error {
		return tx.EraseText(domain.TextID(free), "又",
			on("2026-03-09"), s.clerk)
	})
	if fault.CodeOf(err) != fault.Conflict {
		t.Errorf("erased twice: %v", err)
	}
}

// TestWhatAnAttributeOfFreeTextSaysCanBeErased: it stands outside the hashed row, is read
// back as it was written, and is counted once it is erased; an option stays.
func TestWhatAnAttributeOfFreeTextSaysCanBeErased(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	s := settle(t, db)
	free := domain.Fact{Attribute: "特长", From: on("2026-02-01"), Value: domain.Value{Text: "示例书法"}, Free: true}
	option := domain.Fact{Attribute: "职务", From: on("2026-02-02"), Value: domain.Value{Text: "支部委员"}}
	write(t, db, func(tx *Tx) error {
		if err := tx.InsertFact("P1", free, s.clerk); err != nil {
			return err
		}
		return tx.InsertFact("P1", option, s.clerk)
	})
	var id int64
	read(t, db, func(v *Snapshot) error {
		var rows []struct {
			Text  string
			Words *int64
		}
		if err := v.all(&rows, "SELECT text, words FROM facts ORDER BY id"); err != nil {
			return err
		}
		if len(rows) != 2 || rows[0].Text != "" || rows[0].Words == nil || rows[1].Text != "支部委员" || rows[1].Words != nil {
			t.Fatalf("in the hashed rows stand %+v", rows)
		}
		id = *rows[0].Words
		return nil
	})
	told := func(when string, want ...domain.Fact) {
		t.Helper()
		if got := records(t, db, "P1").Facts; !slices.Equal(got, want) {
			t.Errorf("%s the engine is told %+v", when, got)
		}
		read(t, db, func(v *Snapshot) error {
			history, err := v.History(everybody, "P1")
			var got []domain.Fact
			for i := range history {
				if history[i].Fact.Attribute != "" {
					got = append(got, history[i].Fact)
				}
			}
			slices.Reverse(got) // the latest recorded comes first
			if !slices.Equal(got, want) {
				t.Errorf("%s the history says %+v", when, got)
			}
			return err
		})
	}
	told("as recorded", free, option)
	raw(t, db, "DROP TRIGGER texts_stay; DROP TRIGGER facts_stay")
	for name, c := range map[string]struct{ statement, want string }{
		"the text":       {"UPDATE texts SET body = '假' WHERE body = '示例书法'", "这段文字被改过"},
		"another text":   {"UPDATE facts SET words = 1 WHERE id = 1", "这一行被改过"},
		"no text at all": {"UPDATE facts SET words = NULL, text = '示例书法' WHERE id = 1", "这一行被改过"},
	} {
		if found := after(t, db, c.statement); len(found) != 1 || found[0].Why != c.want {
			t.Errorf("%s changed: %+v", name, found)
		}
	}
	write(t, db, func(tx *Tx) error { return tx.EraseText(domain.TextID(id), "本人要求", on("2026-03-09"), s.clerk) })
	free.Value.Text = "已按“本人要求”删除（2026-03-09）"
	told("erased", free, option)
	if got, n := breaks(t, db)+recounted(t, db), erased(t, db); got != "" || n != 1 {
		t.Errorf("%d texts erased: %s", n, got)
	}
}
