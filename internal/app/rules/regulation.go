package rules

import (
	"context"
	"slices"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruledoc"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// maxEnacted limits the list of what was put in force.
const maxEnacted = 50

// RegulationQuery asks for one regulation.
type RegulationQuery struct {
	On     calendar.Day // the day on which it is in force
	Text   string       // an earlier text, by its hash; "" for the one in force
	Scheme string       // one of several schemes, by its 编号; "" for the main one
	Street domain.OrgID // whose it is, for who has no place of his own; "" for the first
}

// Regulation is a text in force as people read it, nothing where none is.
type Regulation struct {
	Document *ruledoc.Document
	Schemes  []SchemeTitle // where there are several
	Streets  []domain.Org  // whose regulations may be asked for, where there are several
	Street   domain.OrgID  // whose it is of them
}

// SchemeTitle is one of several schemes in force.
type SchemeTitle struct {
	Code, Title string
	Shown       bool
}

// Regulation returns the regulation that concerns the actor: that of the branch or
// committee served, of the own branch, or of the first street. Texts of other streets
// are fault.NotFound.
func (s *Service) Regulation(
	ctx context.Context, actor *access.Actor, q RegulationQuery,
) (out Regulation, err error) {
	if !actor.May(access.SignedIn) {
		return out, fault.New(fault.Forbidden, "没有这个权限")
	}
	err = s.db.Read(ctx, func(v *store.Snapshot) error {
		homes, err := s.homesOf(v, actor)
		if err != nil {
			return err
		}
		readable := actor.StreetScope(homes...)
		hash, added := q.Text, []ruleset.Supplement(nil)
		if hash == "" {
			if hash, added, err = s.shown(v, actor, readable, q, &out); err != nil || hash == "" {
				return err
			}
		}
		source, err := v.Source(readable, hash)
		if err != nil {
			return err
		}
		out.Document, err = typeset(v, readable, source, added)
		return err
	})
	return out, err
}

// shown returns the text in force that is asked for, with what the branch added to
// it; "" where none is.
func (s *Service) shown(
	v *store.Snapshot, actor *access.Actor, readable access.Scope, q RegulationQuery, out *Regulation,
) (hash string, added []ruleset.Supplement, err error) {
	place, err := placeOf(v, actor)
	if err == nil && place == "" {
		place, err = streetOf(v, readable, q.Street, out)
	}
	if err != nil {
		return "", nil, err
	}
	books, err := s.standings.Schemes(v, place, q.On)
	if fault.CodeOf(err) == fault.NotFound {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	book := books[0]
	for _, b := range books {
		if b.Code == q.Scheme {
			book = b
		}
	}
	for _, b := range books {
		if len(books) > 1 {
			out.Schemes = append(out.Schemes, SchemeTitle{Code: b.Code, Title: b.Title, Shown: b == book})
		}
	}
	if q.Scheme != "" && book.Code != q.Scheme { // of an organisation below, or of before
		of, err := textOf(v, readable, q.Scheme, q.On)
		if err != nil || of != "" {
			return of, nil, err
		}
	}
	return book.Own, book.Supplements, nil
}

// placeOf returns the organisation whose regulation concerns a person; "" for one who
// has no place of his own.
func placeOf(v *store.Snapshot, a *access.Actor) (string, error) {
	for _, g := range a.Grants {
		if g.Path != "" {
			return g.Path, nil
		}
	}
	if a.Member != "" {
		m, err := v.Member(access.System("one's own regulation is no secret"), a.Member)
		if err != nil {
			return "", err
		}
		if m.Home.Path != "" {
			return m.Home.Path, nil
		}
	}
	return "", nil
}

// streetOf returns the street whose regulation is shown to a person who has no place of
// his own.
func streetOf(v *store.Snapshot, readable access.Scope, id domain.OrgID, out *Regulation) (string, error) {
	orgs, err := v.Orgs(readable, "")
	orgs = slices.DeleteFunc(orgs, func(o domain.Org) bool { return o.Level != domain.Street })
	if err != nil || len(orgs) == 0 {
		return "", err
	}
	at := slices.IndexFunc(orgs, func(o domain.Org) bool { return id == "" || o.ID == id })
	if at < 0 {
		return "", fault.Hidden(nil, "这个街道")
	}
	if len(orgs) > 1 {
		out.Streets, out.Street = orgs, orgs[at].ID
	}
	return orgs[at].Path, nil
}

// homesOf returns the branches to which a person belongs or has belonged: under their
// texts his own points came about.
func (s *Service) homesOf(v *store.Snapshot, a *access.Actor) (paths []string, err error) {
	if a.Member == "" {
		return nil, nil
	}
	m, err := v.Member(access.System("one's own regulation is no secret"), a.Member)
	if err != nil {
		return nil, err
	}
	residences, err := v.Residences([]domain.MemberID{m.ID}, s.today(v))
	for i := range residences[m.ID] {
		paths = append(paths, residences[m.ID][i].Home.Path)
	}
	return append(paths, m.Home.Path), err
}

// textOf returns the latest text of a scheme that was in force in the scope or above it
// on a day; "" for none.
func textOf(v *store.Snapshot, readable access.Scope, code string, on calendar.Day) (hash string, err error) {
	paths := readable.Subtrees()
	if readable.All() {
		paths = []string{""}
	}
	var list []domain.RuleVersionInForce
	for _, path := range paths {
		some, err := v.InForce(path)
		if err != nil {
			return "", err
		}
		list = append(list, some...)
	}
	from := calendar.Day(0)
	for i := range list {
		e := &list[i]
		if !readable.Covers(e.Path) && !readable.Below(e.Path) {
			continue
		}
		if e.Code == code && !e.Supplement && e.From <= on && e.From >= from {
			hash, from = e.Hash, e.From
		}
	}
	return hash, nil
}

// typeset typesets an enacted text, with what the branch added to it.
func typeset(v *store.Snapshot, readable access.Scope, source string, added []ruleset.Supplement) (*ruledoc.Document,
	error) {
	loaded := ruleset.Load("办法", []byte(source))
	if loaded.Book == nil {
		return nil, fault.New(fault.NotFound, "这一份是补充文件，随它的办法一起看")
	}
	d := ruledoc.Typeset(loaded.Book, loaded.File.Root)
	for i := range added {
		text, err := v.Source(readable, added[i].Hash)
		if err != nil {
			return nil, err
		}
		if s := ruleset.LoadSupplement(loaded.Book, "补充", []byte(text)); s.Book != nil {
			d.Add(ruledoc.Typeset(s.Book, s.File.Root))
		}
	}
	return d, nil
}

// Workbench holds drafts and texts in force, of one instant.
type Workbench struct {
	Drafts  []domain.RuleDraft
	Orgs    []domain.Org         // for which the actor may put rules in force
	Enacted []domain.RuleVersion // the latest, newest first; those of what stands above too

	Names map[domain.OrgID]string // of the organisations that enacted them
}

// Workbench returns the drafts and what was put in force, for who enacts rules.
func (s *Service) Workbench(ctx context.Context, actor *access.Actor) (out Workbench, err error) {
	if err := permitted(actor); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, func(v *store.Snapshot) error {
		if out.Drafts, err = v.Drafts(scope(actor), maxDrafts); err != nil {
			return err
		}
		if out.Orgs, err = v.Orgs(scope(actor), ""); err != nil {
			return err
		}
		if out.Enacted, err = v.Enactments(scope(actor), maxEnacted); err != nil {
			return err
		}
		out.Names = map[domain.OrgID]string{}
		for i := range out.Enacted {
			id := out.Enacted[i].Org
			if _, known := out.Names[id]; known {
				continue
			}
			o, err := v.Org(access.System("who enacted a text that is read is no secret"), id)
			if err != nil {
				return err
			}
			out.Names[id] = o.Name
		}
		return nil
	})
	return out, err
}
