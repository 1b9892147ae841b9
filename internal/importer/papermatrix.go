package importer

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// dayHeading is a column of a sign-in sheet: the day on which something was, and what.
type dayHeading struct {
	column int
	year   int // 0 where the heading does not say it
	month  int
	day    int
	beside string // what stands beside the day: a kind, a title
}

// dayHeadings returns the columns whose headings begin with a day, with or without a year.
func dayHeadings(header []string) []dayHeading {
	full := regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?:日|号)?(?:00:00(?::00)?)?(\D.*)?$`)
	short := regexp.MustCompile(`^()(\d{1,2})[-/.月](\d{1,2})(?:日|号)?(\D.*)?$`)
	var out []dayHeading
	for i, h := range header {
		plain := strings.ReplaceAll(plainSigns(h), " ", "")
		m := full.FindStringSubmatch(plain)
		if m == nil {
			m = short.FindStringSubmatch(plain)
		}
		if m == nil {
			continue
		}
		d := dayHeading{column: i, beside: strings.Trim(m[4], "()（）-.,，:：")}
		d.year, _ = strconv.Atoi(cmp.Or(m[1], "0"))
		d.month, _ = strconv.Atoi(m[2])
		d.day, _ = strconv.Atoi(m[3])
		out = append(out, d)
	}
	return out
}

// readMatrix reads a sign-in sheet with names down and days across.
func (r *paperAttendance) readMatrix() error {
	if _, has := r.at[memberColumn]; !has {
		return fault.New(fault.Invalid, "%s 没有“姓名”这一列", r.table.Name).WithHint("一列写姓名或党员编号，后面一列是一次活动的日子")
	}
	days := dayHeadings(r.table.Header)
	columns, err := r.occasions(days)
	if err != nil {
		return err
	}
	empty := 0
	r.eachRow(func() { empty += r.signIns(days, columns) })
	r.finish()
	said := make([]string, len(columns))
	for i, a := range columns {
		said[i] = strings.TrimSpace(a.On.String() + " " + a.Kind + " " + a.Title)
	}
	r.out.Notes = append([]string{"签到表横着的日子读作：" + strings.Join(said, "、")}, r.out.Notes...)
	if empty > 0 {
		r.out.Notes = append(r.out.Notes, strconv.Itoa(empty)+" 格空着，没有记：没有来的写 × 或 缺席")
	}
	return nil
}

// signIns reads the cells of one member, and returns how many are empty.
func (r *paperAttendance) signIns(days []dayHeading, columns []PaperActivity) (empty int) {
	if r.lacks(memberColumn, "写姓名或党员编号") {
		return 0
	}
	member, err := r.by.People.Find(r.cell(memberColumn))
	if err != nil {
		r.refuse(memberColumn, err)
		return 0
	}
	for i := range days {
		heading := normal(r.table.Header[days[i].column])
		text := r.cell(heading)
		switch {
		case r.spoilt(heading):
			continue
		case blank(text):
			empty++
			continue
		}
		status, err := Status(text)
		if err != nil {
			r.refuse(heading, err)
			continue
		}
		r.put(columns[i], PaperLine{Line: r.line, Member: member, Status: status})
	}
	return empty
}

// occasions settles of which branch, of which kind and on which day each column is.
func (r *paperAttendance) occasions(days []dayHeading) ([]PaperActivity, error) {
	above := append(slices.Clone(r.table.Above), r.table.Sheet)
	branch, err := r.branchAbove(above)
	if err != nil {
		return nil, err
	}
	year := cmp.Or(r.by.Year, yearAbove(above))
	kind := cmp.Or(r.by.Kind, longestIn(above, r.by.Kinds, domain.PlainTitle))
	out := make([]PaperActivity, len(days))
	for i, d := range days {
		a := PaperActivity{Org: branch, Kind: kind, Title: d.beside}
		if k := option(d.beside, r.by.Kinds); slices.Contains(r.by.Kinds, k) {
			a.Kind, a.Title = k, ""
		}
		heading := fault.Quote(r.table.Header[d.column])
		switch y := cmp.Or(d.year, year); {
		case a.Kind == "":
			return nil, fault.New(fault.Invalid, "%s 看不出“%s”这一列是什么活动", r.table.Name, heading).
				WithHint("在标题里写上，或者导入时写明活动的种类：%s", strings.Join(r.by.Kinds, "、"))
		case y == 0:
			return nil, fault.New(fault.Invalid, "%s 看不出“%s”这一列是哪一年", r.table.Name, heading).
				WithHint("在标题里写上年份，或者导入时写明")
		default:
			text := strconv.Itoa(y) + "-" + padded(strconv.Itoa(d.month)) + "-" + padded(strconv.Itoa(d.day))
			if a.On, err = calendar.Parse(text); err != nil {
				return nil, fault.New(fault.Invalid, "%s 的“%s”这一列：日历上没有 %s 这一天", r.table.Name, heading, text).
					WithHint("查一查月份和日子")
			}
		}
		out[i] = a
	}
	return out, nil
}

// branchAbove returns the branch that is given, or that the title names.
func (r *paperAttendance) branchAbove(above []string) (domain.OrgID, error) {
	name := cmp.Or(r.by.Branch, longestIn(above, r.by.Names, domain.PlainOrgName))
	if name == "" {
		return "", fault.New(fault.Invalid, "%s 看不出是哪个支部的签到表", r.table.Name).
			WithHint("在标题里写上支部的全名，或者导入时写明")
	}
	return r.org(name)
}

// longestIn returns the longest of some names that a text has, compared in a plain form; "" where
// none is there, or where two that are not one within the other are.
func longestIn(texts, names []string, plain func(string) string) string {
	found := ""
	for _, t := range texts {
		t = plain(t)
		for _, n := range names {
			p := plain(n)
			switch {
			case p == "" || !strings.Contains(t, p):
			case strings.Contains(p, plain(found)):
				found = n
			case !strings.Contains(plain(found), p):
				return ""
			}
		}
	}
	return found
}

// yearAbove returns the one year that a title names, 0 where it names none or several.
func yearAbove(above []string) int {
	found := 0
	for _, m := range regexp.MustCompile(`(?:^|\D)(20\d\d)(?:\D|$)`).FindAllStringSubmatch(
		plainSigns(strings.Join(above, " ")), -1) {
		year, _ := strconv.Atoi(m[1])
		if found != 0 && found != year {
			return 0
		}
		found = year
	}
	return found
}
