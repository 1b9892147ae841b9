package store

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"jifen/internal/access"
	"jifen/internal/fault"
	"jifen/internal/party"
)

// Org is one organisation (党组织). Path lists the ids from the root down,
// each closed by a dot: "1.3.12.".
type Org struct {
	ID     party.OrgID
	Parent party.OrgID // "" for the root
	Path   string
	Level  party.Level
	Kind   party.BranchKind // of a branch
	Name   string
}

type orgRow struct {
	ID       int64
	ParentID *int64
	Path     string
	Level    string
	Kind     string
	Name     string
}

const orgColumns = "o.id, o.parent_id, o.path, o.level, o.kind, o.name"

func (r *orgRow) org() Org {
	level, _ := party.LevelOf(r.Level)
	o := Org{ID: orgID(r.ID), Path: r.Path, Level: level, Kind: party.BranchKind(r.Kind), Name: r.Name}
	if r.ParentID != nil {
		o.Parent = orgID(*r.ParentID)
	}
	return o
}

func orgID(id int64) party.OrgID { return party.OrgID(strconv.FormatInt(id, 10)) }

// orgKey is the row of an id; an id that is no number is no row.
func orgKey(id party.OrgID) int64 {
	n, err := strconv.ParseInt(string(id), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// InsertOrg adds an organisation below its parent ("" for the root) and
// returns it whole. The parent's level must be the next one up; a name that
// stands below the parent already is fault.Conflict.
func (tx *Tx) InsertOrg(o Org) (Org, error) {
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
	o.ID = orgID(id)
	o.Path = prefix + strconv.FormatInt(id, 10) + "."
	_, err := tx.exec("INSERT INTO orgs (id, parent_id, path, level, kind, name, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		id, parent, o.Path, o.Level.String(), string(o.Kind), o.Name, tx.stamp())
	if fault.CodeOf(err) == fault.Conflict {
		return o, fault.Wrap(err, fault.Conflict, "“%s”之下已经有“%s”", above, o.Name).WithHint("换一个名称，或就用已有的那个")
	}
	return o, err
}

// Org returns one organisation, fault.NotFound outside the scope.
func (v *View) Org(scope access.Scope, id party.OrgID) (Org, error) {
	where, args := scopeSQL(scope, false)
	var r orgRow
	err := v.get(&r, "SELECT "+orgColumns+" FROM orgs o WHERE o.id = ? AND "+where, append([]any{orgKey(id)}, args...)...)
	return r.org(), err
}

// Orgs returns the organisations of the scope below a path ("" for all), in
// the order of the tree.
func (v *View) Orgs(scope access.Scope, below string) ([]Org, error) {
	where, args := scopeSQL(scope, false)
	from, to := subtree(below)
	var rows []orgRow
	err := v.all(&rows, "SELECT "+orgColumns+" FROM orgs o WHERE o.path >= ? AND o.path < ? AND "+where+" ORDER BY o.path",
		append([]any{from, to}, args...)...)
	out := make([]Org, len(rows))
	for i := range rows {
		out[i] = rows[i].org()
	}
	slices.SortFunc(out, func(a, b Org) int { return comparePaths(a.Path, b.Path) })
	return out, err
}

// comparePaths orders paths as the tree stands: by the numbers in them, so
// that "1.10." does not come before "1.2.".
func comparePaths(a, b string) int {
	return slices.CompareFunc(strings.Split(a, "."), strings.Split(b, "."), func(x, y string) int {
		return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y))
	})
}

// Line returns the path of an organisation split into levels: its branch,
// community and street, "" where it has none.
func Line(path string) (home [party.Levels]party.OrgID) {
	ids := strings.Split(strings.TrimSuffix(path, "."), ".")
	for i, level := 0, party.Street; i < len(ids) && ids[i] != ""; i, level = i+1, level-1 {
		home[level] = party.OrgID(ids[i])
		if level == party.Branch {
			break
		}
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

// scopeSQL turns a scope into a condition on o.path (the member's home, or an
// organisation) and, where members are read, on m.id. An empty scope is a
// condition that never holds.
func scopeSQL(s access.Scope, members bool) (where string, args []any) {
	if s.All() {
		return "1 = 1", nil
	}
	parts := []string{"1 = 0"}
	for _, p := range s.Subtrees() {
		from, to := subtree(p)
		parts = append(parts, "(o.path >= ? AND o.path < ?)")
		args = append(args, from, to)
	}
	if members && s.Self() != "" {
		parts = append(parts, "m.id = ?")
		args = append(args, string(s.Self()))
	}
	return "(" + strings.Join(parts, " OR ") + ")", args
}
