package members

import (
	"slices"
	"strings"
	"unicode/utf8"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// grouping reports whether a fact is one by which the branch divides its members, which its
// rules do not ask for.
func (s *Recorder) grouping(v *store.Snapshot, m *domain.Member, f *FactChange) (bool, error) {
	if ruleset.Grouping(f.Attribute) == nil {
		return false, nil
	}
	book, err := s.factText(v, m, f)
	if fault.CodeOf(err) == fault.NotFound {
		return true, nil // no rules ask for anything
	}
	return err == nil && book.Attribute(f.Attribute) < 0, err
}

// changeGroup records in which group or at which hub of his branch a member is. It decides no
// points. A name that is near to another of the branch is a question, which who has seen it
// answers by recording all the same.
func (s *Recorder) changeGroup(
	tx *store.Tx, actor *access.Actor, m *domain.Member, f *FactChange,
) (out Registered, err error) {
	if m.Left != 0 {
		return out, fault.New(fault.Invalid, "%s 自 %s 起不在这里", m.Name, m.Left)
	}
	since, err := tx.HomeSince(m.ID)
	if err != nil {
		return out, err
	}
	if f.From < since {
		return out, fault.New(fault.Invalid, "%s 自 %s 起才在“%s”", m.Name, since, m.Home.Name).WithHint("写这一天或以后的一天")
	}
	name, err := domain.ParseGroupName(f.Attribute, f.Value)
	if err != nil {
		return out, err
	}
	all, err := groupNames(&tx.Snapshot, m.Home.Path)
	if err != nil {
		return out, err
	}
	if known := all[f.Attribute]; !slices.Contains(known, name) && name != domain.NoGroup {
		if err := unlikePerson(&tx.Snapshot, m.Home.Path, f.Attribute, name); err != nil {
			return out, err
		}
		if out.Near = nearGroup(known, name); out.Near != "" && !f.Seen {
			return out, nearName(f.Attribute, name, out.Near)
		}
	}
	fact := domain.Fact{Attribute: f.Attribute, From: f.From, Value: domain.Value{Text: name}}
	if err := tx.InsertFact(m.ID, fact, actor.ID()); err != nil {
		return out, err
	}
	return out, audit.Record(tx, actor, audit.ChangedFact,
		audit.What{Org: m.Home.ID, Member: m.ID, Detail: f.Attribute + " 自 " + f.From.String()})
}

// groupNames returns what the groups and hubs of a branch are called today.
func groupNames(v *store.Snapshot, branch string) (domain.GroupNames, error) {
	return v.GroupNames(access.System("what the groups of a branch are called"), branch)
}

// nearGroup returns the one of some names that another may be meant for, "" for none.
func nearGroup(known []string, name string) string {
	for _, other := range known {
		if other != name && domain.NearGroupName(other, name) {
			return other
		}
	}
	return ""
}

// nearName asks back about a name that is near to another of the branch.
func nearName(attribute, name, near string) error {
	like := "支部里已经有“" + near + "”这个" + attribute + "，“" + name + "”和它差不多"
	f := fault.New(fault.Invalid, "%s", like).WithHint("是同一个，照“%s”写；确实是另一个，写明看过了再交", near)
	f.Fields = map[string]string{"seen": like}
	return f
}

// unlikePerson refuses a name in which a member of the branch is named: names of persons can be
// erased, and what a group is called stays.
func unlikePerson(v *store.Snapshot, branch, attribute, name string) error {
	members, err := v.Members(access.System("no group is called by the name of a member"), branch)
	for i := range members {
		called := members[i].Name
		if utf8.RuneCountInString(called) > 1 && strings.Contains(name, called) {
			return fault.New(fault.Invalid, "%s的名称里有党员的姓名", attribute).
				WithHint("姓名将来要能删除，名称删不掉：用楼栋、院落或者编号称呼，例如 3号楼")
		}
	}
	return err
}

// groupingsIn adds the ways in which a branch divides its members to the attributes of its
// rules, with the names there are as options.
func groupingsIn(asked []ruleset.Attribute, names domain.GroupNames) []ruleset.Attribute {
	own := ruleset.Groupings()
	for i := range own {
		own[i].Options = append(slices.Clone(names[own[i].Name]), domain.NoGroup)
	}
	return addAttributes(asked, own)
}
