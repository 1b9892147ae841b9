package ledger

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// EntryInput is one entry to be recorded, as a person wrote it.
type EntryInput struct {
	Member domain.MemberID
	Item   string
	On     calendar.Day
	Points string            // where the item leaves a range
	Fields map[string]string // what the item records
	Note   string

	Follows domain.RequestID // the returned request that it takes up again; 0 for none
	Paper   string           // the paper record it is taken from (see ImportPaper); "" = recorded as it happened
}

// Effect says what a deed does, before or after it is saved.
type Effect struct {
	Entry   domain.EntryID   // 0 in a preview
	Request domain.RequestID // that it became; 0 for what counts at once, and in a preview
	Name    string           // the member's
	Waiting bool             // it becomes a claim (待确认)
	Asked   []string         // the organs that have to agree first, in order
	Same    int              // how many like it are recorded of the member on that day
	Told    bool             // the member's totals are the writer's to see; else they are zero
	Before  domain.Points    // the member's total
	After   domain.Points
	Granted domain.Points // what the entry itself gives
	Wanted  domain.Points // before limits
	Note    string        // why it gives what it gives, and what of it the total does not get
	Replay  bool

	GradeBefore, GradeAfter string
}

// Preview tells what a deed would do, limits included. It is a read: whoever only
// looks waits for nobody who writes.
func (s *Service) Preview(ctx context.Context, actor *access.Actor, d EntryInput) (Effect, error) {
	var out Effect
	err := s.Read(ctx, actor, func(v *store.Snapshot) (err error) {
		if d.Member, err = meant(v, d.Member); err != nil {
			return err
		}
		p, err := s.prepare(v, actor, &d)
		if err != nil {
			return err
		}
		p.entry.ID = unrecorded
		out = p.effect()
		return nil
	}, access.Record, access.Claim)
	return out, err
}

// unrecorded is the id of what is not recorded yet: it comes after all that is.
const unrecorded = "9223372036854775807"

// Post records a deed. For oneself, for somebody outside the scope, and where
// the rules want somebody above to agree, it becomes a claim. What the rules do
// not allow is fault.Invalid with the reasons by field, what is too late for this
// person fault.Forbidden.
func (s *Service) Post(ctx context.Context, actor *access.Actor, d EntryInput, key string) (Effect, error) {
	var out Effect
	err := s.Write(ctx, actor, func(tx *store.Tx) (err error) {
		out, out.Replay, err = kernel.Once(tx, actor, key, d, func() (Effect, error) { return s.postTold(tx, actor, d) })
		return err
	}, access.Record, access.Claim)
	return out, err
}

// PostDraft hands a claim in, as Post does, and its draft is gone with it. draft 0
// is a claim that had none.
func (s *Service) PostDraft(ctx context.Context, actor *access.Actor, d EntryInput, draft int64, key string) (Effect, error) {
	if draft == 0 {
		return s.Post(ctx, actor, d, key)
	}
	var out Effect
	err := s.Write(ctx, actor, func(tx *store.Tx) (err error) {
		out, out.Replay, err = kernel.Once(tx, actor, key, d, func() (Effect, error) {
			if err := tx.DropRequestDraft(actor.Account, draft); err != nil {
				return Effect{}, err
			}
			return s.postTold(tx, actor, d)
		})
		return err
	}, access.Record, access.Claim)
	return out, err
}

// postTold posts and tells the trail.
func (s *Service) postTold(tx *store.Tx, actor *access.Actor, d EntryInput) (e Effect, err error) {
	if d.Member, err = meant(&tx.Snapshot, d.Member); err != nil {
		return e, err
	}
	if e, err = s.post(tx, actor, d); err != nil {
		return e, err
	}
	return e, audit.Record(tx, actor, audit.PostedEntry, audit.What{Member: d.Member, Detail: d.Item + " " + d.On.String()})
}

// posted is a deed that was judged and inserted.
type posted struct {
	member domain.Member
	record domain.MemberHistory // of the member, without the deed
	*standings.Reckoning
	entry   domain.Entry
	id      domain.EntryID
	route   domain.Route     // the organs that have to agree first
	request domain.RequestID // that it became; 0 for what counts at once
	told    bool             // the member is the writer's to see
}

// PostTx judges and inserts one deed in the caller's transaction and returns
// whether it waits. It tells no effect; Post does.
func (s *Service) PostTx(tx *store.Tx, actor *access.Actor, d EntryInput) (domain.EntryID, bool, error) {
	p, err := s.insert(tx, actor, d)
	return p.id, len(p.route) > 0, err
}

// judge reads who and what a deed is about and refuses what cannot be recorded
// of anybody.
func (s *Service) judge(v *store.Snapshot, actor *access.Actor, d *EntryInput) (p posted, err error) {
	if p.member, p.told, err = named(v, actor, d.Member, d.On); err != nil {
		return p, err
	}
	if err = s.Requests.CheckFollows(v, actor, domain.EntryRequest, d.Follows, d.Member); err != nil {
		return p, err
	}
	if d.Note, err = kernel.Note(d.Note, "备注"); err != nil {
		return p, err
	}
	if p.Reckoning, err = s.reckonEntry(v, &p.member, d.Item, d.On); err != nil {
		return p, err
	}
	if err = p.Book.InSeason(d.Item, d.On); err != nil {
		return p, err
	}
	if err = s.checkOpen(v, p.Reckoning, p.member.Home, d.On); err != nil {
		return p, err
	}
	records, err := v.Records([]domain.Member{p.member})
	if err != nil {
		return p, err
	}
	p.record = records[0]
	if err = checkHere(actor, &p.record.Member, p.member.Home.Path, d.On); err != nil {
		return p, err
	}
	e, problems := p.Book.Entry(d.Item, d.Points, d.Fields)
	if len(problems) > 0 {
		return p, byField(problems)
	}
	p.entry = e
	p.entry.On = d.On
	if p.entry.Recorded, err = s.firstRecorded(v, d); err != nil {
		return p, err
	}
	if err = scoring.CheckEntry(p.Book, p.then(), p.entry); err != nil {
		err = byField(map[string]error{"分值": err})
	}
	return p, err
}

// firstRecorded returns the day that says how late a deed is: today's, or that on
// which the request that it takes up again was handed in first; none for what stood
// on paper in its time.
func (s *Service) firstRecorded(v *store.Snapshot, d *EntryInput) (calendar.Day, error) {
	switch {
	case d.Paper != "":
		return 0, nil
	case d.Follows != 0:
		return v.FirstHandedIn(d.Follows, d.On)
	default:
		return s.Today(v), nil
	}
}

// named reads a member of whom an actor may write by name: himself, those of his
// scope (whose points he is told), and, as claims, of what was on a day those who
// were of his scope then and the guests of a branch of it. Everybody else is
// hidden.
func named(v *store.Snapshot, actor *access.Actor, id domain.MemberID, on calendar.Day) (m domain.Member, told bool, err error) {
	m, err = v.Member(access.System("a guest belongs to another branch"), id)
	if err == nil && (m.Home.Path == "" || actor.Recording(id, m.Home.Path) == access.Refused) {
		err = fault.New(fault.NotFound, "没有找到")
	}
	if err != nil {
		return m, false, kernel.Hide(err, "这名党员")
	}
	told = actor.Scope(access.Record).Sees(id, m.Home.Path) || actor.Scope(access.SeeOwn).Sees(id, m.Home.Path) || id == actor.Member
	if told {
		return m, true, nil
	}
	then := m
	if err := v.HomeOn(&then, on); err != nil {
		return m, false, err
	}
	known := actor.Scope(access.Record).Covers(then.Home.Path)
	if !known {
		known, err = v.Guest(actor.Scope(access.Record), id, on)
	}
	if err == nil && !known {
		err = kernel.Hide(fault.New(fault.NotFound, "没有找到"), "这名党员")
	}
	return m, false, err
}

// prepare judges a deed and finds who has to agree to it.
func (s *Service) prepare(v *store.Snapshot, actor *access.Actor, d *EntryInput) (p posted, err error) {
	if p, err = s.judge(v, actor, d); err != nil {
		return p, err
	}
	if d.Paper != "" {
		return p, checkPaper(actor, d.Member, p.member.Home.Path)
	}
	p.route, err = admitted(actor, &p, d.Note)
	return p, err
}

func (s *Service) insert(tx *store.Tx, actor *access.Actor, d EntryInput) (p posted, err error) {
	if p, err = s.prepare(&tx.Snapshot, actor, &d); err != nil {
		return p, err
	}
	n := domain.NewEntry{Entry: p.entry, Note: d.Note, Route: p.route, Follows: d.Follows, Paper: d.Paper}
	p.id, err = tx.InsertEntry(&p.member, n, actor.Account)
	p.entry.ID = strconv.FormatInt(int64(p.id), 10)
	if err == nil && len(p.route) > 0 {
		p.request, err = tx.RequestOf(p.id)
	}
	return p, err
}

func (s *Service) post(tx *store.Tx, actor *access.Actor, d EntryInput) (Effect, error) {
	p, err := s.insert(tx, actor, d)
	if err != nil {
		return Effect{}, err
	}
	return p.effect(), nil
}

// effect returns what a deed does, with the totals of its member where they are the
// writer's to see.
func (p *posted) effect() Effect {
	out := Effect{
		Entry: p.id, Request: p.request, Name: p.member.Name, Waiting: len(p.route) > 0,
		Asked: domain.NamesOf(p.route), Told: p.told,
	}
	if !out.Told {
		return out
	}
	with, without := p.record, &p.record
	with.Entries = append(slices.Clone(with.Entries), p.entry)
	for i := range without.Entries {
		if without.Entries[i].Alike(p.entry) {
			out.Same++
		}
	}
	before, res := p.Member(without), p.Member(&with)
	out.Before, out.GradeBefore = before.Standing.Total, before.Standing.Grade
	out.After, out.GradeAfter = res.Standing.Total, res.Standing.Grade
	total, idle := res.Lines()
	if l := find(&total, idle, p.entry.ID); l != nil {
		out.Granted, out.Wanted, out.Note = l.Value, l.Wanted, l.Note
	}
	if out.After-out.Before != out.Granted {
		out.Note = joined(out.Note, res.Absorbed(before))
	}
	if idle := res.IdleRepair(p.entry.ID); idle != "" {
		out.Note = idle
	}
	return out
}

// joined puts two notes behind each other; either may be "".
func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "；" + b
}

// find returns the line of an entry in an account, nil for one that is for the
// record only.
func find(l *domain.Line, idle []domain.Line, id string) *domain.Line {
	if l.Kind == domain.LineEntry && l.Entry == id {
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
