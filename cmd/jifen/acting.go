package main

import (
	"context"
	"errors"
	"strings"

	"jifen/internal/access"
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

// proof names where the secret of whom a command acts for is read.
type proof struct {
	PasswordFile string `name:"password-file" env:"JIFEN_PASSWORD_FILE" placeholder:"文件" help:"写着他的密码或凭证的文件；不写就在终端上问"`
}

// proved returns for whom a command acts, once a secret of his has proved it.
func (h *house) proved(ctx context.Context, c *console, login, file string) (*access.Actor, error) {
	ask := func(login string) (string, error) { return c.secret(ctx, h, login, file) }
	actor, err := h.signing().Proven(ctx, login, ask)
	if err != nil {
		return nil, refusedProof(err)
	}
	return actor.From(&access.Origin{Route: c.command}), nil
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
		actor, err := h.proved(ctx, c, k.As, k.PasswordFile)
		if err != nil {
			return err
		}
		return answered(work(ctx, h, actor))
	})
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
			actor, err = h.proved(ctx, c, k.As, k.PasswordFile)
		}
		if err != nil {
			return answered(err)
		}
		return answered(work(ctx, h, actor))
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
