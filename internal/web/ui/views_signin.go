package ui

// PlaceRow is a place where somebody is signed in.
type PlaceRow struct {
	ID                         string
	Made, Seen, Address, Agent string
	Here, Idle                 bool
}

// OwnPassword (改密码) is where one changes the own password.
type OwnPassword struct {
	Frame
	Row     AccountRow
	Key     string
	Least   int
	Most    int
	Aged    string // the reason for which it is to be changed first; "" where it need not be
	Refusal Refusal
}

// Template names the template file.
func (OwnPassword) Template() string { return "password" }

// Title returns the page's heading.
func (OwnPassword) Title() string { return "改密码" }

// Question (再写一遍密码) asks who is signed in for his password.
type Question struct {
	Frame
	Action  string // where the form goes
	Kept    []Kept // what is sent again with the password
	Again   bool   // what was sent could not be kept
	Idle    bool
	Most    int
	Refusal Refusal
	// Provider reports that he may sign in at the provider of identities instead.
	Provider bool
}

// Kept is an input of a form that is kept.
type Kept struct{ Name, Value string }

// Template names the template file.
func (Question) Template() string { return "question" }

// Title returns the page's heading.
func (Question) Title() string { return "再写一遍密码" }

// Settings (登录设置) is how signing in is set.
type Settings struct {
	Frame
	Key     string
	Rows    []SettingRow
	Changes []SettingChangeRow
	Refusal Refusal
}

// SettingRow is one setting, with its limits.
type SettingRow struct {
	Name, Title, Unit, Value string
	Least, Most, Usual       int64
	Never                    bool
}

// SettingChangeRow is one change of a setting.
type SettingChangeRow struct{ Title, Value, At, By string }

// Template names the template file.
func (Settings) Template() string { return "accounts/settings" }

// Title returns the page's heading.
func (Settings) Title() string { return "登录设置" }
