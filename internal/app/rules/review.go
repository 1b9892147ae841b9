package rules

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
	"jifen/internal/yamldoc"
)

// Review is a draft with all that a second person looks at before confirming.
type Review struct {
	Draft     domain.RuleDraft
	Book      *ruleset.RuleSet
	Root      *yamldoc.Node
	Before    *yamldoc.Node // the text in force on its day; nil for none
	Warnings  string
	Cases     int // worked cases that passed
	Rehearsal Rehearsal
	May       bool // whether who looks may confirm it
	Unsettled bool // he may not because it has not been said who he or who handed it in is
}

// Review checks a draft again and rehearses it on the ledger as it is now.
// fault.NotFound outside the scope.
func (s *Service) Review(ctx context.Context, actor *access.Actor, id domain.RuleDraftID) (*Review, error) {
	if err := permitted(actor); err != nil {
		return nil, err
	}
	var out *Review
	err := s.db.LongRead(ctx, func(v *store.Snapshot) (err error) { // a whole street takes longer than a page may
		out, err = s.review(v, actor, id)
		return err
	})
	return out, err
}

func (s *Service) review(v *store.Snapshot, actor *access.Actor, id domain.RuleDraftID) (*Review, error) {
	d, err := v.Draft(scope(actor), id)
	if err != nil {
		return nil, fault.Wrap(err, fault.NotFound, "没有这份草案")
	}
	out := &Review{Draft: d, May: !d.Enacted && !d.Withdrawn && mayConfirm(actor, &d) == nil}
	out.Unsettled = !out.May && !d.Enacted && !d.Withdrawn && !access.SamePerson(actor.Person(), d.Author)
	c, err := s.check(v, &d, "")
	if err != nil {
		return out, err
	}
	out.Book, out.Root, out.Warnings, out.Cases = c.book, c.root, c.warnings, c.cases
	now, err := s.earlier(v, &d)
	if err != nil {
		return out, err
	}
	if now != nil && !d.Supplement {
		text, err := v.EnactedText(now.Org, now.Hash)
		if err != nil {
			return out, err
		}
		out.Before = ruleset.Load(now.Code, []byte(text)).File.Root
	}
	if d.Enacted || d.Withdrawn {
		return out, nil // nothing is to be decided any more
	}
	out.Rehearsal, err = s.rehearse(v, &d, c.book, nil)
	return out, err
}

// Confirm puts a draft in force. It is for somebody else than who handed it in
// (fault.Forbidden); a draft that is ended is fault.Conflict; one that
// changes points of days past is fault.Invalid and says whose, unless who handed
// it in has agreed to that and who confirms it agrees too (retroactive).
func (s *Service) Confirm(ctx context.Context, actor *access.Actor, id domain.RuleDraftID, person string,
	retroactive bool) error {
	if err := permitted(actor); err != nil {
		return err
	}
	person, err := name(actor, person)
	if err != nil {
		return err
	}
	r, err := s.Review(ctx, actor, id)
	if err != nil {
		return err
	}
	return s.confirm(ctx, actor, r, person, retroactive)
}

// confirm puts a reviewed draft in force, if nothing has happened since that
// forbids it.
func (s *Service) confirm(ctx context.Context, actor *access.Actor, r *Review, person string, retroactive bool) error {
	d := &r.Draft
	switch {
	case d.Enacted || d.Withdrawn:
		return confirmedAlready()
	case person == d.Person:
		return ownDraft()
	}
	if err := mayConfirm(actor, d); err != nil {
		return err
	}
	retroactive = retroactive && d.Retroactive
	if err := r.Rehearsal.allows(retroactive); err != nil {
		return err
	}
	return s.db.Exclusive(store.InStreets(ctx, []string{d.Org.Path}), func(tx *store.Tx) error {
		past, err := s.stillAllowed(&tx.Snapshot, actor, r, retroactive)
		if err != nil {
			return err
		}
		detail := d.Code + " " + d.From.String()
		if past > 0 {
			detail += " 两人同意改以前的分 " + strconv.Itoa(past) + " 人"
		}
		err = tx.InsertEnactment(domain.RuleVersion{
			Org: d.Org.ID, Supplement: d.Supplement, Beside: d.Beside, Code: d.Code, From: d.From, Hash: d.Hash,
			Source: d.Source, Draft: d.ID, Person: person,
			Retroactive: retroactive,
		}, actor.ID())
		if err != nil {
			return twice(err, d.Code, d.From)
		}
		return audit.Record(tx, actor, audit.Enacted, audit.What{Org: d.Org.ID, Detail: detail})
	})
}

// mayConfirm refuses who is not surely another person than who handed a draft in. The
// program itself, and whoever named himself at a command line before commands proved
// who acts, are no accounts.
func mayConfirm(actor *access.Actor, d *domain.RuleDraft) error {
	who := actor.Person()
	switch {
	case who.Account == 0 || d.By == 0, access.TwoPersons(who, d.Author):
		return nil
	case access.SamePerson(who, d.Author):
		return ownDraft()
	}
	whose := "起草人的帐号"
	if !who.Settled {
		whose = "您的帐号"
	}
	return fault.New(fault.Forbidden, "%s还没有核对是哪一名党员，分不清是不是两个人", whose).
		WithHint("请安全管理员在“帐号”一页写上党员编号，或者写明不是党员，再来确认")
}

func ownDraft() error {
	return fault.New(fault.Forbidden, "自己起草的，由另一个人确认").WithHint("请另一名街道工作人员登录确认")
}

func confirmedAlready() error { return fault.New(fault.Conflict, "这份草案已经办过") }

// Withdraw ends a draft that shall not be put in force.
func (s *Service) Withdraw(ctx context.Context, actor *access.Actor, id domain.RuleDraftID, person,
	reason string) error {
	if err := permitted(actor); err != nil {
		return err
	}
	person, err := name(actor, person)
	if err != nil {
		return err
	}
	if reason = strings.TrimSpace(reason); reason == "" || utf8.RuneCountInString(reason) > maxReason {
		return fault.New(fault.Invalid, "要写撤回的理由").WithHint("1 到 %d 个字", maxReason)
	}
	return s.db.Write(store.InStreets(ctx, actor.Paths()), func(tx *store.Tx) error {
		d, err := tx.Draft(scope(actor), id)
		if err != nil {
			return fault.Wrap(err, fault.NotFound, "没有这份草案")
		}
		if d.Enacted || d.Withdrawn {
			return fault.New(fault.Conflict, "这份草案已经办过")
		}
		if err := tx.InsertWithdrawal(&d, person, reason, actor.ID()); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.WithdrewDraft, audit.What{Org: d.Org.ID, Detail: d.Code + " " + d.From.String()})
	})
}

// maxDrafts limits the list of drafts.
const maxDrafts = 100
