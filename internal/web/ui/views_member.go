package ui

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// SignIn (登录) asks who it is.
type SignIn struct {
	Frame
	Login   string // as typed before
	Next    string // where to go afterwards; "" for home
	Tries   int    // after how many wrong passwords one has to wait
	Minutes int    // how long at most
	Refusal Refusal
}

// Template names the template file.
func (SignIn) Template() string { return "login" }

// Title returns the page's heading.
func (SignIn) Title() string { return "登录" }

// Mine (我的积分) is a member's own page.
type Mine struct {
	Frame
	Score   Score
	Periods []Option // other periods to look at; empty for none
}

// Template names the template file.
func (Mine) Template() string { return "me" }

// Title returns the page's heading.
func (Mine) Title() string { return "我的积分" }

// Member (党员积分) is one member as the secretary sees it.
type Member struct {
	Frame
	Score    Score
	BranchID domain.OrgID
	MayWrite bool // whether to offer 记一笔
	MayKeep  bool // whether to offer 登记变动
	Facts    []Fact
	Periods  []Option // other periods to look at; empty for none
}

// Template names the template file.
func (Member) Template() string { return "members/member" }

// Title returns the page's heading.
func (v Member) Title() string { return v.Score.Name + "的积分" }

// Fact (事实) is what is known of a member, in words.
type Fact struct {
	Name, Value string
	From        calendar.Day // 0 = always
}
