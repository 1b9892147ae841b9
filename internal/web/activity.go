package web

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// activityRoutes lists the pages and forms of activities.
func (s *Site) activityRoutes() []route {
	return []route{
		{get, ui.BranchesPath + "/:id/activity", access.Record, s.ActivityForm},
		{post, ui.BranchesPath + "/:id/activity", access.Record, s.RecordActivity},
		{get, "/activities/:id", access.SeeMembers, s.Activity},
		{post, "/activities/:id/correct", access.Record, s.CorrectActivity},
		{post, "/activities/:id/undo", access.Record, s.UndoActivity},
	}
}

// attendanceInput declares an activity and how everybody attended it.
type attendanceInput struct {
	Kind     string            `form:"kind" binding:"runes=100" label:"活动的种类"`
	Day      string            `form:"day" binding:"day"`
	Title    string            `form:"title" binding:"runes=500" label:"内容"`
	Statuses map[string]string `form:"status.*" binding:"dive,keys,member,endkeys,runes=20"`
	Guests   string            `form:"guests" binding:"runes=500" label:"别的支部来参加的"`
	Key      string            `form:"key"`
}

// activity returns what the form records of a branch.
func (f *attendanceInput) activity(branch domain.OrgID) activities.ActivityInput {
	m := activities.ActivityInput{Org: branch, Kind: f.Kind, On: bind.Day(f.Day), Title: f.Title}
	for id, status := range f.Statuses {
		if status != "" {
			m.Lines = append(m.Lines, activities.Line{
				Member: domain.MemberID(id), Status: domain.AttendanceStatus(status),
			})
		}
	}
	m.Lines = append(m.Lines, guests(f.Guests)...)
	slices.SortFunc(m.Lines, func(a, b activities.Line) int {
		return strings.Compare(string(a.Member), string(b.Member))
	})
	return m
}

// ActivityForm shows the attendance form: everybody present, only who was not
// there is changed.
func (s *Site) ActivityForm(c *gin.Context) error {
	v, err := s.attendanceForm(c, &attendanceInput{})
	if err != nil {
		return err
	}
	v.Key = s.key()
	s.render(c, http.StatusOK, v)
	return nil
}

// attendanceForm fills the form of a branch with what was typed, everybody else
// present.
func (s *Site) attendanceForm(c *gin.Context, in *attendanceInput) (ui.AttendanceForm, error) {
	f, err := s.Activities.Form(c.Request.Context(), s.Session.Actor(c), domain.OrgID(c.Param("id")))
	if err != nil {
		return ui.AttendanceForm{}, err
	}
	v := ui.AttendanceForm{
		Frame:  s.frame(c, &around{f.Scheme, f.Branch.Name}),
		Branch: f.Branch.ID, Name: f.Branch.Name, First: f.First, Last: f.Last, Statuses: domain.AttendanceStatuses(),
		Guests: in.Guests, Subject: in.Title, Day: cmp.Or(bind.Day(in.Day), f.Last),
	}
	for _, g := range f.Kinds {
		v.Kinds = append(v.Kinds, ui.Block{Name: g.Name, Items: ui.Options(g.Kinds, in.Kind)})
	}
	for i := range f.People {
		p := &f.People[i]
		v.People = append(v.People, ui.Attendee{
			Member: p.Member.ID, Name: p.Member.Name, Find: p.Member.Initials, Status: p.Status, Remark: p.Remark,
			Guest: p.Guest,
		})
		if status := in.Statuses[string(p.Member.ID)]; status != "" {
			v.People[i].Status = domain.AttendanceStatus(status)
		}
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
	ctx := c.Request.Context()
	var in attendanceInput
	var r activities.Receipt
	err := bind.Form(c, &in)
	if err == nil {
		r, err = s.Activities.Record(ctx, s.Session.Actor(c), in.activity(domain.OrgID(c.Param("id"))), in.Key)
	}
	switch {
	case fault.Correctable(err, fault.NotFound):
	case err == nil:
		if r.Replay {
			s.Session.Put(ctx, "repeated", "1")
		}
		return see(c, ui.ActivityPath(strconv.FormatInt(int64(r.Activity), 10)))
	default:
		return err
	}
	v, again := s.attendanceForm(c, &in)
	if again != nil {
		return again
	}
	v.Key, v.Refusal = in.Key, ui.Refuse(err)
	v.Refusal.Fields = guestFields(v.Refusal.Fields, v.People)
	if fault.CodeOf(err) == fault.Conflict {
		v.Key = s.key() // the key was used for another form
	}
	return s.form(c, v, err)
}

// guestFields puts what is wrong with people who are not on the list to the input
// in which their numbers were typed.
func guestFields(wrong map[string]string, people []ui.Attendee) map[string]string {
	out := map[string]string{}
	var guests []string
	for _, name := range slices.Sorted(maps.Keys(wrong)) {
		id := strings.TrimPrefix(name, "status.")
		onList := slices.ContainsFunc(people, func(a ui.Attendee) bool { return string(a.Member) == id })
		if onList || slices.Contains([]string{"kind", "day", "title", "guests"}, name) {
			out[name] = wrong[name]
			continue
		}
		guests = append(guests, wrong[name])
	}
	if len(guests) > 0 {
		out["guests"] = strings.Join(guests, "；")
	}
	return out
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
func (s *Site) Activity(c *gin.Context) error {
	return s.activity(c, ui.AttendanceCorrection{}, "", nil)
}

// activity shows an activity again, with what was typed of a correction and of the
// reason for taking all of it back.
func (s *Site) activity(c *gin.Context, typed ui.AttendanceCorrection, undo string, refused error) error {
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
		Statuses: domain.AttendanceStatuses(), Last: a.Today, Effect: a.Effect, Typed: typed, UndoReason: undo,
		Refusal: ui.Refuse(refused),
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

// correctionForm declares how somebody attended after all.
type correctionForm struct {
	Member domain.MemberID         `form:"member" binding:"member"`
	Status domain.AttendanceStatus `form:"status" binding:"runes=20" label:"出勤"`
	Day    string                  `form:"day" binding:"omitempty,day"`
	Reason string                  `form:"reason" binding:"runes=500" label:"更正的理由"`
	Key    string                  `form:"key"`
}

// CorrectActivity records anew how somebody attended.
func (s *Site) CorrectActivity(c *gin.Context) error {
	id, err := activityID(c)
	if err != nil {
		return err
	}
	var in correctionForm
	var e activities.Corrected
	if err = bind.Form(c, &in); err == nil {
		k := activities.Correction{Activity: id, Member: in.Member, Status: in.Status, Reason: in.Reason}
		if k.Status == domain.MadeUp {
			k.MadeUpOn = bind.Day(in.Day)
		}
		e, err = s.Activities.Correct(c.Request.Context(), s.Session.Actor(c), k, in.Key)
	}
	if fault.Correctable(err) {
		typed := ui.AttendanceCorrection{Member: in.Member, Status: in.Status, Day: in.Day, Reason: in.Reason}
		return s.activity(c, typed, "", err)
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
	var in struct {
		Reason string `form:"reason" binding:"runes=500" label:"撤销的理由"` // his own work of today needs none
		Key    string `form:"key"`
	}
	if err = bind.Form(c, &in); err == nil {
		_, err = s.Activities.Reverse(c.Request.Context(), s.Session.Actor(c), id, in.Reason, in.Key)
	}
	if fault.Correctable(err) {
		return s.activity(c, ui.AttendanceCorrection{}, in.Reason, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(c.Request.Context(), "notice", "这次活动已经撤销")
	return see(c, ui.ActivityPath(c.Param("id")))
}
