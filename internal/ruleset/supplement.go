package ruleset

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/formula"
	"jifen/internal/yamldoc"
)

// Supplement (补充) is what an organisation added to the scheme under a Grant.
type Supplement struct {
	File string
	Hash string // SHA-256 of the file's bytes, hex
	Org  string // name of the organisation whose members it is for
	From calendar.Day
}

// Version tells one text from another, supplements included: what was computed
// under another one is behind.
func (r *RuleSet) Version() string {
	v := r.Hash
	for i := range r.Supplements {
		v += "+" + r.Supplements[i].Hash
	}
	return v
}

// Open loads a rule file by name. A supplement is loaded with the scheme it
// belongs to: the file that is named by its 编号 and stands beside it or in the
// folder above. read returns a file's bytes; its errors are returned as they are.
func Open(name string, read func(name string) ([]byte, error)) (*Result, error) {
	src, err := read(name)
	if err != nil {
		return nil, err
	}
	base, err := BaseOf(name, src, read)
	switch {
	case err != nil:
		return nil, err
	case base == nil:
		return Load(name, src), nil
	case base.Book == nil:
		return base, nil
	}
	return FirstSupplement(base.Book, name, src), nil
}

// BaseOf loads the scheme that a supplement belongs to; nil for a file that is a
// scheme itself. Without a Book the result tells what is wrong with the
// supplement.
func BaseOf(name string, src []byte, read func(name string) ([]byte, error)) (*Result, error) {
	file, problems := yamldoc.Parse(name, src, supplementFile().names()...)
	n := file.Root.Get("补充")
	if n == nil {
		return nil, nil
	}
	if n.Kind != yamldoc.Scalar || !isCode(n.Text) {
		return mismatchedSupplement(file, problems, n, quoted(n)+"不是办法的编号", "写办法里“编号”一项写的，例如 补充: weizhou"), nil
	}
	above := path.Join(path.Dir(name), n.Text+path.Ext(name))
	text, err := read(above)
	if errors.Is(err, fs.ErrNotExist) {
		higher := path.Join(path.Dir(name), "..", path.Base(above))
		if other, failed := read(higher); failed == nil {
			above, text, err = higher, other, nil
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return mismatchedSupplement(file, problems, n, "没有编号为“"+n.Text+"”的办法",
			"核对编号；办法的文件要和补充放在一起，或在上一层文件夹里，文件名是 "+path.Base(above)), nil
	}
	if err != nil {
		return nil, err
	}
	base := Load(above, text)
	if base.Book == nil {
		return mismatchedSupplement(file, problems, n, fmt.Sprintf("它补充的办法 %s 有 %d 处错误", path.Base(above), base.Errors()),
			"先查、先改 "+above), nil
	}
	return base, nil
}

// mismatchedSupplement returns the result of a supplement that cannot be held against its scheme.
func mismatchedSupplement(file *yamldoc.File, problems []yamldoc.Problem, n *yamldoc.Node, message,
	advice string) *Result {
	respell(file, problems)
	return &Result{Findings: yamldoc.CollectFindings(file, append(problems, n.At(0, message, advice)))}
}

// FirstSupplement is LoadSupplement where no earlier text of the scheme is at
// hand: a supplement that begins before the scheme is a mistake.
func FirstSupplement(base *RuleSet, name string, src []byte) *Result {
	return loadSupplement(base, name, src, base.Since)
}

// LoadSupplement reads and checks a supplement against the grant of its scheme
// and returns the scheme with the items it adds. The base stays as it is. It may
// be a later text of the scheme: what a branch added goes on under that one.
func LoadSupplement(base *RuleSet, name string, src []byte) *Result {
	return loadSupplement(base, name, src, 0)
}

func loadSupplement(base *RuleSet, name string, src []byte, since calendar.Day) *Result {
	file, problems := yamldoc.Parse(name, src, supplementFile().names()...)
	res := &Result{Findings: yamldoc.CollectFindings(file, problems)}
	if file.Root == nil {
		return res
	}
	sum := sha256.Sum256(src)
	s := &Supplement{File: name, Hash: hex.EncodeToString(sum[:])}
	problems = append(problems, file.Unwrap("依据")...)
	l := &loader{file: file, problems: problems, dates: map[calendar.Day]bool{}, origin: name,
		book: base.copyForSupplement()}
	for i := range base.Items {
		l.items = append(l.items, base.Items[i].Name)
	}
	for i := range base.RedLines {
		l.reds = append(l.reds, base.RedLines[i].Name)
	}
	l.blocks, l.counters = map[string]int{}, map[Counter]int{}
	for i := range base.Blocks {
		l.blocks[base.Blocks[i].Name] = i
	}
	l.supplement(s, file.Root, base, since)
	res.Findings = yamldoc.CollectFindings(file, l.problems)
	if res.Errors() == 0 {
		res.Book = l.book
	}
	return res
}

// copyForSupplement copies a rulebook so that items may be added to the copy.
func (r *RuleSet) copyForSupplement() *RuleSet {
	c := *r
	c.Items, c.Clauses, c.Dates = slices.Clone(r.Items), slices.Clone(r.Clauses), slices.Clone(r.Dates)
	c.Supplements = slices.Clone(r.Supplements)
	return &c
}

func (l *loader) supplement(s *Supplement, root *yamldoc.Node, base *RuleSet, since calendar.Day) {
	grant := (*Grant)(nil)
	var items *yamldoc.Node
	level := ""
	readers := []keyed{
		{"补充", func(_, v *yamldoc.Node) {
			if v.Text != base.Code {
				l.fail(v, "这里加载的办法编号是“"+base.Code+"”，不是“"+v.Text+"”", "写 补充: "+base.Code)
			}
		}},
		{"施行", func(_, v *yamldoc.Node) { s.From = l.day(v) }},
		{"依据", func(_, v *yamldoc.Node) { l.text(v, "依据", 200) }},
	}
	for _, word := range levelWords() {
		readers = append(readers, keyed{word, func(_, v *yamldoc.Node) { level, s.Org = word, l.text(v, word, 80) }})
	}
	l.section(root, "补充文件", append(readers, keyed{"项目", func(_, v *yamldoc.Node) { items = v }})...)
	if root.Kind != yamldoc.Map {
		return
	}
	for i := range base.Grants {
		if g := &base.Grants[i]; g.Level.String() == level {
			grant = g
		}
	}
	switch {
	case level == "":
		l.fail(root, "没有写是哪个组织补充的", "例如 支部: 幸福街第一党支部")
	case grant == nil:
		l.fail(root, "办法没有授权"+level+"补充项目", "请街道党工委在办法里写 授权: {"+level+": …}")
	case root.Get("施行") == nil:
		l.fail(root, "缺少“施行”", "写从哪一天起，例如 施行: 2026-03-01")
	case items == nil || items.Kind != yamldoc.Map || len(items.Pairs) == 0:
		l.fail(root, "没有写项目", "例如 项目: {清理楼道: {分值: 1, 限额: {月: 1次}}}")
	default:
		if s.From != 0 && s.From < base.Since { // it was made under an earlier text, or the day is wrong
			l.warn(root.Get("施行"), "补充自 "+s.From.String()+" 起，办法的这一版自 "+base.Since.String()+" 起：在这以前，看那时的办法有没有授权", "")
		}
		l.readGrantedItems(s, grant, items)
	}
}

// readGrantedItems reads the items and holds them against the grant.
func (l *loader) readGrantedItems(s *Supplement, grant *Grant, items *yamldoc.Node) {
	var plus, minus []*yamldoc.Node
	first := len(l.book.Items)
	for _, p := range items.Pairs {
		if slices.Contains(l.items, p.Key.Text) {
			l.fail(p.Key, "办法里已经有“"+p.Key.Text+"”这个项目", "换一个名称")
			continue
		}
		it := l.readGrantedItem(s, grant, p)
		if it == nil {
			continue
		}
		if it.Hi > 0 {
			plus = append(plus, p.Key)
		}
		if it.Lo < 0 {
			minus = append(minus, p.Key)
		}
		l.book.Items = append(l.book.Items, *it)
	}
	l.refuseBeyondGrant("加分", plus, grant.Plus)
	l.refuseBeyondGrant("扣分", minus, grant.Minus)
	sum := sha256.Sum256([]byte(l.book.Hash + s.Hash))
	l.book.Hash = hex.EncodeToString(sum[:])
	l.book.Supplements = append(l.book.Supplements, *s)
	for d := range l.dates {
		l.book.Dates = append(l.book.Dates, d)
	}
	l.book.Dates = append(l.book.Dates, s.From)
	slices.Sort(l.book.Dates)
	l.book.Dates = slices.Compact(l.book.Dates)
	l.index()
	l.lintSupplement(items, first)
}

// refuseBeyondGrant tells, at the first that is too many, of more items than were granted.
func (l *loader) refuseBeyondGrant(what string, items []*yamldoc.Node, granted int) {
	if len(items) <= granted {
		return
	}
	names := make([]string, len(items))
	for i, n := range items {
		names[i] = n.Text
	}
	advice := "留下最要紧的 " + strconv.Itoa(granted) + " 个：" + strings.Join(names, "、")
	if granted == 0 {
		advice = "删去；授权里写了 " + what + " 几项才可以有"
	}
	l.fail(items[granted], fmt.Sprintf("%s的项目有 %d 个，只授权 %d 个", what, len(items), granted), advice)
}

// readGrantedItem reads one item; nil after a problem.
func (l *loader) readGrantedItem(s *Supplement, grant *Grant, p yamldoc.Pair) *Item {
	before := len(l.problems)
	l.name(p.Key, "项目", false)
	l.lintBannedItem(p.Key)
	it := &Item{Name: p.Key.Text, Block: grant.Block, Workflow: l.book.Workflow}
	it.Workflow.Approve = Plain(grant.Approve, grant.Clause)
	n := p.Value
	if n.Kind == yamldoc.Map {
		for _, pair := range n.Pairs {
			if allowed := []string{"分值", "记录", "限额", "依据"}; !slices.Contains(allowed, pair.Key.Text) {
				l.fail(pair.Key, "补充的项目里不能写“"+pair.Key.Text+"”", "只写 分值、记录、限额、依据；别的照授权办")
			}
		}
		if basis := n.Get("依据"); basis != nil {
			it.Basis = l.text(basis, "依据", 200)
		}
	}
	it.Clause = l.clause("补充.项目."+it.Name, p.Key, it.Basis)
	if fields := n.Get("记录"); fields != nil {
		it.Fields = l.fields(it, fields)
	}
	if countErrors(l.problems[before:]) > 0 {
		return nil
	}
	l.item(it, p.Key, n)
	if !it.Amount.Set() && countErrors(l.problems[before:]) == 0 {
		l.fail(p.Key, "补充的项目“"+it.Name+"”没有分值", "加上 分值: …")
	}
	if it.Hi > grant.Each || it.Lo < -grant.Each {
		l.fail(p.Key, "项目“"+it.Name+"”一次可能超过 "+grant.Each.String()+" 分，授权的是每笔最多 "+grant.Each.String()+" 分",
			"把分值写小，或写成范围 1至"+grant.Each.String())
	}
	it.Applies = Cond{Value[*formula.Condition]{face: byDate,
		dated: []dated[*formula.Condition]{{from: s.From, value: Plain(formula.All(nil), it.Clause)}}}}
	if countErrors(l.problems[before:]) > 0 {
		return nil
	}
	return it
}

func countErrors(problems []yamldoc.Problem) (n int) {
	for i := range problems {
		if !problems[i].Warning {
			n++
		}
	}
	return n
}
