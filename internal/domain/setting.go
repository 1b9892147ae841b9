package domain

import (
	"time"

	"jifen/internal/calendar"
)

// SettingName names what the security administrator sets of signing in.
type SettingName string

// The settings.
const (
	SettingIdle    SettingName = "idle_minutes"
	SettingSession SettingName = "session_hours"
	SettingAgeing  SettingName = "password_days"
	SettingLength  SettingName = "password_length"
	SettingTries   SettingName = "free_tries"
)

// Setting is one thing that may be set, within its limits.
type Setting struct {
	Name        SettingName
	Title, Unit string // Chinese
	Usual       int64  // where nobody has set it
	Least, Most int64
	Never       bool // 0 is let in, and means never
}

// KnownSettings returns everything that may be set, in the order in which it is shown. What
// is usual fits level 2 of GB/T 22239.
func KnownSettings() []Setting {
	return []Setting{
		{Name: SettingIdle, Title: "多久不用就退出", Unit: "分钟", Usual: 30, Least: 5, Most: 240},
		{Name: SettingSession, Title: "登录一次最长", Unit: "小时", Usual: 12, Least: 1, Most: 24},
		{Name: SettingAgeing, Title: "密码用多久要换", Unit: "天", Usual: 90, Least: 30, Most: 730, Never: true},
		{Name: SettingLength, Title: "密码至少", Unit: "个字", Usual: 10, Least: 8, Most: 64},
		{Name: SettingTries, Title: "密码连错几次以后要等", Unit: "次", Usual: 5, Least: 3, Most: 10},
	}
}

// Lets reports whether a setting may have a value.
func (s *Setting) Lets(value int64) bool {
	return value >= s.Least && value <= s.Most || value == 0 && s.Never
}

// Settings holds how signing in is set. What nobody has set, or somebody has set beyond its limits, is
// as usual, in the zero Settings too.
type Settings struct{ set map[SettingName]int64 }

// NewSettings returns the settings of values.
func NewSettings(set map[SettingName]int64) Settings { return Settings{set} }

// Value returns what a setting is.
func (s Settings) Value(name SettingName) int64 {
	for _, known := range KnownSettings() {
		if known.Name != name {
			continue
		}
		if value, ok := s.set[name]; ok && known.Lets(value) {
			return value
		}
		return known.Usual
	}
	return 0
}

// Idle returns after how long without a request somebody is signed out.
func (s Settings) Idle() time.Duration { return time.Duration(s.Value(SettingIdle)) * time.Minute }

// Longest returns after how long somebody is signed out whatever he does.
func (s Settings) Longest() time.Duration { return time.Duration(s.Value(SettingSession)) * time.Hour }

// Length returns the least number of characters of a password.
func (s Settings) Length() int { return int(s.Value(SettingLength)) }

// Tries returns how often one may be wrong before waiting begins.
func (s Settings) Tries() int { return int(s.Value(SettingTries)) }

// Aged reports whether a password that somebody has since an instant is to be changed. One of
// which the instant is not known is not.
func (s Settings) Aged(since, now time.Time) bool {
	days := s.Value(SettingAgeing)
	if days == 0 || since.IsZero() {
		return false
	}
	return calendar.FromTime(now.In(since.Location())) >= calendar.FromTime(since)+calendar.Day(days)
}

// SettingChange is one change of a setting.
type SettingChange struct {
	Name  SettingName
	Value int64
	At    time.Time
	By    string // the name of the account; "" = from the command line
}
