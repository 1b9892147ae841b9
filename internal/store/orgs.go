package store

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

type orgRow struct {
	ID       int64
	ParentID *int64
	Path     string
	Level    string
	Kind     string
	Name     string
	ClosedOn day
}

const orgColumns = "o.id, o.parent_id, o.path, o.level, o.kind, o.name, o.closed_on"

func (r *orgRow) org() domain.Org {
	o := domain.Org{ID: orgID(r.ID), Path: r.Path, Level: orgLevel(r.Level), Kind: domain.BranchKind(r.Kind), Name: r.Name,
		Closed: calendar.Day(r.ClosedOn)}
	if r.ParentID != nil {
		o.Parent = orgID(*r.ParentID)
	}
	return o
}

// orgLevel is the level that a row names; its CHECK admits no other word.
func orgLevel(word string) domain.Level {
	level, _ := domain.OrgLevelOf(word)
	return level
}

func orgID(id int64) domain.OrgID { return domain.OrgID(strconv.FormatInt(id, 10)) }

// orgKey is the row of an id; an id that is no number is no row.
func orgKey(id domain.OrgID) int64 {
	n, err := strconv.ParseInt(string(id), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// InsertOrg adds an organisation below its parent ("" for the root) and
// returns it whole. The parent's level must be the next one up; a name that
// stands below the parent already is fault.Conflict.
func (tx *Tx) InsertOrg(o domain.Org) (domain.Org, error) {
	var parent any
	prefix, above := "", ""
	if o.Parent != "" {
		up, err := tx.Org(access.System("a new organisation stands below its parent"), o.Parent)
		if err != nil {
			return o, err
		}
		if up.Level != o.Level+1 {
			return o, fault.New(fault.Invalid, "%s“%s”不能设在%s“%s”之下", o.Level, o.Name, up.Level, up.Name)
		}
		parent, prefix, above = orgKey(o.Parent), up.Path, up.Name
	}
	var id int64
	if err := tx.get(&id, "SELECT coalesce(max(id), 0) + 1 FROM orgs"); err != nil {
		return o, err
	}
	var street any
	if o.Level == domain.Street {
		street = id
	} else if above, err := tx.streetOf(o.Parent); err != nil {
		return o, err
	} else if above != 0 {
		street = above
	}
	o.ID, tx.founds = orgID(id), true
	o.Path = prefix + strconv.FormatInt(id, 10) + "."
	at := tx.stamp()
	_, err := tx.exec(`INSERT INTO orgs (id, parent_id, path, level, kind, name, street_id, recorded_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		id, parent, o.Path, o.Level.String(), string(o.Kind), o.Name, street, at)
	if fault.CodeOf(err) == fault.Conflict {
		return o, fault.Wrap(raced(err), fault.Conflict, "“%s”之下已经有“%s”", above, o.Name).WithHint("换一个名称，或就用已有的那个")
	}
	if err != nil {
		return o, err
	}
	up := o.Parent
	if up == "" {
		up = o.ID
	}
	// In the chain of the one above: who takes away all of an organisation leaves a gap.
	if err := tx.appendEntry(up, kindOrg, id, []any{parent, o.Path, o.Level.String(), string(o.Kind), street,
		at}); err != nil {
		return o, err
	}
	founded := domain.OrgChange{Org: o.ID, Kind: domain.OrgFounded, Name: o.Name, From: calendar.FromTime(tx.now)}
	return o, tx.insertOrgChange(up, founded, 0)
}

// ChangeOrg gives an organisation another name, closes it or opens it again, and
// returns what it is now. fault.Conflict for a name that another below the same
// parent has.
func (tx *Tx) ChangeOrg(o domain.Org, c domain.OrgChange, by domain.AccountID) (domain.Org, error) {
	c.Was = o.Name
	switch c.Kind {
	case domain.OrgRenamed:
		o.Name = c.Name
	case domain.OrgClosed:
		o.Closed = c.From
	case domain.OrgReopened:
		o.Closed = 0
	}
	var closed any
	if o.Closed != 0 {
		closed = o.Closed.String()
	}
	_, err := tx.exec("UPDATE orgs SET name = ?, closed_on = ? WHERE id = ?", o.Name, closed, orgKey(o.ID))
	switch {
	case fault.CodeOf(err) == fault.Conflict:
		return o, fault.Wrap(err, fault.Conflict, "已经有一个“%s”", o.Name).WithHint("同一个组织之下的名称不能相同")
	case err != nil:
		return o, err
	}
	c.Org, c.Name = o.ID, o.Name
	return o, tx.insertOrgChange(c.Org, c, by)
}

// insertOrgChange records a change in a chain.
func (tx *Tx) insertOrgChange(chain domain.OrgID, c domain.OrgChange, by domain.AccountID) error {
	_, err := tx.record(chain, kindOrgChange, orgKey(c.Org), string(c.Kind), c.Name, c.Was, c.From.String(), tx.stamp(),
		account(by))
	return err
}

// OrgChanges returns what became of an organisation since it was set up, the latest
// first.
// fault.NotFound outside the scope.
func (v *Snapshot) OrgChanges(scope access.Scope, id domain.OrgID) ([]domain.OrgChange, error) {
	if _, err := v.Org(scope, id); err != nil {
		return nil, err
	}
	var rows []struct {
		Kind       string
		Name       string
		Was        string
		FromOn     day
		RecordedAt string
		ByName     *string
	}
	err := v.all(&rows, `SELECT c.kind, c.name, c.was, c.from_on, c.recorded_at, b.name AS by_name FROM org_changes c
		LEFT JOIN accounts b ON b.id = c.recorded_by
		WHERE c.org_id = ? AND c.kind <> ? ORDER BY c.id DESC`, orgKey(id), string(domain.OrgFounded))
	out := make([]domain.OrgChange, len(rows))
	for i, r := range rows {
		out[i] = domain.OrgChange{Org: id, Kind: domain.OrgChangeKind(r.Kind), Name: r.Name, Was: r.Was,
			From: calendar.Day(r.FromOn), At: r.RecordedAt}
		if r.ByName != nil {
			out[i].ByName = *r.ByName
		}
	}
	return out, err
}

// LastOrgChange returns the day of the latest change of an organisation since it was set up,
// 0 where there was none.
func (v *Snapshot) LastOrgChange(id domain.OrgID) (calendar.Day, error) {
	var on struct{ Last day }
	err := v.get(&on, "SELECT max(c.from_on) AS last FROM org_changes c WHERE c.org_id = ? AND c.kind <> ?", orgKey(id),
		string(domain.OrgFounded))
	return calendar.Day(on.Last), err
}

// InUse returns how many members have their home in a branch on a day or after it,
// and the last day of an activity there that is not taken back; 0 for none.
func (v *Snapshot) InUse(branch domain.OrgID, from calendar.Day) (members int, last calendar.Day, err error) {
	var ids []domain.MemberID
	if err := v.all(&ids, "SELECT DISTINCT member_id FROM affiliations WHERE kind = 'home' AND org_id = ?",
		orgKey(branch)); err != nil {
		return 0, 0, err
	}
	homes, err := v.homes(ids)
	if err != nil {
		return 0, 0, err
	}
	for _, s := range homes {
		home, _, left, ok := s.on(from)
		there := ok && left == 0 && home.ID == branch
		for _, step := range s {
			there = there || step.from > from && step.home != nil && step.home.ID == branch
		}
		if there {
			members++
		}
	}
	var on struct{ Last day }
	err = v.get(&on, `SELECT max(a.occurred_on) AS last FROM activities a WHERE a.org_id = ? AND EXISTS (SELECT 1
		FROM attendance x WHERE x.activity_id = a.id
		AND x.id = (SELECT max(z.id) FROM attendance z WHERE z.activity_id = x.activity_id AND z.member_id = x.member_id)
		AND x.status <> '撤销')`, orgKey(branch))
	return members, calendar.Day(on.Last), err
}

// Org returns one organisation, fault.NotFound outside the scope.
func (v *Snapshot) Org(scope access.Scope, id domain.OrgID) (domain.Org, error) {
	where, args := scopeSQL(scope, false)
	var r orgRow
	err := v.get(&r, "SELECT "+orgColumns+" FROM orgs o WHERE o.id = ? AND "+where, append([]any{orgKey(id)}, args...)...)
	return r.org(), err
}

// Orgs returns the organisations of the scope below a path ("" for all), in
// the order of the tree.
func (v *Snapshot) Orgs(scope access.Scope, below string) ([]domain.Org, error) {
	from, to := subtree(below)
	return v.orgs(scope, "o.path >= ? AND o.path < ?", from, to)
}

// StreetsOf returns the streets of the scope, in the order of the tree.
func (v *Snapshot) StreetsOf(scope access.Scope) ([]domain.Org, error) {
	return v.orgs(scope, "o.level = ?", domain.Street.String())
}

// orgs returns the organisations of the scope for which something holds, in the order
// of the tree.
func (v *Snapshot) orgs(scope access.Scope, holds string, args ...any) ([]domain.Org, error) {
	where, more := scopeSQL(scope, false)
	out := []domain.Org{}
	err := v.each(func(rows *sqlx.Rows) error {
		var r orgRow
		err := rows.Scan(&r.ID, &r.ParentID, &r.Path, &r.Level, &r.Kind, &r.Name, &r.ClosedOn)
		out = append(out, r.org())
		return err
	}, "SELECT "+orgColumns+" FROM orgs o WHERE "+holds+" AND "+where, append(args, more...)...)
	slices.SortFunc(out, func(a, b domain.Org) int { return comparePaths(a.Path, b.Path) })
	return out, err
}

// Streets returns the streets at and below a path ("" for all), in the order of
// the tree. It has no scope: it says by whose rules a question is answered.
func (v *Snapshot) Streets(below string) ([]domain.Org, error) {
	orgs, err := v.Orgs(access.System("by whose rules a question is answered"), below)
	return slices.DeleteFunc(orgs, func(o domain.Org) bool { return o.Level != domain.Street }), err
}

// StreetOf returns the path of the street by whose rules a question of a path is
// answered: of what holds several streets ("" is everything), the first of them;
// of a street and what stands below it, the path itself.
func (v *Snapshot) StreetOf(path string) (string, error) {
	if path != "" {
		var street int64
		err := v.get(&street, "SELECT coalesce(o.street_id, 0) FROM orgs o WHERE o.path = ?", path)
		if street != 0 || err != nil && fault.CodeOf(err) != fault.NotFound {
			return path, err
		}
	}
	from, to := subtree(path)
	var found []string
	err := v.all(&found, "SELECT o.path FROM orgs o WHERE o.path >= ? AND o.path < ? AND o.level = ? ORDER BY o.id "+
		"LIMIT 1", from, to, domain.Street.String())
	if err == nil && len(found) > 0 {
		path = found[0]
	}
	return path, err
}

// streetOf returns the row of the street that an organisation is or belongs to, 0
// for what stands above streets, and for none.
func (v *Snapshot) streetOf(org domain.OrgID) (int64, error) {
	if org == "" {
		return 0, nil
	}
	var street int64
	err := v.get(&street, "SELECT coalesce(street_id, 0) FROM orgs WHERE id = ?", orgKey(org))
	return street, err
}

// comparePaths orders paths as the tree stands: by the numbers in them, so
// that "1.10." does not come before "1.2.".
func comparePaths(a, b string) int {
	for a != "" && b != "" {
		x, y := "", ""
		x, a, _ = strings.Cut(a, ".")
		y, b, _ = strings.Cut(b, ".")
		if c := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

// Line returns the path of a branch split into the levels at which members are
// ranked: the branch, its community and its street, "" for "".
func Line(path string) (home [domain.Levels]domain.OrgID) {
	ids := strings.Split(strings.TrimSuffix(path, "."), ".")
	for level := domain.Branch; level < domain.Levels && int(level) < len(ids); level++ {
		home[level] = domain.OrgID(ids[len(ids)-1-int(level)])
	}
	return home
}

// subtree returns the range of paths at and below a path; "" is everything.
func subtree(path string) (from, to string) {
	if path == "" {
		return "", "\U0010ffff"
	}
	return path, path[:len(path)-1] + "/" // "/" follows "."
}

// above returns the path of what stands next above a path, "" for nothing.
func above(path string) string {
	return path[:strings.LastIndexByte(strings.TrimSuffix(path, "."), '.')+1]
}

// rowOf returns the row of the organisation that a path leads to.
func rowOf(path string) int64 {
	path = strings.TrimSuffix(path, ".")
	return orgKey(domain.OrgID(path[strings.LastIndexByte(path, '.')+1:]))
}

// HeldBy returns the path of the organisation at a level that holds a path; the path
// itself where that stands at the level or above it.
func (v *Snapshot) HeldBy(path string, level domain.Level) (string, error) {
	var line []int64
	for at := path; at != ""; at = above(at) {
		line = append(line, rowOf(at))
	}
	out := path
	err := chunks(line, func(marks string, args []any) error {
		var found []string
		err := v.all(&found, "SELECT o.path FROM orgs o WHERE o.id IN ("+marks+") AND o.level = ?",
			append(args, level.String())...)
		if len(found) > 0 {
			out = found[0]
		}
		return err
	})
	return out, err
}

// atOrBelow returns the condition that a row of organisations lies at or below one of
// some paths.
func atOrBelow(table string, paths []string) (where string, args []any) {
	parts := make([]string, len(paths))
	for i, p := range paths {
		from, to := subtree(p)
		parts[i] = table + ".path >= ? AND " + table + ".path < ?"
		args = append(args, from, to)
	}
	return "(" + strings.Join(parts, " OR ") + ")", args
}

// scopeBelow is scopeSQL of organisations at or below a path ("" for everywhere).
func scopeBelow(s access.Scope, below string) (where string, args []any) {
	where, args = scopeSQL(s, false)
	if below == "" {
		return where, args
	}
	within, paths := atOrBelow("o", []string{below})
	return within + " AND " + where, append(paths, args...)
}

// idsOf returns members as the arguments of questions.
func idsOf(members []domain.MemberID) []any {
	out := make([]any, len(members))
	for i, id := range members {
		out[i] = string(id)
	}
	return out
}

// scopeSQL turns a scope into a condition on o.path (the member's home, or an
// organisation) and, where members are read, on m.id. An empty scope is a
// condition that never holds.
func scopeSQL(s access.Scope, members bool) (where string, args []any) {
	if s.All() {
		return "1 = 1", nil
	}
	var parts []string
	if paths := s.Subtrees(); len(paths) > 0 {
		where, args = atOrBelow("o", paths)
		parts = append(parts, where)
	}
	if some := s.Members(); members && len(some) > 0 {
		parts = append(parts, "m.id IN ("+questions(len(some))+")")
		args = append(args, idsOf(some)...)
	}
	if len(parts) == 0 {
		return "1 = 0", nil
	}
	return "(" + strings.Join(parts, " OR ") + ")", args
}
