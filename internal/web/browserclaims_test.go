package web_test

import (
	"os"
	"path/filepath"
	"slices"

	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/testkit"

	"github.com/chromedp/chromedp"
)

// keepsOrganisations sets a branch up, renames it, closes it and opens it again as the clerk,
// and looks at whom else any of it is offered to.
func (d *desk) keepsOrganisations() {
	d.t.Helper()
	community := "/orgs/" + string(d.w.East.Parent)
	steps := []struct {
		at, do      string
		fill, reads string
	}{
		{"", "found", "东二支部", "设了“东二支部”"}, {"东二支部", "rename", "东三支部", "“东三支部”更名登记了"},
		{"东三支部", "close", "", "撤销登记了"}, {"东三支部", "reopen", "", "恢复登记了"},
	}
	for _, step := range steps {
		for _, login := range append(everybody(), "clerk") { // who may is the last
			d.sits(login)
			at := community
			if step.at != "" {
				at = "/orgs/" + string(d.orgNamed(step.at))
			}
			d.opens(at)
			form, may := formOf(step.do), login == "clerk"
			if offered := d.has(form); offered != may {
				d.t.Errorf("%s of an organisation is offered to %s: %v, want %v", step.do, login, offered, may)
			}
			if !may {
				continue
			}
			if step.fill != "" {
				d.fills(form+` input:not([type=hidden]):not([type=date])`, step.fill)
			}
			d.presses(form + " button[type=submit]")
			d.reads(step.reads)
			break
		}
	}
}

// agreed is something for which one asks and to which others agree on 待确认.
type agreed struct {
	name   string
	may    []string // the logins that agree to it; nobody else is offered it
	asks   func(d *desk, id domain.MemberID) error
	leaves string // what is recorded of the member when it is agreed to
}

// agreements lists what is asked for and agreed to.
func agreements() []agreed {
	return []agreed{
		{name: "转接", may: []string{"clerk", "west"}, leaves: "组织关系 西支部",
			asks: func(d *desk, id domain.MemberID) error {
				mv := members.Move{Member: id, To: d.w.West.ID, From: testkit.Day(d.t, "2026-05-20"), Seen: true}
				_, err := d.w.Ledger.Move(d.t.Context(), d.w.Secretary, mv, "")
				return err
			}},
		{name: "豁免", may: []string{"community"}, leaves: "豁免 长假 已同意",
			asks: func(d *desk, id domain.MemberID) error {
				_, err := d.w.Ledger.ChangeFact(d.t.Context(), d.w.Secretary, members.FactChange{Member: id,
					Attribute: domain.Exemption, Value: "长假", From: testkit.Day(d.t, "2026-05-20"),
					Approved: []string{"本人申请", "支部委员会"}}, "")
				return err
			}},
	}
}

// agrees has something asked for and lets one person agree to it, whom everybody else sees
// doing it or not being offered it.
func (d *desk) agrees(a *agreed, who string, id domain.MemberID) {
	d.t.Helper()
	if err := a.asks(d, id); err != nil {
		d.t.Fatal(err)
	}
	box := `[name=claim]`
	for _, login := range append(append(everybody(), "west"), who) {
		d.sits(login)
		d.opens("/claims")
		if offered, may := d.has(box), slices.Contains(a.may, login); offered != may {
			d.t.Errorf("agreeing to %s is offered to %s: %v, want %v", a.name, login, offered, may)
		}
	}
	was := d.recorded(id)
	d.fills(box, "✓")
	d.presses("button[name=decision][value=accept]")
	d.reads("1 条已同意，开始算数")
	if got := d.since(id, was); got != a.leaves {
		d.t.Errorf("%s agrees to %s, which leaves %q, want %q", who, a.name, got, a.leaves)
	}
}

// mendsAClaim has a member claim something, his secretary return it with a reason, and the
// member put it right; then it is agreed to.
func (d *desk) mendsAClaim() {
	d.t.Helper()
	for _, login := range everybody() { // nobody else has something to claim for
		d.sits(login)
		if got, want := d.opens("/me/claims/new?item=好事") == 200, login == "member"; got != want {
			d.t.Errorf("%s is offered to claim: %v", login, got)
		}
	}
	hands := func(note string) {
		d.fills("#day", "2026-05-20")
		d.fills("#note", note)
		d.presses("button[value=preview]")
		d.reads("80 → 82", "要等支部委员会同意")
		d.presses("button[value=save]")
		d.reads("“好事”交上去了，等支部委员会同意")
	}
	d.sits("member")
	d.opens("/me/claims/new?item=好事")
	hands("帮邻居搬家")
	d.sits("secretary")
	d.opens("/claims")
	d.fills("[name=claim]", "✓")
	d.presses("button[value=return]")
	d.reads("退回要写理由")
	d.fills("#reason", "写清楚是哪一家")
	d.presses("button[value=return]")
	d.sits("member")
	d.opens("/me/claims")
	d.reads("写清楚是哪一家")
	d.presses(`a[href*="follows="]`)
	d.reads("上次退回的理由：写清楚是哪一家")
	hands("帮三号楼示例家搬家")
	d.sits("secretary")
	d.opens("/claims")
	d.reads("帮三号楼示例家搬家")
	d.fills("[name=claim]", "✓")
	d.presses("button[value=accept]")
	d.sits("member")
	d.opens("/me/claims")
	d.reads("已同意")
	want(d.t, d.w, map[string]string{"E2": "82"})
}

// takesInARegister has the clerk hand a register in, look at what it does and take it in,
// and looks at whom else that is offered to.
func (d *desk) takesInARegister() {
	d.t.Helper()
	file := filepath.Join(d.t.TempDir(), "名册.csv")
	if err := os.WriteFile(file, []byte("姓名,支部\n示例新来,东支部\n"), 0o600); err != nil {
		d.t.Fatal(err)
	}
	for _, login := range append(everybody(), "clerk") { // who may is the last
		d.sits(login)
		d.opens("/branches")
		link, may := d.has(`a[href="/members/roster"]`), login == "clerk"
		d.opens("/members/roster")
		if form := d.has("#file"); link != may || form != may {
			d.t.Errorf("taking in a register is offered to %s: a link %v, a form %v, want %v", login, link, form, may)
		}
	}
	run(d.t, d.ctx, chromedp.SetUploadFiles("#file", []string{file}, chromedp.ByQuery))
	d.fills("#org", string(d.w.Street.ID))
	d.fills("#since", "2026-05-20")
	d.presses("button[value=preview]")
	d.reads("新来的（1 人）", "示例新来", "不在这份名册里的")
	d.presses("button[value=save]")
	d.reads("导入了名册：新来 1 人")
}
