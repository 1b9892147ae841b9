package rules

import (
	"slices"
	"strconv"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// namedBranches bounds the branches a sentence names.
const namedBranches = 10

// misfits says for whom a scheme is not (适用): for no branch below its
// organisation, or not for branches that have one now and would have none.
func (t *trial) misfits(d *domain.RuleDraft, book *ruleset.RuleSet) (out []string, err error) {
	if d.Supplement {
		return t.lost(d)
	}
	orgs, err := t.v.Orgs(access.System("the branches that a scheme is for"), d.Org.Path)
	if err != nil {
		return nil, err
	}
	people := map[string]int{}
	for i := range t.members {
		if t.members[i].Left == 0 {
			people[t.members[i].Home.Path]++
		}
	}
	var branches, without []domain.Org
	fits := false
	for _, o := range orgs {
		if o.Level != domain.Branch || !o.Kind.Homes() || o.Closed != 0 && o.Closed <= d.From {
			continue
		}
		branches = append(branches, o)
		fits = fits || standings.Fits(book, o.Kind)
		was, err := t.now.Pick(t.v, o.Path, t.code, d.From)
		if err != nil {
			return nil, err
		}
		is, err := t.then.Pick(t.v, o.Path, t.code, d.From)
		if err != nil {
			return nil, err
		}
		if was != nil && is == nil {
			without = append(without, o)
		}
	}
	if len(branches) > 0 && !fits {
		kinds := make([]string, len(book.Kinds))
		for i, k := range book.Kinds {
			kinds[i] = string(k)
		}
		out = append(out, "适用 写的是"+strings.Join(kinds, "、")+"，“"+d.Org.Name+"”下面没有这样的支部，这份办法不管任何人；这里的支部是："+named(branches,
			people))
	}
	lost, err := t.lost(d)
	if err != nil {
		return nil, err
	}
	out = append(out, lost...)
	if len(without) > 0 {
		out = append(out, "有办法的支部，启用以后没有办法了（适用 里没有它们的类型）："+named(without, people))
	}
	return out, nil
}

// named lists branches with their kind and how many belong there.
func named(branches []domain.Org, people map[string]int) string {
	var parts []string
	sum := 0
	for i, o := range branches {
		sum += people[o.Path]
		if i < namedBranches {
			parts = append(parts, "“"+o.Name+"”（"+string(o.Kind)+"，"+strconv.Itoa(people[o.Path])+" 人）")
		}
	}
	words := strings.Join(parts, "、")
	if len(branches) > namedBranches {
		words += "等 " + strconv.Itoa(len(branches)) + " 个"
	}
	if len(branches) > 1 {
		words += "，共 " + strconv.Itoa(sum) + " 人"
	}
	return words
}

// lost lists the supplements a text leaves no room for: they are there without
// it, and not any more with it.
func (t *trial) lost(d *domain.RuleDraft) (out []string, err error) {
	was, err := t.now.Unfit(t.v, d.Org.Path, d.Code, d.From)
	if err != nil {
		return nil, err
	}
	is, err := t.then.Unfit(t.v, d.Org.Path, d.Code, d.From)
	if err != nil {
		return nil, err
	}
	for _, x := range is {
		if !slices.ContainsFunc(was, func(y standings.Unfit) bool {
			return y.Text.Path == x.Text.Path &&
				y.Text.Hash == x.Text.Hash
		}) {
			org, err := t.v.Org(access.System("the branches that a scheme is for"), x.Text.Org)
			if err != nil {
				return nil, err
			}
			out = append(out, "“"+org.Name+"”的补充（"+x.Text.From.String()+" 起）启用以后不再有效："+x.Why)
		}
	}
	return out, nil
}

// fitsAbove refuses a supplement that does not fit with what an organisation above
// has added already.
func (s *Service) fitsAbove(v *store.Snapshot, d *domain.RuleDraft) error {
	now, err := s.standings.Timetable(v)
	if err != nil {
		return err
	}
	list, err := now.With(inForceOf(d)).Unfit(v, d.Org.Path, d.Code, d.From)
	for i := range list {
		if list[i].Text.Path == d.Org.Path && list[i].Text.Hash == d.Hash {
			return fault.New(fault.Invalid, "和上级的补充合不到一起：%s", list[i].Why).WithHint("改了再交；上级补充了什么，看办法那一页")
		}
	}
	return err
}
