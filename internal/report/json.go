package report

import (
	"encoding/json"
	"io"

	"jifen/internal/domain"
	"jifen/internal/ranking"
	"jifen/internal/ruledoc"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// JSONVersion is the version of the JSON form. It grows when a field is
// renamed, removed or means something else; new fields do not change it.
const JSONVersion = 1

// JSON writes a ranking as one JSON object, the members in the order of Table.
// The fields are those of document and the types below it; a field without a
// value is left out. Points are decimal strings such as "92.5", because they
// are exact and a JSON number is not; days are YYYY-MM-DD; the words of the
// rule file (levels, grades, categories) stand as they are. accounts adds to
// every member how the total came about.
func JSON(w io.Writer, r *Ranking, accounts bool) error {
	d := document{
		Version: JSONVersion, Scheme: schemeOf(r.Book), Period: r.Period.String(), AsOf: r.AsOf.String(),
		Day:   r.day().String(),
		Final: r.day() == r.Period.Last, Members: []memberObject{},
	}
	for _, s := range r.sections() {
		for i := range s.rows {
			d.Members = append(d.Members, r.memberObject(&s.rows[i], accounts))
		}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(&d)
}

// points prints as a decimal string.
type points domain.Points

// MarshalText implements encoding.TextMarshaler.
func (p points) MarshalText() ([]byte, error) { return []byte(domain.Points(p).String()), nil }

// document is the whole.
type document struct {
	Version int            `json:"version"` // JSONVersion
	Scheme  schemeObject   `json:"scheme"`
	Period  string         `json:"period"` // key of the period: 2026, 2026H1, 2026Q3, 2026-09
	AsOf    string         `json:"as_of"`  // the day asked for
	Day     string         `json:"day"`    // the day the standings speak of: as_of, at most the period's last
	Final   bool           `json:"final"`  // the period is over on that day
	Members []memberObject `json:"members"`
}

// schemeObject names the text that was applied.
type schemeObject struct {
	Code     string   `json:"code"`  // 编号
	Title    string   `json:"title"` // 办法
	From     string   `json:"from"`  // 施行
	SHA256   string   `json:"sha256"`
	TieBreak []string `json:"tie_break"` // 再比: blocks that part equal totals, in order
}

// memberObject is one member. Without a total only the first fields and reason
// are there.
type memberObject struct {
	ID         string           `json:"id"`
	Name       string           `json:"name"`
	Branch     string           `json:"branch,omitempty"`
	Community  string           `json:"community,omitempty"`
	Street     string           `json:"street,omitempty"`
	Category   string           `json:"category,omitempty"` // 类别, its code
	Scored     bool             `json:"scored"`
	Ranked     bool             `json:"ranked"`
	Reason     string           `json:"reason,omitempty"` // Chinese: why not scored
	Total      *points          `json:"total,omitempty"`
	Blocks     []blockObject    `json:"blocks,omitempty"` // in the file's order
	Places     []placeObject    `json:"places,omitempty"`
	Grade      string           `json:"grade,omitempty"`
	BareGrade  string           `json:"grade_without_red_lines,omitempty"`
	Additions  int              `json:"additions"`  // 加分次数
	Deductions int              `json:"deductions"` // 扣分次数
	Benchmarks []string         `json:"benchmarks,omitempty"`
	RedLines   []string         `json:"red_lines,omitempty"`
	Alerts     []alertObject    `json:"alerts,omitempty"`  // of every complete window of the period
	Missing    []string         `json:"missing,omitempty"` // attributes that a condition needed and nobody recorded
	Account    *statementObject `json:"account,omitempty"`
}

// blockObject is the settled value of one block.
type blockObject struct {
	Name   string `json:"name"`
	Points points `json:"points"`
}

// placeObject is a rank in one organisation.
type placeObject struct {
	Level string `json:"level"` // 支部, 社区 or 街道
	Place int    `json:"place"` // equals share one
	Of    int    `json:"of"`    // how many were ranked there
	Tied  int    `json:"tied"`  // how many share this place, the member included
}

// alertObject is a proposal to a person.
type alertObject struct {
	Name    string `json:"name"`
	Level   string `json:"level"`            // 提醒, 警示 or 红
	On      string `json:"on"`               // the day it was judged
	Window  string `json:"window,omitempty"` // key of its window; none for one judged at once
	Run     int    `json:"run"`              // how many windows running
	Suggest string `json:"suggest"`
	Owner   string `json:"owner"`
	Due     string `json:"due"`
	Open    bool   `json:"open"` // speaks of the last complete window, so somebody still has to act
}

// statementObject explains a total: its leaves add up to it.
type statementObject struct {
	Version int          `json:"version"` // scoring.AccountVersion
	Total   *lineObject  `json:"total,omitempty"`
	Idle    []lineObject `json:"idle,omitempty"` // entries that counted nothing, each with the reason
	// the smallest set of conditions that would give a better grade
	Requirements *requirementsObject `json:"lack,omitempty"`
	Headroom     []headroomObject    `json:"rooms,omitempty"` // what is still to be had under each limit
}

// requirementsObject lists what is lacking for a better grade.
type requirementsObject struct {
	Grade string       `json:"grade"`
	Needs []needObject `json:"needs"`
}

// needObject is one condition that has to become true, or true no more.
type needObject struct {
	Condition string `json:"condition"` // as the rule file writes it; of a red line its name
	Kind      string `json:"kind"`      // become, cease or red_line
	Now       string `json:"now,omitempty"`
}

// headroomObject holds what is still to be had under one limit.
type headroomObject struct {
	Of    string  `json:"of"` // item or block
	Name  string  `json:"name"`
	Every string  `json:"every"` // the window, as the rule file writes it: 年
	Plus  *points `json:"plus,omitempty"`
	Minus *points `json:"minus,omitempty"`
	Times *int    `json:"times,omitempty"`
	Full  bool    `json:"full,omitempty"` // an addition would not raise the total
	By    string  `json:"by,omitempty"`   // Chinese: what leaves less than the limit itself
}

// lineObject is one line of an account; one with lines below it is their sum.
type lineObject struct {
	Kind   string `json:"kind"` // total, block, part, start, entry, formula, clamp or red_line
	Name   string `json:"name"`
	Points points `json:"points"`
	On     string `json:"on,omitempty"` // entries: the day it happened
	// entries: first day it no longer counts; none = to the period's end
	Until    string        `json:"until,omitempty"`
	Entry    string        `json:"entry,omitempty"`    // entries by hand: id
	Activity string        `json:"activity,omitempty"` // entries that follow from attendance: the activity's id
	Wanted   *points       `json:"wanted,omitempty"`   // entries: before limits
	Note     string        `json:"note,omitempty"`     // Chinese
	Clause   *clauseObject `json:"clause,omitempty"`
	Lines    []lineObject  `json:"lines,omitempty"`
}

// clauseObject is the place in the rule file that made or cut a line.
type clauseObject struct {
	Path  string `json:"path"`
	Line  int    `json:"line"`
	Basis string `json:"basis,omitempty"` // 依据
}

func schemeOf(book *ruleset.RuleSet) schemeObject {
	s := schemeObject{Code: book.Code, Title: book.Title, From: book.From.String(), SHA256: book.Hash,
		TieBreak: []string{}}
	for _, block := range book.Ranking.TieBreak {
		s.TieBreak = append(s.TieBreak, book.Blocks[block].Name)
	}
	return s
}

func (r *Ranking) memberObject(row *Row, account bool) memberObject {
	m, st := row.Member, row.standing()
	out := memberObject{
		ID: string(m.ID), Name: m.Name,
		Branch: string(m.Home[domain.Branch]), Community: string(m.Home[domain.Community]),
		Street:   string(m.Home[domain.Street]),
		Category: st.Category, Scored: st.Scored, Ranked: st.Ranked, Reason: st.Why,
		Grade: st.Grade, BareGrade: st.Bare, Additions: st.Added, Deductions: st.Deducted,
		Benchmarks: ranking.Benchmarks(&row.RankResult), RedLines: st.RedLines, Missing: st.Missing,
	}
	if st.Scored {
		total := points(st.Total)
		out.Total = &total
	}
	for _, v := range st.Blocks {
		out.Blocks = append(out.Blocks, blockObject{v.Name, points(v.Value)})
	}
	for _, p := range row.Places {
		out.Places = append(out.Places, placeObject{p.Level.String(), p.Place, p.Of, p.Tied})
	}
	out.Alerts = alertObjects(r.Book, st)
	if account {
		out.Account = statementOf(row.Result.Book(), row.Result, row.Places)
	}
	return out
}

func alertObjects(book *ruleset.RuleSet, st *domain.Standing) []alertObject {
	var out []alertObject
	open := map[domain.Alert]bool{}
	for _, a := range scoring.OpenAlerts(book, st) {
		open[a] = true
	}
	for _, a := range st.Alerts {
		out = append(out, alertObject{
			Name: a.Name, Level: string(a.Level), On: a.On.String(), Window: a.Window, Run: a.Run,
			Suggest: a.Suggest, Owner: a.Owner, Due: a.Due.String(), Open: open[a],
		})
	}
	return out
}

// StatementJSON returns the JSON form of an account, as JSON has it under
// "account".
func StatementJSON(book *ruleset.RuleSet, a *domain.Statement) (json.RawMessage, error) {
	return json.Marshal(statementObjectOf(book, a))
}

func statementOf(book *ruleset.RuleSet, res *scoring.Result, places []domain.Rank) *statementObject {
	a := res.StatementAt(places)
	return statementObjectOf(book, &a)
}

func statementObjectOf(book *ruleset.RuleSet, a *domain.Statement) *statementObject {
	out := &statementObject{Version: a.Version}
	if a.Standing.Scored {
		total := lineOf(book, &a.Total)
		out.Total = &total
	}
	for i := range a.Idle {
		out.Idle = append(out.Idle, lineOf(book, &a.Idle[i]))
	}
	if a.Requirements != nil {
		out.Requirements = requirementsOf(a.Requirements)
	}
	for i := range a.Headroom {
		out.Headroom = append(out.Headroom, headroomOf(&a.Headroom[i]))
	}
	return out
}

func requirementsOf(l *domain.Requirements) *requirementsObject {
	out := &requirementsObject{Grade: l.Grade, Needs: []needObject{}}
	for i := range l.Needs {
		n := needObject{Condition: l.Needs[i].Source, Kind: "cease", Now: l.Needs[i].Now}
		if l.Needs[i].Want {
			n.Kind = "become"
		}
		if l.Needs[i].RedLine {
			n.Kind = "red_line"
		}
		out.Needs = append(out.Needs, n)
	}
	return out
}

func headroomOf(r *domain.Headroom) headroomObject {
	out := headroomObject{Of: "block", Name: r.Name, Every: r.Unit.String(), Full: r.Full}
	if r.By != nil {
		out.By = ruledoc.Bound(r.By)
	}
	if r.Item {
		out.Of = "item"
	}
	if r.HasPlus {
		p := points(r.Plus)
		out.Plus = &p
	}
	if r.HasMinus {
		p := points(r.Minus)
		out.Minus = &p
	}
	if r.HasTimes {
		out.Times = &r.Times
	}
	return out
}

func lineOf(book *ruleset.RuleSet, l *domain.Line) lineObject {
	out := lineObject{
		Kind: kindName(l.Kind), Name: l.Name, Points: points(l.Value),
		On: l.On.String(), Until: l.Until.String(), Entry: l.Entry, Activity: l.Activity, Note: l.Note,
	}
	if l.Kind == domain.LineEntry {
		wanted := points(l.Wanted)
		out.Wanted = &wanted
	}
	if l.Clause >= 0 && l.Clause < len(book.Clauses) {
		c := &book.Clauses[l.Clause]
		out.Clause = &clauseObject{Path: c.Path, Line: c.Line, Basis: c.Basis}
	}
	for i := range l.Children {
		out.Lines = append(out.Lines, lineOf(book, &l.Children[i]))
	}
	return out
}

// kindName returns the English name of a kind of line.
func kindName(k domain.LineKind) string {
	switch k {
	case domain.LineTotal:
		return "total"
	case domain.LineBlock:
		return "block"
	case domain.LinePart:
		return "part"
	case domain.LineStart:
		return "start"
	case domain.LineEntry:
		return "entry"
	case domain.LineFormula:
		return "formula"
	case domain.LineClamp:
		return "clamp"
	case domain.LineRedLine:
		return "red_line"
	}
	return ""
}
