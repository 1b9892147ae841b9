package store

import (
	"context"
	"reflect"
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
			"SELECT fields, words, paper, (SELECT count(DISTINCT x.paper) FROM entries x) FROM entries WHERE id = ?", int64(first))
	})
	if hashed != `[{"name":"事由","free":true},{"name":"级别","text":"县"},{"name":"地点","free":true},{"name":"时长","number":150}]` || papers != 1 {
		t.Errorf("hashed: %s, %d names of paper records", hashed, papers)
	}
	write(t, db, func(tx *Tx) error {
		if err := tx.EraseText(free, "本人要求", s.clerk); err != nil {
			return err
		}
		return tx.EraseText(paper, "写错了", s.clerk)
	})
	erasedFields := []domain.Field{{Name: "事由", Free: true}, fields[1], {Name: "地点", Free: true}, fields[3]}
	if e := entry(first); !reflect.DeepEqual(e.Entry.Fields, erasedFields) || e.Paper != "" {
		t.Errorf("erased, and yet %+v of %q", e.Entry.Fields, e.Paper)
	}
	if e := entry(second); !reflect.DeepEqual(e.Entry.Fields, fields) {
		t.Errorf("the other one lost %+v", e.Entry.Fields)
	}
	if got := breaks(t, db); got != "" || erased(t, db) != 2 {
		t.Errorf("%d texts erased: %s", erased(t, db), got)
	}
	err := db.Write(context.Background(), func(tx *Tx) error { return tx.EraseText(free, "又", s.clerk) })
	if fault.CodeOf(err) != fault.Conflict {
		t.Errorf("erased twice: %v", err)
	}
}
