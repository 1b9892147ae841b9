package members

import (
	"slices"
	"strconv"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/importer"
)

// claim holds the statement of a row about an attribute.
type claim struct {
	attribute string
	field     importer.Field
	text      string
	plain     bool // the same as if nobody had said anything
	lasting   bool // has been so from the first: a change corrects a mistake
}

// claims lists what a row says, with the attributes' names.
func (pl *rosterPlanner) claims(p *importer.Person) []claim {
	var out []claim
	say := func(attribute string, f importer.Field, text string, lasting bool) {
		if text != "" {
			out = append(out, claim{attribute: attribute, field: f, text: text, lasting: lasting})
		}
	}
	date := func(f importer.Field, d calendar.Day) {
		if d != 0 {
			say(string(f), f, d.String(), true)
		}
	}
	whether := func(attribute string, f importer.Field, yes bool) {
		if _, has := pl.headings[f]; has && !slices.Contains(p.Unread, f) {
			out = append(out, claim{attribute: attribute, field: f, text: map[bool]string{true: "是", false: "否"}[yes],
				plain: !yes})
		}
	}
	say("人员类别", importer.FieldMembership, string(p.MembershipKind), false)
	date(importer.FieldBorn, p.Born)
	date(importer.FieldConfirmed, p.Confirmed)
	date(importer.FieldJoined, p.JoinedParty)
	say("性别", importer.FieldGender, string(p.Gender), true)
	say("民族", importer.FieldNation, p.Nation, true)
	say("学历", importer.FieldEducation, p.Education, false)
	say("工作岗位", importer.FieldPost, p.Post, false)
	if p.Correction != 0 {
		say("党龄校正值", importer.FieldCorrection, strconv.Itoa(p.Correction), true)
	}
	whether("流动", importer.FieldFloating, p.Floating)
	whether("失联", importer.FieldOutOfContact, p.OutOfContact)
	whether("停止党籍", importer.FieldState, p.Suspended)
	for _, v := range p.Values {
		if !slices.ContainsFunc(out, func(c claim) bool { return c.attribute == v.Attribute }) {
			out = append(out, claim{attribute: v.Attribute, field: importer.Field(v.Attribute), text: v.Text, plain: v.Plain})
		}
	}
	return out
}

// know settles the facts of every step.
func (pl *rosterPlanner) know() error {
	var known []domain.Member
	for i := range pl.plan.Steps {
		if s := &pl.plan.Steps[i]; !s.New {
			known = append(known, s.known)
		}
	}
	records, err := pl.view.Records(known)
	if err != nil {
		return err
	}
	for i := range pl.plan.Steps {
		s := &pl.plan.Steps[i]
		var record *domain.MemberHistory
		if !s.New {
			record, records = &records[0], records[1:]
		}
		s.from = max(pl.Since, s.Person.JoinedParty)
		for _, c := range pl.claims(s.Person) {
			if err := pl.fact(s, &c, record); err != nil {
				return err
			}
		}
	}
	return nil
}

// fact adds what a claim changes. record is nil for somebody new.
func (pl *rosterPlanner) fact(s *RosterStep, c *claim, record *domain.MemberHistory) error {
	fact, asked, err := pl.Understand(s.path, c.attribute, c.text)
	switch {
	case err != nil:
		pl.warn(s.Person, c.field, "办法不认得“"+fault.Quote(c.text)+"”，这一格没有取",
			strings.TrimPrefix(fault.From(err).Hint+"；要用它，先在办法的“"+c.attribute+"”里加上", "；"))
		return nil
	case !asked:
		if c.field == importer.FieldState && !c.plain {
			pl.warn(s.Person, c.field, "写着停止党籍，办法里没有“停止党籍”这一属性，按照常计分", "另外登记豁免，或在办法里加上这一属性")
		}
		return nil
	}
	fact.Attribute, fact.From = c.attribute, s.from
	if slices.Contains(domain.Groupings(), c.attribute) {
		return pl.group(s, c, fact)
	}
	if record == nil {
		if !c.plain {
			return pl.begin(s, c, fact)
		}
		return nil
	}
	old, has := latest(record.Facts, c.attribute, pl.Today)
	if has && old.Value == fact.Value || !has && c.plain {
		return nil
	}
	if ok, err := pl.exempted(s, c); err != nil || !ok {
		return err
	}
	switch day := s.Person.Confirmed; {
	case c.lasting && has:
		fact.From = old.From // of one day's values the later recorded holds
	case c.lasting:
		fact.From = max(record.Member.Joined, 1)
	case c.field == importer.FieldMembership && s.Person.MembershipKind == importer.Full && day > old.From &&
		day <= pl.Today:
		fact.From = day
	default:
		fact.From = max(pl.Changes, old.From)
	}
	s.Facts = append(s.Facts, fact)
	s.Words = append(s.Words, c.attribute+" "+c.text)
	return nil
}

// begin adds a fact of somebody new. Who was confirmed after his first day here
// was probationary till then.
func (pl *rosterPlanner) begin(s *RosterStep, c *claim, fact domain.Fact) error {
	if ok, err := pl.exempted(s, c); err != nil || !ok {
		return err
	}
	if day := s.Person.Confirmed; c.field == importer.FieldMembership && s.Person.MembershipKind == importer.Full &&
		day > fact.From {
		if first, asked, err := pl.Understand(s.path, c.attribute, string(importer.Probationary)); asked && err == nil {
			first.Attribute, first.From = c.attribute, fact.From
			s.Facts = append(s.Facts, first)
			fact.From = day
		}
	}
	s.Facts = append(s.Facts, fact)
	return nil
}
