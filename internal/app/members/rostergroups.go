package members

import (
	"strings"
	"unicode/utf8"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// group adds in which group or at which hub a row says that somebody is. A name that is near to
// another of the branch, or names a person, is not taken.
func (pl *rosterPlanner) group(s *RosterStep, c *claim, fact domain.Fact) error {
	if pl.groups == nil {
		var err error
		scope := access.System("what the groups of a branch are called")
		if pl.groups, err = pl.view.Groups(scope, pl.Org.Path); err != nil {
			return err
		}
	}
	var now string
	if !s.New && !s.Moves {
		now = pl.groups[s.Member].Of(c.attribute)
	}
	name := fact.Value.Text
	if name == now || now == "" && c.plain {
		return nil
	}
	if ok, err := pl.named(s, c, name); err != nil || !ok {
		return err
	}
	if s.New {
		s.Facts = append(s.Facts, fact)
		return nil
	}
	fact.From = pl.Changes
	if !s.Moves {
		since, err := pl.view.HomeSince(s.Member)
		if err != nil {
			return err
		}
		fact.From = max(fact.From, since)
	}
	s.Facts = append(s.Facts, fact)
	s.Words = append(s.Words, c.attribute+" "+name)
	return nil
}

// named reports whether a name may be that of a group of the branch, and warns where it may not.
func (pl *rosterPlanner) named(s *RosterStep, c *claim, name string) (bool, error) {
	if name == domain.NoGroup {
		return true, nil
	}
	known, err := pl.groupsOf(s.Branch)
	if err != nil {
		return false, err
	}
	for _, other := range known[c.attribute] {
		if other == name {
			return true, nil
		}
	}
	if near := nearGroup(known[c.attribute], name); near != "" {
		pl.warn(s.Person, c.field, "“"+s.Branch+"”已经有“"+near+"”，“"+fault.Quote(name)+"”和它差不多，这一格没有取",
			"是同一个，照“"+near+"”写；确实是另一个，在“成批登记”里登记")
		return false, nil
	}
	if pl.person(s.Branch, name) {
		pl.warn(s.Person, c.field, c.attribute+"的名称里有党员的姓名，这一格没有取", "用楼栋、院落或者编号称呼，例如 3号楼")
		return false, nil
	}
	known[c.attribute] = append(known[c.attribute], name)
	return true, nil
}

// groupsOf returns what the groups of a branch are called, those of earlier rows included.
func (pl *rosterPlanner) groupsOf(branch string) (names domain.GroupNames, err error) {
	if names, has := pl.names[branch]; has {
		return names, nil
	}
	names = domain.GroupNames{}
	if there := pl.branches[branch]; len(there) == 1 {
		names, err = groupNames(pl.view, there[0].Path)
	}
	if pl.names == nil {
		pl.names = map[string]domain.GroupNames{}
	}
	pl.names[branch] = names
	return names, err
}

// person reports whether a member of a branch, as it is or as the file has it, is named in a
// name.
func (pl *rosterPlanner) person(branch, name string) bool {
	in := func(called string) bool { return utf8.RuneCountInString(called) > 1 && strings.Contains(name, called) }
	for i := range pl.plan.Steps {
		if s := &pl.plan.Steps[i]; s.Branch == branch && in(s.Person.Name) {
			return true
		}
	}
	for called, all := range pl.byName {
		if !in(called) {
			continue
		}
		for i := range all {
			if all[i].Home.Name == branch {
				return true
			}
		}
	}
	return false
}
