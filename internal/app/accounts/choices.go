package accounts

import (
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Role is a role over an organisation, on its days.
type Role = domain.Term

// Choice is a role that an account may be given, and the organisations over which
// it may be.
type Choice struct {
	Role  domain.Role
	Whole bool // it may be over none of them
	Orgs  []domain.Org
}

// choices returns what an account may be given, id 0 for one that is yet to be
// opened: what Assign and Open accept, and nothing else.
func choices(v *store.Snapshot, id domain.AccountID, orgs []domain.Org) (out []Choice, err error) {
	h, err := holderOf(v, id)
	if err != nil {
		return nil, err
	}
	grouped, err := v.GroupedBranches(access.System("what the groups of a branch are called"))
	if err != nil {
		return nil, err
	}
	for _, role := range domain.Roles() {
		if id == 0 {
			h.member = role == domain.RoleMember // whose number is asked for with the role
			h.known = true                       // who holds it is known, too
		}
		over := orgs
		if role == domain.RoleLeader {
			over = slices.DeleteFunc(slices.Clone(orgs), func(o domain.Org) bool { return !grouped[o.ID] })
		}
		if c, ok := h.choice(role, over); ok {
			out = append(out, c)
		}
	}
	return out, nil
}

// holder is an account as roles are given to it.
type holder struct {
	login  string
	opened bool
	member bool // it is a member's
	closed bool
	known  bool // it has been said who holds it as a member, or that he is none
	terms  []domain.Term
}

// holderOf reads an account; the zero holder for one that is yet to be opened.
func holderOf(v *store.Snapshot, id domain.AccountID) (holder, error) {
	if id == 0 {
		return holder{}, nil
	}
	a, err := v.Account(id)
	if err != nil {
		return holder{}, err
	}
	h := holder{login: a.Login, opened: true, member: a.Member != "", closed: a.Closed,
		known: a.Holder().Settled}
	h.terms, err = v.Terms(id)
	return h, err
}

// choice returns over what a role may be given; ok is false if over nothing.
func (h *holder) choice(role domain.Role, orgs []domain.Org) (c Choice, ok bool) {
	c.Role = role
	c.Whole = h.admit(role, domain.Org{}) == nil
	if _, over := role.Level(); over {
		for _, o := range orgs {
			if h.admit(role, o) == nil {
				c.Orgs = append(c.Orgs, o)
			}
		}
	}
	return c, c.Whole || len(c.Orgs) > 0
}

// admit refuses a role that an account may not be given, with what is wrong at
// the input of which it is. org is the zero one for a role over none.
func (h *holder) admit(role domain.Role, org domain.Org) error {
	level, over := role.Level()
	switch {
	case h.closed:
		return fault.New(fault.Invalid, "帐号“%s”停用了", h.login).WithHint("先重新启用")
	case h.has(role, org), role.Whole() && h.has(role, domain.Org{}):
		return fault.New(fault.Conflict, "帐号“%s”已经是%s", h.login, named(role, org))
	case !slices.Contains(domain.Roles(), role):
		return at("role", fault.New(fault.Invalid, "没有“%s”这个角色", role).WithHint("从列出的角色里选"))
	case !access.Compatible(h.with(role)):
		return at("role", fault.New(fault.Invalid, "系统管理员、安全管理员和审计员不能兼任别的角色"))
	case role.Alone() && h.member:
		return at("member", fault.New(fault.Invalid, "%s的帐号不写党员编号", role).WithHint("他本人的分，另开一个党员帐号看"))
	case role == domain.RoleMember && !h.member && h.opened:
		return at("role", fault.New(fault.Invalid, "帐号“%s”没有对应的党员，不能是党员", h.login).WithHint("另开一个帐号，写上党员编号"))
	case role == domain.RoleMember && !h.member:
		return at("member", fault.New(fault.Invalid, "角色是党员的，要写党员编号").WithHint("照名册上的写，例如 P0001"))
	case role.OverOrg() && org.ID == "":
		return at("org", fault.New(fault.Invalid, "%s要选管哪一个%s", role, level))
	case !over && org.ID != "":
		return at("org", fault.New(fault.Invalid, "%s不管哪个组织", role).WithHint("这一格不选"))
	case over && org.ID != "" && org.Level != level:
		return at("org", fault.New(fault.Invalid, "“%s”是%s，%s要管一个%s", org.Name, org.Level, role, level).
			WithHint("选一个%s", level))
	case org.Closed != 0:
		return at("org", fault.New(fault.Invalid, "“%s”自 %s 起已经撤销", org.Name, org.Closed).WithHint("选一个还在的%s", level))
	case access.OverPoints(role) && !h.known:
		return at(h.asks(), unsettled())
	}
	return nil
}

// asks returns the input that says who holds an account.
func (h *holder) asks() string {
	if h.opened {
		return "holder"
	}
	return "member"
}

// has reports whether an account has a role over an organisation.
func (h *holder) has(role domain.Role, org domain.Org) bool {
	return slices.ContainsFunc(h.terms, func(t domain.Term) bool { return t.Role == role && t.Org == org.ID })
}

// with returns the roles of an account and one more, each once.
func (h *holder) with(role domain.Role) []domain.Role {
	out := []domain.Role{role}
	for _, t := range h.terms {
		if !slices.Contains(out, t.Role) {
			out = append(out, t.Role)
		}
	}
	return out
}

// named returns a role with its organisation, for a sentence.
func named(role domain.Role, org domain.Org) string {
	if org.Name == "" {
		return role.String()
	}
	return "“" + org.Name + "”的" + role.String()
}

// at says that a fault is one input's.
func at(field string, f *fault.Error) *fault.Error {
	f.Fields = map[string]string{field: f.Message}
	return f
}

// orgOf reads the organisation of a role; the zero one for a role over none.
func orgOf(v *store.Snapshot, id domain.OrgID) (domain.Org, error) {
	if id == "" {
		return domain.Org{}, nil
	}
	o, err := v.Org(access.System("names of organisations are no secret"), id)
	if fault.CodeOf(err) == fault.NotFound {
		return o, at("org", fault.Wrap(err, fault.Invalid, "没有这个组织").WithHint("从列出的组织里选"))
	}
	return o, err
}

// days refuses days on which a role never is.
func days(r *Role, today calendar.Day) error {
	switch {
	case r.Until == 0:
		return nil
	case r.Until < r.From:
		return at("until", fault.New(fault.Invalid, "到 %s 为止，早于从 %s 起", r.Until, r.From).WithHint("最后一天写在后面"))
	case r.Until < today:
		return at("until", fault.New(fault.Invalid, "%s 已经过去", r.Until).WithHint("写今天或以后的一天；一直担任的，这一格不填"))
	}
	return nil
}

// fits refuses a term of a role over an organisation that has no such days or group.
func fits(v *store.Snapshot, r *Role, org *domain.Org) error {
	if err := days(r, calendar.FromTime(v.Now())); err != nil {
		return err
	}
	switch {
	case r.Role != domain.RoleLeader && r.Group != "":
		return at("group", fault.New(fault.Invalid, "%s不写党小组", r.Role).WithHint("党小组长才写"))
	case r.Role != domain.RoleLeader:
		return nil
	}
	names, err := v.GroupNames(access.System("what the groups of a branch are called"), org.Path)
	known := names[domain.Group]
	switch {
	case err != nil:
		return err
	case len(known) == 0:
		return at("group", fault.New(fault.Invalid, "“%s”还没有登记党小组", org.Name).WithHint("请支部书记先在“成批登记”里登记各人在哪个党小组"))
	case r.Group == "":
		return at("group", fault.New(fault.Invalid, "党小组长要写是哪个党小组").WithHint("可写：%s", strings.Join(known, "、")))
	case !slices.Contains(known, r.Group):
		return at("group", fault.New(fault.Invalid, "“%s”没有“%s”这个党小组", org.Name, fault.Quote(r.Group)).
			WithHint("可写：%s", strings.Join(known, "、")))
	}
	return nil
}

// assign gives a role, proposes it where another person has to agree, or ends it, unless
// the account may not have it.
func assign(tx *store.Tx, a *domain.Account, r Role, ended bool, by *access.Actor) error {
	h, err := holderOf(&tx.Snapshot, a.ID)
	if err != nil {
		return err
	}
	org, err := orgOf(&tx.Snapshot, r.Org)
	if err != nil {
		return err
	}
	if !ended {
		if err := h.admit(r.Role, org); err != nil {
			return err
		}
		if err := fits(&tx.Snapshot, &r, &org); err != nil {
			return err
		}
		if !Waits(by, r.Role) {
			return tx.InsertTerm(a.ID, r, false, by.ID())
		}
		if err := proposed(tx, a, &r, org); err != nil {
			return err
		}
		return tx.InsertProposal(a.ID, r, by.ID())
	}
	switch {
	case h.closed:
		return fault.New(fault.Invalid, "帐号“%s”停用了", a.Login).WithHint("先重新启用")
	case !h.has(r.Role, org):
		return fault.New(fault.Conflict, "帐号“%s”不是%s", a.Login, named(r.Role, org)).
			WithHint("他有哪些角色，在“帐号”一页里看，或用 jifen user list")
	}
	return tx.InsertAssignment(a.ID, r.Role, r.Org, true, by.ID())
}
