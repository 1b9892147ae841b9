package web

import (
	"cmp"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/members"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// foresee shows what a change would do where it does something, and reports whether it did.
func (s *Site) foresee(c *gin.Context, id domain.MemberID, in *changeForm, refused error) (shown bool, err error) {
	if in.Do == "fact" && in.Attribute == domain.Exemption {
		return false, nil // told when it is recorded
	}
	f, err := s.Ledger.Foresee(c.Request.Context(), s.Session.Actor(c), in.asked(id))
	if err == nil {
		in.Shown = f.Shown
	}
	if err != nil || len(f.Effect)+len(f.Losses)+len(f.Ends)+len(f.Offices) == 0 && f.Lacks == nil && f.Near == "" {
		return false, err
	}
	return true, s.showForeseen(c, &f, in, refused)
}

// showForeseen shows what a form would do, to be sent again from there.
func (s *Site) showForeseen(c *gin.Context, f *members.Foreseen, in *changeForm, refused error) error {
	v := s.foreseen(c, f, refused)
	v.Words = changeWords(in, f.Branch)
	v.Reason, v.Reasons = in.Reason, f.Lacks != nil || in.Reason != ""
	v.Fields = []ui.HiddenField{{Name: "do", Value: in.Do}, {Name: "from", Value: in.From},
		{Name: "attribute", Value: in.Attribute}, {Name: "value", Value: in.Value}, {Name: "org", Value: string(in.To)},
		{Name: "branch", Value: string(in.Host)}}
	v.Fields = append(v.Fields, ui.HiddenField{Name: "shown", Value: f.Shown})
	for _, step := range in.Steps {
		v.Fields = append(v.Fields, ui.HiddenField{Name: "step", Value: step})
	}
	return s.form(c, v, refused)
}

// foreseen is the page of what a change would do.
func (s *Site) foreseen(c *gin.Context, f *members.Foreseen, refused error) ui.Change {
	v := ui.Change{Frame: s.frame(c, &around{"", f.Member.Home.Name}), Key: s.key(), Member: f.Member.ID,
		Name: f.Member.Name, Losses: f.Losses, Asked: f.Asked, Ends: f.Ends, Offices: f.Offices, Restored: f.Back,
		Gone: f.Gone, Near: f.Near, Refusal: ui.Refuse(refused)}
	for i := range f.Effect {
		v.Effect = append(v.Effect, changeEffect(&f.Effect[i]))
	}
	return v
}

// changeWords returns in words what a form records.
func changeWords(in *changeForm, branch string) string {
	since := "，从 " + in.From + " 起"
	switch in.Do {
	case "fact":
		return in.Attribute + "：" + in.Value + since
	case "exempt":
		return "豁免：" + in.Value + since
	case "move":
		return "组织关系转到“" + branch + "”" + since
	case "leave":
		return "转出本街道" + since
	default:
		return "在“" + branch + "”参加活动" + since
	}
}

// changeEffect puts what becomes of one period into words.
func changeEffect(e *standings.Consequence) ui.ChangeEffect {
	out := ui.ChangeEffect{Period: e.Period.Label(), Entries: e.Entries, Raised: e.Raised, Ended: e.Ended}
	total := func(o *standings.Outcome) string {
		if !o.Scored {
			return "没有（" + cmp.Or(o.Why, "没有适用的办法") + "）"
		}
		return o.Total.String()
	}
	for _, row := range []ui.ChangeRow{
		{What: "总分", Before: total(&e.Before), After: total(&e.After)},
		{What: "等次", Before: cmp.Or(e.Before.Grade, "没有"), After: cmp.Or(e.After.Grade, "没有")},
		{What: "类别", Before: cmp.Or(e.Before.Category, "没有"), After: cmp.Or(e.After.Category, "没有")},
	} {
		if row.Before != row.After {
			out.Rows = append(out.Rows, row)
		}
	}
	return out
}

// effectWords says in a few words what became of a member: total, grade and category.
func effectWords(list []standings.Consequence) string {
	var out []string
	for i := range list {
		for _, row := range changeEffect(&list[i]).Rows {
			out = append(out, list[i].Period.Label()+row.What+"由 "+row.Before+" 变为 "+row.After)
		}
	}
	if len(out) == 0 {
		return "，总分不变"
	}
	return "，" + strings.Join(out, "，")
}

// changeReversalForm declares why something recorded of a member is taken back.
type changeReversalForm struct {
	Reason string `form:"reason" binding:"runes=500" label:"撤销的理由"`
	Seen   string `form:"seen"`
	Shown  string `form:"shown" binding:"runes=40"`
	Key    string `form:"key"`
}

// changeID reads what of a member the address names.
func changeID(c *gin.Context) (domain.MemberID, domain.ChangeID, error) {
	change, err := domain.ParseChangeID(c.Param("change"))
	return domain.MemberID(c.Param("id")), change, fault.Hide(err, "这名党员")
}

// ReverseChangeForm shows what taking back one thing recorded of a member would do.
func (s *Site) ReverseChangeForm(c *gin.Context) error {
	return s.reverseChangeForm(c, &changeReversalForm{}, nil)
}

func (s *Site) reverseChangeForm(c *gin.Context, typed *changeReversalForm, refused error) error {
	id, change, err := changeID(c)
	if err != nil {
		return err
	}
	f, err := s.Ledger.Foresee(c.Request.Context(), s.Session.Actor(c),
		members.Change{Reversal: &members.ChangeReversal{Member: id, Change: change, Reason: typed.Reason}})
	if err != nil {
		return err
	}
	v := s.foreseen(c, &f, refused)
	v.Change, v.Back, v.Reason = change, true, typed.Reason
	v.Fields = []ui.HiddenField{{Name: "shown", Value: f.Shown}}
	v.Reasons = f.Lacks != nil || typed.Reason != ""
	v.Words = f.Item.What + "：" + f.Item.Value + "，" + cmp.Or(f.Item.From.String(), "一直") + " 起"
	if refused != nil {
		v.Key = typed.Key
	}
	return s.form(c, v, refused)
}

// ReverseChange takes back one thing recorded of a member.
func (s *Site) ReverseChange(c *gin.Context) error {
	id, change, err := changeID(c)
	if err != nil {
		return err
	}
	ctx, actor := c.Request.Context(), s.Session.Actor(c)
	var in changeReversalForm
	var done members.Registered
	if err = bind.Form(c, &in); err == nil {
		done, err = s.Ledger.ReverseChange(ctx, actor,
			members.ChangeReversal{Member: id, Change: change, Reason: in.Reason, Shown: in.Shown}, in.Key)
	}
	if code := fault.CodeOf(err); code == fault.Invalid || code == fault.Conflict {
		return s.reverseChangeForm(c, &in, err)
	}
	if err != nil {
		return err
	}
	words := "撤销了" + effectWords(done.Effect)
	if len(done.Back) > 0 {
		words += "；恢复" + strings.Join(done.Back, "、")
	}
	if len(done.Gone) > 0 {
		words += "。" + strings.Join(done.Gone, "、") + "要请安全管理员另外给"
	}
	s.Session.Put(ctx, "notice", words)
	return see(c, ui.ChangesPath(id))
}
