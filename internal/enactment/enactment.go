// Package enactment puts rule files in force: a draft is checked, its cases are
// run, it is rehearsed on the real ledger, a second person confirms it, and it
// holds from its day on for a subtree of organisations. The program proposes;
// two people decide.
package enactment

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"jifen/internal/access"
	"jifen/internal/audit"
	"jifen/internal/calendar"
	"jifen/internal/casebook"
	"jifen/internal/fault"
	"jifen/internal/party"
	"jifen/internal/rulebook"
	"jifen/internal/standings"
	"jifen/internal/store"
	"jifen/internal/yamldoc"
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

func (s *Service) today(v *store.View) calendar.Day { return calendar.FromTime(v.Now().In(s.zone)) }

// Enact puts a rule file in force for an organisation and everything below it
// while the database is made, before there is anybody to confirm it; later
// that is for Propose and Confirm. A file with an error is fault.Invalid.
func Enact(tx *store.Tx, by *access.Actor, org party.OrgID, name string, source []byte) error {
	loaded := rulebook.Load(name, source)
	if loaded.Book == nil {
		return broken(loaded)
	}
	var id access.AccountID
	if by != nil {
		id = by.Account
	}
	book := loaded.Book
	err := tx.InsertEnactment(store.Enactment{Org: org, Code: book.Code, From: book.From, Hash: book.Hash, Source: string(source)}, id)
	if err != nil {
		return twice(err, book.Code, book.From)
	}
	return audit.Record(tx, by, audit.Enacted, audit.What{Org: org, Detail: book.Code + " " + book.From.String()})
}

func broken(loaded *rulebook.Result) error {
	return fault.New(fault.Invalid, "规则文件有 %d 处错误，没有启用：\n%s", loaded.Errors(), loaded.Format()).WithHint("用 jifen rules check 逐处改好")
}

func twice(err error, code string, from calendar.Day) error {
	if fault.CodeOf(err) == fault.Conflict {
		return fault.Wrap(err, fault.Conflict, "办法 %s 自 %s 起施行的一份已经启用", code, from)
	}
	return err
}

// Proposal is a rule file handed in.
type Proposal struct {
	Org    party.OrgID
	Name   string // of the file, in messages
	Source []byte
	Cases  []byte       // a file of worked cases; nil for none
	From   calendar.Day // the day from which it shall hold; 0 = the file's 施行
	Beside bool         // 并行: a ledger of its own beside the main scheme
	Person string       // who hands it in, where there is no account
}

// Propose checks a rule file and keeps it as a draft. What is wrong with it, or
// with one of its cases, is fault.Invalid and told in full; nothing is kept.
func (s *Service) Propose(ctx context.Context, actor *access.Actor, p Proposal) (id store.DraftID, err error) {
	if err := permitted(actor); err != nil {
		return 0, err
	}
	person, err := name(actor, p.Person)
	if err != nil {
		return 0, err
	}
	err = s.db.Exclusive(ctx, func(tx *store.Tx) error {
		org, err := tx.Org(scope(actor), p.Org)
		if err != nil {
			return err
		}
		d := store.Draft{Org: org, Beside: p.Beside, Source: string(p.Source), Cases: string(p.Cases), From: p.From, Person: person}
		if _, err := s.check(&tx.View, &d, p.Name); err != nil {
			return err
		}
		if id, err = tx.InsertDraft(d, account(actor)); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.Drafted, audit.What{Org: org.ID, Detail: d.Code + " " + d.From.String()})
	})
	return id, err
}

func permitted(actor *access.Actor) error {
	if actor != nil && !actor.May(access.EnactRules) {
		return fault.New(fault.Forbidden, "没有启用办法的权限").WithHint("请街道党工委办理")
	}
	return nil
}

// scope is what an actor may put rules in force for; the command line (nil) is
// for whoever the machine lets at the file.
func scope(actor *access.Actor) access.Scope {
	if actor == nil {
		return access.System("who may run commands on the file may put rules in force for all of it")
	}
	return actor.Scope(access.EnactRules)
}

func account(actor *access.Actor) access.AccountID {
	if actor == nil {
		return 0
	}
	return actor.Account
}

// name is who acts, for the record: the account's holder, or who is said to
// stand at the command line.
func name(actor *access.Actor, person string) (string, error) {
	if actor != nil {
		person = actor.Name
	}
	person = strings.TrimSpace(person)
	if n := utf8.RuneCountInString(person); n == 0 || n > maxPerson {
		return "", fault.New(fault.Invalid, "要写办理人的姓名").WithHint("1 到 %d 个字", maxPerson)
	}
	return person, nil
}

// checked is a draft understood.
type checked struct {
	book     *rulebook.Rulebook
	root     *yamldoc.Node
	warnings string
	cases    int
}

// check loads a draft and runs its cases, and fills in what the text says of
// itself. The rules of decision 56: a text begins with a cycle, or changes
// nobody's points before its day.
func (s *Service) check(v *store.View, d *store.Draft, file string) (checked, error) {
	var c checked
	if len(d.Source) > MaxSource || len(d.Cases) > MaxSource {
		return c, fault.New(fault.Invalid, "文件太大").WithHint("规则文件和用例文件各不超过 1 MB")
	}
	loaded, err := s.load(v, d, file)
	if err != nil {
		return c, err
	}
	c.book, c.root = loaded.Book, loaded.File.Root
	if len(loaded.Problems) > 0 {
		c.warnings = loaded.Format()
	}
	if d.Cases != "" {
		if c.cases, err = runCases(c.book, d.Cases); err != nil {
			return c, err
		}
	}
	if d.Enacted || d.Withdrawn { // its day was judged then
		return c, nil
	}
	return c, s.checkDay(v, d, c.book)
}

// load understands a draft's text; a supplement under the scheme it adds to.
func (s *Service) load(v *store.View, d *store.Draft, file string) (*rulebook.Result, error) {
	if file == "" {
		file = d.Code
	}
	loaded := rulebook.Load(file, []byte(d.Source))
	if loaded.File.Root.Get("补充") == nil {
		if loaded.Book == nil {
			return nil, broken(loaded)
		}
		d.Supplement, d.Code, d.Hash = false, loaded.Book.Code, loaded.Book.Hash
		if d.From == 0 {
			d.From = loaded.Book.From
		}
		if d.From < loaded.Book.From {
			return nil, fault.New(fault.Invalid, "文件自 %s 起施行，不能从 %s 起启用", loaded.Book.From, d.From).WithHint("改启用的日子，或改文件里的 施行")
		}
		return loaded, nil
	}
	on := d.From
	if text := loaded.File.Root.Get("施行"); on == 0 && text != nil {
		if day, err := calendar.Parse(text.Text); err == nil {
			on = day
		}
	}
	base, ok, err := inForce(v, d.Org.Path, loaded.File.Root.Get("补充").Text, on)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fault.New(fault.Invalid, "%s 没有启用编号“%s”的办法，没有可补充的", on, loaded.File.Root.Get("补充").Text).WithHint("先启用办法，或改 补充 后面的编号")
	}
	text, err := v.Source(base.Hash)
	if err != nil {
		return nil, err
	}
	scheme := rulebook.Load(base.Code, []byte(text))
	if scheme.Book == nil {
		return nil, broken(scheme)
	}
	loaded = rulebook.LoadSupplement(scheme.Book, file, []byte(d.Source))
	if loaded.Book == nil {
		return nil, broken(loaded)
	}
	added := loaded.Book.Supplements[len(loaded.Book.Supplements)-1]
	if added.Org != d.Org.Name {
		return nil, fault.New(fault.Invalid, "补充文件是“%s”的，这里选的是“%s”", added.Org, d.Org.Name).WithHint("选对组织，或改文件里的名称")
	}
	d.Supplement, d.Code, d.Hash = true, loaded.Book.Code, added.Hash
	if d.From == 0 {
		d.From = added.From
	}
	return loaded, nil
}

// inForce finds the text of a scheme that is in force for an organisation.
func inForce(v *store.View, path, code string, on calendar.Day) (store.Enactment, bool, error) {
	list, _, err := v.Schemes(path, on)
	for i := range list {
		if list[i].Code == code {
			return list[i], true, err
		}
	}
	return store.Enactment{}, false, err
}

// earlier finds the text that a draft takes the place of: that of its own 编号,
// or, for one that is not to stand beside another, the main one.
func earlier(v *store.View, d *store.Draft) (store.Enactment, bool, error) {
	e, ok, err := inForce(v, d.Org.Path, d.Code, d.From)
	if err != nil || ok || d.Beside {
		return e, ok, err
	}
	list, _, err := v.Schemes(d.Org.Path, d.From)
	for i := range list {
		if !list[i].Beside {
			return list[i], true, err
		}
	}
	return store.Enactment{}, false, err
}

func runCases(book *rulebook.Rulebook, source string) (int, error) {
	cases := casebook.Read("用例", []byte(source))
	if cases.Book == nil {
		return 0, fault.New(fault.Invalid, "用例文件有错误：\n%s", cases.Format()).WithHint("改好再交")
	}
	var failed []string
	outcomes := cases.Book.Run(book)
	for _, o := range outcomes {
		if !o.OK {
			failed = append(failed, o.Name+"："+strings.Join(o.Differences, "；"))
		}
	}
	if len(failed) > 0 {
		return 0, fault.New(fault.Invalid, "有 %d 个用例没有通过：\n%s", len(failed), strings.Join(failed, "\n")).WithHint("改好规则或用例再交")
	}
	return len(outcomes), nil
}

// checkDay says whether a text may take effect on its day.
func (s *Service) checkDay(v *store.View, d *store.Draft, book *rulebook.Rulebook) error {
	today, cycle := s.today(v), book.Cycle.Unit.Of(d.From)
	now, ok, err := earlier(v, d)
	if err != nil || !ok { // the first text of all
		return err
	}
	if d.From > cycle.First && d.From < today {
		return fault.New(fault.Invalid, "%s 已经过去，不能从那天起改", d.From).WithHint("从今天（%s）或以后的一天起", today)
	}
	if !d.Supplement && d.From > cycle.First && now.Code != d.Code {
		return fault.New(fault.Invalid, "换一份办法要从考核期第一天起").WithHint("例如 %s；中途只能修订原来的办法（编号 %s），或与它并行", cycle.Next().First, now.Code)
	}
	if now.Code == d.Code && now.Beside != d.Beside {
		return fault.New(fault.Invalid, "编号 %s 的办法启用时并行与否，和这一份不同", d.Code).WithHint("照原来的选")
	}
	return s.noLockedPeriod(v, d, cycle)
}

// noLockedPeriod refuses a text that would change points of a period that some
// branch has locked.
func (s *Service) noLockedPeriod(v *store.View, d *store.Draft, cycle calendar.Period) error {
	locked, err := v.LockedOrgs(cycle.String())
	if err != nil || len(locked) == 0 {
		return err
	}
	orgs, err := v.Orgs(access.System("locked periods below an organisation"), d.Org.Path)
	for _, o := range orgs {
		if locked[o.ID] {
			return fault.New(fault.Forbidden, "“%s”的%s已经锁定，不能再换办法", o.Name, cycle.Label()).WithHint("从下一期（%s）起，或请街道党工委先重开", cycle.Next().First)
		}
	}
	return err
}

// Review is a draft with all that a second person looks at before confirming.
type Review struct {
	Draft     store.Draft
	Book      *rulebook.Rulebook
	Root      *yamldoc.Node
	Before    *yamldoc.Node // the text in force on its day; nil for none
	Warnings  string
	Cases     int // worked cases that passed
	Rehearsal Rehearsal
	May       bool // whether who looks may confirm it
}

// Review checks a draft again and rehearses it on the ledger as it is now.
// fault.NotFound outside the scope.
func (s *Service) Review(ctx context.Context, actor *access.Actor, id store.DraftID) (*Review, error) {
	if err := permitted(actor); err != nil {
		return nil, err
	}
	var out *Review
	err := s.db.Exclusive(ctx, func(tx *store.Tx) (err error) { // not Read: a whole street takes longer than a page may
		out, err = s.review(&tx.View, actor, id)
		return err
	})
	return out, err
}

func (s *Service) review(v *store.View, actor *access.Actor, id store.DraftID) (*Review, error) {
	d, err := v.Draft(scope(actor), id)
	if err != nil {
		return nil, fault.Wrap(err, fault.NotFound, "没有这份草案")
	}
	out := &Review{Draft: d, May: !d.Enacted && !d.Withdrawn && (actor == nil || actor.Account != d.By)}
	c, err := s.check(v, &d, "")
	if err != nil {
		return out, err
	}
	out.Book, out.Root, out.Warnings, out.Cases = c.book, c.root, c.warnings, c.cases
	now, ok, err := earlier(v, &d)
	if err != nil {
		return out, err
	}
	if ok && !d.Supplement {
		text, err := v.Source(now.Hash)
		if err != nil {
			return out, err
		}
		out.Before = rulebook.Load(now.Code, []byte(text)).File.Root
	}
	if d.Enacted || d.Withdrawn {
		return out, nil // nothing is to be decided any more
	}
	out.Rehearsal, err = s.rehearse(v, &d, c.book)
	return out, err
}

// Confirm puts a draft in force. It is for somebody else than who handed it in
// (fault.Forbidden); a draft that is ended is fault.Conflict; one whose day
// would change points that lie before it is fault.Invalid and says whose.
func (s *Service) Confirm(ctx context.Context, actor *access.Actor, id store.DraftID, person string) error {
	if err := permitted(actor); err != nil {
		return err
	}
	person, err := name(actor, person)
	if err != nil {
		return err
	}
	return s.db.Exclusive(ctx, func(tx *store.Tx) error {
		r, err := s.review(&tx.View, actor, id)
		if err != nil {
			return err
		}
		d := &r.Draft
		switch {
		case d.Enacted || d.Withdrawn:
			return fault.New(fault.Conflict, "这份草案已经办过")
		case !r.May || person == d.Person:
			return fault.New(fault.Forbidden, "自己起草的，由另一个人确认").WithHint("请另一名街道工作人员登录确认")
		}
		if err := r.Rehearsal.allows(); err != nil {
			return err
		}
		err = tx.InsertEnactment(store.Enactment{
			Org: d.Org.ID, Supplement: d.Supplement, Beside: d.Beside, Code: d.Code, From: d.From, Hash: d.Hash, Source: d.Source, Draft: d.ID, Person: person,
		}, account(actor))
		if err != nil {
			return twice(err, d.Code, d.From)
		}
		return audit.Record(tx, actor, audit.Enacted, audit.What{Org: d.Org.ID, Detail: d.Code + " " + d.From.String()})
	})
}

// Withdraw ends a draft that shall not be put in force.
func (s *Service) Withdraw(ctx context.Context, actor *access.Actor, id store.DraftID, person, reason string) error {
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
	return s.db.Write(ctx, func(tx *store.Tx) error {
		d, err := tx.Draft(scope(actor), id)
		if err != nil {
			return fault.Wrap(err, fault.NotFound, "没有这份草案")
		}
		if d.Enacted || d.Withdrawn {
			return fault.New(fault.Conflict, "这份草案已经办过")
		}
		if err := tx.InsertWithdrawal(&d, person, reason, account(actor)); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.WithdrewDraft, audit.What{Org: d.Org.ID, Detail: d.Code + " " + d.From.String()})
	})
}

// Drafts lists the latest drafts that an actor may see.
func (s *Service) Drafts(ctx context.Context, actor *access.Actor) (out []store.Draft, err error) {
	err = s.db.Read(ctx, func(v *store.View) error {
		out, err = v.Drafts(scope(actor), 100)
		return err
	})
	return out, err
}
