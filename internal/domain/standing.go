package domain

import "jifen/internal/calendar"

// Standing is one member's score under one scheme for one period, as of a day.
type Standing struct {
	Member   MemberID
	Scheme   string // 编号 of the rule file
	Period   calendar.Period
	AsOf     calendar.Day // the day asked for
	Day      calendar.Day // the standing's day: the earlier of AsOf and the period's end
	Scored   bool         // false: no total, no grade, no place
	Why      string       // Chinese: why not scored; "" when scored
	Ranked   bool         // takes part in places
	Category string       // 类别
	Total    Points       // 总分
	Blocks   []BlockValue // in the file's order
	Grade    string       // 等次; "" when the file gives none
	Bare     string       // the grade without red lines
	Added    int          // 加分次数
	Deducted int          // 扣分次数
	RedLines []string     // those acting, by name
	Alerts   []Alert      // of every complete window of the period, by day
	Open     []Alert      // those of the last complete window of each alert, whatever period it lies in, by day
	Group    string       // 人群: among whom the member is ranked; "" when the file parts none
	Waiting  []Alert      // alerts that hold but for the place, which Place judges
	ByPlace  bool         // the grade goes by share, so Place gives it; Grade and Bare are empty until then
	Claims   []GradeClaim // rows of 等次 that the member may have, where grades are given by share; best first
	Forced   string       // the grade that red lines set; "" for none (where grades are given by share)
	Bound    string       // the best grade that red lines allow; "" for any (as above)
	Meets    []string     // 标杆 whose condition holds, places not yet asked
	Missing  []string     // attributes that nobody recorded and a condition needed (缺资料)
}

// Unplaced is the grade (等次) of who is not graded by share because nobody, or
// too few, are ranked with him.
const Unplaced = "未评"

// GradeClaim is a row of 等次 that a member may have by his place.
type GradeClaim struct {
	Grade  string
	Within Share // 占 down to this row; none = whatever the place
	Last   Share // 占: 至少 … from this row down: so many of the last get it or worse
	Unmet  bool  // its 当 does not hold: only Last may give it
}

// BlockValue is the settled value of one block (板块).
type BlockValue struct {
	Name  string
	Value Points
}

// Rank is a member's rank in one organisation.
type Rank struct {
	Level Level
	Group string // 人群; "" where all are ranked together
	Place int    // 1-based; equal standings share one place
	Of    int    // how many were ranked there
	Tied  int    // how many share this place, the member included
}

// Benchmark (标杆) is a benchmark that a member reached.
type Benchmark struct {
	Name   string
	Clause int
}
