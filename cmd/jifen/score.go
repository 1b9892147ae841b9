package main

import (
	"fmt"
	"io"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/importer"
	"jifen/internal/report"
	"jifen/internal/ruleset"
	"jifen/internal/ruleversions"
	"jifen/internal/scoring"
	"jifen/internal/spreadsheet"
)

// scoreCommand is jifen score.
type scoreCommand struct {
	Rules      []string `required:"" sep:"none" placeholder:"规则文件" help:"按哪一份规则算；可写几次：先后几版，或者补充文件"`
	Members    string   `required:"" placeholder:"党员表" help:"党员表，.csv、.xlsx 或 .ods"`
	Entries    string   `required:"" placeholder:"记录表" help:"记录表，.csv、.xlsx 或 .ods：谁、什么项目、哪一天"`
	Attendance string   `placeholder:"出勤表" help:"出勤表，.csv、.xlsx 或 .ods：谁、什么活动、到没到"`
	Period     string   `required:"" placeholder:"考核期" help:"年写 2026，半年写 2026H1，季写 2026Q3，月写 2026-09"`
	AsOf       string   `placeholder:"日期" help:"算到哪一天为止，例如 2026-06-30；不写就算到考核期最后一天"`
	Format     string   `enum:"table,csv,json" default:"table" placeholder:"格式" help:"table 给人看，csv 给表格软件，json 给程序"`
	Explain    string   `placeholder:"党员" help:"只说这一个人的分是怎么来的；写编号或姓名"`
	Branch     string   `placeholder:"支部" help:"只列这一个支部；名次仍是和全体比出来的"`
}

// Help shows how it is used.
func (*scoreCommand) Help() string {
	return `三张表怎么写，先用 jifen demo 造一份来看。表里有一处错就不算分，每一处错都说出是哪个文件、哪一行、哪一列。

例子：
  jifen score --rules rules/weizhou.yaml --members 党员.csv --entries 记录.csv --attendance 出勤.csv --period 2026
上面这一行后面还可以加：
  --rules 2027.yaml                            同一编号的下一版，从它施行那天起用
  --rules 补充/清理楼道.yaml                   支部的补充，对写明的那个支部算；谁在哪个支部，看党员表
  --branch 幸福街第一党支部                    只列一个支部
  --branch 幸福街第一党支部 --explain P0007    这个人的分是怎么来的
  --as-of 2026-06-30                           算到年中
  --format csv > 2026.csv                      给表格软件
`
}

// Run scores everybody and writes what was asked for. Nothing is written
// before everything is known to be right.
func (s *scoreCommand) Run(c *console) error {
	if s.Explain != "" && s.Format == "csv" {
		return misused(fault.New(fault.Invalid, "--explain 不能写成 csv").WithHint("写 --format table 或 --format json"))
	}
	files, err := openRules(c, s.Rules)
	if err != nil {
		return err
	}
	book, period, asOf, err := s.when(files)
	if err != nil {
		return err
	}
	roll, err := s.roll(c, files)
	if err != nil {
		return err
	}
	if s.AsOf == "" {
		for _, record := range roll.Records {
			asOf = max(asOf, scoring.LastDay(book, record, period))
		}
	}
	roll.SettleOn(min(asOf, period.Last))
	keep, err := s.chosen(roll)
	if err != nil {
		return err
	}
	ranking := rank(book, roll, period, asOf).Only(keep)
	switch {
	case s.Format == "json":
		return report.JSON(c.out, ranking, s.Explain != "")
	case s.Format == "csv":
		header, rows := report.RankingTable(ranking)
		return spreadsheet.WriteCSV(c.out, header, rows)
	case s.Explain != "":
		row := &ranking.Rows[0]
		account := row.Result.StatementAt(row.Places)
		if err := report.Statement(c.out, row.Result.Book(), row.Member.Name, &account, row.Places...); err != nil {
			return err
		}
		return gone(c.out, ranking)
	}
	if err := report.Table(c.out, ranking); err != nil {
		return err
	}
	if err := tellNotes(c, roll.Notes(period)); err != nil {
		return err
	}
	if err := gone(c.out, ranking); err != nil {
		return err
	}
	if len(book.Alerts) == 0 {
		return nil
	}
	if _, err := io.WriteString(c.out, "\n"); err != nil {
		return err
	}
	return report.Alerts(c.out, ranking)
}

// tellNotes prints what is no mistake and yet seldom meant, to people: output for
// programs stays as it is.
func tellNotes(c *console, notes []string) error {
	if len(notes) == 0 {
		return nil
	}
	_, err := fmt.Fprintln(c.out, "\n提醒："+strings.Join(notes, "\n提醒："))
	return err
}

// when reads --period and --as-of.
func (s *scoreCommand) when(
	files *ruleversions.Versions,
) (book *ruleset.RuleSet, period calendar.Period, asOf calendar.Day, err error) {
	if s.AsOf != "" {
		if asOf, err = calendar.Parse(s.AsOf); err != nil {
			return nil, period, 0, misused(err)
		}
	}
	if period, book, err = files.Period(s.Period, asOf); err != nil {
		return nil, period, 0, misused(err)
	}
	if asOf == 0 {
		return book, period, period.Last, nil
	}
	if asOf < period.First {
		return nil, period, 0, misused(fault.New(fault.Invalid, "截至日 %s 在考核期 %s 开始以前", asOf, period.Label()).
			WithHint("写 %s 以后的一天，或者另写考核期", period.First))
	}
	return book, period, asOf, nil
}

// goneShown limits how many who left are named.
const goneShown = 5

// gone says of those who left within the period how their points up to then are
// had: at its end they have none.
func gone(w io.Writer, r *report.Ranking) error {
	var b strings.Builder
	n, day := 0, min(r.AsOf, r.Period.Last)
	for i := range r.Rows {
		m := r.Rows[i].Member
		left := m.GoneSince(day)
		if left <= r.Period.First {
			continue
		}
		if n++; n <= goneShown {
			fmt.Fprintf(&b, "  %s %s：--as-of %s --explain %s\n", m.ID, m.Name, left-1, m.ID)
		}
	}
	if n == 0 {
		return nil
	}
	if n > goneShown {
		fmt.Fprintf(&b, "  另有 %d 人\n", n-goneShown)
	}
	_, err := fmt.Fprintf(w, "\n本期里转出的 %d 人，到 %s 没有总分。转出以前的分，算到转出的前一天：\n%s", n, day, b.String())
	return err
}

// roll reads the sheets and says every mistake in them.
func (s *scoreCommand) roll(c *console, files *ruleversions.Versions) (*importer.Roll, error) {
	var tables [3]*spreadsheet.Table
	for i, path := range [...]string{s.Members, s.Entries, s.Attendance} {
		wanted := [...]func([]string) bool{importer.MemberHeader, importer.EntryHeader, importer.AttendanceHeader}[i]
		var err error
		if tables[i], err = readTable(path, "", wanted); err != nil {
			return nil, err
		}
		if tables[i] != nil && len(tables[i].Notes) > 0 {
			_, _ = io.WriteString(c.err, noteWords(tables[i].Notes)) // as for say
		}
	}
	roll, problems := importer.Read(files, tables[0], tables[1], tables[2])
	if len(problems) == 0 {
		return roll, nil
	}
	for _, p := range problems {
		_, _ = fmt.Fprintln(c.err, p) // as for say
	}
	return nil, fault.New(fault.Invalid, "表里有上面这些错，没有算分").WithHint("改好再算；半张表算出来的分不能用")
}

// chosen returns which members --branch and --explain ask for.
func (s *scoreCommand) chosen(roll *importer.Roll) (keep func(*domain.Membership) bool, err error) {
	pool := roll.Records
	if s.Branch != "" {
		if pool = roll.InBranch(s.Branch); len(pool) == 0 {
			return nil, unknownBranch(roll, s.Branch)
		}
	}
	if s.Explain != "" {
		if pool, err = s.explained(roll, pool); err != nil {
			return nil, err
		}
	}
	in := make(map[domain.MemberID]bool, len(pool))
	for _, r := range pool {
		in[r.Member.ID] = true
	}
	return func(m *domain.Membership) bool { return in[m.ID] }, nil
}

// explained finds the one member that --explain names among a pool.
func (s *scoreCommand) explained(roll *importer.Roll, pool []*domain.MemberHistory) ([]*domain.MemberHistory, error) {
	var found []*domain.MemberHistory
	for _, r := range roll.Find(s.Explain) {
		if s.Branch == "" || string(r.Member.Home[domain.Branch]) == s.Branch {
			found = append(found, r)
		}
	}
	if len(found) == 1 {
		return found, nil
	}
	if len(found) == 0 {
		return nil, s.nobody(pool)
	}
	var which []string
	for _, r := range found {
		which = append(which, fmt.Sprintf("%s（%s）", r.Member.ID, r.Member.Home[domain.Branch]))
	}
	return nil, fault.New(fault.NotFound, "有 %d 个“%s”，不知道说哪一个", len(found), s.Explain).
		WithHint("写编号：%s", strings.Join(which, "、"))
}

func (s *scoreCommand) nobody(pool []*domain.MemberHistory) error {
	names, ids := make([]string, len(pool)), make([]string, len(pool))
	for i, r := range pool {
		names[i], ids[i] = r.Member.Name, string(r.Member.ID)
	}
	where := "党员表里"
	if s.Branch != "" {
		where = s.Branch
	}
	f := fault.New(fault.NotFound, "%s没有编号或姓名是“%s”的党员", where, s.Explain)
	if near := append(suggest(s.Explain, names), suggest(s.Explain, ids)...); len(near) > 0 {
		return f.WithHint("是不是 %s？", strings.Join(near, "、"))
	}
	return f.WithHint("编号和姓名照党员表里的写")
}

func unknownBranch(roll *importer.Roll, branch string) error {
	var names []string
	seen := map[domain.OrgID]bool{"": true}
	for _, r := range roll.Records {
		if home := r.Member.Home[domain.Branch]; !seen[home] {
			seen[home] = true
			names = append(names, string(home))
		}
	}
	f := fault.New(fault.NotFound, "党员表里没有“%s”这个支部", branch)
	if near := suggest(branch, names); len(near) > 0 {
		return f.WithHint("是不是 %s？", strings.Join(near, "、"))
	}
	return f.WithHint("照党员表“支部”一列里的写，写全名")
}

// rank scores and places everybody: a place is a place among all, whoever is
// shown.
func rank(book *ruleset.RuleSet, roll *importer.Roll, period calendar.Period, asOf calendar.Day) *report.Ranking {
	population := make([]report.Row, len(roll.Records))
	for i, r := range roll.Records {
		population[i] = report.Row{Member: &r.Member,
			Result: scoring.Member(roll.Texts(r.Member.ID), r, period, asOf)}
	}
	r := report.Rank(book, period, asOf, population)
	for _, earlier := range scoring.CarriedFrom(book, period, min(asOf, period.Last)) {
		before := rank(book, roll, earlier, earlier.Last)
		for i := range r.Rows {
			scoring.Carry(book, &r.Rows[i].Result.Standing, &before.Rows[i].Result.Standing)
		}
	}
	return r
}
