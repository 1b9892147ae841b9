package ui

import (
	"strings"

	"jifen/internal/fault"
)

// The addresses that stand on every page.
const (
	HomePath         = "/"
	SignInPath       = "/login"
	ProviderPath     = "/login/provider"
	ProviderBackPath = "/login/provider/callback"
	SignOutPath      = "/logout"
	OfficePath       = "/account/office" // in which office one works
	AppearancePath   = "/look"           // 大字版 and 深色
	AssetsPath       = "/assets/"
)

// Frame (页框) is what stands around every page.
type Frame struct {
	Scheme string // name of the 办法; "" before anybody is signed in
	Org    string // name of the branch, community or street
	Person string // who is signed in; "" for nobody
	Roles  string // in words: 支部书记（示例街第一党支部）、党员
	Nav    []Link // the first three also stand at the bottom of a phone; one at most is marked
	Here   string // address of this page, where the switches lead back to
	Dark   bool   // 深色
	Large  bool   // 大字版
	Notice Notice // what the last form did
	Begins string // the day from which points are counted, where it has not come; "" otherwise
	Alarm  Alarm  // what is wrong with the machine, for those who have to see to it

	AtAccount bool // the page is one of 我的帐号, which stands in the head
	AtPrivacy bool // it is the one in the foot

	Offices  []Option // to work in; empty where there are not several
	Schemes  []Option // 办法 to choose from, where several are in force; empty for one
	ViewTime ViewTime // of pages that can be looked at as of an earlier day
}

// ViewTime (倒回) is the day as of which a page is looked at, and the instant by
// which things had to be recorded; the zero ViewTime is now.
type ViewTime struct {
	AsOf  string // 2026-05-01, as typed; "" = today
	Known string // 2026-05-01T18:00, as typed; "" = whatever is recorded
	Last  string // the latest day that may be asked for
}

// Past reports whether the page is of another day than today.
func (m ViewTime) Past() bool { return m.AsOf != "" || m.Known != "" }

// Words names the situation the page shows.
func (m ViewTime) Words() string {
	out := "这里按记录推算"
	if m.AsOf != "" {
		out += " " + m.AsOf + " 的情形"
	}
	if m.Known != "" {
		out += "，只算 " + strings.Replace(m.Known, "T", " ", 1) + " 以前记下的"
	}
	return out + "，不是现在的。"
}

func (f Frame) framed() Frame { return f }

// Main returns the entries that stand at the bottom of a phone.
func (f Frame) Main() []Link { return f.Nav[:min(3, len(f.Nav))] }

// Rest returns the entries for which the bottom of a phone has no room.
func (f Frame) Rest() []Link { return f.Nav[min(3, len(f.Nav)):] }

// Link (链接) is an address with words; Here marks the present page, or the
// one below which it stands.
type Link struct {
	Words, Path string
	Here        bool
}

// Notice (回执) tells what a form did. It stays until the next page, because
// old people read slowly.
type Notice struct {
	Words string // 42 人，+84 分; "" for no notice
	Undo  string // address that takes it back; "" where nothing can be taken back
	Key   string // idempotency key of the taking back
}

// Alarm (告警) is one line at the top of every page for as long as something is
// wrong with the machine. The zero Alarm is none.
type Alarm struct {
	Words string // 数据库备份没有做成。请告诉系统管理员。
	Path  string // where it is said what to do; "" for who cannot go there
}

// Option (选项) is one choice of a list.
type Option struct {
	Value, Words string
	Chosen       bool
	Find         string // pinyin initials by which it is also found; "" for none
}

// Options makes options of words that are their own values.
func Options(words []string, chosen string) []Option {
	out := make([]Option, len(words))
	for i, w := range words {
		out[i] = Option{Value: w, Words: w, Chosen: w == chosen}
	}
	return out
}

// Refusal (没有办成) says why a form was not accepted, and what to write
// instead. What the person typed is kept in the view. The zero Refusal is none.
type Refusal struct {
	Message, Hint string
	Fields        map[string]string // by the input's name
}

// Refuse makes a Refusal of an error, from what may be shown to a person.
func Refuse(err error) Refusal {
	if err == nil {
		return Refusal{}
	}
	f := fault.From(err)
	return Refusal{f.Message, f.Hint, f.Fields}
}

// Any reports whether there is something to say.
func (r Refusal) Any() bool { return r.Message != "" || len(r.Fields) > 0 }

// Wrong returns what is wrong with one input, "" for nothing.
func (r Refusal) Wrong(input string) string { return r.Fields[input] }
