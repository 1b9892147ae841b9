package ruleset

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/yamldoc"
)

// Result is the result of loading one file: a Rulebook if there was no error,
// and every problem found.
type Result struct {
	Book *RuleSet // nil if any problem is an error
	yamldoc.Findings
}

// Load reads and checks one rule file. It never returns half a Rulebook.
func Load(name string, src []byte) *Result {
	file, problems := yamldoc.Parse(name, src, whole().names()...)
	respell(file, problems)
	problems = append(problems, file.Unwrap("办法", "依据", "名称", "建议")...)
	res := &Result{Findings: yamldoc.CollectFindings(file, problems)}
	if file.Root == nil {
		return res
	}
	l := &loader{file: file, problems: problems, dates: map[calendar.Day]bool{}}
	sum := sha256.Sum256(src)
	l.book = &RuleSet{File: name, Hash: hex.EncodeToString(sum[:]), Own: hex.EncodeToString(sum[:]),
		Attributes: builtIn(), Decimals: 2}
	l.document(file.Root)
	res.Findings = yamldoc.CollectFindings(file, l.problems)
	if res.Errors() == 0 {
		res.Book = l.book
	}
	return res
}

// Limits on one file's contents; every one is far above a real scheme.
const (
	maxNames   = 500 // items, attributes, blocks, … of one section
	maxOptions = 60  // of one choice
	maxRunes   = 40  // of one name
)

type loader struct {
	file       *yamldoc.File
	book       *RuleSet
	problems   []yamldoc.Problem
	dates      map[calendar.Day]bool
	items      []string // names, known before the items are read
	usual      defaults
	asked      map[domain.Organ]bool // of 机构: named by some rule
	origin     string                // of clauses: the supplement's file; "" for the scheme's own
	reds       []string
	blocks     map[string]int
	counters   map[Counter]int
	alertNames []string
	counting   []alertUse                            // where windows of alerts are counted
	keys       map[string][]string                   // the grammar's, by section
	later      []func()                              // checks that look at the whole, left until all of it is read
	hurt       map[string]bool                       // what was declared with mistakes, see sound
	fine       []int64                               // of which amount each block's sum is a multiple, see grains
	effort     int                                   // spent on them so far, see maxEffort
	seen       func(section string, readers []keyed) // told of every section that is read; nil outside tests
}

func (l *loader) fail(n *yamldoc.Node, message, advice string) {
	if n.Kind != yamldoc.Scalar { // has no text to quote
		message = strings.Replace(message, "“”", quoted(n), 1)
	}
	l.problems = append(l.problems, n.At(0, message, advice))
}

// quoted names what is written at a node.
func quoted(n *yamldoc.Node) string {
	if n.Kind == yamldoc.Map || n.Kind == yamldoc.List {
		return "这里写的" + n.Kind.String()
	}
	return "“" + n.Text + "”"
}

func (l *loader) warn(n *yamldoc.Node, message, advice string) {
	p := n.At(0, message, advice)
	p.Warning = true
	l.problems = append(l.problems, p)
}

// clause registers a place that accounts may cite.
func (l *loader) clause(path string, n *yamldoc.Node, basis string) int {
	l.book.Clauses = append(l.book.Clauses, Clause{File: l.origin, Path: path, Line: n.Line, Text: plainText(n),
		Basis: basis})
	return len(l.book.Clauses) - 1
}

// plainText returns a scalar, or a list of scalars, as written.
func plainText(n *yamldoc.Node) string {
	if n.Kind != yamldoc.List {
		return n.Text
	}
	texts := make([]string, 0, len(n.Items))
	for _, i := range n.Items {
		texts = append(texts, i.Text)
	}
	return strings.Join(texts, "、")
}

// defaults holds the defaults (默认) for items that say nothing.
type defaults struct {
	highest  bool // 同一事项: 取最高
	validity *yamldoc.Node
}

// reader handles the value of one key.
type reader func(key, value *yamldoc.Node)

// section reads a map whose keys are known words, in the order that readers
// lists them, so that what is declared is there before it is used. An unknown
// key gets the nearest known one.
func (l *loader) section(n *yamldoc.Node, what string, readers ...keyed) {
	if n.Kind != yamldoc.Map {
		l.fail(n, what+"要写成一组“名称: 值”", "例如 "+what+": {"+readers[0].key+": …}")
		return
	}
	if l.keys == nil {
		l.keys = keyNames()
	}
	known := allowedKeys(l.keys, what)
	if l.seen != nil {
		l.seen(what, readers)
	}
	for _, p := range n.Pairs {
		if slices.Contains(known, p.Key.Text) {
			continue
		}
		advice := "这里可写：" + strings.Join(known, "、")
		if near := formula.Nearest(p.Key.Text, known); near != "" {
			advice = "是不是“" + near + "”？" + advice
		}
		l.fail(p.Key, what+"里没有“"+p.Key.Text+"”这一项", advice)
	}
	l.follow(n)
	for _, r := range readers {
		for _, p := range n.Pairs {
			if p.Key.Text == r.key {
				l.watch(what, p, r.read)
			}
		}
	}
}

type keyed struct {
	key  string
	read reader
}

// document reads the whole file, declarations before uses.
func (l *loader) document(root *yamldoc.Node) {
	if root.Kind != yamldoc.Map {
		l.fail(root, "规则文件要写成一组“名称: 值”", "从第一行写起：办法: 某某街道党员积分制管理办法")
		return
	}
	l.declareNames(root)
	l.section(root, "规则文件",
		keyed{"办法", l.title}, keyed{"编号", l.code}, keyed{"施行", l.from}, keyed{"首次施行", l.since},
		keyed{"依据", l.basis}, keyed{"适用", l.kinds}, keyed{"机构", l.bodies},
		keyed{"周期", l.cycle}, keyed{"小数", l.rounding}, keyed{"公示", l.notices},
		keyed{"活动", l.groups}, keyed{"属性", l.attributes}, keyed{"豁免", l.exemptions}, keyed{"类别", l.categories},
		keyed{"默认", l.defaults},
		keyed{"板块", l.blockTree}, keyed{"总分", l.total}, keyed{"项目", l.itemList}, keyed{"红线", l.redLines},
		keyed{"排名", l.ranking}, keyed{"等次", l.grades}, keyed{"预警", l.alerts}, keyed{"标杆", l.benchmarks},
		keyed{"授权", l.grants}, keyed{"停用", l.retired}, keyed{"说明", l.notes})
	for _, must := range []string{"办法", "编号", "施行", "周期", "类别", "板块", "项目"} {
		if root.Get(must) == nil && !l.file.Lost(must) {
			l.problems = append(l.problems, yamldoc.Problem{Line: 1, Col: 1, Message: "缺少“" + must + "”",
				Advice: "加上 " + must + "，写法见 rules/README.md"})
		}
	}
	l.finish(root)
}

// declareNames learns the names of items and red lines before anything that
// may speak of them is read.
func (l *loader) declareNames(root *yamldoc.Node) {
	l.declareGrades(root.Get("等次"))
	l.blocks = map[string]int{"总分": 0}
	if n := root.Get("板块"); n != nil { // so that a name which may not stand here is told from an unknown one
		for i, p := range n.Pairs {
			l.blocks[p.Key.Text] = i
		}
	}
	l.counters = map[Counter]int{}
	for _, d := range []struct {
		key  string
		into *[]string
	}{{"项目", &l.items}, {"红线", &l.reds}, {"预警", &l.alertNames}} {
		if n := root.Get(d.key); n != nil {
			for _, p := range n.Pairs {
				*d.into = append(*d.into, p.Key.Text)
			}
		}
	}
}

// text reads a short text.
func (l *loader) text(n *yamldoc.Node, what string, most int) string {
	if n.Kind != yamldoc.Scalar {
		l.fail(n, what+"要写成一段文字", "")
		return ""
	}
	s := strings.TrimSpace(n.Text)
	if s == "" || len([]rune(s)) > most {
		l.fail(n, what+"是空的，或者太长", fmt.Sprintf("写 1 到 %d 个字", most))
	}
	return s
}

// name checks a name that people give to a thing. identifier also makes it fit
// to stand in expressions.
func (l *loader) name(n *yamldoc.Node, what string, identifier bool) bool {
	s := n.Text
	switch {
	case s == "" || len([]rune(s)) > maxRunes:
		l.fail(n, what+"的名称是空的，或者超过 40 字", "")
	case strings.ContainsAny(s, ".\"'\\"):
		l.fail(n, what+"的名称“"+s+"”里不能有点号和引号", "")
	case strings.HasPrefix(s, "自 "):
		l.fail(n, what+"的名称不能以“自 ”开头", "“自 2026-01-01”只用来写带日期的值")
	case reserved(s):
		l.fail(n, "“"+s+"”是规则的用语，不能作"+what+"的名称", "换一个名称")
	case slices.Contains(placeWords(), s) && (what == "属性" || what == "板块"): // a field may: no alert sees it
		l.fail(n, "“"+s+"”在预警里另有所指，不能作"+what+"的名称", "换一个名称")
	case identifier && !isIdentifier(s):
		l.fail(n, what+"的名称“"+s+"”要能写进算式", "只用汉字、字母、数字和下划线，不以数字开头，中间不空格")
	default:
		return true
	}
	return false
}

func reserved(s string) bool {
	return slices.Contains([]string{"其余", "按", "值", "依据", "数量", "每", "达到", "分段", "总分", "类别", "等次", "上期", "分值", "加分次数",
		"扣分次数", "取整", "有", "否则", LateWord, RecordedWord,
		"and", "or", "not", "in", "true", "false", "nil", "let", "if", "else", "matches", "contains", "startsWith",
		"endsWith"}, s)
}

func isIdentifier(s string) bool {
	for i, r := range s {
		if !unicode.IsLetter(r) && r != '_' && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return s != ""
}

// refuseTooManyRows refuses more rows than a section may have.
func (l *loader) refuseTooManyRows(n *yamldoc.Node, what string, most int) bool {
	count := len(n.Pairs) + len(n.Items)
	if count > most {
		l.fail(n, what+"太多", fmt.Sprintf("最多 %d 个，现在有 %d 个", most, count))
	}
	return count > most
}

// words reads [一列, 词].
func (l *loader) words(n *yamldoc.Node, what string) []*yamldoc.Node {
	if n.Kind != yamldoc.List {
		l.fail(n, what+"要写成方括号里的一列", "例如 [甲, 乙]；只有一个也写 [甲]")
		return nil
	}
	if l.refuseTooManyRows(n, what, maxNames) {
		return nil
	}
	if len(n.Items) == 0 {
		l.fail(n, what+"是空的", "至少写一个")
		return nil
	}
	seen := map[string]bool{}
	var out []*yamldoc.Node
	for _, i := range n.Items {
		switch {
		case i.Kind != yamldoc.Scalar:
			l.fail(i, "这里只写一个词", "")
		case seen[i.Text]:
			l.fail(i, "“"+i.Text+"”写了两次", "删去一个")
		case l.oneWord(i, what):
			seen[i.Text] = true
			out = append(out, i)
		}
	}
	return out
}

// oneOf reads one word of a closed list and returns its index, −1 after a
// problem.
func (l *loader) oneOf(n *yamldoc.Node, what string, list []string) int {
	if n.Kind != yamldoc.Scalar {
		l.fail(n, what+"要写一个词", "可写："+strings.Join(list, "、"))
		return -1
	}
	if i := slices.Index(list, n.Text); i >= 0 {
		return i
	}
	advice := "可写：" + strings.Join(list, "、")
	if near := formula.Nearest(n.Text, list); near != "" {
		advice = "是不是“" + near + "”？" + advice
	}
	if l.unread(n, what) {
		return -1
	}
	l.fail(n, what+"没有“"+n.Text+"”这种写法", advice)
	return -1
}

func (l *loader) yesNo(n *yamldoc.Node, what string) bool {
	return l.oneOf(n, what, []string{"否", "是"}) == 1
}
