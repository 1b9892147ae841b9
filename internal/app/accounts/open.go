package accounts

import (
	"context"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Limits of what is written of an account, in characters.
const (
	maxLogin = 40
	maxName  = 50
)

// Opening describes a new account.
type Opening struct {
	Login  string
	Name   string
	Member domain.MemberID // as a person wrote it; "" for none
	None   bool            // who holds it is no member of the register
	Roles  []Role
}

// OpeningFor returns the opening of an account for a role. Whoever is a member and
// holds an office besides also sees his own points.
func OpeningFor(login, name string, member domain.MemberID, r Role) Opening {
	o := Opening{Login: login, Name: name, Member: member, Roles: []Role{r}}
	if strings.TrimSpace(string(member)) != "" && r.Role.OverOrg() {
		o.Roles = append(o.Roles, Role{Role: domain.RoleMember})
	}
	return o
}

// Open makes an account without a password and returns it with the code of its
// activation slip, which is kept nowhere: it is handed over, and whoever has it chooses
// the password. What is wrong is told by input, all at once, as fault.Invalid.
func (s *Service) Open(ctx context.Context, by *access.Actor, o Opening) (a domain.Account, code string, err error) {
	if !by.May(access.ManageAccounts) {
		return a, "", fault.New(fault.Forbidden, "没有开帐号的权限")
	}
	err = s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		a, code, err = s.OpenWithSlip(tx, by, o)
		return err
	})
	return a, code, err
}

// OpenWithSlip is Open in a transaction that goes on.
func (s *Service) OpenWithSlip(tx *store.Tx, by *access.Actor, o Opening) (a domain.Account, code string, err error) {
	if code, err = s.newCode(); err != nil {
		return a, "", err
	}
	if a, err = OpenTx(tx, by, o, ""); err != nil {
		return a, "", err
	}
	return a, code, addSlip(tx, by, a, code)
}

// OpenTx makes an account whose password has the given hash, "" for none yet, and returns it.
func OpenTx(tx *store.Tx, by *access.Actor, o Opening, hash string) (domain.Account, error) {
	a := domain.Account{Password: hash}
	if !by.May(access.ManageAccounts) {
		return a, fault.New(fault.Forbidden, "没有开帐号的权限")
	}
	var wrong problems
	var err error
	a.Login, err = login(&tx.Snapshot, o.Login)
	wrong.add(err)
	a.Name, err = personName(o.Name)
	wrong.add(err)
	if strings.TrimSpace(string(o.Member)) != "" {
		a.Member, err = memberOf(&tx.Snapshot, o.Member)
		wrong.add(err)
		if o.None {
			wrong.add(at("member", fault.New(fault.Invalid, "写了党员编号，又写不是党员").WithHint("两样只要一样")))
		}
	} else if o.None {
		a.Person = new(domain.MemberID)
	}
	wrong.add(admitAll(&tx.Snapshot, o))
	if err := wrong.fault(); err != nil {
		return a, err
	}
	if a.ID, err = tx.InsertAccountFor(a, firstOf(o.Roles), by.ID()); err != nil {
		return a, err
	}
	for _, r := range o.Roles {
		if err := assign(tx, &a, r, false, by); err != nil {
			return a, err
		}
	}
	return a, audit.Record(tx, by, audit.MadeAccount, audit.What{Detail: audit.Account(a.ID), Whose: a.ID})
}

// firstOf returns the first organisation that roles are over, "" for none.
func firstOf(roles []Role) domain.OrgID {
	for _, r := range roles {
		if r.Org != "" {
			return r.Org
		}
	}
	return ""
}

// admitAll refuses roles that a new account may not be given.
func admitAll(v *store.Snapshot, o Opening) error {
	if len(o.Roles) == 0 || o.Roles[0].Role == "" {
		return at("role", fault.New(fault.Invalid, "要选一个角色"))
	}
	h := holder{login: o.Login, member: strings.TrimSpace(string(o.Member)) != ""}
	h.known = h.member || o.None
	for _, r := range o.Roles {
		org, err := orgOf(v, r.Org)
		if err == nil {
			err = h.admit(r.Role, org)
		}
		if err == nil {
			err = fits(v, &r, &org)
		}
		if err != nil {
			return err
		}
		h.terms = append(h.terms, r)
	}
	return nil
}

// login returns a new account's login as it is kept, or what is wrong with it.
// Only letters that cannot be mistaken for others are let in; two logins that
// differ in case alone would be.
func login(v *store.Snapshot, text string) (string, error) {
	name := domain.Narrow(text)
	wrong := func(r rune) bool {
		ascii := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(".-_@", r)
		return !ascii && !unicode.Is(unicode.Han, r)
	}
	switch n := utf8.RuneCountInString(name); {
	case n == 0 || n > maxLogin:
		return "", at("login", fault.New(fault.Invalid, "帐号要写 1 到 %d 个字", maxLogin))
	case strings.ContainsFunc(name, wrong):
		return "", at("login", fault.New(fault.Invalid, "帐号里有不能用的字").WithHint("用英文字母、数字、汉字和 . - _ @，不要空格"))
	}
	if err := domain.Plain("帐号", name); err != nil {
		return "", at("login", fault.From(err))
	}
	other, err := v.AccountByLogin(name)
	switch {
	case fault.CodeOf(err) == fault.NotFound:
		return name, nil
	case err != nil:
		return "", err
	case other.Login != name:
		return "", at("login", fault.New(fault.Invalid, "已经有帐号“%s”，和“%s”只差大小写", other.Login, name).WithHint("换一个帐号名"))
	}
	return "", at("login", fault.New(fault.Invalid, "帐号“%s”已经有了", name).WithHint("换一个帐号名"))
}

// personName returns the name of an account's holder as it is kept, or what is
// wrong with it.
func personName(text string) (string, error) {
	name := strings.TrimSpace(text)
	if n := utf8.RuneCountInString(name); n == 0 || n > maxName {
		return "", at("name", fault.New(fault.Invalid, "姓名要写 1 到 %d 个字", maxName))
	}
	if err := domain.Plain("姓名", name); err != nil {
		return "", at("name", fault.From(err))
	}
	return name, nil
}

// memberOf returns the number of the member whose account it shall be, or why it
// cannot be his.
func memberOf(v *store.Snapshot, typed domain.MemberID) (domain.MemberID, error) {
	id, err := v.NumberMeant(typed)
	var f *fault.Error
	if errors.As(err, &f) && (f.Code == fault.NotFound || f.Code == fault.Invalid) {
		return "", at("member", fault.Wrap(err, fault.Invalid, "%s", f.Message).WithHint("%s", f.Hint))
	}
	if err != nil {
		return "", err
	}
	m, err := v.Member(access.System("whether somebody for whom an account is opened is still here"), id)
	if err != nil {
		return "", err
	}
	if m.Left != 0 {
		return "", at("member", fault.New(fault.Invalid, "编号 %s 的党员自 %s 起已经转出，不开帐号", id, m.Left))
	}
	switch has, err := v.AccountOf(id); {
	case fault.CodeOf(err) == fault.NotFound:
		return id, nil
	case err != nil:
		return "", err
	case has.Closed:
		return "", at("member", fault.New(fault.Invalid, "编号 %s 的党员已经有帐号“%s”，停用了", id, has.Login).WithHint("重新启用那一个"))
	default:
		return "", at("member", fault.New(fault.Invalid, "编号 %s 的党员已经有帐号“%s”", id, has.Login).
			WithHint("一名党员一个帐号；要加角色，在那个帐号里加"))
	}
}

// problems gathers what is wrong with several inputs.
type problems struct {
	first  *fault.Error
	fields map[string]string
	other  error // is nothing that a person could mend
}

// add takes in what is wrong with an input; nil is nothing.
func (p *problems) add(err error) {
	var f *fault.Error
	switch {
	case err == nil:
		return
	case !errors.As(err, &f) || len(f.Fields) == 0:
		p.other = errors.Join(p.other, err)
		return
	case p.first == nil:
		p.first, p.fields = f, map[string]string{}
	}
	for field, words := range f.Fields {
		if f.Hint != "" {
			words += "（" + f.Hint + "）"
		}
		p.fields[field] = words
	}
}

// fault returns what was gathered as one, nil for nothing.
func (p *problems) fault() error {
	switch {
	case p.other != nil:
		return p.other
	case p.first == nil:
		return nil
	case len(p.fields) == 1:
		return p.first
	}
	f := fault.New(fault.Invalid, "有 %d 处要改", len(p.fields))
	f.Fields = p.fields
	return f
}
