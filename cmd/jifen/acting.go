package main

import (
	"context"
	"strings"

	"jifen/internal/access"
	"jifen/internal/domain"
)

// acting names what every command that reads people or writes takes: the database,
// and for whom it acts. What the account may not do on the pages, it may not do
// here.
type acting struct {
	database
	As string `required:"" placeholder:"帐号" help:"谁办的：写他的帐号；他在网站上办不了的，这里也办不了"`
}

// as does something for the account.
func (k acting) as(work func(ctx context.Context, h *house, actor *access.Actor) error) error {
	return k.with(func(ctx context.Context, h *house) error {
		actor, err := h.signing().ActorOf(ctx, k.As)
		if err != nil {
			return answered(err)
		}
		return answered(work(ctx, h, actor))
	})
}

// recovering names what commands take that bring the last security administrator
// back: they need nobody to act for while nobody else keeps the accounts.
type recovering struct {
	database
	As string `placeholder:"帐号" help:"谁办的：写安全管理员的帐号；没有别的安全管理员时不用写"`
}

// as does something about the account of a login ("" for one that is yet to be
// opened) for the account that is named, or else for the program.
func (k recovering) as(login string, work func(ctx context.Context, h *house, actor *access.Actor) error) error {
	return k.with(func(ctx context.Context, h *house) (err error) {
		var actor *access.Actor
		if strings.TrimSpace(k.As) == "" {
			actor, err = h.signing().Recoverer(ctx, login)
		} else {
			actor, err = h.signing().ActorOf(ctx, k.As)
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
func (k *aboutAccount) do(work func(ctx context.Context, h *house, actor *access.Actor, a domain.Account) error) error {
	return k.as(func(ctx context.Context, h *house, actor *access.Actor) error {
		a, err := h.signing().Find(ctx, actor, k.Login)
		if err != nil {
			return err
		}
		return work(ctx, h, actor, a)
	})
}
