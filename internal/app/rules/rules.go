// Package rules puts rule files in force: a draft is checked, its cases are
// run, it is rehearsed on the real ledger, a second person confirms it, and it
// holds from its day on for a subtree of organisations. The program proposes;
// two people decide.
package rules

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// Limits of what is handed in.
const (
	MaxSource = 1 << 20 // bytes of a rule file, and of its cases
	maxPerson = 40      // runes
	maxReason = 500
)

// Service puts rule files in force.
type Service struct {
	db        *store.DB
	standings *standings.Service
	zone      *time.Location
}

// New makes the service.
func New(db *store.DB, s *standings.Service, zone *time.Location) *Service {
	return &Service{db, s, zone}
}

func (s *Service) today(v *store.Snapshot) calendar.Day { return calendar.FromTime(v.Now().In(s.zone)) }

// Enact puts a rule file in force for an organisation and everything below it
// while the database is made, before there is anybody to confirm it; later
// that is for Propose and Confirm. A file with an error is fault.Invalid.
func Enact(tx *store.Tx, by *access.Actor, org domain.OrgID, name string, source []byte) error {
	loaded := ruleset.Load(name, source)
	if loaded.Book == nil {
		return broken(loaded)
	}
	if err := permitted(by); err != nil {
		return err
	}
	book := loaded.Book
	err := tx.InsertEnactment(domain.RuleVersion{Org: org, Code: book.Code, From: book.From, Hash: book.Hash,
		Source: string(source)}, by.ID())
	if err != nil {
		return twice(err, book.Code, book.From)
	}
	return audit.Record(tx, by, audit.Enacted, audit.What{Org: org, Detail: book.Code + " " + book.From.String()})
}

func broken(loaded *ruleset.Result) error {
	return fault.New(fault.Invalid, "规则文件有 %d 处错误，没有启用：\n%s", loaded.Errors(),
		loaded.Format()).WithHint("用 jifen rules check 逐处改好")
}

func twice(err error, code string, from calendar.Day) error {
	if fault.CodeOf(err) == fault.Conflict {
		return fault.Wrap(err, fault.Conflict, "办法 %s 自 %s 起施行的一份已经启用", code, from)
	}
	return err
}

// Proposal is a rule file handed in.
type Proposal struct {
	Org    domain.OrgID
	Name   string // of the file, in messages
	Source []byte
	Cases  []byte       // a file of worked cases; nil for none
	From   calendar.Day // the day from which it shall hold; 0 = the file's 施行
	Beside bool         // 并行: a ledger of its own beside the main scheme
	Person string       // who hands it in, where there is no account

	Retroactive bool // who hands it in agrees that points of days past change
}

// Propose checks a rule file and keeps it as a draft. What is wrong with it, or
// with one of its cases, is fault.Invalid and told in full; nothing is kept.
func (s *Service) Propose(ctx context.Context, actor *access.Actor, p Proposal) (id domain.RuleDraftID, err error) {
	if err := permitted(actor); err != nil {
		return 0, err
	}
	person, err := name(actor, p.Person)
	if err != nil {
		return 0, err
	}
	d := domain.RuleDraft{Beside: p.Beside, Source: string(p.Source), Cases: string(p.Cases), From: p.From,
		Person: person, Retroactive: p.Retroactive}
	err = s.db.LongRead(ctx, func(v *store.Snapshot) error {
		if d.Org, err = v.Org(scope(actor), p.Org); err != nil {
			return err
		}
		c, err := s.check(v, &d, p.Name)
		if err != nil {
			return err
		}
		return s.agreed(v, &d, c.book)
	})
	if err != nil {
		return 0, err
	}
	// Whether it may still be put in force is judged again when it is confirmed.
	err = s.db.Write(store.InStreets(ctx, []string{d.Org.Path}), func(tx *store.Tx) error {
		if id, err = tx.InsertDraft(d, actor.ID()); err != nil {
			return err
		}
		detail := d.Code + " " + d.From.String()
		if d.Retroactive {
			detail += " 同意改以前的分"
		}
		return audit.Record(tx, actor, audit.Drafted, audit.What{Org: d.Org.ID, Detail: detail})
	})
	return id, err
}

// agreed refuses a draft that moves points of days past and whose author has not
// said that he agrees to it.
func (s *Service) agreed(v *store.Snapshot, d *domain.RuleDraft, book *ruleset.RuleSet) error {
	if d.Retroactive {
		return nil
	}
	r, err := s.rehearse(v, d, book, nil)
	if err == nil && len(r.Past) > 0 {
		err = r.allows(false)
	}
	return err
}

func permitted(actor *access.Actor) error {
	if !actor.May(access.EnactRules) {
		return fault.New(fault.Forbidden, "没有启用办法的权限").WithHint("请街道党工委办理")
	}
	return nil
}

// scope returns the part of the tree an actor may put rules in force for.
func scope(actor *access.Actor) access.Scope { return actor.Scope(access.EnactRules) }

// name returns the person for the record: the account's holder, or the one said to
// stand at the command line.
func name(actor *access.Actor, person string) (string, error) {
	if actor.ID() != 0 {
		person = actor.Name
	}
	person = strings.TrimSpace(person)
	if n := utf8.RuneCountInString(person); n == 0 || n > maxPerson {
		return "", fault.New(fault.Invalid, "要写办理人的姓名").WithHint("1 到 %d 个字", maxPerson)
	}
	return person, nil
}
