package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/web/ui"
)

// Backup describes the copies of the database that are made every day.
type Backup struct {
	Day    calendar.Day // of the newest; 0 for none
	At     time.Time    // when it was written
	Links  int64        // how many it was looked through for; 0 where that is not known
	Failed string       // why the last one was not made; "" where it was
	Hint   string       // what to do about that
}

// DailyWork describes how a piece of work stands that is done every day.
type DailyWork struct {
	Name   string
	Every  int       // days from one run to the next
	DoneAt time.Time // when it was last done; zero where that is not known
	At     time.Time // when it was last tried; zero before that
	Result string    // what it did
	Failed string    // why it did not; "" where it did
	Hint   string    // what to do about that
}

// maxAge is the age in days above which the newest copy raises an alarm.
const maxAge = 2

// when puts the time of the newest copy into words, for a word to follow: "今天 02:00 ".
func (b Backup) when(today calendar.Day, zone *time.Location) string {
	age := max(0, int(today-b.Day)) // the clock may have been set back since
	if age > maxAge {
		return strconv.Itoa(age) + " 天以前（" + b.Day.String() + "）"
	}
	day := []string{"今天", "昨天", "前天"}[age]
	if at := b.At.In(zone); calendar.FromTime(at) == b.Day { // else the file was moved about since
		day += at.Format(" 15:04 ")
	}
	return day
}

// wrong says in few words what is wrong with the copies, "" for nothing.
func (b Backup) wrong(today calendar.Day) string {
	switch {
	case b.Failed != "" && b.Day == today:
		return "没有做完"
	case b.Failed != "":
		return "没有做成"
	case b.Day == 0:
		return "一份也没有"
	case today-b.Day > maxAge:
		return "最近一份是 " + strconv.Itoa(int(today-b.Day)) + " 天以前的"
	}
	return ""
}

// backupCheck returns the state of the copies, for who keeps the machine running.
func (s *Site) backupCheck() ui.HealthCheck {
	check := ui.HealthCheck{Name: "备份", Words: "没有设定时备份"}
	if s.Backups == nil {
		check.Hint = "重启网站时加 --backups 文件夹，或用定时任务 jifen daily；已经有定时任务的，也加上 --backups 和同一个文件夹，这里就看得到"
		return check
	}
	b, today := s.Backups(), s.today()
	newest := "一份也没有"
	if b.Day != 0 {
		newest = "最近一份：" + strings.TrimSpace(b.when(today, s.Zone))
	}
	switch wrong := b.wrong(today); {
	case wrong == "":
		check.OK, check.Words = true, b.when(today, s.Zone)+"做好了"
		if b.Links > 0 {
			check.Words += "，查过 " + strconv.FormatInt(b.Links, 10) + " 环"
		}
		if late := s.overdue(b.At, 1); late != "" {
			check.OK, check.Words, check.Hint = false, late, "看看放备份的盘连着没有，今天的到点没有做成的看网站的日志"
		}
	case b.Failed != "":
		check.Words, check.Hint = wrong+"："+b.Failed+"；"+newest, "程序每过一小时再试一次"
		if b.Hint != "" {
			check.Hint = b.Hint + "；" + check.Hint
		}
	case b.Day == 0:
		check.Words, check.Hint = newest, "网站刚启动的，过几分钟再看这一页；还是没有，看看放备份的盘连着没有"
	default:
		check.Words, check.Hint = newest, "看看这台电脑的日期对不对、放备份的盘连着没有，再重启网站"
	}
	return check
}

// tooOld is the age above which a root, a check or a copy is missed.
const tooOld = 36 * time.Hour

// overdue returns how long ago something was done last that is done every so many days, "" while
// that is not too long, or not known.
func (s *Site) overdue(done time.Time, every int) string {
	age := s.Now().Sub(done)
	if done.IsZero() || age <= tooOld+time.Duration(max(1, every)-1)*24*time.Hour {
		return ""
	}
	return fmt.Sprintf("最近一次在 %s，%d 小时以前", done.In(s.Zone).Format("2006-01-02 15:04"), int(age.Hours()))
}

// neglected names what of the copies and of the day's work is not well, for machines that ask:
// nobody has signed in for it, so it says no more.
func (s *Site) neglected() (notes []string) {
	checks := s.dailyChecks()
	if s.Backups != nil {
		checks = append(checks, s.backupCheck())
	}
	for i := range checks {
		if !checks[i].OK {
			notes = append(notes, "“"+checks[i].Name+"”没有做成，或者太久没有做，原因在“运行状况”里")
		}
	}
	return notes
}

// dailyChecks returns the state of the day's work, for who keeps the machine running.
func (s *Site) dailyChecks() (out []ui.HealthCheck) {
	if s.Daily == nil {
		return nil
	}
	for _, w := range s.Daily() {
		late := s.overdue(w.DoneAt, w.Every)
		check := ui.HealthCheck{Name: w.Name, OK: w.Failed == "" && late == "", Words: "今天的正要做"}
		switch {
		case w.Failed != "":
			check.Words, check.Hint = w.Failed, "程序每过一小时再试一次"
			if w.Hint != "" {
				check.Hint = w.Hint + "；" + check.Hint
			}
			if late != "" {
				check.Words += "；" + late
			}
		case late != "":
			check.Words, check.Hint = late, "看看这台电脑的日期对不对，再重启网站"
		case !w.At.IsZero():
			check.Words = w.At.In(s.Zone).Format("2006-01-02 15:04") + " " + w.Result
		}
		out = append(out, check)
	}
	return out
}

// alarm tells those who have to see to it that there is no fresh copy: a failure
// that nobody sees would be found out on the day the copy is needed. Where no
// copies are made here at all, only the machine's own page says so.
func (s *Site) alarm(actor *access.Actor) ui.Alarm {
	keeps := actor.May(access.ManageMachine)
	if s.Backups == nil || !keeps && !actor.Has(domain.RoleStreet) {
		return ui.Alarm{}
	}
	wrong := s.Backups().wrong(s.today())
	switch {
	case wrong == "":
		return ui.Alarm{}
	case keeps:
		return ui.Alarm{Words: "数据库备份" + wrong + "。", Path: ui.HealthPath}
	default:
		return ui.Alarm{Words: "数据库备份" + wrong + "。请告诉系统管理员，原因和办法在他的“运行状况”一页。"}
	}
}
