package importer

import (
	"cmp"
	"slices"
	"strconv"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/ruleversions"
	"jifen/internal/scoring"
	"jifen/internal/spreadsheet"
)

// always is the From of what was so before anybody wrote it down.
const always calendar.Day = 1

// register is the table of members while it is read, and afterwards the way
// from an id or a name to a record.
type register struct {
	*source
	files      *ruleversions.Versions
	known      bool              // the table could be read, so that who is not in it does not exist
	attributes []string          // that the table has a column for, in its order
	kind       ruleset.Attribute // 支部类型
	records    []*domain.MemberHistory
	lines      []int // of the rows that introduce the records
	byID       map[string]int
	people     *People
	orgs       map[orgProperty]domain.OrgID // as first written, by level and plain name
	changes    map[change]int               // lines of the rows that gave facts
	residences map[domain.MemberID][]ruleversions.Residence
	texts      map[*domain.MemberHistory]*scoring.Texts // what holds for them, once asked
	seats      map[orgProperty]statement
}

// change is a day on which a row gives facts of a member.
type change struct {
	member int
	from   calendar.Day
}

// orgProperty is one property of an organisation that rows state: its parent, or its kind.
type orgProperty struct {
	level domain.Level
	org   domain.OrgID
	about string // a heading
}

// statement is the first thing said about a seat.
type statement struct {
	value string
	line  int
}

func newRegister(files *ruleversions.Versions, table *spreadsheet.Table, out *findings) *register {
	r := &register{
		source: newSource(table, out), files: files, residences: map[domain.MemberID][]ruleversions.Residence{},
		texts: map[*domain.MemberHistory]*scoring.Texts{},
		byID:  map[string]int{}, people: NewPeople(), changes: map[change]int{}, seats: map[orgProperty]statement{},
		orgs: map[orgProperty]domain.OrgID{},
		kind: ruleset.Attribute{Name: "支部类型", Type: ruleset.Options},
	}
	for _, k := range domain.BranchKinds() {
		r.kind.Options = append(r.kind.Options, string(k))
	}
	for _, h := range table.Header {
		h = normal(h)
		if a := files.Attribute(h, 0); a != nil && insteadOf(a.Type) == "" && !slices.Contains(memberColumns(), h) {
			r.attributes = append(r.attributes, h)
		}
	}
	return r
}

// memberColumns are the headings that are no attributes; the first three must
// be there.
func memberColumns() []string {
	return []string{"编号", "姓名", "支部", "支部类型", "社区", "街道", "加入", "离开", "自"}
}

// ignoredColumns are headings that real registers have and no rule asks for.
func ignoredColumns() []string {
	return []string{"性别", "党小组", "党员中心户", "参加支部", "入党日期"}
}

func (r *register) read(most int) {
	others, derived := slices.Concat(memberColumns()[3:], ignoredColumns()), map[string]string{}
	for _, a := range r.files.Attributes() {
		if day := insteadOf(a.Type); day != "" {
			derived[a.Name] = day
			continue
		}
		others = append(others, a.Name)
	}
	r.known = r.headings(memberColumns()[:3], others, derived)
	if !r.known {
		return
	}
	r.eachRow(r.row)
	r.completeHomes()
	if len(r.records) > most {
		r.line = 0
		r.fail("", "党员超过 "+strconv.Itoa(most)+" 名", "分成几个文件，一次算一个")
	}
}

// insteadOf returns the attribute from which a derived one is reckoned, "" for
// one that is written down.
func insteadOf(t ruleset.AttributeType) string {
	switch t {
	case ruleset.Age:
		return "出生日期"
	case ruleset.Service:
		return "转正日期"
	default:
		return ""
	}
}

func (r *register) row() {
	id := r.must("编号")
	if i, again := r.byID[id]; again {
		r.change(i)
		return
	}
	r.readFirstRow(id)
}

// readFirstRow reads the first row of a member.
func (r *register) readFirstRow(id string) {
	m := domain.Membership{ID: domain.MemberID(id), Name: r.name()}
	r.lacks(branchColumn, "这一格不能空")
	m.Home = r.home()
	if r.cell("支部类型") != "" {
		m.Kind = domain.BranchKind(r.choice("支部类型", &r.kind))
	}
	joined, _ := r.day("加入")
	left, _ := r.day("离开")
	since, _ := r.day("自")
	m.Joined, m.Left = joined, left
	if left != 0 && left < joined {
		r.fail("离开", "离开的日子（"+left.String()+"）比加入的日子（"+joined.String()+"）还早", "查一查这两个日期")
	}
	r.checkHome(&m)
	from := cmp.Or(since, always) // not from 加入: a later row with an earlier day would be overridden
	rec := &domain.MemberHistory{Member: m, Facts: r.facts(nil, from)}
	if id == "" {
		return
	}
	i := len(r.records)
	r.records, r.lines, r.byID[id] = append(r.records, rec), append(r.lines, r.line), i
	r.people.Add(m.ID, m.Name)
	r.changes[change{i, from}] = r.line
	r.residences[m.ID] = []ruleversions.Residence{{From: always, Home: m.Home, Kind: m.Kind}}
}

// change reads a further row of a member: what altered, from a day on.
func (r *register) change(i int) {
	rec, first := r.records[i], strconv.Itoa(r.lines[i])
	m := &rec.Member
	if r.cell("自") == "" {
		r.fail("编号", "编号“"+string(m.ID)+"”在第 "+first+" 行已经有了", "记变动就在“自”列写从哪天起；若是另一个人，换一个编号")
		return
	}
	r.requireSame("姓名", r.cell("姓名"), m.Name, first)
	from, ok := r.day("自")
	if !ok {
		return
	}
	if line, twice := r.changes[change{i, from}]; twice {
		r.fail("自", "编号“"+string(m.ID)+"”自 "+from.String()+" 起的情况，第 "+strconv.Itoa(line)+" 行已经写了", "两行并成一行，或改日期")
	}
	r.changes[change{i, from}] = r.line
	r.readReturn(i, from)
	r.readMove(m, from)
	rec.Facts = r.facts(rec.Facts, from)
}

// requireSame complains of a cell that says another thing than the first row.
func (r *register) requireSame(column, now, was, first string) {
	if now != "" && NameKey(now) != NameKey(was) {
		r.fail(column, "这里的“"+column+"”与第 "+first+" 行不同", "这一列只看第 "+first+" 行：在那里改，这里留空")
	}
}

// facts appends what the row's attribute cells say; an empty one says nothing.
func (r *register) facts(facts []domain.Fact, from calendar.Day) []domain.Fact {
	for _, name := range r.attributes {
		text := r.cell(name)
		if text == "" {
			continue
		}
		a := r.files.Attribute(name, from)
		v, err := cellValue(a, text)
		if err != nil {
			r.refuse(name, err)
			continue
		}
		facts = append(facts, domain.Fact{Attribute: name, From: from, Value: v, Free: a.Type == ruleset.Text})
	}
	return facts
}

// checkHome checks that rows agree on where an organisation belongs: its name is
// its id, so two branches of one name would be ranked as one.
func (r *register) checkHome(m *domain.Membership) {
	branch, community := m.Home[domain.Branch], m.Home[domain.Community]
	r.requireAgreement(orgProperty{domain.Branch, branch, "支部类型"}, string(m.Kind))
	r.requireAgreement(orgProperty{domain.Branch, branch, "社区"}, string(community))
	r.requireAgreement(orgProperty{domain.Community, community, "街道"}, string(m.Home[domain.Street]))
}

func (r *register) requireAgreement(s orgProperty, value string) {
	if s.org == "" || value == "" {
		return
	}
	first, again := r.seats[s]
	switch {
	case !again:
		r.seats[s] = statement{value, r.line}
	case first.value != value:
		r.fail(s.about, "“"+fault.Quote(string(s.org))+"”的"+s.about+"，这里写“"+fault.Quote(value)+"”，第 "+
			strconv.Itoa(first.line)+" 行写“"+fault.Quote(first.value)+"”",
			"改成一致；若是两个同名的"+s.level.String()+"，把名称写得能够区别")
	}
}

// member finds whom a cell means: an id, or a name that one member alone has.
// nil after a problem, and where there is no register to look into.
func (r *register) member(s *source) *domain.MemberHistory {
	lacks, who := s.lacks(memberColumn, "这一格不能空"), s.cell(memberColumn)
	if lacks || !r.known {
		return nil
	}
	switch named := r.people.Named(who); len(named) {
	case 1:
		return r.records[r.byID[string(named[0])]]
	case 0:
		s.fail(memberColumn, r.table.Name+" 里没有编号或姓名是“"+fault.Quote(who)+"”的党员", "照 "+r.table.Name+" 写编号；新党员先加进去")
	default:
		s.fail(memberColumn, "有 "+strconv.Itoa(len(named))+" 名党员叫“"+fault.Quote(who)+"”", "写编号："+joinNumbers(named))
	}
	return nil
}

// name reads a member's name; "" after a problem.
func (r *register) name() string {
	const column = "姓名"
	if r.lacks(column, "这一格不能空") {
		return ""
	}
	name, _, err := Name(r.cell(column))
	if err != nil {
		r.refuse(column, err)
		return ""
	}
	return name
}

// home reads branch, community and street.
func (r *register) home() [domain.Levels]domain.OrgID {
	return [domain.Levels]domain.OrgID{r.org(branchColumn, domain.Branch), r.org("社区", domain.Community),
		r.org("街道", domain.Street)}
}

// org reads an organisation: one name may be written in several ways.
func (r *register) org(column string, level domain.Level) domain.OrgID {
	written := domain.OrgID(r.word(column))
	if written == "" {
		return ""
	}
	key := orgProperty{level: level, org: domain.OrgID(domain.PlainOrgName(string(written)))}
	if first, again := r.orgs[key]; again {
		return first
	}
	r.orgs[key] = written
	return written
}

func andMore(more bool) string {
	if more {
		return " 等"
	}
	return ""
}
