package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/ledger"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
	"jifen/internal/web/ui"
)

// shownTakenBack is how many things that were taken back one page shows.
const shownTakenBack = 50

// Record tells how one record of a member came about, to those who look after
// him.
func (s *Site) Record(c *gin.Context) error {
	actor := s.Session.Actor(c)
	v, m, err := s.record(c, actor.Scope(access.SeeMembers), domain.MemberID(c.Param("id")))
	if err != nil {
		return err
	}
	// Whoever reads another's points is in the trail.
	if err := s.DB.Write(c.Request.Context(), func(tx *store.Tx) error {
		return audit.Record(tx, actor, audit.ReadMember, audit.What{Org: m.Home.ID, Member: m.ID, Detail: "来龙去脉：" + v.What + " " + v.Day.String()})
	}); err != nil {
		return err
	}
	s.render(c, http.StatusOK, v)
	return nil
}

// OwnRecord tells a member how one record of his came about.
func (s *Site) OwnRecord(c *gin.Context) error {
	actor := s.Session.Actor(c)
	v, _, err := s.record(c, actor.Scope(access.SeeOwn), actor.Member)
	if err != nil {
		return err
	}
	s.render(c, http.StatusOK, v)
	return nil
}

// record fills the page of one record of a member.
func (s *Site) record(c *gin.Context, scope access.Scope, id domain.MemberID) (v ui.Record, m domain.Member, err error) {
	v.Own, v.Member = scope.Self() == id, id
	record, err := domain.ParseSourceID(c.Param("record"))
	if err != nil {
		return v, m, hidden(err, "这条记录")
	}
	var title string
	err = s.DB.Read(c.Request.Context(), func(view *store.Snapshot) error {
		var err error
		if record.Entry != 0 {
			m, err = s.entryRecord(c, view, scope, record.Entry, &v)
		} else {
			m, err = s.attendanceRecord(view, scope, record.Activity, &v)
		}
		if err != nil {
			return hidden(err, "这条记录")
		}
		book, err := s.Standings.Book(view, m.Home.Path, s.today())
		if err == nil {
			title = book.Title
		}
		return err
	})
	if err != nil {
		return v, m, err
	}
	if v.State == "" {
		if v.Counted, err = s.counted(c, scope, m, record.String(), v.What, v.Day); err != nil {
			return v, m, err
		}
	}
	v.Name, v.Branch, v.Frame = m.Name, m.Home.Name, s.frame(c, &around{title, m.Home.Name})
	return v, m, nil
}

// counted finds what a record counts: in every scheme, in the period of its day
// and in the one that runs now.
func (s *Site) counted(c *gin.Context, scope access.Scope, m domain.Member, source, what string, on calendar.Day) ([]ui.Counted, error) {
	var out []ui.Counted
	type account struct{ scheme, period string }
	seen, today := map[account]bool{}, s.today()
	for _, day := range [...]calendar.Day{on, today} {
		var books []*ruleset.RuleSet
		err := s.DB.Read(c.Request.Context(), func(view *store.Snapshot) error {
			then := m
			err := view.HomeOn(&then, day)
			if err == nil {
				books, err = s.Standings.Schemes(view, then.Home.Path, day)
			}
			return err
		})
		if err != nil && fault.CodeOf(err) != fault.NotFound { // before the first scheme nothing counts
			return nil, err
		}
		for _, book := range books {
			p := book.Cycle.Unit.Of(day)
			if day == on {
				p = book.Cycle.Unit.Of(book.CountsOn(what, on))
			}
			at := account{book.Code, p.String()}
			if seen[at] {
				continue
			}
			seen[at] = true
			e, err := s.Standings.Explain(c.Request.Context(), standings.Question{Scope: scope, Scheme: at.scheme, Period: at.period, AsOf: today}, m.ID)
			if fault.CodeOf(err) == fault.NotFound { // a scheme that is in force no more
				continue
			}
			if err != nil {
				return nil, err
			}
			words := e.Account.Standing.Period.Label()
			if len(books) > 1 {
				words = book.Title + "，" + words
			}
			for _, row := range (ui.Score{Account: e.Account, Clauses: clauses(e.Book)}).Of(source) {
				out = append(out, ui.Counted{Account: words, Row: row})
			}
		}
	}
	return out, nil
}

// entryRecord fills in the story of an entry.
func (s *Site) entryRecord(c *gin.Context, view *store.Snapshot, scope access.Scope, id domain.EntryID, v *ui.Record) (domain.Member, error) {
	e, err := view.EntryStory(scope, v.Member, id)
	if err != nil {
		return domain.Member{}, err
	}
	m, entry := e.Member, &e.Entry
	v.Kind, v.What, v.Day, v.Said = "项目", entry.Entry.Item, entry.Entry.On, s.said(view, &ledger.Queued{Claim: e.Claim})
	if entry.Entry.Chosen {
		v.Said = append(v.Said, ui.Said{Name: "分值", Value: entry.Entry.Points.Signed() + " 分"})
	}
	if entry.Note != "" {
		v.Said = append(v.Said, ui.Said{Name: "说明", Value: entry.Note})
	}
	if !entry.Reversed && s.Session.Actor(c).Recording(m.ID, m.Home.Path) == access.Posts {
		v.Undo = ui.ReversePath(entry.Entry.ID)
	}
	var t telling
	if b := e.Before; b != nil {
		step := ui.RecordStep{What: "前一次申报", By: b.ByName, Words: string(b.State), Path: v.Story(claimRecord(b))}
		if n := len(b.Steps); n > 0 {
			last := &b.Steps[n-1]
			step.Words, step.Reason = strings.Join(last.Organs, "、")+"退回（"+last.ByName+"，"+s.clock(last.At)+"）", last.Reason
		}
		t.add(b.At, step)
	}
	t.add(e.At, ui.RecordStep{What: askedWords(&e.Claim), By: e.ByName, Words: paperWords(entry.Paper, e.Waits), Seal: sealWords(&e.Proof)})
	t.decided(&e.Claim, e.Decided, "", true)
	if r := e.Reversal; r != nil {
		what, words := "撤销", "从这时起不再计分"
		if e.State == domain.ClaimWithdrawn { // it never counted
			words = ""
			if r.By == e.By {
				what = "撤回"
			}
		}
		v.State = "已" + what + "，不计分"
		t.add(r.At, ui.RecordStep{What: what, By: r.ByName, Words: words, Reason: r.Reason, Seal: sealWords(&r.Proof)})
	} else {
		v.State = uncounted(e.State)
	}
	for i := range e.After {
		a := &e.After[i]
		t.add(a.At, ui.RecordStep{What: "改好再报", By: a.ByName, Words: "这一次：" + string(a.State), Path: v.Story(claimRecord(a))})
	}
	v.Steps = t.inOrder(s)
	return m, s.asked(view, &e.Claim, v)
}

// attendanceRecord fills in the story of an activity as the member attended it.
func (s *Site) attendanceRecord(view *store.Snapshot, scope access.Scope, id domain.ActivityID, v *ui.Record) (domain.Member, error) {
	a, err := view.AttendanceStory(scope, v.Member, id)
	if err != nil {
		return domain.Member{}, err
	}
	v.Kind, v.What, v.Day = "活动", a.Activity.Kind, a.Activity.On
	if a.Activity.Title != "" {
		v.Said = append(v.Said, ui.Said{Name: "名称", Value: a.Activity.Title})
	}
	v.Said = append(v.Said, ui.Said{Name: "哪里办的", Value: a.Org.Name})
	if scope.Covers(a.Org.Path) {
		v.Activity = ui.ActivityPath(strconv.FormatInt(int64(id), 10))
	}
	var t telling
	t.add(a.Activity.At, ui.RecordStep{What: "记下这次活动", By: a.Activity.ByName, Words: paperWords(a.Activity.Paper, nil), Seal: sealWords(&a.Proof)})
	last := &a.Lines[len(a.Lines)-1]
	v.State = uncounted(last.State)
	for i := range a.Lines {
		l := &a.Lines[i]
		step := ui.RecordStep{What: "出勤：" + statusWords(l.Status, l.MadeUpOn), By: l.ByName, Reason: l.Reason, Words: paperWords("", l.Waits), Holds: l.Holds && len(a.Lines) > 1, Seal: sealWords(&l.Proof)}
		switch {
		case l.Status == domain.AttendanceReversed:
			step.What, step.Words = "撤销", "整次活动撤销，从这时起不再计分"
		case i > 0:
			step.What = "更正：" + statusWords(a.Lines[i-1].Status, a.Lines[i-1].MadeUpOn) + " → " + statusWords(l.Status, l.MadeUpOn)
		}
		if l.State == domain.ClaimWithdrawn {
			step.Words += "；没有等到，后来另记了"
		}
		t.add(l.At, step)
		t.decided(&l.Claim, l.Decided, "："+string(l.Status), l.Holds)
		switch {
		case l.Holds && l.Status == domain.AttendanceReversed:
			v.State = "已撤销，不计分"
		case l.Holds:
			v.State = ""
		}
	}
	v.Steps = t.inOrder(s)
	return a.Member, s.asked(view, &last.Claim, v)
}

// asked tells at the end whom a claim waits for now.
func (s *Site) asked(view *store.Snapshot, c *domain.Claim, v *ui.Record) error {
	if c.State != domain.ClaimWaits {
		return nil
	}
	queued, err := s.Ledger.Staged(view, []domain.Claim{*c})
	for i := range queued {
		step := ui.RecordStep{What: "现在" + stageWords(&queued[i])}
		if who := ledger.Deciders(&queued[i].Stage); who != "" {
			step.Words = "能办的是" + who
		}
		v.Steps = append(v.Steps, step)
	}
	return err
}

// claimRecord names the record that a claimed entry is.
func claimRecord(c *domain.Claim) string { return domain.SourceID{Entry: c.Entry.ID}.String() }

// askedWords is what recording an entry was.
func askedWords(c *domain.Claim) string {
	if len(c.Waits) > 0 {
		return "申报"
	}
	return "记下"
}

// paperWords says where something was taken from, and who had to agree to it.
func paperWords(paper string, waits []domain.Organ) string {
	var words []string
	if paper != "" {
		words = append(words, "补记自纸质台账“"+paper+"”")
	}
	if len(waits) > 0 {
		words = append(words, "要"+strings.Join(domain.NamesOf(waits), "、")+"同意才计分")
	}
	return strings.Join(words, "；")
}

// uncounted says why a claim counts nothing, "" for one that may count.
func uncounted(state domain.ClaimState) string {
	switch state {
	case domain.ClaimWaits:
		return "待确认，还没有计分"
	case domain.ClaimReturned:
		return "退回，没有计分"
	case domain.ClaimWithdrawn:
		return "已撤回，不计分"
	default:
		return ""
	}
}

// telling gathers what was done about a record, with the instants.
type telling []told

type told struct {
	at   string
	step ui.RecordStep
}

func (t *telling) add(at string, step ui.RecordStep) { *t = append(*t, told{at, step}) }

// decided adds the steps that were taken of a claim; of says of what, where a
// record has several, holds that it is the one that is scored.
func (t *telling) decided(c *domain.Claim, seals []domain.Proof, of string, holds bool) {
	for i := range c.Steps {
		d := &c.Steps[i]
		word, words := "退回", ""
		switch {
		case d.Accepted && d.Rest > 0:
			word = "同意"
		case d.Accepted && holds:
			word, words = "同意", "都同意了，从这时起算数"
		case d.Accepted:
			word, words = "同意", "都同意了"
		}
		if text := d.Document.String(); text != "" {
			words = strings.TrimSuffix("文件："+text+"；"+words, "；")
		}
		t.add(d.At, ui.RecordStep{What: strings.Join(d.Organs, "、") + word + of, By: d.ByName, Words: words, Reason: d.Reason, Seal: sealWords(&seals[i])})
	}
}

// inOrder is what was done in the order of time; of one instant as it was told.
func (t telling) inOrder(s *Site) []ui.RecordStep {
	slices.SortStableFunc(t, func(a, b told) int { return strings.Compare(a.at, b.at) })
	out := make([]ui.RecordStep, len(t))
	for i := range t {
		out[i] = t[i].step
		out[i].At = s.clock(t[i].at)
	}
	return out
}

// takenBack lists what of a member was taken back, as the question looks at it.
func (s *Site) takenBack(c *gin.Context, q standings.Question, id domain.MemberID, out *ui.Score) error {
	return s.DB.Read(c.Request.Context(), func(view *store.Snapshot) error {
		list, err := q.View(view).TakenBack(q.Scope, id, out.Account.Standing.Day, shownTakenBack+1)
		if len(list) > shownTakenBack {
			list, out.Cut = list[:shownTakenBack], shownTakenBack
		}
		for i := range list {
			b := &list[i]
			row := ui.TakenBack{On: b.On, What: b.What, By: b.ByName, At: s.clock(b.At), Reason: b.Reason, Path: out.Story(b.Record.String())}
			if b.Record.Activity != 0 {
				row.Reason = strings.TrimSuffix("整次活动撤销，"+b.Reason, "，")
			}
			out.TakenBack = append(out.TakenBack, row)
		}
		return err
	})
}
