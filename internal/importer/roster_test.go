package importer_test

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jifen/internal/importer"
	"jifen/internal/spreadsheet"
)

// number invents an identity number: 370799 is no place.
func number(born string, n int) string {
	s := "370799" + born + fmt.Sprintf("%03d", n)
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += weight * int(s[i]-'0')
	}
	return s + "10X98765432"[sum%11:sum%11+1]
}

// table reads a table from the text of a file.
func rosterTable(tb testing.TB, src string) *spreadsheet.Table {
	tb.Helper()
	t, err := spreadsheet.ReadCSV("名册.csv", strings.NewReader(src))
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// previewText returns a preview as one reads it aloud: persons, then problems.
func previewText(p *importer.RosterPreview) string {
	var lines []string
	for i := range p.Rows {
		lines = append(lines, person(&p.Rows[i]))
	}
	return strings.Join(append(lines, problems(p)...), "\n")
}

func person(p *importer.Person) string {
	words := []string{strconv.Itoa(p.Row), p.Name, string(p.Gender), p.Identity, p.Born.String(), p.Nation, p.Education,
		string(p.MembershipKind), p.Branch, p.Mobile, p.JoinedParty.String(), p.Confirmed.String(),
		strconv.Itoa(p.Correction), p.Post}
	for word, is := range map[string]bool{"流动": p.Floating, "失联": p.OutOfContact, "停止党籍": p.Suspended} {
		if is {
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}

func problems(p *importer.RosterPreview) []string {
	var lines []string
	for _, b := range p.Problems {
		kind := "!"
		if b.Warning {
			kind = "?"
		}
		lines = append(lines, fmt.Sprintf("%s %d %s：%s。%s", kind, b.Row, b.Column, b.Message, b.Advice))
	}
	return lines
}

// unsaid is the reminder where a table does not say who is probationary.
const unsaid = "\n? 0 ：表里没有人员类别，新来的都当作正式党员。有预备党员的，补上“人员类别”这一列"

// provincial is the sheet of the provincial system, its 27 columns.
const provincial = "序号,姓名,性别,公民身份号码,民族,出生日期,学历,人员类别,学位,所在党支部,手机号码,入党日期,转正日期,党龄,党龄校正值,新社会阶层类型," +
	"工作岗位,从事专业技术职务,是否农民工,现居住地,户籍所在地,是否失联党员,是否流动党员,入党类型,转正情况,入党时所在支部,延长预备期时间\n"

func TestTheProvincialRegister(t *testing.T) {
	t.Parallel()
	one, two := number("19900101", 123), number("20010228", 124)
	p := importer.ReadRoster(rosterTable(t, provincial+
		"1,示例甲,男,"+one+",汉族,1990-01-01,大学,正式党员,学士,示例街第一支部,13800000000,2012-07-01,2013-07-01,12,-6,,退休人员,未聘任专业技术职务,否,示例街 1 "+
		"号,示例市,否,是,新入党,按期转正,示例支部,\n"+
		"2,示例乙,女,"+two+",回族,2001-02-28,21,预备党员,,示例街第一支部,13900000000,2025-12-01,-,-,-,自由职业人员,,-,否,示例街 2 "+
		"号,示例市,是,否,新入党,,示例支部,\n"), nil, nil)
	want := "2 示例甲 男 " + one + " 1990-01-01 汉族 大学 正式党员 示例街第一支部 13800000000 2012-07-01 2013-07-01 -6 退休人员 流动\n" +
		"3 示例乙 女 " + two + " 2001-02-28 回族 大学 预备党员 示例街第一支部 13900000000 2025-12-01  0  失联"
	if got := previewText(p); got != want || len(p.Swaps) > 0 {
		t.Errorf("got\n%s\n%v\nwant\n%s", got, p.Swaps, want)
	}
	var kept, dropped []string
	for _, c := range p.Columns {
		switch c.How {
		case importer.Standard:
			kept = append(kept, c.Heading)
		case importer.NotKept:
			dropped = append(dropped, c.Heading)
		default:
			t.Errorf("%+v", c)
		}
	}
	if got := strings.Join(kept, " "); got != "姓名 性别 公民身份号码 民族 出生日期 学历 人员类别 所在党支部 手机号码 入党日期 转正日期 党龄校正值 工作岗位 是否失联党员 "+
		"是否流动党员" {
		t.Errorf("kept: %s", got)
	}
	if len(dropped) != 12 {
		t.Errorf("dropped: %s", dropped)
	}
	for _, secret := range []string{"示例街 1 号", "示例市", "学士", "按期转正"} {
		if strings.Contains(fmt.Sprintf("%+v", *p), secret) {
			t.Errorf("%s is kept", secret)
		}
	}
}

func TestHeadingsOfOtherRegisters(t *testing.T) {
	t.Parallel()
	id := number("19900101", 123)
	p := importer.ReadRoster(rosterTable(t, "*姓名,公民身份证号（码）,联系电话（手机号）,隶属党组织,加入党组织时间,转为正式党员日期,党龄校正值（月）,\"是否农民工 "+
		"\",家庭住址（具体到门牌号）,身份证号,随便\n"+
		"示例甲,"+id+",138 0000 0000,示例支部,2012-07-01,2013-07-01,12个月,是,示例街,作废,x\n"), nil, nil)
	want := "2 示例甲 男 " + id + " 1990-01-01    示例支部 13800000000 2012-07-01 2013-07-01 12 "
	if got := previewText(p); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var hows []string
	for _, c := range p.Columns {
		hows = append(hows, string(c.Field)+" "+string(c.How))
	}
	wants := []string{"姓名 标准列名", "公民身份号码 同义列名", "手机号码 同义列名", "所在党支部 同义列名", "入党日期 同义列名", "转正日期 同义列名", "党龄校正值 标准列名",
		"是否农民工 不需要，不保存", " 不需要，不保存", "公民身份号码 与另一列重复，不读", " 不认得，不读"}
	if !slices.Equal(hows, wants) {
		t.Errorf("got\n%s", strings.Join(hows, "\n"))
	}
}

func TestAMappingGoesBeforeEverything(t *testing.T) {
	t.Parallel()
	m := importer.Mapping{"党员": "姓名", "姓名": "", "单位": "所在党支部", "随便": "没有这一项"}
	p := importer.ReadRoster(rosterTable(t, "姓名,党员 ,单位,支部,随便\n曾用名,示例甲,示例支部,另一个,x\n"), m, nil)
	if got, want := previewText(p), "2 示例甲       示例支部    0 \n? 0 ：没有“公民身份号码”这一列。最好补上；没有它，重名的人分不清"+unsaid; got != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
	var hows []string
	for _, c := range p.Columns {
		hows = append(hows, string(c.Field)+" "+string(c.How))
	}
	if got := strings.Join(hows, "；"); got != " 按上次的选择不读；姓名 按上次的对应；所在党支部 按上次的对应；所在党支部 与另一列重复，不读； 不认得，不读" {
		t.Errorf("got %s", got)
	}
	if fields := importer.Fields(nil); len(fields) != 21 || !slices.Contains(fields, "工作岗位") ||
		!slices.Contains(fields, "新社会阶层类型") {
		t.Errorf("fields %v", fields)
	}
}

func TestWithoutNamesNothingIsRead(t *testing.T) {
	t.Parallel()
	p := importer.ReadRoster(rosterTable(t, "编号,支部\nP1,示例支部\n"), nil, nil)
	if got, want := previewText(p), "! 0 ：没有“姓名”这一列。看看列名；叫法不同的，给它选对应"; got != want {
		t.Errorf("got %s", got)
	}
}

// TestExchangedColumns: values under each other's heading are proposed to be
// exchanged, are not taken before, and are right afterwards.
func TestExchangedColumns(t *testing.T) {
	t.Parallel()
	const rows = "示例甲,退休人员,自由职业人员,未聘任专业技术职务,否\n示例乙,公有制企业管理人员,,高级工程师,是\n示例丙,私营企业主,中介组织从业人员,-,-\n示例丁,学生,私营企业主,教师,否\n"
	for _, c := range []struct {
		name, header, want string
		swaps              int
	}{
		{"as it should be", "姓名,工作岗位,新社会阶层类型,从事专业技术职务,是否农民工\n", "", 0},
		{"posts", "姓名,新社会阶层类型,工作岗位,从事专业技术职务,是否农民工\n", "“工作岗位”与“新社会阶层类型”两列的内容像是对调了", 1},
		{"titles", "姓名,工作岗位,新社会阶层类型,是否农民工,从事专业技术职务\n", "“是否农民工”与“从事专业技术职务”两列的内容像是对调了", 1},
		{"both, with blanks", "姓名,新社会阶层,岗位,是否农民工 ,职称\n", "“岗位”与“新社会阶层”两列的内容像是对调了", 2},
	} {
		p := importer.ReadRoster(rosterTable(t, c.header+rows), nil, nil)
		if len(p.Swaps) != c.swaps || len(p.Rows) != 4 || !strings.Contains(previewText(p), c.want) {
			t.Errorf("%s: got\n%s\n%+v", c.name, previewText(p), p.Swaps)
			continue
		}
		doubtful := strings.Contains(previewText(p), "岗位”与")
		if got := p.Rows[3].Post; (got == "") != doubtful {
			t.Errorf("%s: the post is %q", c.name, got)
		}
		m := importer.Mapping{"备注": ""}
		for _, s := range p.Swaps {
			m = s.Apply(m)
		}
		p = importer.ReadRoster(rosterTable(t, c.header+rows), m, nil)
		if len(p.Swaps) != 0 || len(p.Problems) != 2 || p.Rows[0].Post != "退休人员" || p.Rows[3].Post != "学生" {
			t.Errorf("%s: exchanged, got\n%s\n%+v", c.name, previewText(p), p.Swaps)
		}
		if _, still := m["备注"]; !still {
			t.Errorf("%s: the mapping lost what it knew: %v", c.name, m)
		}
	}
}

func TestSwapsOfOneColumn(t *testing.T) {
	t.Parallel()
	p := importer.ReadRoster(rosterTable(t, "姓名,新社会阶层类型,工作岗位\n示例甲,退休人员,\n示例乙,学生,-\n"), nil, nil)
	if len(p.Swaps) != 1 || p.Rows[0].Post != "" {
		t.Errorf("an empty column: got %s %v", previewText(p), p.Swaps)
	}
	p = importer.ReadRoster(rosterTable(t, "姓名,工作岗位\n示例甲,私营企业主\n示例乙,个体劳动者\n"), nil, nil)
	if len(p.Swaps) != 0 || p.Rows[0].Post != "" || !strings.Contains(previewText(p), "? 0 工作岗位：这一列的内容像是“新社会阶层类型”") {
		t.Errorf("no other column: got %s", previewText(p))
	}
	p = importer.ReadRoster(rosterTable(t, "姓名,是否农民工\n示例甲,高级工程师\n"), nil, nil)
	if got := problems(p); len(p.Swaps) != 0 || len(got) != 2 {
		t.Errorf("a column that is not kept: got %s", got)
	}
	twice := importer.Swap{One: importer.Column{Heading: "甲", Field: "工作岗位"},
		Other: importer.Column{Heading: "乙", Field: "新社会阶层类型"}}
	m := twice.Apply(importer.Mapping{"甲 ": "", "丙": "姓名"})
	if len(m) != 3 || m["甲"] != "新社会阶层类型" || m["乙"] != "工作岗位" || m["丙"] != "姓名" {
		t.Errorf("got %v", m)
	}
}

func TestBadRowsLeaveGoodOnesAlone(t *testing.T) {
	t.Parallel()
	a, b := number("19900101", 123), number("19850615", 248)
	p := importer.ReadRoster(rosterTable(t, "姓名,性别,身份证号,出生日期,人员类别,支部,手机,入党日期,转正日期,是否流动党员\n"+
		"示例甲,男,"+a+",,正式党员,示例支部,,2012-07-01,2013-07-01,\n"+
		"示例乙,男,"+b+",1985-06-16,预备党员,,12345,2012-07-01,2011-07-01,大概\n"+
		"合计,,,,,,,,,\n"+
		"示例丙,女,"+a[:17]+"9,,群众,示例支部,,2012-02-30,,\n"+
		"示例丁,女,,,正式党员,示例支部,,2012-07,,\n"), nil, nil)
	want := []string{
		"? 0 ：第 4 行是合计、签名或说明，没有读。是党员的，把姓名写在“姓名”一列",
		"! 3 性别：性别写“男”，身份证号却是“女”的。照身份证改其中一个",
		"! 3 出生日期：出生日期写 1985-06-16，身份证号里却是 1985-06-15。照身份证改其中一个",
		"! 3 支部：没有填所在党支部。填上支部的名称",
		"? 3 手机：联系电话的位数或写法不对，没有取。写 11 位的手机号；没有手机的写固定电话，如 0536-8000000",
		"! 3 转正日期：转正日期 2011-07-01 早于入党日期 2012-07-01。查一查这两个日期",
		"! 3 转正日期：人员类别是预备党员，却有转正日期。已经转正的，人员类别改成正式党员；还没有的，转正日期填“-”",
		"? 3 是否流动党员：不认得“大概”，没有取。填是或否",
		"! 5 身份证号：身份证号的末位对不上，多半抄错了一位。照身份证重新填，18 位，末位可以是 X",
		"! 5 人员类别：“群众”还不是党员。名册里只放正式党员和预备党员，这一行删去",
		"? 5 入党日期：日历上没有“2012-02-30”这一天，没有取。查一查年份、月份和日子",
		"! 6 身份证号：没有填身份证号。照身份证填，18 位",
		"? 6 入党日期：“2012-07”没有写到日，只知道 2012-07。知道日子的，写到日",
		"! 6 转正日期：正式党员没有转正日期。照材料填；入党时没有预备期的，填入党日期",
	}
	if got := problems(p); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(p.Rows) != 1 || p.Rows[0].Name != "示例甲" || p.Rows[0].Row != 2 {
		t.Errorf("rows %+v", p.Rows)
	}
}

func TestDaysThatContradictEachOther(t *testing.T) {
	t.Parallel()
	for row, want := range map[string]string{
		"1990-01-01,1990-01-01,1991-01-01,正式党员": "入党日期：入党日期 1990-01-01 不晚于出生日期 1990-01-01。",
		"1990-01-01,2012-07-01,2012-06-30,正式党员": "转正日期：转正日期 2012-06-30 早于入党日期 2012-07-01。",
		"1990-01-01,2012-07-01,-,正式党员":          "转正日期：正式党员没有转正日期。",
		"1990-01-01,2012-07-01,2013-07-01,预备党员": "转正日期：人员类别是预备党员，却有转正日期。",
		"1990-01-01,2012-07-01,2012-07-01,正式党员": "", // no probation between 1969 and 1977
		"1990-01-01,2012-07-01,－,预备党员":          "",
		"1990-01-01,2012-07-01,,":               "没有写是正式党员还是预备党员",
		"1990-01-01,2012-07-01,未转正,":            "",
		"1990-01-01,2012-07-01,未转正,正式党员":        "转正日期：人员类别是正式党员，转正日期却写“未转正”。",
		"1990-01-01,,2012-07-01,":               "",
	} {
		p := importer.ReadRoster(rosterTable(t, "姓名,出生日期,入党日期,转正日期,人员类别\n示例甲,"+row+"\n"), nil, nil)
		got := problems(p)[1:] // the first says that there are no numbers
		if want == "" && (len(got) > 0 || len(p.Rows) != 1) || want != "" &&
			(len(got) != 1 || !strings.Contains(got[0], want) || len(p.Rows) != 0 && got[0][0] == '!') {
			t.Errorf("%s: got %s; want %s", row, got, want)
		}
	}
}

func TestDuplicates(t *testing.T) {
	t.Parallel()
	a, b, c := number("19900101", 123), number("19900101", 125), number("19900101", 127)
	p := importer.ReadRoster(rosterTable(t, "姓名,身份证号,手机\n"+
		"示例甲,"+a+",\n示例乙,"+b+",\n示例丙,"+strings.ToLower(a)+",\n示例乙,"+c+",\n示例丁,"+a+",1\n示例乙,"+b+",\n"), nil, nil)
	want := []string{
		unsaid[1:],
		"! 2 身份证号：与第 4、6 行是同一个身份证号。是同一个人就只留一行；不是的，照身份证改",
		"! 3 身份证号：与第 7 行是同一个身份证号。是同一个人就只留一行；不是的，照身份证改",
		"! 4 身份证号：与第 2、6 行是同一个身份证号。是同一个人就只留一行；不是的，照身份证改",
		"? 5 姓名：与第 3、7 行同名，出生日期也相同。是同一个人就只留一行",
		"? 6 手机：联系电话的位数或写法不对，没有取。写 11 位的手机号；没有手机的写固定电话，如 0536-8000000",
		"! 6 身份证号：与第 2、4 行是同一个身份证号。是同一个人就只留一行；不是的，照身份证改",
		"! 7 身份证号：与第 3 行是同一个身份证号。是同一个人就只留一行；不是的，照身份证改",
	}
	if got := problems(p); !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	if len(p.Rows) != 1 || p.Rows[0].Row != 5 {
		t.Errorf("rows %+v", p.Rows)
	}
	p = importer.ReadRoster(rosterTable(t, "姓名,出生日期\n"+strings.Repeat("示例甲,1990-1-1\n",
		8)+"示例甲,1991-1-1\n示例乙,1990-1-1\n示例丙,\n示例丙,\n"),
		nil, nil)
	if len(p.Rows) != 4 || len(p.Problems) != 10 ||
		!strings.Contains(p.Problems[2].Message, "与第 3、4、5、6、7 行等 7 行同名，出生日期也相同") {
		t.Errorf("without numbers: got\n%s", previewText(p))
	}
}

// TestCellsThatTheFileHasSpoilt: one problem a cell, and only where it matters.
func TestCellsThatTheFileHasSpoilt(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	for i, row := range [][]any{
		{"姓名", "身份证号", "所在党支部", "转正日期", "人员类别", "党龄"},
		{"示例甲", number("19900101", 123), "示例支部", "2013-07-01", "正式党员", 12},
		{"示例乙", 370799199001011235.0, "示例支部", "2013-07-01", "正式党员", 370799199001011235.0},
	} {
		if err := f.SetSheetRow("Sheet1", "A"+strconv.Itoa(i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	for _, ref := range []string{"A4", "C4", "D4", "F2"} {
		if err := f.SetCellFormula("Sheet1", ref, "A1"); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellStr("Sheet1", "E4", "正式党员"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	book, err := spreadsheet.ReadXLSX("名册.xlsx", &b)
	if err != nil {
		t.Fatal(err)
	}
	p := importer.ReadRoster(book, nil, nil)
	const formula = "：这一格的公式还没有算出结果。用表格软件打开这个文件，保存一次再用"
	want := []string{
		"! 3 身份证号：这一格的长号码（如身份证号）在表里存成了数字，末几位已经丢失。把这一列设为文本，再照证件重新填",
		"! 4 姓名" + formula, "! 4 身份证号：没有填身份证号。照身份证填，18 位", "! 4 所在党支部" + formula, "! 4 转正日期" + formula,
	}
	if got := problems(p); !slices.Equal(got, want) || len(p.Rows) != 1 {
		t.Errorf("got\n%s\n%v", strings.Join(got, "\n"), p.Rows)
	}
}

func TestProblemsOfRostersAreBounded(t *testing.T) {
	t.Parallel()
	p := importer.ReadRoster(rosterTable(t, "姓名,身份证号\n"+strings.Repeat("示例甲,1\n", 2500)), nil, nil)
	if n := len(p.Problems); n != 2001 || !strings.Contains(p.Problems[2000].Message, "另有 501 处") || len(p.Rows) != 0 {
		t.Errorf("%d problems, the last %+v", n, p.Problems[n-1])
	}
}

// TestNoProblemTellsANumber: problems are shown, mailed and logged.
func TestNoProblemTellsANumber(t *testing.T) {
	t.Parallel()
	id := number("19900101", 123)
	for _, wrong := range []string{id[:17], id + "1", id[:17] + "9", id[:16] + "O" + id[17:],
		id[:6] + "19901301" + id[14:], id[:6] + id[8:17]} {
		p := importer.ReadRoster(rosterTable(t,
			"姓名,身份证号,手机\n示例甲,"+wrong+",138000000001\n示例甲,"+id+",\n示例甲,"+id+",13800000000、"+
				"13900000000\n"), nil, nil)
		text := strings.Join(problems(p), "\n")
		if len(p.Problems) < 4 || strings.Contains(text, wrong[:10]) || strings.Contains(text, "1380000") {
			t.Errorf("got\n%s", text)
		}
	}
}
