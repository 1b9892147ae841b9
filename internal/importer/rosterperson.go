package importer

import (
	"slices"
	"strconv"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// Limits on what stands in a row.
const (
	maxName  = 50
	maxWords = 100
)

// name reads a name.
func (r *rosterReader) name() string {
	text := r.cell(FieldName)
	if text == "" {
		if !r.spoils(FieldName) {
			r.fail(FieldName, "没有填姓名", "填上；说明、签名这样的行不是党员，可以不管")
		}
		return ""
	}
	name, note, err := Name(text)
	switch {
	case err != nil:
		r.refuse(FieldName, err)
	case note != "":
		r.remind(FieldName, "姓名里有长得一样的另一个字："+note, "看一看是不是这个字；不是的，照身份证重新打")
	}
	return name
}

// number reads the identity number and takes birthday and gender from it, or
// compares them where the sheet gives them too.
func (r *rosterReader) number(p *Person) {
	born := r.born(p)
	if _, has := r.at[FieldIdentity]; !has {
		return
	}
	text := r.cell(FieldIdentity)
	if text == "" {
		if !r.spoils(FieldIdentity) {
			r.fail(FieldIdentity, "没有填身份证号", "照身份证填，18 位")
		}
		return
	}
	id, err := ParseIdentity(text)
	if err != nil {
		r.refuse(FieldIdentity, err)
		return
	}
	p.Identity = id.Number
	if p.Gender != "" && p.Gender != id.Gender {
		r.fail(FieldGender, "性别写“"+string(p.Gender)+"”，身份证号却是“"+string(id.Gender)+"”的", "照身份证改其中一个")
	}
	if !born.fits(id.Born) {
		r.fail(FieldBorn, "出生日期写 "+born.String()+"，身份证号里却是 "+id.Born.String(), "照身份证改其中一个")
	}
	p.Gender, p.Born = id.Gender, id.Born
}

// born reads the birthday. What is no day, or is not told to the day, is passed over with a
// reminder, the latter only where no identity number tells it.
func (r *rosterReader) born(p *Person) Date {
	d := r.date(p, FieldBorn)
	if p.Born = d.Day; d.Day == 0 && d.Year != 0 && r.cell(FieldIdentity) == "" {
		r.skip(p, FieldBorn, "“"+fault.Quote(r.cell(FieldBorn))+"”没有写到日，没有取", "写到日，或者补上身份证号")
	}
	return d
}

// date reads a day as far as it is given; what is none is passed over with a reminder.
func (r *rosterReader) date(p *Person, f Field) Date {
	text := r.cell(f)
	if text == "" {
		return Date{}
	}
	d, err := parseDate(text)
	if err != nil {
		told := fault.From(err)
		r.skip(p, f, told.Message+"，没有取", told.Hint)
	}
	return d
}

// kind settles whether somebody is a full member or a probationary one: 人员类别 says it, or
// else 政治面貌, or else the cell for the day of confirmation.
func (r *rosterReader) kind(p *Person) {
	p.MembershipKind = choice(r, FieldMembership, membership)
	party, political := choice(r, FieldPolitical, political), r.cell(FieldPolitical)
	switch {
	case p.MembershipKind == "" && r.cell(FieldMembership) == "" && !r.spoils(FieldMembership):
		p.MembershipKind = party
	case p.MembershipKind == Full && party == Probationary:
		r.fail(FieldPolitical, "政治面貌写“"+fault.Quote(political)+"”，人员类别却是正式党员", "照材料改其中一个")
	}
	if p.MembershipKind == "" && unconfirmed(r.cell(FieldConfirmed)) {
		p.MembershipKind = Probationary
	}
	if p.MembershipKind == "" && political == "" && r.cell(FieldMembership) == "" && r.cell(FieldConfirmed) == "" {
		r.unsaid = append(r.unsaid, r.line)
	}
}

// branch reads the name of a branch; one that the file writes in several ways has one name.
func (r *rosterReader) branch() string {
	name := choice(r, FieldBranch, words)
	if _, has := r.at[FieldBranch]; has && !r.spoils(FieldBranch) && r.cell(FieldBranch) == "" {
		r.fail(FieldBranch, "没有填所在党支部", "填上支部的名称")
	}
	if name == "" {
		return ""
	}
	plain := domain.PlainOrgName(name)
	first, again := r.branches[plain]
	switch {
	case !again:
		r.branches[plain] = name
		return name
	case first != name && !slices.Contains(r.spellings, name):
		r.spellings = append(r.spellings, name)
		r.warn(r.heading(FieldBranch), "“"+fault.Quote(name)+"”和“"+fault.Quote(first)+"”当作同一个支部", "是两个支部的，把名称写得能够区别")
	}
	return first
}

// days reads the two days of a membership and compares all that is known of it.
func (r *rosterReader) days(p *Person) {
	joined := r.date(p, FieldJoined)
	p.JoinedParty = joined.Day
	if joined.Day == 0 && joined.Year != 0 {
		r.skip(p, FieldJoined, "“"+fault.Quote(r.cell(FieldJoined))+"”没有写到日，只知道 "+joined.String(), "知道日子的，写到日")
	}
	r.confirmed(p)
	if p.Born != 0 && p.JoinedParty != 0 && p.JoinedParty <= p.Born {
		r.fail(FieldJoined, "入党日期 "+p.JoinedParty.String()+" 不晚于出生日期 "+p.Born.String(), "查一查这两个日期")
	}
	if p.JoinedParty != 0 && p.Confirmed != 0 && p.Confirmed < p.JoinedParty {
		r.fail(FieldConfirmed, "转正日期 "+p.Confirmed.String()+" 早于入党日期 "+p.JoinedParty.String(), "查一查这两个日期")
	}
	_, has := r.at[FieldConfirmed]
	text := r.cell(FieldConfirmed)
	switch {
	case !has || r.spoils(FieldConfirmed):
	case p.MembershipKind == Probationary && text != "" && !unconfirmed(text):
		r.fail(FieldConfirmed, "人员类别是预备党员，却有转正日期", "已经转正的，人员类别改成正式党员；还没有的，转正日期填“-”")
	case p.MembershipKind == Full && text != "" && unconfirmed(text):
		r.fail(FieldConfirmed, "人员类别是正式党员，转正日期却写“"+fault.Quote(text)+"”", "还没有转正的，人员类别改成预备党员；已经转正的，写日子")
	case p.MembershipKind == Full && text == "":
		r.fail(FieldConfirmed, "正式党员没有转正日期", "照材料填；入党时没有预备期的，填入党日期")
	}
}

// confirmed reads the day of confirmation, or words that say there is none yet.
func (r *rosterReader) confirmed(p *Person) {
	text := r.cell(FieldConfirmed)
	if text == "" || unconfirmed(text) {
		return
	}
	d, err := parseDate(text)
	if err != nil {
		r.refuse(FieldConfirmed, err)
		return
	}
	if p.Confirmed = d.Day; d.Day == 0 {
		r.skip(p, FieldConfirmed, "“"+fault.Quote(text)+"”没有写到日，没有取", "党龄从转正那天算起，要用它就写到日")
	}
}

// unconfirmed reports whether a cell says that somebody has not been confirmed yet.
func unconfirmed(text string) bool {
	switch domain.PlainTitle(text) {
	case "预备党员", "预备", "预备期", "未转正", "尚未转正", "没有转正", "未到期", "待转正", "预备期内":
		return true
	}
	return false
}

// duplicates finds rows that may be one person.
func (r *rosterReader) duplicates() {
	byNumber, byName := map[string][]int{}, map[namesake][]int{}
	for i := range r.persons {
		p := &r.persons[i]
		if p.Identity != "" {
			byNumber[p.Identity] = append(byNumber[p.Identity], i)
		}
		if p.Name != "" && p.Born != 0 {
			k := namesake{p.Name, p.Born}
			byName[k] = append(byName[k], i)
		}
	}
	for i := range r.persons {
		p := &r.persons[i]
		if same := byNumber[p.Identity]; len(same) > 1 {
			r.duplicate(i, FieldIdentity, "与"+r.others(same, i)+"是同一个身份证号", "是同一个人就只留一行；不是的，照身份证改", false)
			continue
		}
		if same := byName[namesake{p.Name, p.Born}]; len(same) > 1 {
			// With numbers that differ they are two people, but it is worth a look.
			r.duplicate(i, FieldName, "与"+r.others(same, i)+"同名，出生日期也相同", "是同一个人就只留一行", p.Identity != "")
		}
	}
}

type namesake struct {
	name string
	born calendar.Day
}

func (r *rosterReader) duplicate(i int, f Field, message, advice string, warning bool) {
	if !warning {
		if r.bad == nil {
			r.bad = map[int]bool{}
		}
		r.bad[i] = true
	}
	r.add(Problem{Row: r.persons[i].Row, Column: r.heading(f), Message: message, Advice: advice, Warning: warning})
}

// others names the rows of a group but one: 第 3、9 行.
func (r *rosterReader) others(group []int, but int) string {
	const shown = 5
	var lines []string
	for _, i := range group {
		if i != but && len(lines) < shown {
			lines = append(lines, strconv.Itoa(r.persons[i].Row))
		}
	}
	text := "第 " + strings.Join(lines, "、") + " 行"
	if len(group)-1 > shown {
		text += "等 " + strconv.Itoa(len(group)-1) + " 行"
	}
	return text
}
