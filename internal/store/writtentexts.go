package store

import (
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/domain"
)

// TextsOf returns the free texts that concern a member, the latest recorded first: of
// what was recorded of him, decided and reversed, and the titles of activities in the
// scope. The names of paper records are no part of it, for by them a list is taken
// once, nor are those of members, which are erased with the person. fault.NotFound outside the scope.
func (v *Snapshot) TextsOf(scope access.Scope, id domain.MemberID) ([]domain.WrittenText, error) {
	if _, err := v.Member(scope, id); err != nil {
		return nil, err
	}
	concerning, args := v.chains.concerning(id, v.knownBy())
	var rows []struct {
		memberEntryRow
		Part   string
		TextID int64
		Body   *string
		Erased bool
		Path   *string // of whose activity a title is
	}
	err := v.all(&rows, `WITH u (kind, row_id, what, status, detail, flag, on_day, entry_id, activity_id, recorded_at,
		recorded_by) AS (
		`+concerning+`) SELECT x.kind, x.row_id, x.what, x.status, x.detail, x.flag, x.on_day, x.entry_id, x.activity_id,
		x.recorded_at, b.name AS by_name, x.part, t.id AS text_id, s.body, length(t.salt) = 0 AS erased, o.path
		FROM (`+v.chains.textColumns()+`) x JOIN texts t ON t.id = x.text_id JOIN shown_texts s ON s.id = t.id
		LEFT JOIN orgs o ON o.id = x.org_id LEFT JOIN accounts b ON b.id = x.recorded_by
		ORDER BY x.recorded_at DESC, t.id DESC, x.row_id`, args...)
	out := make([]domain.WrittenText, 0, len(rows))
	for i := range rows {
		r := &rows[i]
		seen := slices.ContainsFunc(out, func(t domain.WrittenText) bool { return t.ID == domain.TextID(r.TextID) })
		if seen || r.Path != nil && !scope.Covers(*r.Path) {
			continue
		}
		t := domain.WrittenText{ID: domain.TextID(r.TextID), Part: domain.TextPart(r.Part), Entry: r.entry(),
			Erased: r.Erased}
		if t.Body = text(r.Body); !t.Erased {
			t.Body = strings.Join(writtenParts(t.Body), "；")
		}
		out = append(out, t)
	}
	return out, err
}

// textColumns returns the SELECT of every free text of the rows that concern a member,
// which are called u.
func (c *chains) textColumns() string {
	var parts []string
	add := func(k kind, column, from, org string) {
		parts = append(parts, "SELECT u.*, '"+column+"' AS part, r."+column+" AS text_id, "+org+" AS org_id FROM u "+
			"JOIN "+from+
			" WHERE u.kind = '"+string(k)+"'")
	}
	for _, k := range c.list {
		if len(k.concerning) == 0 {
			continue
		}
		for _, column := range k.columns {
			if column.typ == freeText && column.name != "paper" && column.name != "name" {
				add(k.kind, column.name, k.table+" r ON r.id = u.row_id", "CAST(NULL AS BIGINT)")
			}
		}
	}
	add(kindAttendance, string(domain.TextTitle), "activities r ON r.id = u.activity_id", "r.org_id")
	return strings.Join(parts, "\n\tUNION ALL ")
}
