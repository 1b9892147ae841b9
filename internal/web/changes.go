package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/ledger"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
	"jifen/internal/web/ui"
)

// Changes shows what can be changed of a member, and what was recorded.
func (s *Site) Changes(c *gin.Context) error { return s.changes(c, nil) }

func (s *Site) changes(c *gin.Context, refused error) error {
	actor, id := s.Session.Actor(c), domain.MemberID(c.Param("id"))
	scope := actor.Scope(access.KeepMembers)
	v := ui.Changes{Key: s.key(), Member: id, From: c.PostForm("from"), Refusal: ui.Refuse(refused), MayMove: actor.May(access.MoveMembers)}
	v.Losses = v.Refusal.Fields["seen"] != ""
	if v.From == "" {
		v.From = s.today().String()
	}
	err := s.DB.Read(c.Request.Context(), func(view *store.Snapshot) error {
		m, err := view.Member(scope, id)
		if err != nil {
			return hidden(err, "这名党员")
		}
		v.Name, v.Branch = m.Name, m.Home.Name
		if m.Left != 0 {
			v.Gone = m.Left.String()
		}
		book, err := s.Standings.Book(view, m.Home.Path, s.today())
		if err != nil {
			return err
		}
		v.Frame = s.frame(c, &around{book.Title, m.Home.Name})
		records, err := view.Records([]domain.Member{m})
		if err != nil {
			return err
		}
		s.factInputs(&v, book, &records[0])
		if err := s.exemptions(view, actor, &v, book, &m); err != nil {
			return err
		}
		if v.MayMove {
			orgs, err := view.Orgs(actor.Scope(access.MoveMembers), "")
			if err != nil {
				return err
			}
			v.Orgs = amongOrgs(orgs, c.PostForm("org"), func(o domain.Org) bool {
				return o.Level == domain.Branch && o.Kind.Homes() && (o.ID != m.Home.ID || m.Left != 0)
			})
		}
		if err := s.tieInputs(view, scope, &v, &m, c.PostForm("branch")); err != nil {
			return err
		}
		steps, err := view.History(scope, id)
		for _, step := range steps {
			row := s.historyRow(book, step)
			if _, _, ok := moved(steps, step.From); ok && step.Kind == domain.Home {
				row.Sheet = ui.HandoverPath(id, step.From.String())
			}
			v.History = append(v.History, row)
		}
		return err
	})
	if err != nil {
		return err
	}
	status := http.StatusOK
	if refused != nil {
		status = http.StatusUnprocessableEntity
	}
	s.render(c, status, v)
	return nil
}

// factInputs lists what the rules want to know of a member, with what holds.
func (s *Site) factInputs(v *ui.Changes, book *ruleset.RuleSet, record *domain.MemberHistory) {
	now := map[string]domain.Value{}
	for _, f := range record.Facts {
		if f.From <= s.today() {
			now[f.Attribute] = f.Value // by day
		}
	}
	for i := range book.Attributes {
		a := &book.Attributes[i]
		value, known := now[a.Name]
		in := ui.FactInput{Name: a.Name, Kind: "text", Unit: a.Unit}
		if known {
			in.Now = a.Text(value)
		}
		switch {
		case i == ruleset.Exempted:
			if known && value.Text != "无" {
				v.Exempt = value.Text
			}
			continue
		case a.Type == ruleset.Age || a.Type == ruleset.Service:
			continue
		case i == ruleset.Discipline && !v.MayMove:
			continue
		case a.Type == ruleset.YesNo:
			in.Options = ui.Options([]string{"是", "否"}, in.Now)
		case a.Type == ruleset.Options:
			in.Options = ui.Options(a.Options, in.Now)
		case a.Type == ruleset.DayFact:
			in.Kind = "date"
		}
		v.Facts = append(v.Facts, in)
	}
}

// exemptions lists what a member may be exempted by, which steps who looks
// answers for and whom he has to ask, and what waits.
func (s *Site) exemptions(view *store.Snapshot, actor *access.Actor, v *ui.Changes, book *ruleset.RuleSet, m *domain.Member) error {
	for i := range book.Exemptions {
		e := &book.Exemptions[i]
		in := ui.ExemptionInput{Code: e.Code, Does: exempts(book, e.Code), Above: domain.NamesOf(actor.Chain(m.ID, m.Home.Path, nil, e.Approve))}
		for _, step := range domain.NamesOf(e.Approve) {
			if !slices.Contains(in.Above, step) {
				in.Steps = append(in.Steps, step)
			}
		}
		v.Exemptions = append(v.Exemptions, in)
	}
	claims, err := view.ClaimsOf(actor.Scope(access.KeepMembers), m.ID, shownClaims)
	if err != nil {
		return err
	}
	queued, err := s.Ledger.Staged(view, claims)
	for i := range queued {
		if q := &queued[i]; q.Kind == domain.FactClaim && q.State == domain.ClaimWaits {
			v.Waiting = append(v.Waiting, ui.ExemptionWaiting{
				Claim: q.String(), Words: q.Fact.Value.Text + "，" + q.Fact.From.String() + " 起", Stage: stageWords(q), Mine: q.By == actor.Account,
			})
		}
	}
	return err
}

// exempts says what an exemption does.
func exempts(book *ruleset.RuleSet, code string) string {
	for i := range book.Exemptions {
		e := &book.Exemptions[i]
		if e.Code != code {
			continue
		}
		var words []string
		switch {
		case e.NotScored:
			words = append(words, "不计分")
		case e.NotRanked:
			words = append(words, "不排名")
		}
		for _, item := range e.Items {
			words = append(words, "免"+book.Items[item].Name)
		}
		return strings.Join(words, "、")
	}
	return ""
}

func (s *Site) historyRow(book *ruleset.RuleSet, step domain.HistoryItem) ui.HistoryRow {
	row := ui.HistoryRow{What: step.Fact.Attribute, Value: step.Fact.Value.Text, From: step.From.String(), State: string(step.State), By: step.ByName, At: s.clock(step.At)}
	if row.From == "" {
		row.From = "一直"
	}
	if i := book.Attribute(step.Fact.Attribute); step.Fact.Attribute != "" && i >= 0 {
		row.Value = book.Attributes[i].Text(step.Fact.Value)
	}
	if step.Fact.Attribute == "" {
		row.What, row.Value = step.Kind.String(), step.Org
		switch {
		case step.Org == "":
			row.Value = "转出"
		case step.Ended:
			row.Value += "（结束）"
		}
	}
	return row
}

// Change takes a change in.
func (s *Site) Change(c *gin.Context) error {
	ctx, actor, id := c.Request.Context(), s.Session.Actor(c), domain.MemberID(c.Param("id"))
	if c.PostForm("do") == "withdraw" {
		return s.withdrawExemption(c, id)
	}
	from, err := day(c.PostForm("from"))
	words := "登记了"
	if err == nil {
		switch c.PostForm("do") {
		case "fact":
			f := ledger.FactChange{Member: id, Attribute: c.PostForm("attribute"), Value: c.PostForm("value"), From: from}
			if f.Attribute == "豁免" { // has its own form, with its steps
				return s.changes(c, fault.New(fault.Invalid, "豁免在下面登记"))
			}
			if hint := f.Hint(); hint != "" {
				words += "。" + hint
			}
			_, err = s.Ledger.ChangeFact(ctx, actor, f, c.PostForm("key"))
		case "exempt":
			f := ledger.FactChange{Member: id, Attribute: "豁免", Value: c.PostForm("value"), From: from, Approved: c.PostFormArray("step")}
			var done ledger.Registered
			if done, err = s.Ledger.ChangeFact(ctx, actor, f, c.PostForm("key")); len(done.Asked) > 0 {
				words = "登记了，等" + strings.Join(done.Asked, "、") + "同意"
			}
		case "move":
			words = "转接了组织关系"
			_, err = s.Ledger.Move(ctx, actor, ledger.Move{Member: id, To: domain.OrgID(c.PostForm("org")), From: from, Seen: c.PostForm("seen") == "1"}, c.PostForm("key"))
		case "leave":
			words = "登记了转出"
			_, err = s.Ledger.Move(ctx, actor, ledger.Move{Member: id, From: from}, c.PostForm("key"))
		case "tie", "untie":
			t := ledger.Tie{Member: id, Org: domain.OrgID(c.PostForm("branch")), From: from, Ended: c.PostForm("do") == "untie"}
			_, err = s.Ledger.Tie(ctx, actor, t, c.PostForm("key"))
		default:
			err = fault.New(fault.Invalid, "没有说要改什么")
		}
	}
	switch fault.CodeOf(err) {
	case fault.Invalid, fault.Conflict, fault.Forbidden:
		if actor.May(access.KeepMembers) {
			return s.changes(c, err)
		}
	}
	if err != nil {
		return err
	}
	s.Session.Put(ctx, "notice", words)
	if do := c.PostForm("do"); do == "move" || do == "leave" {
		return see(c, ui.HandoverPath(id, from.String()))
	}
	return see(c, ui.ChangesPath(id))
}

// withdrawExemption takes back an exemption that waits.
func (s *Site) withdrawExemption(c *gin.Context, id domain.MemberID) error {
	claim, err := domain.ParseClaimID(c.PostForm("claim"))
	if err != nil {
		return hidden(err, "这条申报")
	}
	if _, err = s.Ledger.Withdraw(c.Request.Context(), s.Session.Actor(c), claim, c.PostForm("key")); fault.CodeOf(err) == fault.Conflict {
		return s.changes(c, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(c.Request.Context(), "notice", "撤回了")
	return see(c, ui.ChangesPath(id))
}
