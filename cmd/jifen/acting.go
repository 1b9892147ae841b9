package main

import (
	"context"
	"errors"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// acting names what every command that reads people or writes takes: the database,
// for whom it acts, and what proves it. What the account may not do on the pages, it
// may not do here.
type acting struct {
	database
	As string `required:"" placeholder:"帐号" help:"谁办的：写他的帐号；他在网站上办不了的，这里也办不了"`
	proof
}

// proof names where the secret of whom a command acts for is read, and in which of his
// offices he acts.
type proof struct {
	PasswordFile string `name:"password-file" env:"JIFEN_PASSWORD_FILE" placeholder:"文件" help:"写着他的密码或凭证的文件；不写就在终端上问"`

	Office string `placeholder:"职务" help:"他有几个职务的，这次用哪一个，写成 支部书记 或 支部书记（某支部）"`
}

// of names the person who proves that the login is his.
func (p proof) of(login string) actsAs { return actsAs{login, p.PasswordFile, p.Office, "--office"} }

// actsAs is somebody whom a command acts for, as its flags name him.
type actsAs struct{ login, file, office, flag string }

// proved returns for whom a command acts, once a secret of his has proved it, in one of his
// offices.
func (h *house) proved(ctx context.Context, c *console, p actsAs) (*access.Actor, error) {
	ask := func(login string) (string, error) { return c.secret(ctx, h, login, p.file) }
	actor, err := h.signing().Proven(accounts.WithVisit(ctx, &accounts.Visit{Route: c.command}), p.login, ask)
	if err != nil {
		return nil, refusedProof(err)
	}
	if actor, err = inOffice(actor, &p); err != nil {
		return nil, err
	}
	actor = actor.From(&access.Origin{Route: c.command})
	h.acting = append(h.acting, actor)
	return actor, nil
}

// inOffice returns somebody as he acts in the office that is named, by its words, its role or
// its organisation. Whoever has several names one.
func inOffice(actor *access.Actor, p *actsAs) (*access.Actor, error) {
	offices := actor.Offices()
	var found []access.Grant
	for _, g := range offices {
		if p.office == "" || calledOffice(g, p.office) {
			found = append(found, g)
		}
	}
	login := strings.TrimSpace(p.login)
	f := fault.New(fault.Invalid, "帐号“%s”有 %d 个职务，一次用一个", login, len(found))
	switch {
	case len(found) == 1:
		return actor.Working(found[0].Key()), nil
	case len(offices) == 0 && p.office == "":
		return actor, nil
	case len(offices) == 0:
		return nil, fault.New(fault.Invalid, "帐号“%s”没有“%s”这个职务", login, p.office).WithHint("他没有职务，不用写 %s", p.flag)
	case len(found) == 0:
		f, found = fault.New(fault.Invalid, "帐号“%s”没有“%s”这个职务", login, p.office), offices
	case p.office != "":
		f = fault.New(fault.Invalid, "帐号“%s”的“%s”有 %d 个", login, p.office, len(found))
	}
	names := make([]string, len(found))
	for i, g := range found {
		names[i] = g.Words()
	}
	return nil, f.WithHint("加 %s 写一个：%s", p.flag, strings.Join(names, "、"))
}

// calledOffice reports whether an office is called so: as it is shown, by its role, by its
// organisation, or as the API names it.
func calledOffice(g access.Grant, name string) bool {
	name = strings.NewReplacer("(", "（", ")", "）").Replace(strings.TrimSpace(name))
	return name == g.Words() || name == g.Role.String() || g.Org != "" && name == g.Org || name == g.Key()
}

// refusedProof makes an answer of a secret that proves nothing.
func refusedProof(err error) error {
	var f *fault.Error
	if errors.As(err, &f) && (f.Code == fault.Unauthenticated || f.Code == fault.Expired) {
		said := *f
		said.Code = fault.Invalid
		return &said
	}
	return answered(err)
}

// as does something for the account.
func (k acting) as(c *console, work func(ctx context.Context, h *house, actor *access.Actor) error) error {
	return k.in(store.Visitor, c, work)
}

// in is as in a company.
func (k acting) in(
	company store.Company, c *console, work func(ctx context.Context, h *house, actor *access.Actor) error,
) error {
	return k.open(company, func(ctx context.Context, h *house) error {
		actor, err := h.proved(ctx, c, k.of(k.As))
		if err != nil {
			return err
		}
		return answered(h.deny(ctx, work(ctx, h, actor)))
	})
}

// deny leaves a line of an act that was refused: one of everybody who proved that he acts, and
// who of several was to agree says the other's account. It returns why it was refused.
func (h *house) deny(ctx context.Context, err error) error {
	if audit.Refusal(err) == "" {
		return err
	}
	for i, actor := range h.acting {
		var what audit.What
		if h.about != "" && !actor.IsMember(h.about) {
			what.Members = []domain.MemberID{h.about}
		}
		if len(h.acting) > 1 {
			what.Detail = audit.Account(h.acting[(i+1)%len(h.acting)].ID())
		}
		left := h.db.Write(kernel.InStreets(ctx, actor), func(tx *store.Tx) error {
			return audit.Deny(tx, actor, err, what)
		})
		if left != nil {
			return errors.Join(err, left)
		}
	}
	return err
}

// recovering names what commands take that bring the last security administrator
// back: they need nobody to act for while nobody else keeps the accounts.
type recovering struct {
	database
	As string `placeholder:"帐号" help:"谁办的：写安全管理员的帐号；没有别的安全管理员时不用写"`
	proof
}

// as does something about the account of a login ("" for one that is yet to be
// opened) for the account that is named, or else for the program.
func (k recovering) as(
	c *console, login string, work func(ctx context.Context, h *house, actor *access.Actor) error,
) error {
	return k.with(func(ctx context.Context, h *house) (err error) {
		var actor *access.Actor
		if strings.TrimSpace(k.As) == "" {
			actor, err = h.signing().Recoverer(ctx, login)
		} else {
			actor, err = h.proved(ctx, c, k.of(k.As))
		}
		if err != nil {
			return answered(err)
		}
		return answered(h.deny(ctx, work(ctx, h, actor)))
	})
}

// aboutAccount names what commands about one account take.
type aboutAccount struct {
	acting
	Login string `required:"" placeholder:"帐号" help:"哪个帐号"`
}

// do does something with the account.
func (k *aboutAccount) do(
	c *console, work func(ctx context.Context, h *house, actor *access.Actor, a domain.Account) error,
) error {
	return k.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		a, err := h.signing().Find(ctx, actor, k.Login)
		if err != nil {
			return err
		}
		return work(ctx, h, actor, a)
	})
}
