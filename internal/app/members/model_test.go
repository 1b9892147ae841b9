package members_test

import "jifen/internal/domain"

// model computes anew, in the simplest way, the points that the town must have: lists
// in memory, summed anew each time. It knows nothing of the engine, the store or
// the rules' file: 80 points to begin with, 酌情 and −5 for each meeting missed
// (never below 0); 好事 2, 表彰 3 and half a point for each meeting attended, of
// which a month gives 3 at most and the year 20. The east has a secretary, who is
// E1, and a community's clerk above him; the west has nobody below the street.
type model struct {
	home    map[domain.MemberID]string // east or west
	moves   map[domain.MemberID]int    // how often each changed it
	entries []modelEntry
	lines   []modelLine
	exempt  map[domain.MemberID]string // "", asked, half (the branch has agreed), holds
}

type modelEntry struct {
	id      int64
	request domain.RequestID // 0: counted at once
	member  domain.MemberID
	month   int
	base    domain.Points // into 基础
	extra   domain.Points // into 贡献
	asks    string        // who has still to agree, in order: b(ranch), c(ommunity), s(treet)
	byE1    bool          // the east's secretary handed it in
	byE2    bool          // the member E2 did
	above   bool          // the street had to agree to it
	gone    bool          // reversed, withdrawn or refused
}

// modelLine is a line of attendance; the latest of a meeting and member holds.
type modelLine struct {
	activity int64
	member   domain.MemberID
	month    int
	status   domain.AttendanceStatus
	waits    bool
	gone     bool // refused
	void     bool // the whole meeting was taken back
}

// taken counts those of who have still to agree whom the next step takes: in the
// west the street does it for all, and a step that would be the secretary's in
// what is his own or he handed in is the community's, with its own.
func (m *model) taken(e *modelEntry) int {
	switch {
	case m.home[e.member] == "west":
		return len(e.asks)
	case e.asks[0] == 'b' && (e.byE1 || e.member == "E1") && len(e.asks) > 1:
		return 2
	default:
		return 1
	}
}

// shown returns the line that stands in a meeting's list for a member, counting or
// waiting: the latest that was not refused. nil for none.
func (m *model) shown(activity int64, member domain.MemberID) *modelLine {
	var out *modelLine
	for i := range m.lines {
		if l := &m.lines[i]; l.activity == activity && l.member == member && !l.gone && !l.void {
			out = l
		}
	}
	return out
}

// over reports whether no line of a meeting stands.
func (m *model) over(activity int64) bool {
	for member := range m.home {
		if m.shown(activity, member) != nil {
			return false
		}
	}
	return true
}

// holds returns the line that counts for a member of a meeting, nil for none.
func (m *model) holds(activity int64, member domain.MemberID) *modelLine {
	var out *modelLine
	for i := range m.lines {
		if l := &m.lines[i]; l.activity == activity && l.member == member && !l.waits && !l.gone && !l.void {
			out = l
		}
	}
	return out
}

// exempted returns the outcome of an exemption that somebody decided on: in the west
// the street decides for branch and community at once.
func (m *model) exempted(member domain.MemberID, accept bool) string {
	switch {
	case !accept:
		return ""
	case m.exempt[member] == "asked" && m.home[member] == "east":
		return "half"
	default:
		return "holds"
	}
}

// total returns the points that a member must have.
func (m *model) total(member domain.MemberID) domain.Points {
	base, extra := domain.Points(80_00), map[int]domain.Points{}
	for i := range m.entries {
		if e := &m.entries[i]; e.member == member && e.asks == "" && !e.gone {
			base += e.base
			extra[e.month] += e.extra
		}
	}
	for i := range m.lines {
		l := &m.lines[i]
		if l.member != member || m.holds(l.activity, member) != l {
			continue
		}
		switch l.status {
		case "缺席":
			base -= 5_00
		case "到会":
			extra[l.month] += 50
		}
	}
	sum := domain.Points(0)
	for _, points := range extra {
		sum += min(points, 3_00)
	}
	return max(base, 0) + min(sum, 20_00)
}
