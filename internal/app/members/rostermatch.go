package members

import (
	"fmt"
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/importer"
	"jifen/internal/vault"
)

// who settles whether a row's person is there already. ok is false after a
// problem.
func (pl *rosterPlanner) who(s *RosterStep, home domain.Org) (ok bool, err error) {
	p := s.Person
	if p.Number != "" {
		if ok, known, err := pl.numbered(s); err != nil || known {
			return ok, err
		}
	}
	if p.Identity != "" {
		found, err := pl.view.SeekSealed(everybody(), string(vault.Identity), pl.Vault.Seeks(vault.Identity, p.Identity))
		switch {
		case err != nil:
			return false, err
		case len(found) > 1:
			pl.problem(p, importer.FieldIdentity, fmt.Sprintf("有 %d 个编号登记了这个身份证号", len(found)), "请管理员先查清")
			return false, nil
		case len(found) == 1 && found[0].Name != p.Name:
			pl.renames(s, &found[0], importer.FieldIdentity,
				"这个身份证号是编号 "+string(found[0].ID)+" 的“"+found[0].Name+"”的，姓名却不一样", "照身份证改")
			return true, nil
		case len(found) == 1:
			s.Member, s.known = found[0].ID, found[0]
			return true, nil
		}
	}
	return pl.namesake(s, home)
}

// renames notes that a row gives somebody known another name. It is taken where that was decided,
// else it is a problem.
func (pl *rosterPlanner) renames(s *RosterStep, m *domain.Member, f importer.Field, message, advice string) {
	id := string(m.ID)
	wrong := importer.Problem{Row: s.Person.Row, Column: pl.headings[f], Message: message, Advice: advice +
		"；确是改了名、原来写错了的，勾上姓名照名册改（命令行加 --rename " + id + "），或者在他的“登记变动”里更正"}
	pl.plan.Renamed = append(pl.plan.Renamed, RosterRename{Row: s.Person.Row, Member: *m, Name: s.Person.Name,
		wrong: wrong})
	s.Member, s.known, s.Renamed = m.ID, *m, true
	s.Words = append(s.Words, "姓名 "+s.Person.Name)
}

// numbered settles who a row with a member's number is. known is false where somebody else
// gave the number, which then says nothing.
func (pl *rosterPlanner) numbered(s *RosterStep) (ok, known bool, err error) {
	p := s.Person
	for _, m := range pl.byName[p.Name] {
		if string(m.ID) != p.Number {
			continue
		}
		if p.Identity != "" {
			found, err := pl.view.SeekSealed(everybody(), string(vault.Identity), pl.Vault.Seeks(vault.Identity, p.Identity))
			if err != nil {
				return false, true, err
			}
			if len(found) == 0 {
				_, err = pl.view.Sealed(everybody(), m.ID, string(vault.Identity))
				if err != nil && fault.CodeOf(err) != fault.NotFound {
					return false, true, err
				}
				s.byName = err != nil
			}
			if !s.byName && (len(found) != 1 || found[0].ID != m.ID) {
				return false, false, nil // the identity number settles it
			}
		}
		s.Member, s.known = m.ID, m
		return true, true, nil
	}
	if m, err := pl.view.Member(everybody(), domain.MemberID(p.Number)); err == nil {
		pl.renames(s, &m, importer.FieldNumber, "编号 "+fault.Quote(p.Number)+" 是另一个姓名的",
			"照“姓名”改编号；新党员不填编号")
		return true, true, nil
	} else if fault.CodeOf(err) != fault.NotFound {
		return false, true, err
	}
	pl.warn(p, importer.FieldNumber, "没有编号 "+fault.Quote(p.Number)+"，不照它找", "编号由程序给；新党员不填")
	return false, false, nil
}

// namesake looks for somebody of the name in the branch. Who has another number
// is another person.
func (pl *rosterPlanner) namesake(s *RosterStep, home domain.Org) (ok bool, err error) {
	p := s.Person
	var here []domain.Member
	elsewhere := false
	for _, m := range pl.byName[p.Name] {
		if home.ID == "" || m.Home.ID != home.ID {
			elsewhere = true
			continue
		}
		if p.Identity != "" {
			_, err := pl.view.Sealed(everybody(), m.ID, string(vault.Identity))
			if err == nil {
				continue
			}
			if fault.CodeOf(err) != fault.NotFound {
				return false, err
			}
		}
		here = append(here, m)
	}
	switch {
	case len(here) > 1:
		pl.problem(p, importer.FieldName, fmt.Sprintf("这个支部已有 %d 个叫“%s”的", len(here), fault.Quote(p.Name)),
			"补上身份证号；已有的人还没有登记身份证号的，先补登")
		return false, nil
	case len(here) == 0:
		if s.New = true; elsewhere && p.Identity == "" {
			pl.warn(p, importer.FieldName, "别的支部也有叫“"+fault.Quote(p.Name)+"”的，这里当作另一个人", "是同一个人调了支部的，补上身份证号再导入")
		}
		return true, nil
	}
	born, err := pl.born(here[0])
	if err != nil {
		return false, err
	}
	if p.Born == 0 || born == 0 || p.Born == born {
		s.Member, s.known, s.byName = here[0].ID, here[0], true
		return true, nil
	}
	if p.Identity == "" {
		pl.problem(p, importer.FieldBorn,
			"这个支部的“"+fault.Quote(p.Name)+"”（编号 "+string(here[0].ID)+"）出生日期是 "+born.String()+"，这里写 "+p.Born.String(),
			"补上身份证号，才分得清是不是同一个人")
		return false, nil
	}
	s.New = true
	pl.warn(p, importer.FieldName, "这个支部的“"+fault.Quote(p.Name)+"”（编号 "+string(here[0].ID)+"）出生日期不同，这里当作另一个人",
		"是同一个人的，先更正出生日期")
	return true, nil
}

// born returns a member's birthday, 0 where it is not known.
func (pl *rosterPlanner) born(m domain.Member) (calendar.Day, error) {
	records, err := pl.view.Records([]domain.Member{m})
	if err != nil {
		return 0, err
	}
	f, _ := latest(records[0].Facts, string(importer.FieldBorn), pl.Today)
	return calendar.Day(f.Value.Number), nil
}

// latest returns the fact of an attribute that holds on a day; where all of
// them lie ahead, the first.
func latest(facts []domain.Fact, attribute string, on calendar.Day) (fact domain.Fact, ok bool) {
	own := slices.DeleteFunc(slices.Clone(facts), func(f domain.Fact) bool { return f.Attribute != attribute })
	for _, f := range own { // they come in the order of their days
		if !ok || f.From <= on {
			fact, ok = f, true
		}
	}
	return fact, ok
}
