package members

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"

	"jifen/internal/access"
	"jifen/internal/app/kernel"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/importer"
	"jifen/internal/ruleset"
	"jifen/internal/spreadsheet"
	"jifen/internal/store"
)

// RosterDecisions hold what somebody decided on the lists of a plan. Rows of which nothing is
// decided are taken in, and nothing happens to who is not in the register.
type RosterDecisions struct {
	Out  []int             // rows that are left out
	Left []domain.MemberID // of who is not in the register: those who have left the street
	// Renames are of those who have another name in the register whose name it is now.
	Renames []domain.MemberID
	Seen    string // the digest of the plan that was looked at; "" for none
}

// RosterLeaving is somebody who is not in the register and of whom it was decided that he left.
type RosterLeaving struct {
	Member domain.Member
	Does   Registered
	Wrong  string // why that cannot be recorded; "" where it can
}

// RosterAsk is a register as a page takes it in.
type RosterAsk struct {
	Table     *spreadsheet.Table
	Org       domain.OrgID // "" = the street
	Community string
	Kind      domain.BranchKind
	Terms     RosterTerms // the days, the reason and the decisions
}

// PlanRosterOf is PlanRoster for a register in which the columns say themselves what they are.
func (r *Recorder) PlanRosterOf(ctx context.Context, actor *access.Actor, ask *RosterAsk) (
	*RosterTerms, *importer.RosterPreview, *RosterPlan, error) {
	read := func(asked []ruleset.Attribute) (*importer.RosterPreview, error) {
		return importer.ReadRoster(ask.Table, nil, asked), nil
	}
	return r.PlanRoster(ctx, actor, read, func(v *store.Snapshot) (*RosterTerms, error) {
		t := ask.Terms
		orgs, err := v.Orgs(actor.Scope(access.Import), "")
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(orgs, func(o domain.Org) bool {
			return o.ID == ask.Org || ask.Org == "" && o.Level == domain.Street
		})
		if at < 0 {
			return nil, fault.Hidden(nil, "这个组织")
		}
		t.Org, t.Vault, t.Today, t.Kind = orgs[at], r.Vault, r.Today(v), ask.Kind
		if t.Since == 0 {
			t.Since = t.Today
		}
		t.Changes, t.Community = t.Since, ask.Community
		if t.Org.Level == domain.Community {
			t.Community = t.Org.Name
		}
		return &t, nil
	})
}

// decide follows what was decided on a plan, and refuses decisions on another one.
func (t *RosterTerms) decide(plan *RosterPlan) error {
	if t.Seen != "" && t.Seen != plan.Digest {
		return fault.New(fault.Stale, "预览以后，名册或者库里的人有了变化，什么也没有写").WithHint("照新的预览再定一次")
	}
	for _, row := range t.Out {
		at := slices.IndexFunc(plan.Steps, func(s RosterStep) bool { return s.Person.Row == row })
		if at < 0 {
			return fault.New(fault.Invalid, "第 %d 行本来就没有要写入的，不用留下", row).WithHint("行号照预览里的写")
		}
		plan.Out = append(plan.Out, plan.Steps[at])
		plan.Steps = slices.Delete(plan.Steps, at, at+1)
	}
	plan.found()
	for _, id := range t.Left {
		at := slices.IndexFunc(plan.Absent, func(m domain.Member) bool { return m.ID == id })
		if at < 0 {
			return fault.New(fault.Invalid, "编号 %s 不在“不在这份名册里的”人里", fault.Quote(string(id))).WithHint("编号照预览里的写")
		}
		if !slices.ContainsFunc(plan.Leaving, func(l RosterLeaving) bool { return l.Member.ID == id }) {
			plan.Leaving = append(plan.Leaving, RosterLeaving{Member: plan.Absent[at]})
		}
	}
	return nil
}

// digest returns what tells a plan from another, before anything was decided on it.
func (p *RosterPlan) digest() (string, error) {
	type step struct {
		Row     int
		Member  domain.MemberID
		Version int64
		New     bool
		Moves   bool
		Branch  string
		Facts   []domain.Fact
		Numbers int
	}
	var all struct {
		Community string
		Branches  []string
		Steps     []step
		Problems  []importer.Problem
		Renamed   []RosterRename
		Absent    []domain.MemberID
	}
	all.Community, all.Branches, all.Problems, all.Renamed = p.Community, p.Branches, p.Problems, p.Renamed
	for i := range p.Steps {
		s := &p.Steps[i]
		all.Steps = append(all.Steps, step{s.Person.Row, s.Member, s.known.Version, s.New, s.Moves, s.Branch, s.Facts,
			len(s.Numbers)})
	}
	for i := range p.Absent {
		all.Absent = append(all.Absent, p.Absent[i].ID)
	}
	text, err := json.Marshal(all)
	if err != nil {
		return "", fault.Wrap(err, fault.Internal, "预览记不下来")
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:6]), nil
}

// found leaves out the branches that no step needs any more.
func (p *RosterPlan) found() {
	p.Branches = slices.DeleteFunc(p.Branches, func(name string) bool {
		return !slices.ContainsFunc(p.Steps, func(s RosterStep) bool { return s.Branch == name })
	})
	if len(p.Branches) == 0 {
		p.Community = ""
	}
}

// leave is the move of somebody who left, as the terms say.
func (t *RosterTerms) leave(l *RosterLeaving) *Move {
	return &Move{Member: l.Member.ID, From: t.Changes, Reason: t.Reason}
}

// foreseeLeavings records those who left and keeps nothing of it.
func (r *Recorder) foreseeLeavings(ctx context.Context, actor *access.Actor, t *RosterTerms, plan *RosterPlan) error {
	ctx = store.InStreets(ctx, []string{t.Org.Path})
	for i := range plan.Leaving {
		l := &plan.Leaving[i]
		err := r.DB.Exclusive(ctx, func(tx *store.Tx) (err error) {
			if l.Does, err = r.move(tx, actor, t.leave(l), true); err == nil {
				err = kernel.ErrStop
			}
			return err
		})
		switch {
		case errors.Is(err, kernel.ErrStop):
		case ofOneRow(err):
			if l.Wrong = fault.From(err).Error(); lacksReason(err) {
				plan.WantReason++
			}
		default:
			return err
		}
	}
	return nil
}

// applyLeavings records those who left, but for whom that cannot be.
func (r *Recorder) applyLeavings(ctx context.Context, actor *access.Actor, t *RosterTerms, plan *RosterPlan) error {
	ctx = store.InStreets(ctx, []string{t.Org.Path})
	for some := range slices.Chunk(plan.Leaving, rosterPart) {
		err := r.DB.Exclusive(ctx, func(tx *store.Tx) error {
			for i := range some {
				l := &some[i]
				if l.Wrong != "" {
					continue
				}
				if _, err := r.move(tx, actor, t.leave(l), false); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// RosterPlaces returns where an actor may take a register in: streets and communities.
func (r *Recorder) RosterPlaces(ctx context.Context, actor *access.Actor) (out []domain.Org, err error) {
	err = r.Read(ctx, actor, func(v *store.Snapshot) error {
		out, err = v.Orgs(actor.Scope(access.Import), "")
		return err
	}, access.Import)
	return slices.DeleteFunc(out, func(o domain.Org) bool { return o.Level == domain.Branch || o.Closed != 0 }), err
}
