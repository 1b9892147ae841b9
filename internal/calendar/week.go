package calendar

const daysOfWeek = 7

// week numbers the weeks along the calendar. Day 1 was a Monday.
func week(d Day) int { return floorDiv(int(d)-1, daysOfWeek) }

// weekOfYear returns which week of which year a week is: that of the year in
// which its Thursday lies (GB/T 7408, ISO 8601).
func (p Period) weekOfYear() (year, n int) {
	thursday := p.First + 3
	year, _, _ = thursday.Civil()
	return year, int(thursday-Of(year, 1, 1))/daysOfWeek + 1
}

// ParseWindow reads the key of a window: that of a period, or of a week
// (2026W07). Any other text is fault.Invalid.
func ParseWindow(s string) (Period, error) {
	if len(s) == len("2026W07") && s[4] == 'W' {
		y, ok1 := digits(s[:4])
		n, ok2 := digits(s[5:])
		if ok1 && ok2 && y >= MinYear && y <= MaxYear {
			if p := Week.Of(Of(y, 1, 4) + Day(n-1)*daysOfWeek); p.String() == s { // 4 January lies in the first week
				return p, nil
			}
		}
	}
	return ParsePeriod(s)
}
