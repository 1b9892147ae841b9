// Package ruleversions holds the rule files of one scheme that are at hand: its texts,
// one after the other, and what organisations added to them. It finds which of
// them hold for a member, by the days and by where he was. It computes no score.
package ruleversions

import (
	"slices"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
	"jifen/internal/yamldoc"
)

// maxFiles bounds the number of rule files of one scheme.
const maxFiles = 200

// Versions is the rule files of one scheme. It is not for several goroutines at
// once: it remembers what it put together.
type Versions struct {
	texts []*ruleset.RuleSet // ascending by From
	added []addition         // ascending by the day from which they hold
	alone domain.OrgID       // whose the only file is, where that is a supplement

	books map[string]*ruleset.RuleSet
	held  map[string]*scoring.Texts
}

// addition is a supplement that fits the text of its first day.
type addition struct {
	file string
	src  []byte
	ruleset.Supplement
}

// Residence is the home of a member from a day on. Organisations are told apart by
// their names.
type Residence struct {
	From calendar.Day
	Home [domain.Levels]domain.OrgID
	Kind domain.BranchKind
}

// Of returns the versions of a scheme with one rule file.
func Of(book *ruleset.RuleSet) *Versions {
	s := &Versions{texts: []*ruleset.RuleSet{book}}
	s.clear()
	return s
}

func (s *Versions) clear() {
	s.books, s.held = map[string]*ruleset.RuleSet{}, map[string]*scoring.Texts{}
}

// Open reads rule files: texts of one scheme, and supplements to it. A
// supplement without any text beside it brings the one that is named by its
// 编号 and stands in its folder. A file with errors is in broken, and then there
// is fault.Invalid. read returns a file's bytes; its errors are returned as they are.
func Open(names []string, read func(name string) ([]byte, error)) (s *Versions, broken []*ruleset.Result, err error) {
	if len(names) > maxFiles {
		return nil, nil, fault.New(fault.TooMany, "规则文件太多").WithHint("最多 %d 个", maxFiles)
	}
	if len(names) == 0 {
		return nil, nil, fault.New(fault.Invalid, "没有写规则文件")
	}
	s = &Versions{}
	s.clear()
	for _, name := range names {
		src, err := read(name)
		if err != nil {
			return nil, nil, err
		}
		if file, _ := yamldoc.Parse(name, src); file.Root.Get("补充") != nil {
			s.added = append(s.added, addition{file: name, src: src})
			continue
		}
		if res := ruleset.Load(name, src); res.Book != nil {
			s.texts = append(s.texts, res.Book)
		} else {
			broken = append(broken, res)
		}
	}
	if len(broken) > 0 {
		return nil, broken, nil
	}
	if len(s.texts) == 0 {
		if broken, err = s.above(read); err != nil || len(broken) > 0 {
			return nil, broken, err
		}
	}
	if err := s.ordered(); err != nil {
		return nil, nil, err
	}
	if broken = s.fit(); len(broken) > 0 {
		return nil, broken, nil
	}
	return s, nil, nil
}

// above reads the text that the first supplement belongs to.
func (s *Versions) above(read func(name string) ([]byte, error)) ([]*ruleset.Result, error) {
	first := &s.added[0]
	res, err := ruleset.BaseOf(first.file, first.src, read)
	if err != nil {
		return nil, err
	}
	if res.Book == nil {
		return []*ruleset.Result{res}, nil
	}
	s.texts = append(s.texts, res.Book)
	return nil, nil
}

// ordered puts the texts one after the other.
func (s *Versions) ordered() error {
	slices.SortStableFunc(s.texts, func(a, b *ruleset.RuleSet) int { return int(a.From) - int(b.From) })
	for i, book := range s.texts[1:] {
		before := s.texts[i]
		if book.Code != before.Code {
			return fault.New(fault.Invalid, "%s 的编号是“%s”，%s 的是“%s”，不是同一份办法", before.File, before.Code, book.File, book.Code).
				WithHint("编号不同的办法各算各的账，分两次算；是同一份办法，就把编号写成一样")
		}
		if book.From == before.From {
			return fault.New(fault.Invalid, "%s 和 %s 都从 %s 起施行", before.File, book.File, book.From).
				WithHint("新的一版“施行”写它自己的第一天；同一天只留一版")
		}
	}
	return nil
}

// fit holds each supplement against the text of its first day. A later text may
// grant less: what no longer fits it holds no more.
func (s *Versions) fit() (broken []*ruleset.Result) {
	for i := range s.added {
		a := &s.added[i]
		root, _ := yamldoc.Parse(a.file, a.src)
		from := calendar.Day(0)
		if n := root.Root.Get("施行"); n != nil {
			from, _ = calendar.Parse(n.Text) // a wrong one is told by the load
		}
		res := ruleset.FirstSupplement(s.Book(from), a.file, a.src)
		if res.Book == nil {
			broken = append(broken, res)
			continue
		}
		a.Supplement = res.Book.Supplements[len(res.Book.Supplements)-1]
	}
	slices.SortStableFunc(s.added, func(a, b addition) int { return int(a.From) - int(b.From) })
	if len(s.added) == 1 && len(s.texts) == 1 {
		s.alone = domain.OrgID(s.added[0].Org)
	}
	return broken
}

// Since returns the first day of the scheme: nothing before it counts.
func (s *Versions) Since() calendar.Day { return s.texts[0].Since }

// Book returns the text of the scheme that holds on a day, without supplements;
// the first one before its own day.
func (s *Versions) Book(day calendar.Day) *ruleset.RuleSet { return s.texts[s.at(day)] }

func (s *Versions) at(day calendar.Day) int {
	i := len(s.texts) - 1
	for i > 0 && s.texts[i].From > day {
		i--
	}
	return i
}

// Books returns every text, the latest first, and each with what single
// organisations added: all that anybody may have to do with.
func (s *Versions) Books() []*ruleset.RuleSet {
	out := slices.Clone(s.texts)
	slices.Reverse(out)
	for i := range s.texts {
		for k := range s.added {
			if b := s.with(i, s.added[k:k+1]); b != s.texts[i] {
				out = append(out, b)
			}
		}
	}
	return out
}

// Added returns which organisation's supplement has an item, "" for none.
func (s *Versions) Added(item string) string {
	for i := range s.texts {
		for k := range s.added {
			if b := s.with(i, s.added[k:k+1]); b.Item(item) >= 0 && s.texts[i].Item(item) < 0 {
				return s.added[k].Org
			}
		}
	}
	return ""
}

// with returns a text with supplements, in order.
func (s *Versions) with(text int, added []addition) *ruleset.RuleSet {
	book, key := s.texts[text], s.texts[text].Hash
	for i := range added {
		key += "+" + added[i].Hash
	}
	if b := s.books[key]; b != nil {
		return b
	}
	for i := range added {
		if res := ruleset.LoadSupplement(book, added[i].file, added[i].src); res.Book != nil {
			book = res.Book
		}
	}
	s.books[key] = book
	return book
}

// of returns the supplements that hold for who is in an organisation of a line.
func (s *Versions) of(home [domain.Levels]domain.OrgID) []addition {
	var out []addition
	for i := range s.added {
		if slices.Contains(home[:], domain.OrgID(s.added[i].Org)) {
			out = append(out, s.added[i])
		}
	}
	return out
}

// Alone returns the organisation of the only supplement there is to the only
// text, "" otherwise: of whom nobody says where he is, he is there.
func (s *Versions) Alone() domain.OrgID { return s.alone }

// Texts returns what holds for a member one after the other. The residences ascend;
// the first one holds on all days before. No residence is one nowhere in particular.
func (s *Versions) Texts(residences []Residence) *scoring.Texts {
	if len(residences) == 0 {
		residences = []Residence{{}}
	}
	var days []calendar.Day
	for i := range residences {
		days = append(days, residences[i].From)
	}
	for _, b := range s.texts[1:] {
		days = append(days, b.From)
	}
	slices.Sort(days)
	days = slices.Compact(days)
	var list []scoring.Text
	var key strings.Builder
	for _, day := range days {
		residence := On(residences, day)
		t := scoring.Text{From: day, Book: s.with(s.at(day), s.of(residence.Home)), Kind: residence.Kind}
		list = append(list, t)
		key.WriteString(day.String() + "=" + t.Book.Version() + string(t.Kind) + ";")
	}
	if t := s.held[key.String()]; t != nil {
		return t
	}
	t := scoring.NewTexts(list)
	s.held[key.String()] = t
	return t
}

// On returns the residence of a day; the first one before its own day.
func On(residences []Residence, day calendar.Day) Residence {
	i := len(residences) - 1
	for i > 0 && residences[i].From > day {
		i--
	}
	if i < 0 {
		return Residence{}
	}
	return residences[i]
}

// Attribute returns the attribute of a name as the text of a day declares it, or
// else any other one; nil for none.
func (s *Versions) Attribute(name string, day calendar.Day) *ruleset.Attribute {
	list := append([]*ruleset.RuleSet{s.Book(day)}, s.texts...)
	for _, b := range list {
		if i := b.Attribute(name); i >= 0 {
			return &b.Attributes[i]
		}
	}
	return nil
}

// Attributes returns the attributes of all texts, of each name once, the latest
// text's first.
func (s *Versions) Attributes() []*ruleset.Attribute {
	var out []*ruleset.Attribute
	for i := len(s.texts) - 1; i >= 0; i-- {
		for k := range s.texts[i].Attributes {
			a := &s.texts[i].Attributes[k]
			if !slices.ContainsFunc(out, func(b *ruleset.Attribute) bool { return b.Name == a.Name }) {
				out = append(out, a)
			}
		}
	}
	return out
}

// Period reads a period by the text that holds at its end, or on the day as of
// which it is asked for, if that is earlier; 0 for its end.
func (s *Versions) Period(text string, asOf calendar.Day) (calendar.Period, *ruleset.RuleSet, error) {
	var first error
	for i := len(s.texts) - 1; i >= 0; i-- {
		p, err := s.texts[i].Period(text)
		if err != nil {
			if first == nil {
				first = err
			}
			continue
		}
		end := p.Last
		if asOf != 0 {
			end = min(end, asOf)
		}
		if s.at(end) == i {
			return p, s.texts[i], nil
		}
	}
	if first == nil {
		first = fault.New(fault.Invalid, "考核期“%s”结束的时候，办法的考核期不是这样分的", text).WithHint("照那时施行的一版写")
	}
	return calendar.Period{}, nil, first
}
