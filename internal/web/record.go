package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/ledger"
	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/web/ui"
)

// Record tells how one record of a member came about, to those who look after
// him.
func (s *Site) Record(c *gin.Context) error {
	source, err := domain.ParseSourceID(c.Param("record"))
	if err != nil {
		return hidden(err, "这条记录")
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
		return hidden(err, "这条记录")
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
	v := ui.Record{Frame: s.frame(c, &around{p.Book.Title, m.Home.Name}), Own: own, Member: m.ID, Name: m.Name, Branch: m.Home.Name}
	if p.Entry != nil {
		s.entryRecord(p, &v)
	} else {
		s.attendanceRecord(p, &v)
	}
	if q := p.Waits; q != nil { // at the end: whom it waits for now
		step := ui.RecordStep{What: "现在" + stageWords(q)}
		if who := ledger.Deciders(&q.Stage); who != "" {
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

// entryRecord fills in the story of an entry.
func (s *Site) entryRecord(p *members.Provenance, v *ui.Record) {
	e, entry := p.Entry, &p.Entry.Entry
	v.Kind, v.What, v.Day, v.Said = "项目", entry.Entry.Item, entry.Entry.On, wordsSaid(p.Fields)
	if entry.Entry.Chosen {
		v.Said = append(v.Said, ui.Said{Name: "分值", Value: entry.Entry.Points.Signed() + " 分"})
	}
	if entry.Note != "" {
		v.Said = append(v.Said, ui.Said{Name: "说明", Value: entry.Note})
	}
	if p.Reversible {
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
}

// attendanceRecord fills in the story of an activity as the member attended it.
func (s *Site) attendanceRecord(p *members.Provenance, v *ui.Record) {
	a := p.Attendance
	v.Kind, v.What, v.Day = "活动", a.Activity.Kind, a.Activity.On
	if a.Activity.Title != "" {
		v.Said = append(v.Said, ui.Said{Name: "名称", Value: a.Activity.Title})
	}
	v.Said = append(v.Said, ui.Said{Name: "哪里办的", Value: a.Org.Name})
	if p.SeesActivity {
		v.Activity = ui.ActivityPath(strconv.FormatInt(int64(a.Activity.ID), 10))
	}
	var t telling
	t.add(a.Activity.At, ui.RecordStep{What: "记下这次活动", By: a.Activity.ByName, Words: paperWords(a.Activity.Paper, nil), Seal: sealWords(&a.Proof)})
	v.State = uncounted(a.Lines[len(a.Lines)-1].State)
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
