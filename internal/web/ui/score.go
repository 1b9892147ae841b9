package ui

import (
	"cmp"
	"net/url"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruledoc"
)

// Score (积分明细) is one member's standing with its whole account.
type Score struct {
	Member     domain.MemberID
	Name       string
	Branch     string
	Category   string // in words: B 社区党员
	Account    domain.Statement
	Clauses    []Clause // that lines of the account point to
	Places     []domain.Rank
	Next       NextGrade
	Benchmarks []string
	Alerts     []domain.Alert // those still open
	Waiting    []Waiting
	Pending    domain.Points     // what Waiting would do to the total
	Undo       map[string]string // by the id in a line: where it is taken back; nil for who may not
	TakenBack  []TakenBack       // 撤销过的, the latest first
	Cut        int               // how many of them are shown where there are more; 0 for all
	Own        bool              // the member himself looks
	Open       bool              // every line unfolded, as for paper
	OpenPath   string            // this page with every line unfolded, or folded if Open
	Until      string            // says that the branch of now has no such scheme; "" where it has
}

// Clause (依据) says where the rules have something.
type Clause struct {
	Basis string // the article: 第六条; "" where the file gives none
	Line  int    // of the rule file
	Path  string // within it: 项目.缺席组织生活
	Added bool   // by a supplement

	From   calendar.Day // of an earlier text: its first day; 0 = of the one that holds
	Scheme string       // and its 编号
}

// NextGrade (下一等次) is the nearest better grade that points alone would
// give. The zero NextGrade is none.
type NextGrade struct {
	Grade string
	At    domain.Points // where it begins
	Short domain.Points // how many points are lacking
}

// Waiting (待确认) is a claim that counts nothing yet.
type Waiting struct {
	What string
	On   calendar.Day
	Who  string // who decides it
}

// TakenBack (撤销过的) is one thing that counts no more.
type TakenBack struct {
	On     calendar.Day
	What   string
	By, At string // who took it back, and when
	Reason string
	Path   string // where its history is told
}

// Row is one line of an account as a page shows it.
type Row struct {
	Kind     domain.LineKind
	Day      calendar.Day
	Label    string
	Value    string
	Why      string // why the value is what it is
	Basis    string // where the rules have it
	Where    string // address of that place in the regulation; "" for none
	Record   string // where it is told how it came about; "" for what follows from the rules alone
	Undo     string // where it is taken back; "" where it cannot be
	Open     bool
	Children []Row
}

// Scored reports whether there is a total at all.
func (s Score) Scored() bool { return s.Account.Standing.Scored }

// Provisional reports whether the period is still running, so that the grade
// may yet change (暂评).
func (s Score) Provisional() bool {
	st := &s.Account.Standing
	return st.Day < st.Period.Last
}

// Total returns the account as rows, the total first.
func (s Score) Total() Row { return s.row(&s.Account.Total) }

// Idle returns the entries that counted nothing (不计的记录).
func (s Score) Idle() []Row {
	out := make([]Row, len(s.Account.Idle))
	for i := range s.Account.Idle {
		out[i] = s.row(&s.Account.Idle[i])
	}
	return out
}

// Ahead names the gaps to a better grade, "" where the points alone are
// said already, or nothing is.
func (s Score) Ahead() string {
	l := s.Account.Requirements
	if l == nil || (len(l.Needs) == 1 && s.Next.Grade == l.Grade) {
		return ""
	}
	return ruledoc.Requirements(l)
}

// Headroom lists the points still to be had under each limit.
func (s Score) Headroom() []string {
	out := make([]string, len(s.Account.Headroom))
	for i := range s.Account.Headroom {
		out[i] = ruledoc.Headroom(&s.Account.Headroom[i])
	}
	return out
}

// Sum writes out the addition that gives the total: 基础 80 + 评议 18 - 贡献 2.
func (s Score) Sum() string {
	var b strings.Builder
	for i := range s.Account.Total.Children {
		c := &s.Account.Total.Children[i]
		value := c.Value
		switch {
		case i > 0 && value < 0:
			b.WriteString(" - ")
			value = -value
		case i > 0:
			b.WriteString(" + ")
		}
		b.WriteString(c.Name + " " + value.String())
	}
	return b.String()
}

func (s Score) row(l *domain.Line) Row {
	r := Row{Kind: l.Kind, Day: l.On, Label: l.Name, Why: l.Note, Basis: s.basis(l), Where: s.where(l), Open: s.Open ||
		l.Kind == domain.LineTotal}
	switch l.Kind {
	case domain.LineTotal, domain.LineBlock, domain.LineStart:
		r.Value = l.Value.String()
	default:
		r.Value = signed(l.Value)
	}
	if l.Until != 0 {
		until := "有效到 " + (l.Until - 1).String()
		if r.Why != "" {
			until = "；" + until
		}
		r.Why += until
	}
	if l.Entry != "" {
		r.Undo = s.Undo[l.Entry]
	}
	r.Record = s.History(l.Source())
	for i := range l.Children {
		r.Children = append(r.Children, s.row(&l.Children[i]))
	}
	return r
}

// History returns the path of the history of a line's source; "" for what
// follows from the rules alone.
func (s Score) History(source string) string { return historyPath(s.Own, s.Member, source) }

// historyPath returns the path of the history of a record for who looks after the member, or
// for himself.
func historyPath(own bool, member domain.MemberID, source string) string {
	switch {
	case source == "":
		return ""
	case own:
		return OwnRecordPath(source)
	default:
		return RecordPath(member, source)
	}
}

// Of returns the lines that come from one record, with their values and why.
// Where a block is settled by parts, the label says of which part a line is.
func (s Score) Of(source string) []Row {
	var out []Row
	var walk func(l *domain.Line, part string)
	walk = func(l *domain.Line, part string) {
		if l.Kind == domain.LinePart {
			part = l.Name + "："
		}
		if l.Source() == source {
			r := s.row(l)
			r.Label = part + r.Label
			out = append(out, r)
		}
		for i := range l.Children {
			walk(&l.Children[i], part)
		}
	}
	walk(&s.Account.Total, "")
	for i := range s.Account.Idle {
		walk(&s.Account.Idle[i], "")
	}
	return out
}

// where returns the address of a line's place in the regulation as it was in force.
func (s Score) where(l *domain.Line) string {
	if l.Clause < 0 || l.Clause >= len(s.Clauses) || s.Clauses[l.Clause].Path == "" || s.Clauses[l.Clause].Added {
		return ""
	}
	on := s.Account.Standing.Day
	if from := s.Clauses[l.Clause].From; from != 0 {
		on = max(from, l.On)
	}
	scheme := cmp.Or(s.Clauses[l.Clause].Scheme, s.Account.Standing.Scheme)
	return RulesPath + "?on=" + on.String() + "&scheme=" + scheme + "#" +
		url.PathEscape(ruledoc.Anchor(s.Clauses[l.Clause].Path))
}

// basis returns the place of a line in the rules. Without an article, what limits or
// makes a single line is named by its place in the file; that a sum is a sum
// needs no reference.
func (s Score) basis(l *domain.Line) string {
	if l.Clause < 0 || l.Clause >= len(s.Clauses) {
		return ""
	}
	c := &s.Clauses[l.Clause]
	switch l.Kind {
	case domain.LineTotal, domain.LineBlock, domain.LineStart:
		return c.Basis
	default:
		if c.Basis == "" && c.Path != "" {
			return "办法：" + strings.ReplaceAll(c.Path, ".", " ")
		}
		return c.Basis
	}
}
