package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"jifen/internal/domain"
	"jifen/internal/fault"
)

// TestEveryColumnOfEveryInputIsSealed: whatever somebody with the sqlite3 shell
// changes in a row that may decide a score, Verify names the row.
func TestEveryColumnOfEveryInputIsSealed(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	everyKind(t, db)
	raw(t, db, "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
	tried := 0
	for _, k := range chainedKinds() {
		raw(t, db, "DROP TRIGGER "+k.table+"_stay")
		for _, c := range columns(t, db, k.table) {
			if slices.Contains(k.columns, column{c.Name, derived, !c.Notnull, false}) {
				continue // TestRecountFindsWhatIsKeptBesideTheRows, TestEveryStreetIsThatOfTheOrganisation
			}
			change := fmt.Sprintf("UPDATE %s SET %s = %s WHERE id = (SELECT max(id) FROM %[1]s)", k.table, c.Name, c.other())
			found := after(t, db, change)
			if k.kind == kindTrailDrop { // the lines that it is about are told as well
				found = slices.DeleteFunc(found, func(b domain.ChainBreak) bool { return b.Kind != string(k.kind) })
			}
			if len(found) != 1 && c.Name != "text_id" && c.Name != "street_id" ||
				len(found) == 0 ||
				found[0].Kind != string(k.kind) || found[0].Why != "这一行被改过" {
				t.Errorf("%s: %+v", change, found)
			}
			tried++
		}
	}
	if tried < 80 || breaks(t, db) != "" {
		t.Errorf("%d columns tried, and what was tried was not undone: %s", tried, breaks(t, db))
	}
}

// everyKind lets rows of every kind be recorded, with texts of which one is erased.
func everyKind(t *testing.T, db *DB) {
	t.Helper()
	s := settle(t, db)
	lived(t, db, s)
	write(t, db, func(tx *Tx) error { return dropsAMonth(tx, &s) })
	write(t, db, func(tx *Tx) error {
		a, err := tx.Account(s.clerk)
		if err != nil {
			return err
		}
		m, err := tx.Member(everybody, "P1")
		if err != nil {
			return err
		}
		if err := tx.RenameMember(&m, "示例北", "slb", 0, "写错了", s.clerk); err != nil {
			return err
		}
		a.Identity = domain.Identity{Issuer: "https://login.example.cn", Subject: "3f0c2a"}
		return tx.SetIdentity(a, s.clerk)
	})
	write(t, db, func(tx *Tx) error {
		m, err := tx.Member(everybody, "P2")
		if err != nil {
			return err
		}
		if _, err := tx.InsertEntry(&m, domain.NewEntry{Entry: domain.Entry{Item: "表彰", On: on("2026-03-05"),
			Fields: []domain.Field{{Name: "事由", Free: true}}}, Note: "证书", Paper: "台账"}, s.clerk); err != nil {
			return err
		}
		if err := tx.InsertFactRequest(domain.ExemptionRequest, "P2", domain.Fact{Attribute: "豁免", From: on("2026-03-01"),
			Value: domain.Value{Text: "暂离"}}, "", domain.Route{"社区党委"}, s.clerk); err != nil {
			return err
		}
		if err := tx.InsertFact("P2", domain.Fact{Attribute: "特长", From: on("2026-03-01"), Value: domain.Value{Text: "书法"},
			Free: true}, s.clerk); err != nil {
			return err
		}
		if err := tx.InsertFactRequest("", "P2", domain.Fact{Attribute: "特长", From: on("2025-03-01"),
			Value: domain.Value{Text: "书法"}, Free: true}, "补登", nil, s.clerk); err != nil {
			return err
		}
		if err := tx.InsertAffiliation(domain.Affiliation{Member: "P2", Kind: domain.Host, Org: s.west.ID,
			From: on("2025-03-01"), Reason: "补登"}, s.clerk); err != nil {
			return err
		}
		if _, err := tx.InsertPeriodStepFor(s.east.ID, "2026", true, "年终", s.clerk); err != nil {
			return err
		}
		if err := tx.InsertAssignment(s.clerk, domain.RoleSecretary, s.east.ID, false, s.clerk); err != nil {
			return err
		}
		if err := tx.InsertProposal(s.clerk, domain.Term{Role: domain.RoleRecorder, Org: s.east.ID}, s.clerk); err != nil {
			return err
		}
		proposed, err := tx.ProposalsFor(s.clerk, noon())
		if err == nil {
			err = tx.EndProposal(&proposed[0], "另有人选", s.clerk)
		}
		if err != nil {
			return err
		}
		activity := domain.Activity{Org: s.east.ID, Kind: "党课", On: on("2026-03-04"), Title: "示例", Paper: "台账"}
		if _, err := tx.InsertActivity(activity, s.clerk); err != nil {
			return err
		}
		if err := tx.EraseText(1, "本人要求", on("2026-03-09"), s.clerk); err != nil {
			return err
		}
		token, err := tx.InsertToken([]byte("hash"), domain.Token{Account: s.clerk, Name: "同步", Expires: noon().AddDate(1, 0,
			0)})
		if err != nil {
			return err
		}
		if _, err := tx.RevokeToken(s.clerk, token, s.clerk); err != nil {
			return err
		}
		draft := domain.RuleDraft{Org: s.street, Code: "t", From: on("2026-01-01"), Hash: "h", Source: "办法", Person: "示例甲"}
		if draft.ID, err = tx.InsertDraft(draft, s.clerk); err != nil {
			return err
		}
		if err := tx.InsertWithdrawal(&draft, "示例甲", "写错了", s.clerk); err != nil {
			return err
		}
		return tx.InsertEnactment(domain.RuleVersion{Org: s.street.ID, Code: "t", From: on("2026-01-01"), Hash: "h",
			Source: "办法", Person: "示例乙"}, s.clerk)
	})
	for _, k := range chainedKinds() { // the tests of the other tables have a row of theirs
		var n int
		read(t, db, func(v *Snapshot) error {
			return v.get(&n, "SELECT count(*) FROM chain_entries WHERE kind = ?", string(k.kind))
		})
		if rows := marking(1, 1)[k.kind]; n == 0 && len(rows) > 0 {
			write(t, db, func(tx *Tx) error { return rows[0].write(tx, &s) })
		}
	}
	write(t, db, func(tx *Tx) error { // the last request has every column
		m, err := tx.Member(everybody, "P2")
		if err != nil {
			return err
		}
		_, err = tx.InsertTransferRequest(&m, &s.west, on("2025-03-01"), "补登", domain.Route{domain.Receiving}, s.clerk)
		return err
	})
}

// TestTheDigestOfTheValuesWrittenIsThatOfTheRow: an entry of a chain is made of the
// values that are written, Verify reads the row that came of them.
func TestTheDigestOfTheValuesWrittenIsThatOfTheRow(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	everyKind(t, db)
	read(t, db, func(v *Snapshot) error {
		var rows []chainEntry
		if err := v.all(&rows, "SELECT chain_id, seq, format, kind, row_id, digest, hash, mac "+
			"FROM chain_entries"); err != nil {
			return err
		}
		seen := map[string]bool{}
		for i := range rows {
			e := &rows[i]
			seen[e.Kind] = true
			if is, err := v.digest(v.chains.kinds[kind(e.Kind)], e.RowID); err != nil || !bytes.Equal(is, e.Digest) {
				t.Errorf("%s %d: written as %x, read as %x (%v)", e.Kind, e.RowID, e.Digest, is, err)
			}
		}
		for _, k := range chainedKinds() {
			if !seen[string(k.kind)] {
				t.Errorf("no row of kind %s", k.kind)
			}
		}
		return nil
	})
}

// TestAValueOfAnotherTypeThanDeclaredIsRefused: its digest would not be that of the
// row.
func TestAValueOfAnotherTypeThanDeclaredIsRefused(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	s := settle(t, db)
	for what, values := range map[string][]any{
		"a number for words":      {int64(1), int64(2026), "open", "2026-01-01T00:00:00.000Z", nil, nil},
		"words for a number":      {"1", "2026", "open", "2026-01-01T00:00:00.000Z", nil, nil},
		"a float":                 {1.0, "2026", "open", "2026-01-01T00:00:00.000Z", nil, nil},
		"a value is missing":      {int64(1), "2026", "open", "2026-01-01T00:00:00.000Z", nil},
		"there is one value more": {int64(1), "2026", "open", "2026-01-01T00:00:00.000Z", nil, nil, nil},
	} {
		err := db.Write(context.Background(), func(tx *Tx) error {
			_, err := tx.record(s.street.ID, kindPeriod, values...)
			return err
		})
		if fault.CodeOf(err) != fault.Internal {
			t.Errorf("%s: %v", what, err)
		}
	}
	if broken := breaks(t, db); broken != "" {
		t.Error(broken)
	}
}

// tableColumn is one column of a table but for its id.
type tableColumn struct {
	Name, Type string
	Notnull    bool
}

func columns(t *testing.T, db *DB, table string) (out []tableColumn) {
	t.Helper()
	read(t, db, func(v *Snapshot) error {
		return v.all(&out, "SELECT name, type, \"notnull\" FROM pragma_table_info(?) WHERE name <> 'id'", table)
	})
	if len(out) == 0 {
		t.Fatalf("%s has no columns", table)
	}
	return out
}

// other is an expression for a value that the column does not have.
func (c tableColumn) other() string {
	switch c.Type {
	case "BLOB":
		return "x'00'"
	case "INTEGER":
		return "coalesce(" + c.Name + ", 0) + 1000"
	}
	return "coalesce(" + c.Name + ", '') || '改'"
}

// after returns the finding of Verify after a change, which is undone.
func after(t *testing.T, db *DB, change string) (found []domain.ChainBreak) {
	t.Helper()
	undo := errors.New("undo")
	err := db.Write(context.Background(), func(tx *Tx) error {
		if _, err := tx.exec(change); err != nil {
			return err
		}
		var err error
		if found, err = tx.Verify(); err != nil {
			return err
		}
		return undo
	})
	if !errors.Is(err, undo) {
		t.Fatalf("%s: %v", change, err)
	}
	return found
}
