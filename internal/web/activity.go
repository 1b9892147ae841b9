package web

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/activities"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/web/ui"
)

// ActivityForm shows the attendance form: everybody present, only who was not
// there is changed.
func (s *Site) ActivityForm(c *gin.Context) error {
	v, err := s.attendanceForm(c)
	if err != nil {
		return err
	}
	v.Day, v.Key = v.Last, s.key()
	s.render(c, http.StatusOK, v)
	return nil
}

// attendanceForm fills the form of a branch with everybody present.
func (s *Site) attendanceForm(c *gin.Context) (ui.AttendanceForm, error) {
	f, err := s.Activities.Form(c.Request.Context(), s.Session.Actor(c), domain.OrgID(c.Param("id")))
	if err != nil {
		return ui.AttendanceForm{}, err
	}
	v := ui.AttendanceForm{
		Frame:  s.frame(c, &around{f.Scheme, f.Branch.Name}),
		Branch: f.Branch.ID, Name: f.Branch.Name, First: f.First, Last: f.Last, Statuses: domain.AttendanceStatuses(),
		Guests: c.PostForm("guests"),
	}
	for _, g := range f.Kinds {
		v.Kinds = append(v.Kinds, ui.Block{Name: g.Name, Items: ui.Options(g.Kinds, c.PostForm("kind"))})
	}
	for i := range f.People {
		p := &f.People[i]
		v.People = append(v.People, ui.Attendee{
			Member: p.Member.ID, Name: p.Member.Name, Find: p.Member.Initials, Status: p.Status, Remark: p.Remark,
			Guest: p.Guest,
		})
	}
	return v, nil
}

// guests reads the numbers of people of other branches who were there.
func guests(text string) []activities.Line {
	var out []activities.Line
	for _, id := range strings.FieldsFunc(text,
		func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",，、;；", r) }) {
		out = append(out, activities.Line{Member: domain.MemberID(id), Status: domain.Present})
	}
	return out
}

// RecordActivity takes the form in.
func (s *Site) RecordActivity(c *gin.Context) error {
	on, err := day(c.PostForm("day"))
	m := activities.ActivityInput{Org: domain.OrgID(c.Param("id")), Kind: c.PostForm("kind"), On: on,
		Title: c.PostForm("title")}
	if err == nil {
		if formErr := c.Request.ParseForm(); formErr != nil {
			return fault.Wrap(formErr, fault.Invalid, "这张表读不了")
		}
		for name, values := range c.Request.PostForm {
			if id, ok := strings.CutPrefix(name, "status."); ok && len(values) > 0 && values[0] != "" {
				m.Lines = append(m.Lines, activities.Line{Member: domain.MemberID(id), Status: domain.AttendanceStatus(values[0])})
			}
		}
		m.Lines = append(m.Lines, guests(c.PostForm("guests"))...)
		slices.SortFunc(m.Lines, func(a, b activities.Line) int {
			return strings.Compare(string(a.Member), string(b.Member))
		})
		var r activities.Receipt
		if r, err = s.Activities.Record(c.Request.Context(), s.Session.Actor(c), m, c.PostForm("key")); err == nil {
			if r.Replay {
				s.Session.Put(c.Request.Context(), "repeated", "1")
			}
			return see(c, ui.ActivityPath(strconv.FormatInt(int64(r.Activity), 10)))
		}
	}
	switch fault.CodeOf(err) {
	case fault.Invalid, fault.Conflict, fault.Forbidden, fault.NotFound:
	default:
		return err
	}
	v, again := s.attendanceForm(c)
	if again != nil {
		return again
	}
	v.Key, v.Day, v.Subject, v.Refusal = c.PostForm("key"), on, m.Title, ui.Refuse(err)
	v.Refusal.Fields = guestFields(v.Refusal.Fields, v.People)
	if fault.CodeOf(err) == fault.Conflict {
		v.Key = s.key() // the key was used for another form
	}
	for i := range v.People {
		if status := c.PostForm("status." + string(v.People[i].Member)); status != "" {
			v.People[i].Status = domain.AttendanceStatus(status)
		}
	}
	s.render(c, http.StatusUnprocessableEntity, v)
	return nil
}

// guestFields puts what is wrong with people who are not on the list to the input
// in which their numbers were typed.
func guestFields(wrong map[string]string, people []ui.Attendee) map[string]string {
	var guests []string
	for _, id := range slices.Sorted(maps.Keys(wrong)) {
		if !slices.ContainsFunc(people, func(a ui.Attendee) bool { return string(a.Member) == id }) {
			guests = append(guests, wrong[id])
		}
	}
	if len(guests) == 0 {
		return wrong
	}
	return map[string]string{"guests": strings.Join(guests, "；")}
}

// activityID reads the activity of the address.
func activityID(c *gin.Context) (domain.ActivityID, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return 0, fault.Wrap(err, fault.NotFound, "没有这次活动")
	}
	return domain.ActivityID(id), nil
}

// Activity shows an activity and what it did.
func (s *Site) Activity(c *gin.Context) error { return s.activity(c, nil) }

func (s *Site) activity(c *gin.Context, refused error) error {
	id, err := activityID(c)
	if err != nil {
		return err
	}
	a, err := s.Activities.Detail(c.Request.Context(), s.Session.Actor(c), id)
	if err != nil {
		return err
	}
	v := ui.Activity{
		Frame: s.frame(c, &around{a.Scheme, a.Branch.Name}), ID: c.Param("id"), Branch: a.Branch.ID, Name: a.Branch.Name,
		Kind: a.Kind, Day: a.On, Subject: a.Title, Key: s.key(), MayUndo: a.MayRecord, Fresh: a.Fresh,
		By: a.ByName, At: s.clock(a.At), Paper: a.Paper, Repeated: s.Session.Take(c.Request.Context(), "repeated") != "",
		Statuses: domain.AttendanceStatuses(), Last: a.Today, Effect: a.Effect, Refusal: ui.Refuse(refused),
	}
	for _, k := range a.Corrections {
		v.Corrections = append(v.Corrections, ui.Corrected{
			Name: k.Name, Words: string(k.Was) + " → " + statusWords(k.Is, k.Day), Reason: k.Reason, State: string(k.State),
			By: k.ByName, At: s.clock(k.At),
		})
	}
	if a.Undone != nil {
		v.Undone = &ui.Corrected{Reason: a.Undone.Reason, By: a.Undone.ByName, At: s.clock(a.Undone.At)}
	}
	attended(a.Lines, &v)
	return s.form(c, v, refused)
}

// attended fills in who was there, and how many in each way.
func attended(lines []activities.Attended, v *ui.Activity) {
	counts := map[domain.AttendanceStatus]int{}
	for i := range lines {
		l := &lines[i]
		counts[l.Status]++
		if l.Waiting {
			v.Waiting++
		}
		v.Rows = append(v.Rows, ui.Effect{
			Member: l.Member, Name: l.Name, Status: l.Status, MadeUp: l.MadeUpOn, Scored: l.Scored, Total: l.Total,
			Change: l.Change, Waiting: l.Waiting, Guest: l.Guest, Remark: l.Remark,
		})
	}
	for _, st := range domain.AttendanceStatuses() {
		if n := counts[st]; n > 0 {
			v.Counts = append(v.Counts, ui.Count{Words: string(st), N: n})
		}
	}
}

// CorrectActivity records anew how somebody attended.
func (s *Site) CorrectActivity(c *gin.Context) error {
	id, err := activityID(c)
	if err != nil {
		return err
	}
	k := activities.Correction{Activity: id, Member: domain.MemberID(c.PostForm("member")),
		Status: domain.AttendanceStatus(c.PostForm("status")), Reason: c.PostForm("reason")}
	if text := c.PostForm("day"); text != "" && k.Status == domain.MadeUp {
		if k.MadeUpOn, err = day(text); err != nil {
			return s.activity(c, err)
		}
	}
	e, err := s.Activities.Correct(c.Request.Context(), s.Session.Actor(c), k, c.PostForm("key"))
	if fault.Correctable(err) {
		return s.activity(c, err)
	}
	if err != nil {
		return err
	}
	words := "更正了"
	switch {
	case e.Waiting:
		words = "更正记下了，等" + strings.Join(e.Asked, "、") + "同意"
	case e.ShowsTotals && e.Before != e.After:
		words = "更正了，总分由 " + e.Before.String() + " 变为 " + e.After.String()
	}
	s.Session.Put(c.Request.Context(), "notice", words)
	return see(c, ui.ActivityPath(c.Param("id")))
}

// statusWords puts into words how somebody attended, with the day of 补课.
func statusWords(status domain.AttendanceStatus, madeUp calendar.Day) string {
	if madeUp == 0 {
		return string(status)
	}
	return string(status) + "（" + madeUp.String() + "）"
}

// UndoActivity takes a whole activity back.
func (s *Site) UndoActivity(c *gin.Context) error {
	id, err := activityID(c)
	if err != nil {
		return err
	}
	_, err = s.Activities.Reverse(c.Request.Context(), s.Session.Actor(c), id, c.PostForm("reason"), c.PostForm("key"))
	if fault.Correctable(err) {
		return s.activity(c, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(c.Request.Context(), "notice", "这次活动已经撤销")
	return see(c, ui.ActivityPath(c.Param("id")))
}
