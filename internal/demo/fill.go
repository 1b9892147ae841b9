package demo

import (
	"context"
	"slices"
	"strconv"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/app/audit"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/rules"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// House holds the database a street is filled into and the use cases over
// it. Nothing is inserted but through them.
type House struct {
	DB     *store.DB
	Ledger *members.Recorder

	Activities *activities.Service
	Entries    *entries.Service

	Rules    []byte // the rule file to enact
	Initials func(name string) []string
}

// Filled counts what a street became in a database.
type Filled struct {
	Orgs   map[domain.OrgID]domain.Org // by the street's own ids, which are names
	Street domain.Org
}

// clerk is the account that everything of the example year is recorded by.
const clerkLogin = "示例录入员"

// paper is the source the example year gives: it is recorded in one
// go, long after it happened.
const paper = "示例台账"

// begin sets the organisations up, puts the rules in force and opens the account that records.
func (s *Street) begin(ctx context.Context, house House, out *Filled) (actor *access.Actor, err error) {
	ctx = store.InAllStreets(ctx, "nobody else is there")
	err = house.DB.Exclusive(ctx, func(tx *store.Tx) error {
		if err := s.fillOrgs(tx, out); err != nil {
			return err
		}
		if err := rules.Enact(tx, access.Program("演示"), out.Street.ID, "weizhou.yaml", house.Rules); err != nil {
			return err
		}
		// no password: nobody signs in with it
		id, err := tx.InsertAccountFor(domain.Account{Login: clerkLogin, Name: clerkLogin}, out.Street.ID, 0)
		if err != nil {
			return err
		}
		if err := tx.InsertAssignment(id, domain.RoleStreet, out.Street.ID, false, 0); err != nil {
			return err
		}
		if actor, err = tx.Actor(id); err != nil {
			return err
		}
		return audit.Record(tx, access.Program("演示"), audit.MadeAccount, audit.What{Org: out.Street.ID, Whose: id})
	})
	return actor, err
}

// Fill puts the street into an empty database: what happened up to a day. It
// writes in parts, each whole in itself.
func (s *Street) Fill(ctx context.Context, house House, until calendar.Day) (*Filled, error) {
	ctx = store.InAllStreets(ctx, "nobody else is there")
	out := &Filled{Orgs: map[domain.OrgID]domain.Org{}}
	actor, err := s.begin(ctx, house, out)
	if err != nil {
		return nil, err
	}
	program := telling{house.DB, access.Program("演示"), out.Street.ID}
	recorder := telling{house.DB, actor, out.Street.ID}
	here := slices.DeleteFunc(slices.Clone(s.Members), func(m Member) bool { return m.Joined > until })
	if err := inParts(ctx, program, audit.Imported, here, 100,
		func(tx *store.Tx, m *Member) error { return s.enrol(tx, house, out, m, until) }); err != nil {
		return nil, err
	}
	guests := slices.DeleteFunc(slices.Clone(here), func(m Member) bool { return m.Host.Org == "" || m.Host.From > until })
	if err := inParts(ctx, recorder, audit.TiedMember, guests, 100, func(tx *store.Tx, m *Member) error {
		return house.Ledger.RecordSecondaryTx(tx, actor,
			members.SecondaryInput{Member: m.ID, Org: out.Orgs[m.Host.Org].ID, From: m.Host.From})
	}); err != nil {
		return nil, err
	}
	happened := slices.DeleteFunc(slices.Clone(s.Activities), func(a Activity) bool { return a.On > until })
	if err := inParts(ctx, recorder, audit.RecordedActivity, happened, 15,
		func(tx *store.Tx, a *Activity) error { return s.fillActivity(tx, house, out, actor, a) }); err != nil {
		return nil, err
	}
	list := slices.DeleteFunc(slices.Clone(s.Entries), func(e Entry) bool { return e.On > until })
	for part := range slices.Chunk(list, 20_000) {
		if err := house.DB.Exclusive(ctx, func(tx *store.Tx) error {
			if err := house.Entries.PostPaperTx(tx, actor, written(part)); err != nil {
				return err
			}
			return recorder.tell(tx, audit.PostedBulk, len(part))
		}); err != nil {
			return nil, err
		}
	}
	// Whoever left is taken out last: what was recorded of him before stands in
	// his branch's chain.
	gone := slices.DeleteFunc(here, func(m Member) bool { return m.Left == 0 || m.Left > until })
	if err := inParts(ctx, program, audit.MovedMember, gone, 100,
		func(tx *store.Tx, m *Member) error { return members.LeaveTx(tx, m.ID, m.Left, 0) }); err != nil {
		return nil, err
	}
	// The hand that wrote all this decides nothing from now on.
	return out, house.DB.Exclusive(ctx, func(tx *store.Tx) error {
		if err := tx.InsertAssignment(actor.Account, domain.RoleStreet, out.Street.ID, true, 0); err != nil {
			return err
		}
		return program.tell(tx, audit.EndedRole, 1)
	})
}

// telling tells the trail what is filled in, a line for each transaction.
type telling struct {
	db     *store.DB
	by     *access.Actor
	street domain.OrgID
}

func (t telling) tell(tx *store.Tx, action audit.Action, n int) error {
	return audit.Record(tx, t.by, action, audit.What{Org: t.street, Detail: strconv.Itoa(n)})
}

// inParts runs f over a list, so many in a transaction with its line in the trail.
func inParts[T any](
	ctx context.Context, by telling, action audit.Action, list []T, n int, f func(*store.Tx, *T) error,
) error {
	for from := 0; from < len(list); from += n {
		part := list[from:min(from+n, len(list))]
		err := by.db.Exclusive(store.InAllStreets(ctx, "nobody else is there"), func(tx *store.Tx) error {
			for i := range part {
				if err := f(tx, &part[i]); err != nil {
					return err
				}
			}
			return by.tell(tx, action, len(part))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Street) fillOrgs(tx *store.Tx, out *Filled) error {
	levels := map[OrgKind]domain.Level{KindStreet: domain.Street, KindCommunity: domain.Community,
		KindBranch: domain.Branch}
	for _, o := range s.Orgs {
		level, ok := levels[o.Kind]
		if !ok {
			continue // groups and hub households are parts of a branch
		}
		org, err := tx.InsertOrg(domain.Org{Parent: out.Orgs[o.Parent].ID, Level: level, Kind: o.Branch, Name: string(o.ID)})
		if err != nil {
			return err
		}
		out.Orgs[o.ID] = org
		if level == domain.Street {
			out.Street = org
		}
	}
	return nil
}

func (s *Street) enrol(tx *store.Tx, house House, out *Filled, m *Member, until calendar.Day) error {
	e := members.Enrolment{
		ID: m.ID, Name: m.Name, Initials: house.Initials(m.Name), Home: out.Orgs[m.Home[domain.Branch]].ID,
		From: m.Joined, Facts: slices.DeleteFunc(slices.Clone(m.Facts), func(f domain.Fact) bool { return f.From > until }),
	}
	begin := calendar.Of(s.Year, 1, 1)
	if e.From == 0 {
		e.From = calendar.Of(s.Year-5, 1, 1) // long before the year
	}
	for i := range e.Facts {
		if e.Facts[i].From == 0 {
			e.Facts[i].From = min(begin, e.From)
		}
	}
	for i, name := range []domain.OrgID{m.Group, m.Hub} {
		if name != "" {
			e.Facts = append(e.Facts, domain.Fact{Attribute: domain.Groupings()[i], From: e.From,
				Value: domain.Value{Text: string(name)}})
		}
	}
	for _, org := range m.Joins {
		e.Joins = append(e.Joins, out.Orgs[org].ID)
	}
	return members.EnrolTx(tx, &e, 0)
}

func (s *Street) fillActivity(tx *store.Tx, house House, out *Filled, actor *access.Actor, a *Activity) error {
	m := activities.ActivityInput{Org: out.Orgs[a.Org].ID, Kind: a.Kind, On: a.On, Title: a.Title(), Paper: paper}
	for _, l := range a.Attendance {
		m.Lines = append(m.Lines, activities.Line{Member: l.Member, Status: l.Status})
	}
	if len(m.Lines) == 0 {
		return nil
	}
	_, err := house.Activities.RecordTx(tx, actor, m)
	return err
}

// written returns entries as a person writes them.
func written(list []Entry) []entries.EntryInput {
	out := make([]entries.EntryInput, len(list))
	for i := range list {
		e := &list[i]
		d := entries.EntryInput{Member: e.Member, Item: e.Item, On: e.On, Fields: map[string]string{}, Paper: paper}
		if e.Chosen {
			d.Points = e.Points.String()
		}
		for _, f := range e.Fields {
			d.Fields[f.Name] = cell(f.Name, f.Value)
		}
		out[i] = d
	}
	return out
}
