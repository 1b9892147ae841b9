package importer

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// Limits on what stands in a row.
const (
	maxName  = 50
	maxWords = 100
)

// name reads a name. Blanks within are there to make short names as wide as
// long ones, unless it is written in letters.
func (r *rosterReader) name() string {
	text := r.cell(FieldName)
	var b strings.Builder
	letters, latin := false, false
	for _, c := range text {
		switch c {
		case '•', '・', '‧', '．', '∙', '●':
			c = '·'
		}
		if domain.Invisible(c) && !unicode.IsSpace(c) { // what Excel and the web bring along
			continue
		}
		letters = letters || unicode.IsLetter(c)
		latin = latin || unicode.Is(unicode.Latin, c)
		b.WriteRune(c)
	}
	name := strings.Join(strings.Fields(b.String()), " ")
	if !latin {
		name = strings.ReplaceAll(name, " ", "")
	}
	switch {
	case r.spoils(FieldName):
	case name == "":
		r.fail(FieldName, "没有填姓名", "填上；合计、说明、签名这样的行不是党员，可以不管")
	case !letters:
		r.fail(FieldName, "“"+fault.Quote(text)+"”不像姓名", "照身份证填")
	case utf8.RuneCountInString(name) > maxName:
		r.fail(FieldName, "姓名“"+fault.Quote(text)+"”太长", "一格只写一个人的姓名")
	default:
		if err := domain.Plain("姓名", name); err != nil {
			r.fail(FieldName, fault.From(err).Message, fault.From(err).Hint)
		}
	}
	return name
}

// number reads the identity number and takes birthday and gender from it, or
// compares them where the sheet gives them too.
func (r *rosterReader) number(p *Person) {
	p.Born = choice(r, FieldBorn, parseRosterDay)
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
	if p.Born != 0 && p.Born != id.Born {
		r.fail(FieldBorn, "出生日期写 "+p.Born.String()+"，身份证号里却是 "+id.Born.String(), "照身份证改其中一个")
	}
	p.Gender, p.Born = id.Gender, id.Born
}

func (r *rosterReader) branch() string {
	name := choice(r, FieldBranch, words)
	if _, has := r.at[FieldBranch]; has && !r.spoils(FieldBranch) && r.cell(FieldBranch) == "" {
		r.fail(FieldBranch, "没有填所在党支部", "填上支部的名称")
	}
	return name
}

// days reads the two days of a membership and compares all that is known of it.
func (r *rosterReader) days(p *Person) {
	p.JoinedParty = choice(r, FieldJoined, parseRosterDay)
	p.Confirmed = choice(r, FieldConfirmed, parseRosterDay)
	if p.Born != 0 && p.JoinedParty != 0 && p.JoinedParty <= p.Born {
		r.fail(FieldJoined, "入党日期 "+p.JoinedParty.String()+" 不晚于出生日期 "+p.Born.String(), "查一查这两个日期")
	}
	if p.JoinedParty != 0 && p.Confirmed != 0 && p.Confirmed < p.JoinedParty {
		r.fail(FieldConfirmed, "转正日期 "+p.Confirmed.String()+" 早于入党日期 "+p.JoinedParty.String(), "查一查这两个日期")
	}
	_, has := r.at[FieldConfirmed]
	switch {
	case !has || r.spoils(FieldConfirmed):
	case p.MembershipKind == Probationary && r.cell(FieldConfirmed) != "":
		r.fail(FieldConfirmed, "人员类别是预备党员，却有转正日期", "已经转正的，人员类别改成正式党员；还没有的，转正日期填“-”")
	case p.MembershipKind == Full && r.cell(FieldConfirmed) == "":
		r.fail(FieldConfirmed, "正式党员没有转正日期", "照材料填；入党时没有预备期的，填入党日期")
	}
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
