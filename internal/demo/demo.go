// Package demo invents a year in the street: organisations, members with dated
// facts, activities with attendance, and entries. It gives the program something
// to show and tests something to count.
//
// Nothing here is anybody: names, days and points come from a seeded generator.
// The same Options always give the same bytes, so a screenshot, a bug report and
// a test may all speak of member P0007.
package demo

import (
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// FullSize is the number of members that the street of the source has; the numbers of its
// organisations are known for this size and scaled for any other.
const FullSize = 1485

// Options describes the street to invent.
type Options struct {
	Members int    // 50 to 25000
	Seed    uint64 // another seed gives another street
	Year    int    // the year in which everything happens, 2000 to 2100
}

func (o Options) check() error {
	if o.Members < 50 || o.Members > 25000 {
		return fault.New(fault.Invalid, "演示数据的党员人数不能是%d", o.Members).WithHint("写50到25000之间的数")
	}
	if o.Year < 2000 || o.Year > 2100 {
		return fault.New(fault.Invalid, "演示数据的年份不能是%d", o.Year).WithHint("写2000到2100之间的年份")
	}
	return nil
}

// scaled returns how many of something a street of this size has that has n of
// it at full size: at least one.
func (o Options) scaled(n int) int {
	return max(1, (n*o.Members+FullSize/2)/FullSize)
}

// New invents a street. Options outside their bounds are fault.Invalid.
func New(o Options) (*Street, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	b := &build{
		Options: o,
		first:   calendar.Of(o.Year, 1, 1),
		last:    calendar.Of(o.Year, 12, 31),
		street:  &Street{Year: o.Year},
	}
	b.organise(roll(o.Seed, streamOrganisations))
	b.populate(roll(o.Seed, streamPeople))
	b.change(roll(o.Seed, streamChanges))
	b.affiliate(roll(o.Seed, streamAffiliations))
	b.plan(roll(o.Seed, streamPlans))
	b.holdActivities(roll(o.Seed, streamActivities))
	b.skip(roll(o.Seed, streamAbsences))
	b.work(roll(o.Seed, streamEntries))
	b.host(roll(o.Seed, streamHosts))
	b.enrol()
	return b.street, nil
}

// build is a street in the making: what New's steps hand on to each other.
type build struct {
	Options
	first, last calendar.Day // of the year
	street      *Street
	homes       []*branch // with home members
	sides       []*branch // functional and online: with participants only
	people      []*person // in order of their ids
}

// day returns a day of the year; a day past the month's end is its last day.
func (b *build) day(month, day int) calendar.Day {
	return min(calendar.Of(b.Year, month, day), calendar.Of(b.Year, month+1, 1)-1)
}

// enrol puts the people into the street.
func (b *build) enrol() {
	b.street.Members = make([]Member, len(b.people))
	for i, p := range b.people {
		slices.SortStableFunc(p.Facts, func(x, y domain.Fact) int { return int(x.From - y.From) })
		b.street.Members[i] = p.Member
	}
}
