package web

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/ledger"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
	"jifen/internal/web/ui"
)

// MeetingForm shows the attendance sheet: everybody present, only who was not
// there is changed.
func (s *Site) MeetingForm(c *gin.Context) error {
	v, err := s.sheet(c)
	if err != nil {
		return err
	}
	v.Day, v.Key = s.today(), s.key()
	s.render(c, http.StatusOK, v)
	return nil
}

// sheet is the sheet of a branch with everybody present.
func (s *Site) sheet(c *gin.Context) (ui.Meeting, error) {
	branch, _, err := s.branch(c, access.Record)
	if err != nil {
		return ui.Meeting{}, err
	}
	v := ui.Meeting{Branch: branch.ID, Name: branch.Name, Last: s.today(), Statuses: domain.AttendanceStatuses(), Guests: c.PostForm("guests")}
	err = s.DB.Read(c.Request.Context(), func(view *store.Snapshot) error {
		books, err := s.Standings.Schemes(view, branch.Path, s.today())
		if err != nil {
			return err
		}
		v.Frame = s.frame(c, &around{books[0].Title, branch.Name})
		v.First = books[0].From
		v.Kinds = kinds(books, c.PostForm("kind"))
		people, err := s.attending(view, s.Session.Actor(c), branch, s.today())
		if err != nil {
			return err
		}
		records, err := view.Records(people)
		for i := range people {
			m := &people[i]
			a := ui.Attendee{Member: m.ID, Name: m.Name, Find: m.Initials, Status: domain.Present, Remark: remark(&records[i], m, branch, s.today())}
			// Who takes part in a functional or online branch belongs on its list; a
			// guest of another is expected at home, and may come.
			if a.Guest = m.Home.ID != branch.ID && branch.Kind.Homes(); a.Guest {
				a.Status = ""
			}
			v.People = append(v.People, a)
		}
		return err
	})
	return v, err
}

// remark is what a sheet says beside a name: an exemption, or that he belongs
// elsewhere, so that his line waits for others. Of a guest it says no more.
func remark(r *domain.MemberHistory, m *domain.Member, branch domain.Org, today calendar.Day) string {
	if m.Home.ID != branch.ID {
		return "属" + m.Home.Name
	}
	exempt := ""
	for _, f := range r.Facts { // by day
		if f.Attribute == "豁免" && f.From <= today {
			exempt = f.Value.Text
		}
	}
	if exempt != "" && exempt != "无" {
		return "豁免：" + exempt
	}
	return ""
}

// kinds lists the kinds of activity of several schemes in the groups that the
// rules put them in, each once.
func kinds(books []*ruleset.RuleSet, chosen string) []ui.Block {
	var out []ui.Block
	seen := map[string]bool{}
	for _, book := range books {
		for _, g := range book.Groups {
			group := ui.Block{Name: g.Name}
			for _, k := range g.Kinds {
				if !seen[k] {
					group.Items = append(group.Items, ui.Option{Value: k, Words: k, Chosen: k == chosen})
				}
				seen[k] = true
			}
			if len(group.Items) > 0 {
				out = append(out, group)
			}
		}
	}
	return out
}

// attending lists who belongs on a branch's sheet: its members, and those of
// other branches who are guests (流入) or take part on a day.
func (s *Site) attending(v *store.Snapshot, actor *access.Actor, branch domain.Org, on calendar.Day) ([]domain.Member, error) {
	members, err := v.Members(actor.Scope(access.Record), branch.Path)
	if err != nil {
		return nil, err
	}
	others, err := v.Participants(actor.Scope(access.Record), branch.ID, on)
	for i := range others {
		if others[i].Home.ID != branch.ID {
			members = append(members, others[i])
		}
	}
	return slices.DeleteFunc(members, func(m domain.Member) bool { return m.Left != 0 }), err
}

// guests reads the numbers of people of other branches who were there.
func guests(text string) []ledger.Line {
	var out []ledger.Line
	for _, id := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",，、;；", r) }) {
		out = append(out, ledger.Line{Member: domain.MemberID(id), Status: domain.Present})
	}
	return out
}

// Meeting takes the sheet in.
func (s *Site) Meeting(c *gin.Context) error {
	on, err := day(c.PostForm("day"))
	m := ledger.Meeting{Org: domain.OrgID(c.Param("id")), Kind: c.PostForm("kind"), On: on, Title: c.PostForm("title")}
	if err == nil {
		if formErr := c.Request.ParseForm(); formErr != nil {
			return fault.Wrap(formErr, fault.Invalid, "这张表读不了")
		}
		for name, values := range c.Request.PostForm {
			if id, ok := strings.CutPrefix(name, "status."); ok && len(values) > 0 && values[0] != "" {
				m.Lines = append(m.Lines, ledger.Line{Member: domain.MemberID(id), Status: domain.AttendanceStatus(values[0])})
			}
		}
		m.Lines = append(m.Lines, guests(c.PostForm("guests"))...)
		slices.SortFunc(m.Lines, func(a, b ledger.Line) int { return strings.Compare(string(a.Member), string(b.Member)) })
		var r ledger.Receipt
		if r, err = s.Ledger.LogMeeting(c.Request.Context(), s.Session.Actor(c), m, c.PostForm("key")); err == nil {
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
	v, again := s.sheet(c)
	if again != nil {
		return again
	}
	v.Key, v.Day, v.Subject, v.Refusal = c.PostForm("key"), on, m.Title, ui.Refuse(err)
	v.Refusal.Fields = guestFields(v.Refusal.Fields, v.People)
	if fault.CodeOf(err) == fault.Conflict {
		v.Key = s.key() // the key was used for another sheet
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
	actor := s.Session.Actor(c)
	scope := actor.Scope(access.SeeMembers)
	var v ui.MeetingDone
	err = s.DB.Read(c.Request.Context(), func(view *store.Snapshot) error {
		a, err := view.Activity(scope, id)
		if err != nil {
			return err
		}
		branch, err := view.Org(scope, a.Org)
		if err != nil {
			return err
		}
		book, err := s.Standings.Book(view, branch.Path, a.On)
		if err != nil {
			return err
		}
		v = ui.MeetingDone{
			Frame: s.frame(c, &around{book.Title, branch.Name}), ID: c.Param("id"), Branch: branch.ID, Name: branch.Name,
			Kind: a.Kind, Day: a.On, Subject: a.Title, Key: s.key(), MayUndo: actor.Scope(access.Record).Covers(branch.Path),
			By: a.ByName, At: s.clock(a.At), Paper: a.Paper, Repeated: s.Session.Take(c.Request.Context(), "repeated") != "",
			Statuses: domain.AttendanceStatuses(), Last: s.today(), Refusal: ui.Refuse(refused),
		}
		corrections, err := view.Corrections(scope, id)
		if err != nil {
			return err
		}
		for _, k := range corrections {
			v.Corrections = append(v.Corrections, ui.Corrected{Name: k.Name, Words: string(k.Was) + " → " + statusWords(k.Is, k.Day), Reason: k.Reason, State: k.State, By: k.ByName, At: s.clock(k.At)})
		}
		lines, err := view.Attendance(access.System("who was there is told to whom the activity is shown; their points only in the scope"), id)
		if err != nil {
			return err
		}
		v.Fresh = v.MayUndo && s.Ledger.Fresh(view, actor, &a, lines)
		if len(lines) == 0 {
			undone, err := view.Undone(id)
			switch {
			case err == nil:
				v.Undone = &ui.Corrected{Reason: undone.Reason, By: undone.ByName, At: s.clock(undone.At)}
			case fault.CodeOf(err) != fault.NotFound: // every line of it was returned
				return err
			}
		}
		return s.effects(view, scope, &a, lines, &v)
	})
	if err != nil {
		return hidden(err, "这次活动")
	}
	status := http.StatusOK
	if refused != nil {
		status = http.StatusUnprocessableEntity
	}
	s.render(c, status, v)
	return nil
}

// CorrectActivity records anew how somebody attended.
func (s *Site) CorrectActivity(c *gin.Context) error {
	id, err := activityID(c)
	if err != nil {
		return err
	}
	k := ledger.Correction{Activity: id, Member: domain.MemberID(c.PostForm("member")), Status: domain.AttendanceStatus(c.PostForm("status")), Reason: c.PostForm("reason")}
	if text := c.PostForm("day"); text != "" && k.Status == domain.MadeUp {
		if k.MadeUpOn, err = day(text); err != nil {
			return s.activity(c, err)
		}
	}
	e, err := s.Ledger.CorrectAttendance(c.Request.Context(), s.Session.Actor(c), k, c.PostForm("key"))
	switch fault.CodeOf(err) {
	case fault.Invalid, fault.Conflict, fault.Forbidden:
		return s.activity(c, err)
	}
	if err != nil {
		return err
	}
	words := "更正了"
	switch {
	case e.Waiting:
		words = "更正记下了，等" + strings.Join(e.Asked, "、") + "同意"
	case e.Told && e.Before != e.After:
		words = "更正了，总分由 " + e.Before.String() + " 变为 " + e.After.String()
	}
	s.Session.Put(c.Request.Context(), "notice", words)
	return see(c, ui.ActivityPath(c.Param("id")))
}

// statusWords is how somebody attended, with the day of 补课.
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
	_, err = s.Ledger.TakeBack(c.Request.Context(), s.Session.Actor(c), id, c.PostForm("reason"), c.PostForm("key"))
	switch fault.CodeOf(err) {
	case fault.Invalid, fault.Conflict, fault.Forbidden:
		return s.activity(c, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(c.Request.Context(), "notice", "这次活动已经撤销")
	return see(c, ui.ActivityPath(c.Param("id")))
}

// hidden says the same of what is absent and what is hidden.
func hidden(err error, what string) error {
	if fault.CodeOf(err) == fault.NotFound {
		return fault.Wrap(err, fault.NotFound, "没有%s", what).WithHint("也可能不在您的范围里")
	}
	return err
}
