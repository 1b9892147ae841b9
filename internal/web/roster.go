package web

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/base64"
	"io"
	"mime/multipart"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
	"jifen/internal/spreadsheet"
	"jifen/internal/web/ui"
)

// rosterRoutes lists the page on which a register is taken in.
func (s *Site) rosterRoutes() []route {
	return []route{
		{get, ui.RosterPath, access.Import, s.Roster},
		{post, ui.RosterPath, access.Import, s.TakeRoster},
	}
}

// maxRoster bounds a register, in bytes.
const maxRoster = 4 << 20

// rosterForm declares a register: a file, or one that was sent before, with what was decided.
type rosterForm struct {
	File      *multipart.FileHeader `form:"file"`
	Content   string                `form:"content"`
	Name      string                `form:"name" binding:"runes=200" label:"文件名"`
	Org       domain.OrgID          `form:"org" binding:"omitempty,org"`
	Community string                `form:"community" binding:"runes=100" label:"社区"`
	Kind      string                `form:"kind" binding:"runes=20" label:"类型"`
	Since     string                `form:"since" binding:"required,day" label:"从哪天起算"`
	Reason    string                `form:"reason" binding:"runes=500" label:"理由"`
	Out       []string              `form:"out" binding:"dive,whole=1~100000"`
	Left      []string              `form:"left" binding:"dive,member"`
	Rename    []string              `form:"rename" binding:"dive,member"`
	Seen      string                `form:"seen" binding:"runes=40"`
	Do        string                `form:"do" binding:"button=preview save"`
}

// Roster opens the page on which a register is taken in.
func (s *Site) Roster(c *gin.Context) error { return s.roster(c, &rosterForm{}, nil, nil) }

// roster shows the page with what was typed and what the register would do.
func (s *Site) roster(c *gin.Context, in *rosterForm, p *ui.RosterPreview, refused error) error {
	orgs, err := s.Ledger.RosterPlaces(c.Request.Context(), s.Session.Actor(c))
	if err != nil {
		return err
	}
	v := ui.Roster{Frame: s.frame(c, nil), Orgs: amongOrgs(orgs, string(in.Org), func(domain.Org) bool { return true }),
		Community: in.Community, Since: cmp.Or(in.Since, s.today().String()), Reason: in.Reason, File: in.Name,
		Content: in.Content, Preview: p, Refusal: ui.Refuse(refused)}
	var kinds []string
	for _, k := range domain.BranchKinds() {
		if k.Homes() {
			kinds = append(kinds, string(k))
		}
	}
	v.Kinds = ui.Options(kinds, in.Kind)
	return s.form(c, v, refused)
}

// TakeRoster shows what a register would do, or takes it in as it was shown.
func (s *Site) TakeRoster(c *gin.Context) error {
	ctx, actor := c.Request.Context(), s.Session.Actor(c)
	var in rosterForm
	if err := bind.Form(c, &in); err != nil {
		return s.roster(c, &in, nil, err)
	}
	table, err := in.table()
	if err != nil {
		return s.roster(c, &rosterForm{Org: in.Org, Community: in.Community, Since: in.Since}, nil, err)
	}
	ask := in.asked(table)
	terms, _, plan, err := s.Ledger.PlanRosterOf(ctx, actor, ask)
	if fault.CodeOf(err) == fault.Stale || fault.Correctable(err) {
		return s.undecided(c, &in, ask, err)
	}
	if err != nil {
		return err
	}
	if in.Do != "save" || plan.WantReason > 0 {
		return s.previewRoster(c, &in, ask, nil)
	}
	if err := s.Ledger.ApplyRoster(ctx, actor, terms, plan); err != nil {
		return err
	}
	s.Session.Put(ctx, "notice", takenWords(plan, len(table.Rows)))
	return see(c, ui.BranchesPath)
}

// undecided shows a register anew, without the decisions that no longer hold.
func (s *Site) undecided(c *gin.Context, in *rosterForm, ask *members.RosterAsk, refused error) error {
	ask.Terms.RosterDecisions, in.Out, in.Left, in.Rename = members.RosterDecisions{}, nil, nil, nil
	return s.previewRoster(c, in, ask, refused)
}

// previewRoster shows what a register would do.
func (s *Site) previewRoster(c *gin.Context, in *rosterForm, ask *members.RosterAsk, refused error) error {
	ask.Terms.Seen = ""
	_, read, plan, err := s.Ledger.PlanRosterOf(c.Request.Context(), s.Session.Actor(c), ask)
	if fault.Correctable(err) {
		return s.roster(c, in, nil, err)
	}
	if err != nil {
		return err
	}
	p := rosterPreview(plan)
	p.Reasons = plan.WantReason > 0 || in.Reason != ""
	for _, x := range slices.Concat(read.Problems, plan.Problems) {
		if x.File = ""; x.Warning {
			p.Remarks = append(p.Remarks, strings.TrimSpace(x.String()))
		} else {
			p.Problems = append(p.Problems, strings.TrimSpace(x.String()))
		}
	}
	return s.roster(c, in, p, refused)
}

// rosterPreview puts into words what a plan does.
func rosterPreview(plan *members.RosterPlan) *ui.RosterPreview {
	p := &ui.RosterPreview{Digest: plan.Digest}
	if plan.Community != "" {
		p.Made = append(p.Made, plan.Community+"（社区）")
	}
	p.Made = append(p.Made, plan.Branches...)
	lists := [3]ui.RosterList{{Title: "新来的"}, {Title: "转来的"}, {Title: "改动的"}}
	for i, some := range [][]members.RosterStep{plan.Steps, plan.Out} {
		for k := range some {
			x := &some[k]
			row := ui.RosterRow{Row: x.Person.Row, Who: x.Person.Name, What: rosterWords(x), Out: i == 1}
			switch {
			case x.New:
				lists[0].Rows = append(lists[0].Rows, row)
			case x.Idle():
				p.Idle++
			case x.Moves:
				lists[1].Rows = append(lists[1].Rows, row)
			default:
				lists[2].Rows = append(lists[2].Rows, row)
			}
		}
	}
	for i := range lists {
		slices.SortFunc(lists[i].Rows, func(a, b ui.RosterRow) int { return cmp.Compare(a.Row, b.Row) })
		if len(lists[i].Rows) > 0 {
			p.Lists = append(p.Lists, lists[i])
		}
	}
	for i := range plan.Renamed {
		x := &plan.Renamed[i]
		p.Renamed = append(p.Renamed, ui.RosterAbsent{Member: x.Member.ID, Left: x.Taken,
			Who: string(x.Member.ID) + " " + x.Member.Name, What: "第 " + strconv.Itoa(x.Row) + " 行写作 " + x.Name})
	}
	for i := range plan.Absent {
		m := &plan.Absent[i]
		row := ui.RosterAbsent{Member: m.ID, Who: string(m.ID) + " " + m.Name, What: m.Home.Name}
		for k := range plan.Leaving {
			if l := &plan.Leaving[k]; l.Member.ID == m.ID {
				row.Left, row.What = true, m.Home.Name+leavingWords(l)
			}
		}
		p.Absent = append(p.Absent, row)
	}
	e := &plan.Effect
	p.Effect = append(p.Effect, "已有党员：总分变的 "+strconv.Itoa(e.Totals)+" 人，等次变的 "+strconv.Itoa(e.Grades)+
		" 人；多出预警 "+strconv.Itoa(e.Raised)+" 条，消去 "+strconv.Itoa(e.Ended)+" 条")
	for i := range e.Examples {
		x := &e.Examples[i]
		p.Effect = append(p.Effect, x.Name+strings.Replace(effectWords(x.Effect), "，", "：", 1))
	}
	for _, a := range e.Arising {
		p.Effect = append(p.Effect, "新来的到今天会自动记“"+a.Item+"”："+strconv.Itoa(a.Members)+" 人，共 "+a.Points.Signed()+" 分")
	}
	p.Nothing = len(plan.Steps) == p.Idle && len(p.Lists) == 0 && len(p.Absent) == 0
	return p
}

// leavingWords returns what becomes of somebody who left.
func leavingWords(l *members.RosterLeaving) string {
	if l.Wrong != "" {
		return "；登记不了：" + l.Wrong
	}
	return "；登记转出" + effectWords(l.Does.Effect)
}

// rosterWords returns what a row records.
func rosterWords(x *members.RosterStep) string {
	var words []string
	if x.New {
		words = append(words, "编号 "+string(x.Member)+"，到 "+x.Branch)
	} else if x.Moves {
		words = append(words, "转到 "+x.Branch)
	}
	words = append(words, x.Words...)
	for _, n := range x.Numbers {
		words = append(words, "登记"+string(n))
	}
	words = append(words, x.Losses...)
	return strings.Join(words, "，")
}

// takenWords returns in words what a register did.
func takenWords(plan *members.RosterPlan, rows int) string {
	fresh, moved, changed, left := 0, 0, 0, 0
	for i := range plan.Steps {
		switch x := &plan.Steps[i]; {
		case x.New:
			fresh++
		case x.Moves:
			moved++
		case !x.Idle():
			changed++
		}
	}
	for i := range plan.Leaving {
		if plan.Leaving[i].Wrong == "" {
			left++
		}
	}
	words := "导入了名册：新来 " + strconv.Itoa(fresh) + " 人，转来 " + strconv.Itoa(moved) + " 人，改动 " +
		strconv.Itoa(changed) + " 人，登记转出 " + strconv.Itoa(left) + " 人"
	if n := rows - len(plan.Steps); n > 0 {
		words += "；没有写入 " + strconv.Itoa(n) + " 行"
	}
	return words
}

// asked returns what the form asks for.
func (in *rosterForm) asked(table *spreadsheet.Table) *members.RosterAsk {
	ask := &members.RosterAsk{Table: table, Org: in.Org, Community: strings.TrimSpace(in.Community),
		Kind: domain.BranchKind(in.Kind)}
	ask.Terms.Since, ask.Terms.Reason = bind.Day(in.Since), in.Reason
	if in.Do == "save" {
		ask.Terms.Seen = cmp.Or(in.Seen, "-") // nothing is written that was not looked at
	}
	for _, row := range in.Out {
		ask.Terms.Out = append(ask.Terms.Out, int(bind.Whole(row)))
	}
	for _, id := range in.Rename {
		ask.Terms.Renames = append(ask.Terms.Renames, domain.MemberID(id))
	}
	for _, id := range in.Left {
		ask.Terms.Left = append(ask.Terms.Left, domain.MemberID(id))
	}
	return ask
}

// table reads the register, and keeps it in the form.
func (in *rosterForm) table() (*spreadsheet.Table, error) {
	raw, err := in.raw()
	switch {
	case err != nil:
		return nil, fault.Wrap(err, fault.Invalid, "文件读不了").WithHint("重新选一次")
	case len(raw) == 0:
		return nil, fault.New(fault.Invalid, "没有选名册").WithHint("请选一个 .xlsx 或 .csv 文件")
	case len(raw) > maxRoster:
		return nil, fault.New(fault.TooMany, "名册太大").WithHint("最多 %d MB，分几份导入", maxRoster>>20)
	}
	switch strings.ToLower(filepath.Ext(in.Name)) {
	case ".csv":
		return spreadsheet.ReadCSV(in.Name, bytes.NewReader(raw))
	case ".xlsx":
		return spreadsheet.ReadXLSX(in.Name, bytes.NewReader(raw))
	default:
		return nil, fault.New(fault.Invalid, "“%s”不是 .xlsx 也不是 .csv 文件", fault.Quote(in.Name)).
			WithHint("用表格软件另存为 Excel 工作簿（.xlsx），或者 CSV")
	}
}

// raw returns the bytes of the file that was chosen, or of the one that was sent before.
func (in *rosterForm) raw() ([]byte, error) {
	if in.File == nil {
		packed, err := gzip.NewReader(base64.NewDecoder(base64.RawURLEncoding, strings.NewReader(in.Content)))
		if err != nil {
			return nil, err
		}
		return io.ReadAll(io.LimitReader(packed, maxRoster+1))
	}
	in.Name = filepath.Base(in.File.Filename)
	file, err := in.File.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // read only
	raw, err := io.ReadAll(io.LimitReader(file, maxRoster+1))
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	into := base64.NewEncoder(base64.RawURLEncoding, &text)
	packed := gzip.NewWriter(into)
	if _, err = packed.Write(raw); err == nil {
		err = packed.Close()
	}
	if err == nil {
		err = into.Close()
	}
	in.Content = text.String()
	return raw, err
}
