package scoring

import (
	"slices"

	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/ruleset"
)

// Requirements returns what is lacking for the nearest better grade: the smallest set of
// conditions which, made true, would give it with the red lines that act; a red
// line stands among them only where it holds the grade down. ok is false where
// there is no better grade, or no set would do.
//
// Where grades go by share, the promise is what the member's places allow; with
// no places there is none, because a place among others is not had by oneself.
func (r *Result) Requirements(places []domain.Rank) (lack domain.Requirements, ok bool) {
	m := r.at
	if !m.scored {
		return lack, false
	}
	grade, free := m.grade, m.bare
	if r.Standing.ByPlace {
		grade, free = r.placedGrades(places)
	}
	if grade <= 0 {
		return lack, false
	}
	if free >= 0 && free < grade {
		if lack, ok := r.redLinesInTheWay(free); ok {
			return lack, true
		}
	}
	return r.requirementsFor(grade, places)
}

// placedGrades returns the grade that places give, and the one that they would
// give without red lines; −1 where it is none of the table.
func (r *Result) placedGrades(places []domain.Rank) (grade, free int) {
	book := r.run.book
	return slices.Index(book.GradeNames, gradeByShare(book, &r.Standing, places)),
		slices.Index(book.GradeNames, bareByShare(book, &r.Standing, places))
}

// redLinesInTheWay names the acting red lines that hold the grade below what it would
// be without them; ok is false where it is one of an earlier part, which no end
// of anything undoes.
func (r *Result) redLinesInTheWay(free int) (lack domain.Requirements, ok bool) {
	book := r.run.book
	lack.Grade = book.GradeNames[free]
	r.addRedLines(&lack, free)
	if len(lack.Needs) == 0 && !r.at.struckInAnyPart() {
		r.addWaitingRedLines(&lack)
	}
	return lack, len(lack.Needs) > 0
}

// struckInAnyPart reports whether a red line set a block in some part of it.
func (m *valuation) struckInAnyPart() bool {
	for _, list := range m.rolled {
		if slices.ContainsFunc(list, func(p *valuation) bool { return p.red != 0 }) {
			return true
		}
	}
	return false
}

// addWaitingRedLines adds to what is lacking the red lines for whose end additions wait.
func (r *Result) addWaitingRedLines(lack *domain.Requirements) {
	for i := range r.run.book.RedLines {
		line := &r.run.book.RedLines[i]
		if line.Bonus != ruleset.BonusWaits {
			continue
		}
		if _, acts := r.run.trackers[i].actingOn(r.at.day); acts {
			lack.Needs = append(lack.Needs, domain.Requirement{Source: line.Name, RedLine: true})
			lack.Clause = line.Clause
		}
	}
}

// addRedLines adds to what is lacking the acting red lines under which a grade
// cannot be had: they give or allow only a worse one, or fix a block's value.
func (r *Result) addRedLines(lack *domain.Requirements, grade int) {
	for i := range r.run.book.RedLines {
		line := &r.run.book.RedLines[i]
		if r.at.red.has(i) && (line.Grade > grade || line.MaxGrade > grade || len(line.Sets) > 0) {
			lack.Needs = append(lack.Needs, domain.Requirement{Source: line.Name, RedLine: true})
			lack.Clause = line.Clause
		}
	}
}

// requirementsFor returns what the nearest row above a grade asks for.
func (r *Result) requirementsFor(grade int, places []domain.Rank) (lack domain.Requirements, ok bool) {
	m, book := r.at, r.run.book
	e := r.run.borrowEnv(m.day, r.run.segmentAt(m.day), m.category)
	defer e.release()
	e.at = m
	rows, _, known := book.Grades.At(m.day, e)
	if !known {
		return lack, false
	}
	best := -1
	for i := range rows {
		if rows[i].Grade < grade && (best < 0 || rows[i].Grade > rows[best].Grade) {
			best = i
		}
	}
	if best < 0 || r.Standing.ByPlace && !placesAllow(book, &rows[best], places) {
		return lack, false
	}
	atoms, ok := rows[best].When.Lacking(m.day, e)
	lack.Grade = book.GradeNames[rows[best].Grade]
	for _, a := range atoms {
		n := domain.Requirement{Source: a.Source, Want: a.Want}
		if a.Known {
			n.Now = domain.Points(a.Now.Round(2, formula.HalfUp)).String()
		}
		lack.Needs = append(lack.Needs, n)
	}
	r.addRedLines(&lack, rows[best].Grade)
	lack.Clause = rows[best].Clause
	return lack, ok && len(atoms) > 0
}

// placesAllow reports whether places are within the share of a row of grades. A row
// without a share allows every place.
func placesAllow(book *ruleset.RuleSet, row *ruleset.GradeRow, places []domain.Rank) bool {
	if !row.Within.Set() {
		return true
	}
	at := slices.IndexFunc(places, func(p domain.Rank) bool { return p.Level == book.Ranking.Quota })
	if at < 0 || places[at].Of < book.Ranking.Least {
		return false
	}
	place := places[at].Place
	if book.Ranking.Out {
		place += places[at].Tied - 1
	}
	return place <= book.Ranking.Round.Places(row.Within, places[at].Of)
}
