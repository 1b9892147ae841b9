package orgs

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// maxOrgName bounds the name of an organisation, in characters.
const maxOrgName = 50

// ParseName reads the name of an organisation as it was typed.
func ParseName(text string) (string, error) {
	name := strings.TrimSpace(text)
	switch {
	case name == "":
		return "", fault.New(fault.Invalid, "组织的名称是空的").WithHint("写全名，例如 示例街道")
	case utf8.RuneCountInString(name) > maxOrgName:
		return "", fault.New(fault.Invalid, "组织的名称太长").WithHint("最多 %d 字", maxOrgName)
	case strings.Contains(name, "/"):
		return "", fault.New(fault.Invalid, "组织的名称里有斜线").WithHint("只写名称")
	}
	return name, domain.Plain("组织的名称", name)
}

// Creation is an organisation to be set up (设组织): a street below the district, a
// community below a street, a branch below a community.
type Creation struct {
	Parent domain.OrgID
	Name   string
	Kind   domain.BranchKind // of a branch; "" is 社区
	Sure   bool              // it is another one than that of a like name
}

// Create sets an organisation up, for who may keep organisations there; a street, for
// who may keep streets.
func (s *Service) Create(ctx context.Context, actor *access.Actor, n Creation) (out domain.Org, err error) {
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		out, err = create(tx, actor, n)
		return err
	}, access.ManageOrgs, access.ManageStreets)
	return out, err
}

func create(tx *store.Tx, actor *access.Actor, n Creation) (domain.Org, error) {
	up, err := keptOrg(tx, n.Parent, actor)
	if err != nil {
		return up, err
	}
	o := domain.Org{Parent: up.ID, Level: up.Level - 1, Kind: n.Kind}
	if o.Name, err = ParseName(n.Name); err != nil {
		return o, err
	}
	switch {
	case up.Level == domain.Branch:
		return o, fault.New(fault.Invalid, "“%s”是支部，之下不再设组织", up.Name).WithHint("写它所在的社区")
	case up.Closed != 0:
		return o, closed(up)
	case o.Level != domain.Branch && o.Kind != "":
		return o, fault.New(fault.Invalid, "设在“%s”之下的是%s，没有类型", up.Name, o.Level).WithHint("类型只有支部有")
	case o.Level == domain.Branch && o.Kind == "":
		o.Kind = "社区"
	}
	if o.Level == domain.Branch && !slices.Contains(domain.BranchKinds(), o.Kind) {
		var kinds []string
		for _, kind := range domain.BranchKinds() {
			kinds = append(kinds, string(kind))
		}
		return o, fault.New(fault.Invalid, "没有“%s”这一类支部", o.Kind).WithHint("可写：%s", strings.Join(kinds, "、"))
	}
	if !n.Sure {
		if err := unlike(&tx.Snapshot, &up, "", o.Name); err != nil {
			return o, err
		}
	}
	if o, err = tx.InsertOrg(o); err != nil {
		return o, err
	}
	return o, audit.Record(tx, actor, audit.MadeOrg, audit.What{Org: o.ID, Detail: o.Level.String()})
}

// unlike asks back where a name is that which another organisation below the same one has or
// had, or near to it.
func unlike(v *store.Snapshot, up *domain.Org, self domain.OrgID, name string) error {
	scope := access.System("names of organisations are no secret")
	list, err := v.Orgs(scope, up.Path)
	if err != nil {
		return err
	}
	former, err := v.FormerNames(scope)
	if err != nil {
		return err
	}
	for i := range list {
		o := &list[i]
		if o.ID == self || o.Parent != up.ID {
			continue
		}
		var like string
		switch {
		case o.Name == name: // the store refuses it
			continue
		case slices.ContainsFunc(former[o.ID], func(was string) bool { return domain.SameOrgName(was, name) }):
			like = "“" + name + "”是“" + o.Name + "”以前的名称"
		case domain.NearOrgName(o.Name, name):
			like = "已经有“" + o.Name + "”，名称差不多"
		default:
			continue
		}
		f := fault.New(fault.Invalid, "%s", like).WithHint("是同一个组织的，不要再设；确实是另一个，勾上“确实是另一个”再交")
		f.Fields = map[string]string{"sure": like}
		return f
	}
	return nil
}

// Change gives an organisation another name, closes it or opens it again, from a
// day that has come. One that is in use on that day or after it cannot be closed:
// it has members, recorded an activity, or another stands below it.
func (s *Service) Change(ctx context.Context, actor *access.Actor, c domain.OrgChange) (out domain.Org, err error) {
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		out, err = change(tx, actor, c, s.Today(&tx.Snapshot))
		return err
	}, access.ManageOrgs, access.ManageStreets)
	return out, err
}

func change(tx *store.Tx, actor *access.Actor, c domain.OrgChange, today calendar.Day) (domain.Org, error) {
	o, err := keptOrg(tx, c.Org, actor)
	if err != nil {
		return o, err
	}
	last, err := tx.LastOrgChange(o.ID)
	if err != nil {
		return o, err
	}
	switch {
	case c.From == 0:
		return o, fault.New(fault.Invalid, "要写从哪一天起")
	case c.From < last:
		return o, fault.New(fault.Invalid, "“%s”%s 已经有过一次变动，%s 在它前面", o.Name, last, c.From).
			WithHint("写那一天或以后的一天")
	case c.From > today:
		return o, fault.New(fault.Invalid, "%s 还没有到", c.From).WithHint("写批准的那一天，到那一天再登记")
	}
	switch c.Kind {
	case domain.OrgRenamed:
		if c.Name, err = ParseName(c.Name); err == nil && c.Name == o.Name {
			err = fault.New(fault.Conflict, "现在就叫“%s”", o.Name)
		}
		if err == nil && !c.Sure && o.Parent != "" {
			var up domain.Org
			if up, err = tx.Org(access.System("the name of what stands above is no secret"), o.Parent); err == nil {
				err = unlike(&tx.Snapshot, &up, o.ID, c.Name)
			}
		}
	case domain.OrgClosed:
		err = closable(tx, &o, c.From)
	case domain.OrgReopened:
		if o.Closed == 0 {
			err = fault.New(fault.Conflict, "“%s”没有撤销", o.Name)
		}
	}
	if err != nil {
		return o, err
	}
	if o, err = tx.ChangeOrg(o, c, actor.ID()); err != nil {
		return o, err
	}
	return o, audit.Record(tx, actor, audit.ChangedOrg,
		audit.What{Org: o.ID, Detail: string(c.Kind) + " 自 " + c.From.String()})
}

// keptOrg reads an organisation that an actor may keep. The district is kept by who
// may keep streets, and nothing else is.
func keptOrg(tx *store.Tx, id domain.OrgID, actor *access.Actor) (domain.Org, error) {
	o, err := tx.Org(actor.Scope(access.ManageOrgs), id)
	if fault.CodeOf(err) == fault.NotFound {
		above, found := tx.Org(actor.Scope(access.ManageStreets), id)
		switch {
		case found == nil && above.Level == domain.District:
			return above, nil
		case found == nil:
			return above, kernel.Denied()
		}
	}
	return o, fault.Hide(err, "这个组织")
}

// closed says that an organisation is not there any more.
func closed(o domain.Org) error {
	return fault.New(fault.Invalid, "“%s”自 %s 起已经撤销", o.Name, o.Closed)
}

// closable refuses to close what is in use on a day or after it.
func closable(tx *store.Tx, o *domain.Org, from calendar.Day) error {
	switch {
	case o.Closed != 0:
		return fault.New(fault.Conflict, "“%s”自 %s 起已经撤销", o.Name, o.Closed)
	case o.Parent == "":
		return fault.New(fault.Invalid, "“%s”是最上一级，不能撤销", o.Name)
	case o.Level == domain.Street:
		return fault.New(fault.Invalid, "“%s”是街道，不能撤销", o.Name).WithHint("能撤销的是社区和支部")
	}
	if o.Level == domain.Branch {
		members, last, err := tx.InUse(o.ID, from)
		if err != nil {
			return err
		}
		guests, err := tx.Participants(access.System("what stands below an organisation that is to be closed"), o.ID, from)
		switch {
		case err != nil:
			return err
		case members > 0:
			return fault.New(fault.Conflict, "“%s”在 %s 还有 %d 名党员", o.Name, from, members).WithHint("先把他们的组织关系转到别的支部")
		case len(guests) > 0:
			return fault.New(fault.Conflict, "“%s”在 %s 还有 %d 名在这里参加活动的，例如编号 %s", o.Name, from, len(guests), guests[0].ID).
				WithHint("先在他们的“登记变动”里结束")
		case last >= from:
			return fault.New(fault.Conflict, "“%s”在 %s 还记过活动", o.Name, last).WithHint("写这一天以后的一天，或先撤销那次活动")
		}
		return nil
	}
	below, err := tx.Orgs(access.System("what stands below an organisation that is to be closed"), o.Path)
	n := 0
	for i := range below {
		if below[i].ID != o.ID && (below[i].Closed == 0 || below[i].Closed > from) {
			n++
		}
	}
	if err == nil && n > 0 {
		err = fault.New(fault.Conflict, "“%s”之下还有 %d 个没有撤销的组织", o.Name, n).WithHint("先撤销它们")
	}
	return err
}
