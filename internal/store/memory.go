package store

import (
	"cmp"
	"slices"
	"sync"

	"jifen/internal/domain"
)

// Limits of what is held in memory of members.
const (
	maxHeld  = 2000    // members of whom all is held that an entry is judged by
	maxLines = 150_000 // facts, entries and lines of attendance of all whose record is held: some 15 MB
	maxAsked = 500     // of how many the records that were read at once are held
)

// keptRecord holds what is recorded of a member, as it was read under two versions: his own
// and the common one of all streets. It never changes.
type keptRecord struct {
	version, common int64
	history         domain.MemberHistory
}

// lines counts the lines of a record, and the record itself.
func (r *keptRecord) lines() int {
	return 1 + len(r.history.Facts) + len(r.history.Entries) + len(r.history.Attendance)
}

// as returns the record of a member as he is shown: his name, and where he belongs on
// the day that is asked about.
func (r *keptRecord) as(m *domain.Member) domain.MemberHistory {
	h := r.history
	h.Member.Name, h.Member.Home, h.Member.Kind = m.Name, Line(m.Home.Path), m.Home.Kind
	return h
}

// shared returns a history whose lists grow elsewhere: nobody who appends to one of
// them writes where others read.
func shared(h domain.MemberHistory) domain.MemberHistory {
	h.Member.Away = slices.Clip(h.Member.Away)
	h.Facts, h.Entries, h.Attendance = slices.Clip(h.Facts), slices.Clip(h.Entries), slices.Clip(h.Attendance)
	return h
}

// memory holds what is recorded of members.
type memory struct {
	mu      sync.Mutex
	held    map[domain.MemberID]*Held
	records map[domain.MemberID]*keptRecord
	lines   int // of the records
}

func (m *memory) get(id domain.MemberID) *Held {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.held[id]
}

// put holds what is newer than what is held.
func (m *memory) put(h *Held) {
	m.mu.Lock()
	defer m.mu.Unlock()
	was := m.held[h.member.ID]
	if was != nil && (was.member.Version > h.member.Version || was.common.number > h.common.number) {
		return
	}
	if was == nil && len(m.held) >= maxHeld {
		for id := range m.held { // any: who is asked again is read again
			delete(m.held, id)
			break
		}
	}
	if m.held == nil {
		m.held = map[domain.MemberID]*Held{}
	}
	m.held[h.member.ID] = h
}

// drop lets go of what is held, if it is still this.
func (m *memory) drop(h *Held) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held[h.member.ID] == h {
		delete(m.held, h.member.ID)
	}
}

// keep holds a record that is newer than what is held. The caller holds mu.
func (m *memory) keep(r *keptRecord) {
	id := r.history.Member.ID
	was := m.records[id]
	if was != nil {
		if was.version > r.version || was.common > r.common {
			return
		}
		m.lines -= was.lines()
	}
	if m.records == nil {
		m.records = map[domain.MemberID]*keptRecord{}
	}
	r.history = shared(r.history)
	m.records[id] = r
	m.lines += r.lines()
	for other, x := range m.records { // any: who is asked again is read again
		if m.lines <= maxLines {
			break
		}
		if other != id {
			m.lines -= x.lines()
			delete(m.records, other)
		}
	}
}

// recordsOf returns what is held of members under the versions that they have, in
// their order; nil for whom nothing is.
func (m *memory) recordsOf(members []domain.Member, common int64) []*keptRecord {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make([]*keptRecord, len(members))
	for i := range members {
		r := m.records[members[i].ID]
		if r != nil && r.version == members[i].Version && r.common == common {
			out[i] = r
		}
	}
	return out
}

// remembered is Records that reads only of whom nothing is held.
func (v *Snapshot) remembered(members []domain.Member) ([]domain.MemberHistory, error) {
	common, err := v.commonOfAll()
	if err != nil {
		return nil, err
	}
	out := make([]domain.MemberHistory, len(members))
	var missing []domain.Member
	var at []int
	for i, r := range v.memory.recordsOf(members, common) {
		if r != nil {
			out[i] = r.as(&members[i])
			continue
		}
		missing, at = append(missing, members[i]), append(at, i)
	}
	if len(missing) == 0 {
		return out, nil
	}
	read, err := v.readRecords(missing)
	if err != nil {
		return nil, err
	}
	for n, i := range at {
		read[n] = shared(read[n])
		out[i] = read[n]
	}
	if len(missing) > maxAsked {
		return out, nil
	}
	return out, v.hold(read, common)
}

// hold holds records that the view has read, under the versions that it finds: who
// asked may have another one from elsewhere.
func (v *Snapshot) hold(read []domain.MemberHistory, common int64) error {
	ids := make([]domain.MemberID, len(read))
	for i := range read {
		ids[i] = read[i].Member.ID
	}
	slices.Sort(ids)
	versions, err := v.versionsOf(slices.Compact(ids))
	if err != nil {
		return err
	}
	v.memory.mu.Lock()
	defer v.memory.mu.Unlock()
	for i := range read {
		if version, ok := versions[read[i].Member.ID]; ok {
			v.memory.keep(&keptRecord{version, common, read[i]})
		}
	}
	return nil
}

// KeepEntry holds what was held with an entry that counts and was recorded since, in
// a transaction that found it unchanged and recorded nothing else of the member. It
// returns what is held from now on, as far as nothing newer is.
func (db *DB) KeepEntry(h *Held, e domain.Entry) *Held {
	next := h.With(e)
	db.memory.put(next)
	db.memory.mu.Lock()
	defer db.memory.mu.Unlock()
	db.memory.grow(&h.member, func(h domain.MemberHistory) domain.MemberHistory { return posting(h, e) })
	return next
}

// grow replaces the record of a member, where it is the one that he was found with, by
// that of his next version. The caller holds mu.
func (m *memory) grow(found *domain.Member, with func(domain.MemberHistory) domain.MemberHistory) {
	if r := m.records[found.ID]; r != nil && r.version == found.Version {
		m.keep(&keptRecord{r.version + 1, r.common, with(r.history)})
	}
}

// LetGo lets go of what is held of a member where a transaction found it changed.
func (db *DB) LetGo(h *Held) { db.memory.drop(h) }

// KeepAttendance holds what is held of the members of an activity with their lines of
// it, nil for one that waits, which were recorded since in a transaction that found the
// members as they are given and recorded nothing else of them.
func (db *DB) KeepAttendance(members []domain.Member, lines []*domain.Attendance) {
	m := &db.memory
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range members {
		id := members[i].ID
		if h := m.held[id]; h != nil && h.member.Version == members[i].Version {
			next := *h
			next.member.Version++
			next.history = attending(h.history, lines[i])
			m.held[id] = &next
		}
		m.grow(&members[i], func(h domain.MemberHistory) domain.MemberHistory { return attending(h, lines[i]) })
	}
}

// posting returns a history with one more entry.
func posting(h domain.MemberHistory, e domain.Entry) domain.MemberHistory {
	at := len(h.Entries)
	for at > 0 && h.Entries[at-1].On > e.On {
		at--
	}
	h.Entries = slices.Insert(slices.Clip(h.Entries), at, e)
	return h
}

// attending returns a history with one more line of attendance, nil for none.
func attending(h domain.MemberHistory, line *domain.Attendance) domain.MemberHistory {
	if line == nil {
		return h
	}
	at, _ := slices.BinarySearchFunc(h.Attendance, line.Activity, func(a domain.Attendance, id string) int {
		return cmp.Or(cmp.Compare(len(a.Activity), len(id)), cmp.Compare(a.Activity, id)) // as numbers
	})
	h.Attendance = slices.Insert(slices.Clip(h.Attendance), at, *line)
	return h
}
