package standings

import (
	"bytes"
	"slices"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Review counts the outcome of comparing cached standings with the records.
type Review struct {
	Compared int // computed anew and compared
	Stale    int // of earlier inputs or texts: nobody is shown them
	Wrong    []Difference
}

// Difference is a cached standing that is not what the records come to.
type Difference struct {
	Member domain.MemberID
	Scheme string
	Period string
	Stored string // the total as it is cached; 不计分, or 读不出来 where it cannot be read
	Total  string // as it was computed anew; 算不出来 where the records do not allow it, 没有算 where it is stale
	Code   bool   // its code is not that of the row
}

// atOnce bounds the cached standings in memory while all are compared.
const atOnce = 200

// Review computes anew, from the inputs and under the texts that it names, every
// cached standing that somebody would be shown, and compares it byte for byte. It
// reads with the view alone and caches nothing in the database.
func (s *Service) Review(v *store.Snapshot, today calendar.Day) (*Review, error) {
	t, err := s.Timetable(v)
	if err != nil {
		return nil, err
	}
	c := &comparison{s: s, v: v, t: t, today: today, out: &Review{}}
	var last *domain.StoredStanding
	for {
		rows, err := v.StoredStandings(access.System("what is cached is computed anew"), last, atOnce)
		if err != nil || len(rows) == 0 {
			return c.out, err
		}
		if err := c.compare(rows); err != nil {
			return c.out, err
		}
		last = &rows[len(rows)-1]
	}
}

// comparison is one Review under way.
type comparison struct {
	s     *Service
	v     *store.Snapshot
	t     *Timetable
	today calendar.Day
	out   *Review

	residences map[domain.MemberID][]domain.Residence
	records    map[domain.MemberID]*domain.MemberHistory
}

// compare judges some rows.
func (c *comparison) compare(rows []domain.StoredStanding) error {
	var members []domain.Member
	var ids []domain.MemberID
	for i := range rows {
		if m := rows[i].Holder; i == 0 || m.ID != rows[i-1].Holder.ID {
			members, ids = append(members, m), append(ids, m.ID)
		}
	}
	var err error
	if c.residences, err = c.v.Residences(ids, calendar.Forever); err != nil {
		return err
	}
	c.read(members)
	for i := range rows {
		if err := c.judge(&rows[i]); err != nil {
			return err
		}
	}
	return nil
}

// read reads what is recorded of members. Who has something that cannot be read is
// left out, and does not keep the others from being compared.
func (c *comparison) read(members []domain.Member) {
	c.records = make(map[domain.MemberID]*domain.MemberHistory, len(members))
	if records, err := c.v.Records(members); err == nil {
		for i := range records {
			c.records[members[i].ID] = &records[i]
		}
		return
	}
	for i := range members {
		if one, err := c.v.Records(members[i : i+1]); err == nil {
			c.records[members[i].ID] = &one[0]
		}
	}
}

// judge compares one row.
func (c *comparison) judge(r *domain.StoredStanding) error {
	d := Difference{Member: r.Holder.ID, Scheme: r.Scheme, Period: r.Period, Stored: unreadable, Total: "算不出来",
		Code: r.Damaged}
	wrong := func() error {
		c.out.Compared++
		c.out.Wrong = append(c.out.Wrong, d)
		return nil
	}
	if r.Broken != "" {
		d.Stored = "从哪天到哪天有效" + unreadable // lists of everybody fail on it
		return wrong()
	}
	if st, err := decode(r.Body, lexicon{}); err == nil {
		d.Stored = totalWord(&st)
	}
	stale := func() error {
		if d.Total = "没有算"; r.Damaged {
			return wrong()
		}
		c.out.Stale++
		return nil
	}
	p, bad := calendar.ParsePeriod(r.Period)
	if bad != nil || !r.Coded || r.Version != r.Holder.Version || len(r.Body) == 0 || r.Body[0] != form {
		return stale()
	}
	day := r.AsOf
	texts, err := c.texts(r, min(day, p.Last))
	if err == nil && texts == nil && r.AsOf <= c.today && c.today <= r.Until {
		day = c.today // it would be shown today, and cannot have been computed on its own day
		texts, err = c.texts(r, min(day, p.Last))
	}
	switch {
	case fault.CodeOf(err) == fault.Unavailable:
		return err
	case err != nil: // its text was tampered with
		return wrong()
	case texts == nil:
		return stale()
	}
	record := c.records[r.Holder.ID]
	if record == nil {
		return wrong()
	}
	res := texts.Member(record, p, day)
	until := min(max(day, res.StableUntil), calendar.Forever)
	if r.Damaged || !bytes.Equal(encode(&res.Standing), r.Body) || r.Until != until {
		d.Total = totalWord(&res.Standing)
		return wrong()
	}
	c.out.Compared++
	return nil
}

// unreadable stands for the total of a cached standing that is no standing.
const unreadable = "读不出来"

func totalWord(st *domain.Standing) string {
	if !st.Scored {
		return "不计分"
	}
	return st.Total.String()
}

// texts returns the texts that a row says it was computed under, where they are
// those of its member on a day; nil where they are not, or where his home of the day
// is another one: nothing is cached of that.
func (c *comparison) texts(r *domain.StoredStanding, on calendar.Day) (*Texts, error) {
	m := &r.Holder
	if r.Settled > on {
		return nil, nil //nolint:nilnil // none is no error
	}
	moved := c.residences[m.ID]
	if len(moved) < 2 {
		moved = nil
	}
	paths := lines(m.Home.Path)
	first, err := c.v.StreetOf("")
	if err != nil {
		return nil, err
	}
	if !slices.Contains(paths, first) {
		paths = append(paths, first)
	}
	for _, path := range paths { // whichever organisation was asked for
		book, err := c.s.Scheme(c.v, path, r.Scheme, on)
		if fault.CodeOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		texts, err := c.t.texts(c.v, &Population{Book: book}, m, moved, on)
		if err != nil {
			return nil, err
		}
		if texts != nil && texts.Rules == r.Rules {
			return texts, nil
		}
	}
	return nil, nil //nolint:nilnil // none is no error
}
