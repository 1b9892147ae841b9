package standings

import (
	"encoding/binary"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// form is the version of the bytes that a remembered standing is kept in. A
// standing of another form is behind.
const form = 4

// encode writes a standing in its remembered form: short, and read back some
// twenty times as fast as JSON.
func encode(s *domain.Standing) []byte {
	w := writer{form}
	w.text(s.Scheme)
	w.number(int64(s.Period.Unit))
	w.number(int64(s.Period.First))
	w.number(int64(s.Period.Last))
	w.flag(s.Scored)
	w.text(s.Why)
	w.flag(s.Ranked)
	w.text(s.Category)
	w.number(int64(s.Total))
	w.number(int64(len(s.Blocks)))
	for _, b := range s.Blocks {
		w.text(b.Name)
		w.number(int64(b.Value))
	}
	w.text(s.Grade)
	w.text(s.Bare)
	w.number(int64(s.Added))
	w.number(int64(s.Deducted))
	w.texts(s.RedLines)
	w.alerts(s.Alerts)
	w.alerts(s.Open)
	w.text(s.Group)
	w.alerts(s.Waiting)
	w.flag(s.ByPlace)
	w.number(int64(len(s.Claims)))
	for _, c := range s.Claims {
		w.text(c.Grade)
		w.share(c.Within)
		w.share(c.Last)
		w.flag(c.Unmet)
	}
	w.text(s.Forced)
	w.text(s.Bound)
	w.texts(s.Meets)
	w.texts(s.Missing)
	return w
}

func (w *writer) share(s domain.Share) {
	w.number(s.Num)
	w.number(s.Den)
}

func (r *reader) share() domain.Share { return domain.Share{Num: r.number(), Den: r.number()} }

func (w *writer) alerts(list []domain.Alert) {
	w.number(int64(len(list)))
	for i := range list {
		a := &list[i]
		w.text(a.Name)
		w.number(int64(a.On))
		w.text(a.Window)
		w.number(int64(a.Run))
		w.text(string(a.Level))
		w.text(a.Suggest)
		w.text(a.Owner)
		w.number(int64(a.Due))
		w.number(int64(a.Clause))
	}
}

// lexicon holds the words of a population once: its standings say the same few
// hundred words over and over.
type lexicon map[string]string

// decode reads what encode wrote.
func decode(b []byte, words lexicon) (domain.Standing, error) {
	r := reader{left: b, words: words}
	if r.byte() != form {
		r.bad = true
	}
	s := domain.Standing{Scheme: r.text()}
	s.Period.Unit = calendar.Unit(r.number())
	s.Period.First, s.Period.Last = calendar.Day(r.number()), calendar.Day(r.number())
	s.Scored, s.Why, s.Ranked, s.Category = r.flag(), r.text(), r.flag(), r.text()
	s.Total = domain.Points(r.number())
	if n := r.count(); n > 0 {
		s.Blocks = make([]domain.BlockValue, 0, n)
	}
	for range cap(s.Blocks) {
		s.Blocks = append(s.Blocks, domain.BlockValue{Name: r.text(), Value: domain.Points(r.number())})
	}
	s.Grade, s.Bare = r.text(), r.text()
	s.Added, s.Deducted = int(r.number()), int(r.number())
	s.RedLines = r.texts()
	s.Alerts, s.Open, s.Group, s.Waiting = r.alerts(), r.alerts(), r.text(), r.alerts()
	s.ByPlace = r.flag()
	if n := r.count(); n > 0 {
		s.Claims = make([]domain.GradeClaim, 0, n)
	}
	for range cap(s.Claims) {
		s.Claims = append(s.Claims, domain.GradeClaim{Grade: r.text(), Within: r.share(), Last: r.share(), Unmet: r.flag()})
	}
	s.Forced, s.Bound = r.text(), r.text()
	s.Meets, s.Missing = r.texts(), r.texts()
	if r.bad || len(r.left) > 0 {
		return s, fault.New(fault.Internal, "记住的得分读不出来")
	}
	return s, nil
}

func (r *reader) alerts() (list []domain.Alert) {
	if n := r.count(); n > 0 {
		list = make([]domain.Alert, 0, n)
	}
	for range cap(list) {
		a := domain.Alert{Name: r.text(), On: calendar.Day(r.number()), Window: r.text(), Run: int(r.number())}
		a.Level, a.Suggest, a.Owner = domain.AlertLevel(r.text()), r.text(), r.text()
		a.Due, a.Clause = calendar.Day(r.number()), int(r.number()) //nolint:gosec // as written
		list = append(list, a)
	}
	return list
}

type writer []byte

func (w *writer) number(n int64) { *w = binary.AppendVarint(*w, n) }

func (w *writer) flag(b bool) {
	if b {
		*w = append(*w, 1)
		return
	}
	*w = append(*w, 0)
}

func (w *writer) text(s string) {
	w.number(int64(len(s)))
	*w = append(*w, s...)
}

func (w *writer) texts(list []string) {
	w.number(int64(len(list)))
	for _, s := range list {
		w.text(s)
	}
}

// reader reads until something is bad; then everything is zero.
type reader struct {
	left  []byte
	words lexicon
	bad   bool
}

func (r *reader) byte() byte {
	if len(r.left) == 0 {
		r.bad = true
		return 0
	}
	b := r.left[0]
	r.left = r.left[1:]
	return b
}

func (r *reader) flag() bool { return r.byte() == 1 }

func (r *reader) number() int64 {
	n, size := binary.Varint(r.left)
	if size <= 0 {
		r.bad, r.left = true, nil
		return 0
	}
	r.left = r.left[size:]
	return n
}

// count reads a length; it can be no greater than what is left.
func (r *reader) count() int {
	n := r.number()
	if n < 0 || n > int64(len(r.left)) {
		r.bad, r.left = true, nil
		return 0
	}
	return int(n)
}

func (r *reader) text() string {
	n := r.count()
	b := r.left[:n]
	r.left = r.left[n:]
	if n == 0 {
		return ""
	}
	s, ok := r.words[string(b)]
	if !ok {
		s = string(b)
		r.words[s] = s
	}
	return s
}

func (r *reader) texts() []string {
	n := r.count()
	if n == 0 {
		return nil
	}
	out := make([]string, 0, n)
	for range n {
		out = append(out, r.text())
	}
	return out
}
