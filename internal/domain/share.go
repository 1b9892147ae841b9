package domain

import "strconv"

// Share is a part of a whole, exactly: 1/3 or 10%. It is kept in its lowest
// terms; the zero Share is none.
type Share struct{ Num, Den int64 }

// finest is the greatest denominator of a share, so that nothing that is made
// of shares and people leaves an int64.
const finest = 1_000_000

// ShareOf returns num/den; ok is false unless it lies above 0 and is at most 1.
func ShareOf(num, den int64) (s Share, ok bool) {
	if num <= 0 || den < num || den > finest {
		return Share{}, false
	}
	return lowest(num, den), true
}

// Set reports whether there is a share at all.
func (s Share) Set() bool { return s.Num > 0 }

// Plus adds shares; ok is false where the sum is above the whole, or too fine.
func (s Share) Plus(o Share) (sum Share, ok bool) {
	switch {
	case !s.Set():
		return o, true
	case !o.Set():
		return s, true
	}
	sum = lowest(s.Num*o.Den+o.Num*s.Den, s.Den*o.Den)
	return sum, sum.Num <= sum.Den && sum.Den <= finest
}

// Above reports whether s is more than num/den.
func (s Share) Above(num, den int64) bool { return s.Num*den > num*s.Den }

// String returns the share as people write it: 10%, 33.5%, 1/3.
func (s Share) String() string {
	if !s.Set() {
		return ""
	}
	if whole := s.Num * 100_00; whole%s.Den == 0 {
		return Points(whole/s.Den).String() + "%"
	}
	return strconv.FormatInt(s.Num, 10) + "/" + strconv.FormatInt(s.Den, 10)
}

func lowest(num, den int64) Share {
	a, b := num, den
	for b != 0 {
		a, b = b, a%b
	}
	return Share{num / a, den / a}
}
