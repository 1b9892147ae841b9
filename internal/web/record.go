package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/members"
	"jifen/internal/app/requests"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/web/ui"
)

// Record shows how one record of a member came about, to those who look after him.
func (s *Site) Record(c *gin.Context) error {
	source, err := domain.ParseSourceID(c.Param("record"))
	if err != nil {
		return fault.Hide(err, "这条记录")
	}
	p, err := s.Members.Provenance(c.Request.Context(), s.Session.Actor(c), domain.MemberID(c.Param("id")), source)
	if err != nil {
		return err
	}
	s.render(c, http.StatusOK, s.record(c, p, source, false))
	return nil
}

// OwnRecord tells a member how one record of his came about.
func (s *Site) OwnRecord(c *gin.Context) error {
	source, err := domain.ParseSourceID(c.Param("record"))
	if err != nil {
		return fault.Hide(err, "这条记录")
	}
	p, err := s.Members.OwnProvenance(c.Request.Context(), s.Session.Actor(c), source)
	if err != nil {
		return err
	}
	s.render(c, http.StatusOK, s.record(c, p, source, true))
	return nil
}

// record fills the page of one record of a member.
func (s *Site) record(c *gin.Context, p *members.Provenance, source domain.SourceID, own bool) ui.Record {
	m := &p.Member
	v := ui.Record{Frame: s.frame(c, &around{p.Book.Title, m.Home.Name}), Own: own, Member: m.ID, Name: m.Name,
		Branch: m.Home.Name}
	if p.Entry != nil {
		s.entryRecord(p, &v)
	} else {
		s.attendanceRecord(p, &v)
	}
	if q := p.Waits; q != nil { // at the end: whom it waits for now
		step := ui.RecordStep{What: "现在" + stageWords(q)}
		if who := requests.Deciders(&q.Stage); who != "" {
			step.Words = "能办的是" + who
		}
		v.Steps = append(v.Steps, step)
	}
	for i := range p.Counted {
		one := &p.Counted[i]
		words := one.Account.Standing.Period.Label()
		if one.Scheme != "" {
			words = one.Scheme + "，" + words
		}
		for _, row := range (ui.Score{Account: one.Account, Clauses: clauses(one.Book)}).Of(source.String()) {
			v.Counted = append(v.Counted, ui.Counted{Account: words, Row: row})
		}
	}
	return v
}

// entryRecord fills in the history of an entry.
func (s *Site) entryRecord(p *members.Provenance, v *ui.Record) {
	e, entry := p.Entry, &p.Entry.Entry
	v.Kind, v.What, v.Day, v.Fields = "项目", entry.Entry.Item, entry.Entry.On, fieldTexts(p.Fields)
	if entry.Entry.Chosen {
		v.Fields = append(v.Fields, ui.FieldText{Name: "分值", Value: entry.Entry.Points.Signed() + " 分"})
	}
	if entry.Note != "" {
		v.Fields = append(v.Fields, ui.FieldText{Name: "说明", Value: entry.Note})
	}
	if p.Reversible {
		v.Undo = ui.ReversePath(entry.Entry.ID)
	}
	var t history
	if b := e.Before; b != nil {
		step := ui.RecordStep{What: "前一次申报", By: b.ByName, Words: string(b.State), Path: v.History(entryRecordID(b.Entry))}
		if n := len(b.Steps); n > 0 {
			last := &b.Steps[n-1]
			step.Words, step.Reason = strings.Join(last.Organs, "、")+"退回（"+last.ByName+"，"+s.clock(last.At)+"）", last.Reason
		}
		t.add(b.At, step)
	}
	first := ui.RecordStep{What: "记下", By: entry.ByName, Words: paperWords(entry.Paper, nil), Seal: sealWords(&e.Proof)}
	if e.Request != nil {
		first.What, first.Words, v.State = "申报", paperWords(entry.Paper, e.Request.Route), uncounted(e.Request.State)
	}
	t.add(entry.At, first)
	t.taken(e.Request, "", true)
	if r := e.Reversal; r != nil {
		v.State = "已撤销，不计分"
		t.add(r.At, ui.RecordStep{What: "撤销", By: r.ByName, Words: "从这时起不再计分", Reason: r.Reason, Seal: sealWords(&r.Proof)})
	}
	for i := range e.After {
		a := &e.After[i]
		t.add(a.At, ui.RecordStep{What: "改好再报", By: a.ByName, Words: "这一次：" + string(a.State),
			Path: v.History(entryRecordID(a.Entry))})
	}
	v.Steps = t.inOrder(s)
}

// attendanceRecord fills in the history of an activity as the member attended it.
func (s *Site) attendanceRecord(p *members.Provenance, v *ui.Record) {
	a := p.Attendance
	v.Kind, v.What, v.Day = "活动", a.Activity.Kind, a.Activity.On
	if a.Activity.Title != "" {
		v.Fields = append(v.Fields, ui.FieldText{Name: "名称", Value: a.Activity.Title})
	}
	v.Fields = append(v.Fields, ui.FieldText{Name: "哪里办的", Value: a.Org.Name})
	if p.SeesActivity {
		v.Activity = ui.ActivityPath(strconv.FormatInt(int64(a.Activity.ID), 10))
	}
	var t history
	t.add(a.Activity.At, ui.RecordStep{What: "记下这次活动", By: a.Activity.ByName, Words: paperWords(a.Activity.Paper, nil),
		Seal: sealWords(&a.Proof)})
	v.State = uncounted(a.Lines[len(a.Lines)-1].State)
	for i := range a.Lines {
		l := &a.Lines[i]
		step := ui.RecordStep{What: "出勤：" + statusWords(l.Status, l.MadeUpOn), By: l.ByName, Reason: l.Reason,
			Holds: l.Holds && len(a.Lines) > 1, Seal: sealWords(&l.Proof)}
		if l.Request != nil {
			step.Words = paperWords("", l.Request.Route)
		}
		switch {
		case l.Status == domain.AttendanceReversed:
			step.What, step.Words = "撤销", "整次活动撤销，从这时起不再计分"
		case i > 0:
			step.What = "更正：" + statusWords(a.Lines[i-1].Status, a.Lines[i-1].MadeUpOn) + " → " +
				statusWords(l.Status, l.MadeUpOn)
		}
		if l.State == domain.RequestWithdrawn {
			step.Words += "；没有等到，后来另记了"
		}
		t.add(l.At, step)
		t.taken(l.Request, "："+string(l.Status), l.Holds)
		switch {
		case l.Holds && l.Status == domain.AttendanceReversed:
			v.State = "已撤销，不计分"
		case l.Holds:
			v.State = ""
		}
	}
	v.Steps = t.inOrder(s)
}

// entryRecordID names the record that an entry is.
func entryRecordID(id domain.EntryID) string { return domain.SourceID{Entry: id}.String() }

// paperWords puts into words where something was taken from, and who had to agree to it.
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

// uncounted returns the reason for which a claim counts nothing, "" for one that may count.
func uncounted(state domain.RequestState) string {
	switch state {
	case domain.RequestWaits:
		return "待确认，还没有计分"
	case domain.RequestReturned:
		return "退回，没有计分"
	case domain.RequestWithdrawn:
		return "已撤回，不计分"
	default:
		return ""
	}
}

// history gathers what was done about a record, with the instants.
type history []historyStep

type historyStep struct {
	at   string
	step ui.RecordStep
}

func (t *history) add(at string, step ui.RecordStep) { *t = append(*t, historyStep{at, step}) }

// taken adds the steps that were taken of a request; of says of what, where a
// record has several, holds that it is the one that is scored. nil has none.
func (t *history) taken(q *domain.RequestHistory, of string, holds bool) {
	if q == nil {
		return
	}
	for i := range q.Steps {
		d := &q.Steps[i]
		words := ""
		switch {
		case d.Kind == domain.StepSupersede:
			continue // what was recorded in its place tells it
		case d.Kind == domain.StepAccept && d.Rest == 0 && holds:
			words = "都同意了，从这时起算数"
		case d.Kind == domain.StepAccept && d.Rest == 0:
			words = "都同意了"
		}
		if text := d.Document.String(); text != "" {
			words = strings.TrimSuffix("文件："+text+"；"+words, "；")
		}
		t.add(d.At, ui.RecordStep{What: strings.Join(d.Organs, "、") + d.Kind.String() + of, By: d.ByName, Words: words,
			Reason: d.Reason, Seal: sealWords(&q.Taken[i])})
	}
}

// inOrder returns the steps in the order of time; of one instant, in the order in which they were added.
func (t history) inOrder(s *Site) []ui.RecordStep {
	slices.SortStableFunc(t, func(a, b historyStep) int { return strings.Compare(a.at, b.at) })
	out := make([]ui.RecordStep, len(t))
	for i := range t {
		out[i] = t[i].step
		out[i].At = s.clock(t[i].at)
	}
	return out
}
