package members

import (
	"context"
	"fmt"
	"slices"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/importer"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// RegisterTable holds the members of an organisation with what holds of them on a day, as
// the import of a roster reads it. It has no identity numbers and no phones.
type RegisterTable struct {
	Title   string
	Columns []string
	Rows    [][]string
}

// Register returns the members who are in an organisation today, with every attribute of the
// rules in force there and the group and hub of each, for a file; fault.NotFound outside the actor's scope.
func (s *Service) Register(ctx context.Context, actor *access.Actor, id domain.OrgID) (out RegisterTable, err error) {
	if !actor.May(access.Export) {
		return out, fault.New(fault.Forbidden, "没有导出的权限").WithHint("请支部书记或上级党委办理")
	}
	err = s.LookLong(ctx, actor, func(v *store.Snapshot) (audit.Action, audit.What, error) {
		org, err := s.standings.OrgOf(v, actor.Scope(access.Export), id)
		if err != nil {
			return "", audit.What{}, err
		}
		if out, err = s.register(v, actor, org); err != nil {
			return "", audit.What{}, err
		}
		seen := actor.See(len(out.Rows), func(i int) domain.MemberID { return domain.MemberID(out.Rows[i][0]) })
		return audit.Exported, audit.What{Org: org.ID, Members: seen, Detail: fmt.Sprintf("名册 %d 人", len(out.Rows))}, nil
	}, access.Export)
	return out, err
}

func (s *Service) register(v *store.Snapshot, actor *access.Actor, org domain.Org) (out RegisterTable, err error) {
	today := s.Today(v)
	members, err := v.Members(actor.Scope(access.Export), org.Path)
	if err != nil {
		return out, err
	}
	members = slices.DeleteFunc(members, func(m domain.Member) bool { return m.Left != 0 && m.Left <= today })
	records, err := v.Records(members)
	if err != nil {
		return out, err
	}
	books := map[string][]*ruleset.RuleSet{}
	var asked []ruleset.Attribute
	for i := range members {
		path := members[i].Home.Path
		if books[path] != nil {
			continue
		}
		if books[path], err = s.standings.Schemes(v, path, today); err != nil && fault.CodeOf(err) != fault.NotFound {
			return out, err
		}
		for _, b := range books[path] {
			asked = addAttributes(asked, b.Attributes)
		}
	}
	groups, err := v.Groups(actor.Scope(access.Export), org.Path)
	if err != nil {
		return out, err
	}
	asked = addAttributes(asked, ruleset.Groupings())
	asked = slices.DeleteFunc(asked, func(a ruleset.Attribute) bool {
		return a.Type == ruleset.Age || a.Type == ruleset.Service
	})
	out.Title = org.Name + "党员名册"
	out.Columns = []string{string(importer.FieldNumber), string(importer.FieldName), string(importer.FieldBranch)}
	for i := range asked {
		out.Columns = append(out.Columns, asked[i].Name)
	}
	for i := range members {
		m := &members[i]
		row := []string{string(m.ID), m.Name, m.Home.Name}
		for k := range asked {
			if text := groups[m.ID].Of(asked[k].Name); text != "" || asked[k].Type == ruleset.Named {
				row = append(row, text)
				continue
			}
			row = append(row, holds(records[i].Facts, books[m.Home.Path], asked[k].Name, today))
		}
		out.Rows = append(out.Rows, row)
	}
	return out, nil
}

// holds returns what holds of a member on a day, in words: what nobody recorded included,
// where that has a meaning; "" for what is unknown or not asked there.
func holds(facts []domain.Fact, books []*ruleset.RuleSet, attribute string, on calendar.Day) string {
	for _, b := range books {
		i := b.Attribute(attribute)
		if i < 0 {
			continue
		}
		a := &b.Attributes[i]
		if value, known := valueOn(facts, attribute, on); known {
			return a.Text(value)
		}
		switch {
		case a.Type == ruleset.YesNo:
			return a.Text(domain.Value{})
		case i == ruleset.Membership, i == ruleset.Discipline, i == ruleset.Exempted:
			return a.Options[0]
		}
		return ""
	}
	return ""
}

// valueOn returns the value of an attribute on a day. Facts come in the order of their days.
func valueOn(facts []domain.Fact, attribute string, on calendar.Day) (value domain.Value, known bool) {
	for _, f := range facts {
		if f.Attribute == attribute && f.From <= on {
			value, known = f.Value, true
		}
	}
	return value, known
}
