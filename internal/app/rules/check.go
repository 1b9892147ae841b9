package rules

import (
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/ruletest"
	"jifen/internal/store"
	"jifen/internal/yamldoc"
)

// checked is a draft understood.
type checked struct {
	book     *ruleset.RuleSet
	root     *yamldoc.Node
	warnings string
	cases    int
}

// check loads a draft and runs its cases, and fills in what the text says of
// itself. The rules of decision 56: a text begins with a cycle, or changes
// nobody's points before its day.
func (s *Service) check(v *store.Snapshot, d *domain.RuleDraft, file string) (checked, error) {
	var c checked
	if len(d.Source) > MaxSource || len(d.Cases) > MaxSource {
		return c, fault.New(fault.Invalid, "文件太大").WithHint("规则文件和用例文件各不超过 1 MB")
	}
	loaded, err := s.load(v, d, file)
	if err != nil {
		return c, err
	}
	c.book, c.root = loaded.Book, loaded.File.Root
	if len(loaded.Problems) > 0 {
		c.warnings = loaded.Format()
	}
	if d.Cases != "" {
		if c.cases, err = runCases(c.book, d.Cases); err != nil {
			return c, err
		}
	}
	if d.Enacted || d.Withdrawn { // its day was judged then
		return c, nil
	}
	return c, s.checkDay(v, d, c.book)
}

// load understands a draft's text; a supplement under the scheme it adds to.
func (s *Service) load(v *store.Snapshot, d *domain.RuleDraft, file string) (*ruleset.Result, error) {
	if file == "" {
		file = d.Code
	}
	loaded := ruleset.Load(file, []byte(d.Source))
	if loaded.File.Root.Get("补充") == nil {
		if loaded.Book == nil {
			return nil, broken(loaded)
		}
		d.Supplement, d.Code, d.Hash = false, loaded.Book.Code, loaded.Book.Hash
		if d.From == 0 {
			d.From = loaded.Book.From
		}
		if d.From < loaded.Book.From {
			return nil, fault.New(fault.Invalid, "文件自 %s 起施行，不能从 %s 起启用", loaded.Book.From, d.From).WithHint("改启用的日子，或改文件里的 施行")
		}
		return loaded, nil
	}
	on := d.From
	if text := loaded.File.Root.Get("施行"); on == 0 && text != nil {
		if day, err := calendar.Parse(text.Text); err == nil {
			on = day
		}
	}
	base, err := s.inForce(v, d.Org.Path, loaded.File.Root.Get("补充").Text, on)
	if err != nil {
		return nil, err
	}
	if base == nil {
		return nil, fault.New(fault.Invalid, "%s 没有启用编号“%s”的办法，没有可补充的", on,
			loaded.File.Root.Get("补充").Text).WithHint("先启用办法，或改 补充 后面的编号")
	}
	text, err := v.EnactedText(base.Org, base.Hash)
	if err != nil {
		return nil, err
	}
	scheme := ruleset.Load(base.Code, []byte(text))
	if scheme.Book == nil {
		return nil, broken(scheme)
	}
	loaded = ruleset.LoadSupplement(scheme.Book, file, []byte(d.Source))
	if loaded.Book == nil {
		return nil, broken(loaded)
	}
	added := loaded.Book.Supplements[len(loaded.Book.Supplements)-1]
	if called, err := isCalled(v, &d.Org, added.Org); err != nil {
		return nil, err
	} else if !called {
		return nil, fault.New(fault.Invalid, "补充文件是“%s”的，这里选的是“%s”", added.Org, d.Org.Name).WithHint("选对组织，或改文件里的名称")
	}
	d.Supplement, d.Code, d.Hash, d.Beside = true, loaded.Book.Code, added.Hash, base.Beside
	if d.From == 0 {
		d.From = added.From
	}
	return loaded, nil
}

// isCalled reports whether an organisation has, or had, a name.
func isCalled(v *store.Snapshot, o *domain.Org, name string) (bool, error) {
	if domain.SameOrgName(o.Name, name) {
		return true, nil
	}
	former, err := v.FormerNames(access.System("names of organisations are no secret"))
	return slices.ContainsFunc(former[o.ID], func(was string) bool { return domain.SameOrgName(was, name) }), err
}

func runCases(book *ruleset.RuleSet, source string) (int, error) {
	cases := ruletest.Read("用例", []byte(source))
	if cases.Book == nil {
		return 0, fault.New(fault.Invalid, "用例文件有错误：\n%s", cases.Format()).WithHint("改好再交")
	}
	var failed []string
	outcomes := cases.Book.Run(book)
	for _, o := range outcomes {
		if !o.OK {
			failed = append(failed, o.Name+"："+strings.Join(o.Differences, "；"))
		}
	}
	if len(failed) > 0 {
		return 0, fault.New(fault.Invalid, "有 %d 个用例没有通过：\n%s", len(failed), strings.Join(failed, "\n")).WithHint("改好规则或用例再交")
	}
	return len(outcomes), nil
}

// checkDay refuses a text that may not take effect on its day.
func (s *Service) checkDay(v *store.Snapshot, d *domain.RuleDraft, book *ruleset.RuleSet) error {
	now, err := s.earlier(v, d)
	if err != nil || now == nil { // the first text of all
		return err
	}
	if now.Code == d.Code && now.Beside != d.Beside {
		if now.Beside {
			return fault.New(fault.Invalid, "编号 %s 的办法是与主办法并行的，这一份没有选并行", d.Code).WithHint("命令后面加 --beside，网页上勾“与现行办法并行”")
		}
		return fault.New(fault.Invalid, "编号 %s 的办法是主办法，不是并行的", d.Code).WithHint("去掉 --beside，网页上不勾“与现行办法并行”；要并行的另用一个编号")
	}
	var followed []standings.Scheme
	if d.Supplement {
		if err := s.fitsAbove(v, d); err != nil {
			return err
		}
	} else {
		if followed, err = s.followed(v, d); err != nil {
			return err
		}
		if err := wholeCycles(d, book, followed); err != nil {
			return err
		}
	}
	for _, unit := range units(book, followed) {
		if err := s.noLockedPeriod(v, d, unit); err != nil {
			return err
		}
	}
	return nil
}

// noLockedPeriod refuses a text that would change points of a period that some
// branch has locked: its first one, or one that has passed since.
func (s *Service) noLockedPeriod(v *store.Snapshot, d *domain.RuleDraft, unit calendar.Unit) error {
	today, all := s.today(v), access.System("locked periods below an organisation")
	for cycle, n := unit.Of(d.From), 0; n == 0 || cycle.First <= today && n < maxCycles; cycle, n = cycle.Next(), n+1 {
		locked, err := v.LockedOrgs(all, d.Org.Path, cycle.String())
		if err != nil {
			return err
		}
		if len(locked) == 0 {
			continue
		}
		orgs, err := v.Orgs(all, d.Org.Path)
		if err != nil {
			return err
		}
		for _, o := range orgs {
			if locked[o.ID] {
				return fault.New(fault.Forbidden, "“%s”的%s已经锁定，不能再换办法", o.Name, cycle.Label()).WithHint("从下一期（%s）起，或请街道党工委先重开",
					cycle.Next().First)
			}
		}
	}
	return nil
}

// maxCycles bounds how many periods are looked at: ten years of months.
const maxCycles = 120

// inForce finds the text of a scheme that is in force for an organisation; nil for
// none.
func (s *Service) inForce(v *store.Snapshot, path, code string, on calendar.Day) (*domain.RuleVersionInForce, error) {
	t, err := s.standings.Timetable(v)
	if err != nil {
		return nil, err
	}
	list, err := t.Latest(v, path, on)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].Code == code {
			return &list[i], nil
		}
	}
	return nil, nil //nolint:nilnil // none is no error
}

// earlier finds the text that a draft takes the place of: that of its own 编号,
// or, for one that is not to stand beside another, the main one; nil for none.
func (s *Service) earlier(v *store.Snapshot, d *domain.RuleDraft) (*domain.RuleVersionInForce, error) {
	e, err := s.inForce(v, d.Org.Path, d.Code, d.From)
	if err != nil || e != nil || d.Beside {
		return e, err
	}
	t, err := s.standings.Timetable(v)
	if err != nil {
		return nil, err
	}
	list, err := t.Latest(v, d.Org.Path, d.From)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if !list[i].Beside {
			return &list[i], nil
		}
	}
	return nil, nil //nolint:nilnil // none is no error
}
