package members

import (
	"context"

	"jifen/internal/access"
	"jifen/internal/app/kernel"
	"jifen/internal/app/recording"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// Limits of what one page shows.
const (
	maxTakenBack = 50
	maxEntries   = 1000
)

// Detail is a member's points with all that stands around them. The alerts of the
// standing are with those that ask for a place.
type Detail struct {
	*standings.Explained
	Places     []domain.Rank // among all; none where he is not ranked
	Benchmarks []string
	Alerts     []domain.Alert // those still open
	Waiting    []Waiting      // what counts nothing yet

	TakenBack     []domain.ReversedItem // the latest first
	MoreTakenBack bool                  // there are more of them

	Choices    standings.Choices
	Facts      []Fact
	MayRecord  bool     // the actor records points of him
	MayManage  bool     // the actor changes what is known of him
	Reversible []string // entries that the actor may reverse, by the id in a line
}

// Fact (事实) is what is known of a member, in words.
type Fact struct {
	Name, Value string
	From        calendar.Day // 0 = always
}

// Own is Detail of the actor himself; fault.NotFound for who is no member.
func (s *Service) Own(ctx context.Context, actor *access.Actor, w standings.When) (*Detail, error) {
	if actor == nil || actor.Member == "" {
		return nil, fault.New(fault.NotFound, "这个帐号没有对应的党员").WithHint("请安全管理员另开一个写了党员编号的帐号")
	}
	return s.Detail(ctx, actor, actor.Member, w)
}

// Detail returns a member's points as of a moment; fault.NotFound outside the scope.
func (s *Service) Detail(
	ctx context.Context, actor *access.Actor, id domain.MemberID, w standings.When,
) (out *Detail, err error) {
	r := reading(actor, id)
	if !actor.May(r.permission) {
		return nil, kernel.Denied()
	}
	peers, err := s.standings.Peers(ctx, r.scope, w, id)
	if err != nil {
		return nil, err
	}
	err = s.look(ctx, &r, func(v *store.Snapshot) (domain.Member, string, error) {
		q, err := s.standings.Ask(v, r.scope, w)
		if err != nil {
			return domain.Member{}, "", err
		}
		e, err := s.standings.ExplainOn(v, q, id)
		if err != nil {
			return domain.Member{}, "", err
		}
		out = &Detail{Explained: e}
		return e.Member, "", s.detail(v, actor, q, peers, out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// detail fills in what stands around an account.
func (s *Service) detail(
	v *store.Snapshot, actor *access.Actor, q standings.Question, peers *standings.Peers, out *Detail,
) (err error) {
	if err := s.places(v, q, peers, out); err != nil {
		return err
	}
	m, st := &out.Member, &out.Account.Standing
	if out.TakenBack, err = q.View(v).TakenBack(q.Scope, m.ID, st.Day, maxTakenBack+1); err != nil {
		return err
	}
	if out.MoreTakenBack = len(out.TakenBack) > maxTakenBack; out.MoreTakenBack {
		out.TakenBack = out.TakenBack[:maxTakenBack]
	}
	if out.Waiting, err = s.waiting(v, out.Explained.Waiting); err != nil {
		return err
	}
	if out.Choices, err = s.standings.ChoicesOf(v, m, q.Scheme); err != nil {
		return err
	}
	for _, f := range out.Explained.Facts {
		out.Facts = append(out.Facts, factOf(out.Book, f))
	}
	out.MayManage = !actor.IsMember(m.ID) && actor.Scope(access.ManageMembers).Covers(m.Home.Path)
	if out.MayRecord = actor.Recording(m.ID, m.Home.Path) == access.Posts; !out.MayRecord {
		return nil
	}
	entries, err := v.Entries(q.Scope, m.ID, maxEntries)
	for i := range entries {
		e := &entries[i]
		if !e.Reversed && recording.CheckOwn(actor, m.Home.Path, e.By, e.At, s.Today(v), s.Zone) == nil {
			out.Reversible = append(out.Reversible, entries[i].Entry.ID)
		}
	}
	return err
}

// places fills in a member's places: they are among all, whoever looks.
func (s *Service) places(v *store.Snapshot, q standings.Question, peers *standings.Peers, out *Detail) error {
	st := &out.Account.Standing
	out.Alerts = scoring.OpenAlerts(out.Book, st)
	if !st.Ranked || out.Until != nil {
		return nil
	}
	p, row, err := s.standings.AmongOn(v, q, out.Explained, peers)
	if err != nil || row == nil {
		return err
	}
	out.Places, out.Alerts = row.Places, scoring.OpenAlerts(p.Book, &row.Standing)
	st.Alerts, st.Open = row.Standing.Alerts, row.Standing.Open
	for _, b := range row.Benchmarks {
		out.Benchmarks = append(out.Benchmarks, b.Name)
	}
	return nil
}

// factOf puts a fact into the words of a rule file.
func factOf(book *ruleset.RuleSet, f domain.Fact) Fact {
	out := Fact{f.Attribute, f.Value.Text, f.From}
	if i := book.Attribute(f.Attribute); i >= 0 {
		out.Value = book.Attributes[i].Text(f.Value)
	}
	return out
}
