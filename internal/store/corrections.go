package store

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// InsertCorrection records what a member says is wrong of what is held of him, which waits
// for the organs of a route. subject names the part in words.
func (tx *Tx) InsertCorrection(
	m *domain.Member, c domain.CorrectionAsked, subject string, on calendar.Day, route domain.Route, by domain.AccountID,
) (domain.RequestID, error) {
	wrong, err := tx.insertText(m.Home.ID, c.Wrong)
	if err != nil {
		return 0, err
	}
	wanted, err := tx.insertText(m.Home.ID, c.Wanted)
	if err != nil {
		return 0, err
	}
	h := handing{kind: domain.CorrectionRequest, member: m, subject: subject, on: on, route: route}
	request, err := tx.insertRequest(h, by)
	if err != nil {
		return 0, err
	}
	_, err = tx.record(m.Home.ID, kindCorrection, string(m.ID), string(c.About), wrong, wanted, reference(request),
		tx.stamp(), account(by))
	if err != nil {
		return 0, err
	}
	return request, tx.touch(m.ID)
}

// CorrectionOf returns what a request asks to be corrected.
func (v *Snapshot) CorrectionOf(id domain.RequestID) (domain.CorrectionAsked, error) {
	var r struct{ About, Wrong, Wanted string }
	err := v.get(&r, `SELECT c.about, w.body AS wrong, n.body AS wanted FROM corrections c
		JOIN shown_texts w ON w.id = c.wrong JOIN shown_texts n ON n.id = c.wanted WHERE c.request_id = ?`, int64(id))
	return domain.CorrectionAsked{About: domain.DossierPart(r.About), Wrong: r.Wrong, Wanted: r.Wanted}, err
}
