package store

import (
	"jifen/internal/access"
	"jifen/internal/domain"
)

// byWhom joins who recorded a row x as b.
const byWhom = " LEFT JOIN accounts b ON b.id = x.recorded_by "

// dossierQuery returns the statement that reads a part of what is held of a member, whose
// number is its only argument, and the tables from which it reads; "" for a part that is
// read otherwise.
func dossierQuery(part domain.DossierPart) (query string, tables []string) {
	switch part {
	case domain.DossierNames:
		return `SELECT '姓名' AS what, t.body AS value, '' AS on_day, '' AS state, b.name AS by_name, x.recorded_at AS at
			FROM member_changes x JOIN shown_texts t ON t.id = x.name` + byWhom + `WHERE x.member_id = ? ORDER BY x.id DESC`,
			[]string{"members", "member_changes"}
	case domain.DossierNumbers:
		return `SELECT x.kind AS what, '加密存着' AS value, '' AS on_day, '' AS state, NULL AS by_name, '' AS at
			FROM sealed x WHERE x.member_id = ? ORDER BY x.kind`, []string{"sealed"}
	case domain.DossierAttendance:
		return `SELECT a.kind AS what, CASE WHEN t.body IS NULL OR t.body = '' THEN x.status
				ELSE x.status || '：' || t.body END AS value, a.occurred_on AS on_day, CASE WHEN x.request_id IS NULL THEN ''
				ELSE coalesce(z.kind, 'waits') END AS state, b.name AS by_name, x.recorded_at AS at
			FROM attendance x JOIN activities a ON a.id = x.activity_id LEFT JOIN shown_texts t ON t.id = a.title` + byWhom +
			ended("x.request_id") + ` WHERE x.member_id = ? ORDER BY x.id DESC`, []string{"attendance"}
	case domain.DossierStandings:
		return `SELECT x.scheme AS what, x.period AS value, x.as_of AS on_day, '' AS state, NULL AS by_name, '' AS at
			FROM standings x WHERE x.member_id = ? ORDER BY x.scheme, x.period DESC`, []string{"standings"}
	case domain.DossierErasures:
		return `SELECT '删除个人信息' AS what, t.body AS value, '' AS on_day, '' AS state, b.name AS by_name, x.recorded_at AS at
			FROM person_erasures x JOIN shown_texts t ON t.id = x.reason` + byWhom + `WHERE x.member_id = ? ORDER BY x.id DESC`,
			[]string{"person_erasures"}
	}
	return dossierOfAccount(part)
}

// dossierOfAccount is dossierQuery for what hangs on the member's account.
func dossierOfAccount(part domain.DossierPart) (query string, tables []string) {
	switch part {
	case domain.DossierAccount:
		return `SELECT '帐号' AS what, x.login AS value, '' AS on_day, CASE WHEN x.closed = 1 THEN '停用' ELSE '' END AS state,
			b.name AS by_name, x.recorded_at AS at FROM account_changes x JOIN accounts a ON a.id = x.account_id` + byWhom +
			`WHERE a.member_id = ? ORDER BY x.id DESC`, []string{"accounts", "account_changes"}
	case domain.DossierRoles:
		return `SELECT x.role AS what, coalesce(o.name, '') AS value, coalesce(x.from_on, '') AS on_day,
			CASE WHEN x.ended = 1 THEN '收回' ELSE '' END AS state, b.name AS by_name, x.recorded_at AS at
			FROM assignments x JOIN accounts a ON a.id = x.account_id LEFT JOIN orgs o ON o.id = x.org_id` + byWhom +
			`WHERE a.member_id = ? ORDER BY x.id DESC`, []string{"assignments"}
	case domain.DossierTokens:
		return `SELECT x.name AS what, '尾号 ' || x.tail AS value, '' AS on_day,
			CASE WHEN r.id IS NULL THEN '' ELSE '作废' END AS state, b.name AS by_name, x.made_at AS at
			FROM tokens x JOIN accounts a ON a.id = x.account_id LEFT JOIN revocations r ON r.token_id = x.id
			LEFT JOIN accounts b ON b.id = r.recorded_by WHERE a.member_id = ? ORDER BY x.id DESC`,
			[]string{"tokens", "token_uses", "revocations"}
	case domain.DossierSlips:
		return `SELECT '激活条' AS what, '' AS value, '' AS on_day, CASE WHEN e.id IS NULL THEN '' WHEN e.used = 1 THEN '用过了'
			ELSE '作废' END AS state, b.name AS by_name, x.recorded_at AS at
			FROM slips x JOIN accounts a ON a.id = x.account_id LEFT JOIN slip_ends e ON e.slip_id = x.id` + byWhom +
			`WHERE a.member_id = ? ORDER BY x.id DESC`, []string{"slips", "slip_ends"}
	case domain.DossierDrafts:
		return `SELECT '申报草稿' AS what, '' AS value, '' AS on_day, '' AS state, a.name AS by_name, x.saved_at AS at
			FROM request_drafts x JOIN accounts a ON a.id = x.account_id WHERE a.member_id = ? ORDER BY x.id DESC`,
			[]string{"request_drafts"}
	}
	return "", nil
}

// Dossier returns a part of what is held of a member, the latest recorded first; nothing of
// a part that another method reads. fault.NotFound outside the scope.
func (v *Snapshot) Dossier(
	scope access.Scope, id domain.MemberID, part domain.DossierPart,
) ([]domain.DossierItem, error) {
	query, _ := dossierQuery(part)
	if _, err := v.Member(scope, id); err != nil || query == "" {
		return nil, err
	}
	var rows []struct {
		What, At             string
		Value, State, ByName *string
		OnDay                string
	}
	err := v.all(&rows, query, string(id))
	out := make([]domain.DossierItem, len(rows))
	for i := range rows {
		r := &rows[i]
		out[i] = domain.DossierItem{What: r.What, Value: text(r.Value), On: r.OnDay, State: text(r.State),
			ByName: text(r.ByName), At: r.At}
	}
	return out, err
}
