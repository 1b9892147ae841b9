package importer

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"jifen/internal/ruleset"
)

// Field names the content of a column by its heading in the provincial register.
type Field string

// The fields that are kept.
const (
	FieldNumber       Field = "党员编号" // as the program gives it, in a table that it wrote
	FieldName         Field = "姓名"
	FieldGender       Field = "性别"
	FieldIdentity     Field = "公民身份号码"
	FieldNation       Field = "民族"
	FieldBorn         Field = "出生日期"
	FieldEducation    Field = "学历"
	FieldMembership   Field = "人员类别"
	FieldPolitical    Field = "政治面貌" // says it where 人员类别 does not
	FieldBranch       Field = "所在党支部"
	FieldMobile       Field = "手机号码"
	FieldJoined       Field = "入党日期"
	FieldConfirmed    Field = "转正日期"
	FieldCorrection   Field = "党龄校正值"
	FieldPost         Field = "工作岗位"
	FieldOutOfContact Field = "是否失联党员"
	FieldFloating     Field = "是否流动党员"
	FieldState        Field = "党籍状态"
)

// Fields that are not kept, but whose values tell whether columns are exchanged.
const (
	FieldStratum Field = "新社会阶层类型"
	FieldTitle   Field = "从事专业技术职务"
	FieldMigrant Field = "是否农民工"
)

// Mapping gives the meaning people chose for headings: by heading, the field, or "" for a
// column to be left out. It is worth remembering for the next file.
type Mapping map[string]Field

// How says on what ground a heading was understood.
type How string

// The grounds.
const (
	Standard   How = "标准列名"
	Synonym    How = "同义列名"
	Remembered How = "按上次的对应"
	Repeated   How = "与另一列重复，不读"
	Omitted    How = "按上次的选择不读"
	NotKept    How = "不需要，不保存"
	OfRules    How = "办法里的属性"
	OfBranch   How = "支部的分组"
	Derived    How = "由日期推算，不读"
	Unknown    How = "不认得，不读"
)

// Column is one heading and what was made of it.
type Column struct {
	Heading string
	Field   Field // "" where it was not understood
	How     How
}

// rosterColumn is a field with how it is read and the other headings under which
// real registers have it.
type rosterColumn struct {
	field Field
	read  func(*rosterReader, *Person) // nil for what is not kept
	also  []string
}

// rosterColumns lists the fields in the order of the provincial register, which is
// that in which they are read.
func rosterColumns() []rosterColumn {
	beside := func(*rosterReader, *Person) {} // read with the field it is compared with
	return []rosterColumn{
		{FieldNumber, func(r *rosterReader, p *Person) { p.Number = choice(r, FieldNumber, words) }, nil},
		{FieldName, func(r *rosterReader, p *Person) { p.Name = r.name() }, []string{"党员姓名", "名字"}},
		{FieldGender, func(r *rosterReader, p *Person) { p.Gender = aside(r, p, FieldGender, genders) }, nil},
		{FieldIdentity, (*rosterReader).number, []string{"身份证号码", "身份证号", "公民身份证号码", "公民身份证号", "居民身份证号码", "居民身份证号", "公民身份证",
			"身份证", "证件号码"}},
		{FieldNation, func(r *rosterReader, p *Person) { p.Nation = aside(r, p, FieldNation, nation) }, nil},
		{FieldBorn, beside, []string{"出生年月日", "出生年月", "出生时间", "生日"}},
		{FieldEducation, func(r *rosterReader, p *Person) { p.Education = aside(r, p, FieldEducation, education) },
			[]string{"最高学历", "文化程度"}},
		{FieldMembership, (*rosterReader).kind, []string{"党员类别", "党员类型", "人员类型"}},
		{FieldPolitical, beside, []string{"政治面貌类型", "政治面目"}},
		{FieldBranch, func(r *rosterReader, p *Person) { p.Branch = r.branch() },
			[]string{"所在党组织", "组织关系所在党支部", "组织关系所在党组织", "隶属党组织", "所属党组织", "所属党支部", "所属支部", "所在支部", "支部信息", "党支部名称", "党支部",
				"支部名称", "支部"}},
		{FieldMobile, func(r *rosterReader, p *Person) { p.Mobile = aside(r, p, FieldMobile, phone) },
			[]string{"手机号", "手机", "移动电话", "联系电话", "电话号码", "电话", "联系方式"}},
		{FieldJoined, (*rosterReader).days, []string{"入党时间", "加入党组织日期", "加入党组织时间", "加入中国共产党日期", "加入中国共产党时间", "预备党员日期",
			"成为预备党员日期",
			"成为预备党员时间"}},
		{FieldConfirmed, beside, []string{"转正时间", "转为正式党员日期", "转为正式党员时间", "正式党员日期", "成为正式党员日期", "成为正式党员时间"}},
		{FieldCorrection, func(r *rosterReader, p *Person) { p.Correction = choice(r, FieldCorrection, months) }, nil},
		{FieldPost, func(r *rosterReader, p *Person) { p.Post = aside(r, p, FieldPost, words) }, []string{"岗位"}},
		{FieldOutOfContact, func(r *rosterReader, p *Person) { p.OutOfContact = aside(r, p, FieldOutOfContact, whether) },
			[]string{"是否为失联党员", "是否失联", "失联党员", "失联"}},
		{FieldFloating, func(r *rosterReader, p *Person) { p.Floating = aside(r, p, FieldFloating, floating) },
			[]string{"是否为流动党员", "是否流动", "流动党员", "流动"}},
		{FieldState, func(r *rosterReader, p *Person) { p.Suspended = choice(r, FieldState, suspended) }, nil},
		{FieldStratum, nil, []string{"新的社会阶层类型", "新社会阶层"}},
		{FieldTitle, nil, []string{"专业技术职务", "技术职称", "职称"}},
		{FieldMigrant, nil, []string{"是否为农民工", "农民工"}},
	}
}

// Fields lists the fields that a heading may be mapped to, in the order of the
// provincial register, and behind them the attributes that no other field gives.
func Fields(attributes []ruleset.Attribute) []Field {
	columns := rosterColumns()
	out := make([]Field, len(columns))
	for i := range columns {
		out[i] = columns[i].field
	}
	for i := range attributes {
		a := &attributes[i]
		if f, _ := fieldOf(a.Name); insteadOf(a.Type) == "" && f == "" {
			out = append(out, Field(a.Name))
		}
	}
	return out
}

// kept reports whether a field becomes part of a Person.
func (f Field) kept() bool {
	return slices.ContainsFunc(rosterColumns(), func(c rosterColumn) bool { return c.field == f && c.read != nil })
}

// decides reports whether a row cannot be taken where a cell of the field is spoilt.
func (f Field) decides() bool {
	switch f {
	case FieldGender, FieldNation, FieldEducation, FieldMobile, FieldPost, FieldJoined, FieldBorn:
		return false
	}
	return true
}

// unneeded returns further headings of real registers. The product has no use for
// what stands under them, so it is not kept: not even by mistake.
func unneeded() []string {
	return []string{
		"序号", "学位", "党龄", "现居住地", "家庭住址", "家庭地址", "住址", "现住址", "户籍所在地", "户籍地址", "户口所在地派出所", "籍贯",
		"入党类型", "转正情况", "入党时所在支部", "入党时所在党支部", "延长预备期时间", "固定电话", "失去联系日期", "外出流向", "婚姻状况",
		"工作单位", "工作单位及职务", "参加工作日期", "是否台湾省籍", "党员档案所在单位", "一线情况", "培训情况", "信息完整度", "毕业院校", "院校", "专业",
		"学位授予日期", "教育类别", "入学时间", "毕业时间", "申请入党日期", "背景信息", "年龄", "接受申请党组织", "入团日期", "确定入党积极分子日期",
		"党员注册时间", "注册手机号", "党员增加信息", "党员减少信息", "备注",
	}
}

// column understands a heading. What the product has no use for is read where the rules
// ask for an attribute of its name.
func (r *rosterReader) column(heading string) Column {
	field, how := fieldOf(heading)
	if how != NotKept && how != Unknown {
		return Column{heading, field, how}
	}
	plain := normal(heading)
	for i := range r.attributes {
		switch a := &r.attributes[i]; {
		case a.Name != plain:
		case insteadOf(a.Type) != "":
			return Column{heading, "", Derived}
		case a.Type == ruleset.Named:
			return Column{heading, Field(a.Name), OfBranch}
		default:
			return Column{heading, Field(a.Name), OfRules}
		}
	}
	return Column{heading, field, how}
}

// fieldOf understands a heading.
func fieldOf(heading string) (Field, How) {
	plain := normal(heading)
	short, _, _ := strings.Cut(plain, "(") // 党龄校正值(月), 公民身份证号(码)
	for _, h := range [...]string{plain, short} {
		for _, c := range rosterColumns() {
			switch {
			case h != string(c.field) && !slices.Contains(c.also, h):
			case c.read == nil:
				return c.field, NotKept
			case h == string(c.field):
				return c.field, Standard
			default:
				return c.field, Synonym
			}
		}
		if slices.Contains(unneeded(), h) {
			return "", NotKept
		}
	}
	return "", Unknown
}

// normal takes out of a heading what only lays it out or marks it as required.
func normal(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '（':
			return '('
		case r == '）':
			return ')'
		case r == '*' || r == '＊' || r == '：' || r == ':' || unicode.IsSpace(r) || unicode.IsControl(r) ||
			unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, heading)
}

// understand settles what each column is. Where two give the same field, what
// people said goes before the standard heading, and that before a synonym.
func (r *rosterReader) understand(mapping Mapping) {
	said := make(map[string]Field, len(mapping))
	for _, h := range slices.Sorted(maps.Keys(mapping)) { // two ways to write one heading must not depend on chance
		said[normal(h)] = mapping[h]
	}
	columns := make([]Column, len(r.table.Header))
	for i, h := range r.table.Header {
		c := r.column(h)
		if f, told := said[normal(h)]; told && f == "" {
			c.Field, c.How = "", Omitted
		} else if told && slices.Contains(Fields(r.attributes), f) {
			c.Field, c.How = f, Remembered
		}
		columns[i] = c
	}
	for _, how := range [...]How{Remembered, Standard, Synonym, OfRules, OfBranch, NotKept} {
		for i := range columns {
			c := &columns[i]
			if c.How != how || c.Field == "" {
				continue
			}
			if _, taken := r.at[c.Field]; taken {
				c.How = Repeated
				continue
			}
			r.at[c.Field] = i
		}
	}
	r.preview.Columns = columns
}
