package ledger

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"

	"jifen/internal/access"
	"jifen/internal/audit"
	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/party"
	"jifen/internal/rulebook"
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// Deed is one entry to be recorded, as a person wrote it.
type Deed struct {
	Member party.MemberID
	Item   string
	On     calendar.Day
	Points string            // where the item leaves a range
	Fields map[string]string // what the item records
	Note   string
}

// Effect says what a deed does, before or after it is saved.
type Effect struct {
	Entry   store.EntryID // 0 in a preview
	Waiting bool          // it becomes a claim (待确认)
	Told    bool          // the member's totals are the writer's to see; else they are zero
	Before  party.Points  // the member's total
	After   party.Points
	Granted party.Points // what the entry itself gives
	Wanted  party.Points // before limits
	Note    string       // why it gives what it gives
	Replay  bool

	GradeBefore, GradeAfter string
}

// Preview says what a deed would do, limits included, and writes nothing.
func (s *Service) Preview(ctx context.Context, actor *access.Actor, d Deed) (Effect, error) {
	var out Effect
	err := s.write(ctx, actor, access.Record, func(tx *store.Tx) (err error) {
		if out, err = s.post(tx, actor, d); err != nil {
			return err
		}
		return errStop // roll back: nobody saw it
	})
	if errors.Is(err, errStop) {
		err = nil
	}
	out.Entry = 0
	return out, err
}

// Post records a deed. For oneself, or for somebody outside the scope, it
// becomes a claim. What the rules do not allow is fault.Invalid with the
// reasons by field.
func (s *Service) Post(ctx context.Context, actor *access.Actor, d Deed, key string) (Effect, error) {
	var out Effect
	err := s.write(ctx, actor, access.Record, func(tx *store.Tx) (err error) {
		out, out.Replay, err = once(tx, actor, key, d, func() (Effect, error) {
			e, err := s.post(tx, actor, d)
			if err != nil {
				return e, err
			}
			return e, audit.Record(tx, actor, audit.PostedEntry, audit.What{Member: d.Member, Detail: d.Item + " " + d.On.String()})
		})
		return err
	})
	return out, err
}

// posted is a deed that was judged and inserted.
type posted struct {
	member store.Member
	book   *rulebook.Rulebook
	entry  party.Entry
	id     store.EntryID
	waits  bool
}

// PostTx judges and inserts one deed in the caller's transaction and returns
// whether it waits. It tells no effect; Post does.
func (s *Service) PostTx(tx *store.Tx, actor *access.Actor, d Deed) (store.EntryID, bool, error) {
	p, err := s.insert(tx, actor, d)
	return p.id, p.waits, err
}

func (s *Service) insert(tx *store.Tx, actor *access.Actor, d Deed) (p posted, err error) {
	p.member, err = tx.Member(access.System("a deed of somebody else's member becomes a claim"), d.Member)
	if err != nil || p.member.Home.Path == "" || actor.Recording(d.Member, p.member.Home.Path) == access.Refused {
		return p, hide(errors.Join(err, fault.New(fault.NotFound, "没有找到")), "这名党员")
	}
	if d.Note, err = checkNote(d.Note, "备注"); err != nil {
		return p, err
	}
	if p.book, err = s.standings.BookThat(&tx.View, p.member.Home.Path, d.On, func(b *rulebook.Rulebook) bool { return b.Item(d.Item) >= 0 }); err != nil {
		return p, err
	}
	if err = s.checkDay(&tx.View, p.book, p.member.Home, d.On); err != nil {
		return p, err
	}
	if err = checkHere(&p.member, d.On); err != nil {
		return p, err
	}
	e, problems := p.book.Entry(d.Item, d.Points, d.Fields)
	if len(problems) > 0 {
		return p, byField(problems)
	}
	e.On = d.On
	p.waits = actor.Recording(d.Member, p.member.Home.Path) != access.Posts
	p.id, err = tx.InsertEntry(&p.member, e, d.Note, p.waits, actor.Account)
	e.ID = strconv.FormatInt(int64(p.id), 10)
	p.entry = e
	return p, err
}

func (s *Service) post(tx *store.Tx, actor *access.Actor, d Deed) (Effect, error) {
	p, err := s.insert(tx, actor, d)
	out := Effect{Entry: p.id, Waiting: p.waits}
	if err != nil || !actor.Scope(access.Record).Sees(d.Member, p.member.Home.Path) {
		return out, err // another branch's totals are not the writer's to see
	}
	out.Told = true
	// What counts now holds the new entry, unless it waits: reckon both ways.
	records, err := tx.Records([]store.Member{p.member})
	if err != nil {
		return out, err
	}
	with, without := records[0], records[0]
	without.Entries = slices.DeleteFunc(slices.Clone(with.Entries), func(e party.Entry) bool { return e.ID == p.entry.ID })
	if p.waits {
		with.Entries = append(slices.Clone(without.Entries), p.entry)
	}
	period, today := p.book.Cycle.Unit.Of(d.On), s.today(&tx.View)
	before, res := scoring.Member(p.book, &without, period, today).Standing, scoring.Member(p.book, &with, period, today)
	out.Before, out.GradeBefore = before.Total, before.Grade
	out.After, out.GradeAfter = res.Standing.Total, res.Standing.Grade
	account := res.Account()
	if l := find(&account.Total, account.Idle, p.entry.ID); l != nil {
		out.Granted, out.Wanted, out.Note = l.Value, l.Wanted, l.Note
	}
	return out, nil
}

// find returns the line of an entry in an account, nil for one that is for the
// record only.
func find(l *party.Line, idle []party.Line, id string) *party.Line {
	if l.Kind == party.LineEntry && l.Entry == id {
		return l
	}
	for i := range l.Children {
		if at := find(&l.Children[i], nil, id); at != nil {
			return at
		}
	}
	for i := range idle {
		if idle[i].Entry == id {
			return &idle[i]
		}
	}
	return nil
}

// byField makes one fault of many fields' errors.
func byField(problems map[string]error) error {
	f := fault.New(fault.Invalid, "有 %d 处要改", len(problems))
	f.Fields = map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(problems)) {
		f.Fields[name] = problems[name].Error()
		if len(problems) == 1 {
			f.Message = problems[name].Error()
		}
	}
	return f
}

// Reverse takes an entry back, with a reason. It stays readable.
func (s *Service) Reverse(ctx context.Context, actor *access.Actor, id store.EntryID, reason, key string) (replay bool, err error) {
	if reason, err = checkNote(reason, "理由"); err != nil {
		return false, err
	}
	if reason == "" {
		return false, fault.New(fault.Invalid, "要写撤销的理由").WithHint("例如：重复录入")
	}
	err = s.write(ctx, actor, access.Record, func(tx *store.Tx) error {
		_, replay, err = once(tx, actor, key, []any{id, reason}, func() (bool, error) { return true, s.reverse(tx, actor, id, reason) })
		return err
	})
	return replay, err
}

func (s *Service) reverse(tx *store.Tx, actor *access.Actor, id store.EntryID, reason string) error {
	e, err := tx.Entry(actor.Scope(access.Record), id)
	if err != nil {
		return hide(err, "这条记录")
	}
	if e.Reversed {
		return fault.New(fault.Conflict, "这条记录已经撤销")
	}
	m, err := tx.Member(actor.Scope(access.Record), e.Member)
	if err != nil {
		return hide(err, "这名党员")
	}
	// A waiting claim may be withdrawn by who made it; what counts for oneself
	// may not be taken away by oneself either.
	if !e.Claim && actor.Recording(e.Member, m.Home.Path) != access.Posts {
		return fault.New(fault.Forbidden, "本人的记录由上级党组织撤销")
	}
	book, err := s.standings.BookThat(&tx.View, m.Home.Path, e.Entry.On, func(b *rulebook.Rulebook) bool { return b.Item(e.Entry.Item) >= 0 })
	if err != nil {
		return err
	}
	if err := s.checkDay(&tx.View, book, m.Home, e.Entry.On); err != nil {
		return err
	}
	if err := tx.InsertReversal(&e, reason, actor.Account); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Reversed, audit.What{Member: e.Member, Detail: e.Entry.Item + " " + e.Entry.On.String()})
}

// DecideEntry accepts or refuses a waiting entry.
func (s *Service) DecideEntry(ctx context.Context, actor *access.Actor, id store.EntryID, accept bool, reason string) error {
	return s.decide(ctx, actor, reason, accept, func(tx *store.Tx) (store.Decision, access.AccountID, error) {
		e, err := tx.Entry(actor.Scope(access.Decide), id)
		if err == nil && (!e.Claim || e.Reversed) {
			err = fault.New(fault.Conflict, "这条记录已经办过")
		}
		return store.Decision{Kind: "entry", Row: int64(id), Member: e.Member}, e.By, hide(err, "这条记录")
	})
}

// DecideAttendance accepts or refuses a waiting line of a meeting.
func (s *Service) DecideAttendance(ctx context.Context, actor *access.Actor, row store.RowID, accept bool, reason string) error {
	return s.decide(ctx, actor, reason, accept, func(tx *store.Tx) (store.Decision, access.AccountID, error) {
		rows, err := tx.WaitingAttendance(actor.Scope(access.Decide), maxPeople)
		if err != nil {
			return store.Decision{}, 0, err
		}
		for _, r := range rows {
			if r.Row == row {
				return store.Decision{Kind: "attendance", Row: int64(row), Member: r.Member}, r.By, nil
			}
		}
		return store.Decision{}, 0, fault.New(fault.NotFound, "没有这条出勤").WithHint("可能已经办过")
	})
}

func (s *Service) decide(ctx context.Context, actor *access.Actor, reason string, accept bool, claim func(*store.Tx) (store.Decision, access.AccountID, error)) error {
	reason, err := checkNote(reason, "理由")
	if err != nil {
		return err
	}
	if !accept && reason == "" {
		return fault.New(fault.Invalid, "退回要写理由").WithHint("例如：当天没有参加")
	}
	return s.write(ctx, actor, access.Decide, func(tx *store.Tx) error {
		d, by, err := claim(tx)
		if err != nil {
			return err
		}
		m, err := tx.Member(actor.Scope(access.Decide), d.Member)
		if err != nil {
			return hide(err, "这名党员")
		}
		if !actor.Deciding(d.Member, m.Home.Path, by) {
			return fault.New(fault.Forbidden, "自己的、自己报的，由别人来定").WithHint("请支部其他委员或上级党委办理")
		}
		d.Accepted, d.Reason = accept, reason
		if err := tx.InsertDecision(d, actor.Account); err != nil {
			return err
		}
		word := "退回"
		if accept {
			word = "同意"
		}
		return audit.Record(tx, actor, audit.Decided, audit.What{Member: d.Member, Detail: word})
	})
}

// Without says what an entry counts now and what the member's total would be
// without it.
func (s *Service) Without(ctx context.Context, actor *access.Actor, id store.EntryID) (Effect, error) {
	var out Effect
	err := s.db.Read(ctx, func(v *store.View) error {
		e, err := v.Entry(actor.Scope(access.Record), id)
		if err != nil {
			return hide(err, "这条记录")
		}
		m, err := v.Member(actor.Scope(access.Record), e.Member)
		if err != nil {
			return hide(err, "这名党员")
		}
		book, err := s.standings.BookThat(v, m.Home.Path, e.Entry.On, func(b *rulebook.Rulebook) bool { return b.Item(e.Entry.Item) >= 0 })
		if err != nil {
			return err
		}
		records, err := v.Records([]store.Member{m})
		if err != nil {
			return err
		}
		without := records[0]
		without.Entries = slices.DeleteFunc(slices.Clone(without.Entries), func(x party.Entry) bool { return x.ID == e.Entry.ID })
		period, today := book.Cycle.Unit.Of(e.Entry.On), s.today(v)
		res := scoring.Member(book, &records[0], period, today)
		out = Effect{Entry: id, Waiting: e.Claim, Before: res.Standing.Total, After: scoring.Member(book, &without, period, today).Standing.Total}
		account := res.Account()
		if l := find(&account.Total, account.Idle, e.Entry.ID); l != nil {
			out.Granted, out.Wanted, out.Note = l.Value, l.Wanted, l.Note
		}
		return nil
	})
	return out, err
}
