package activities_test

import (
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestARecorderPutsRightHisOwnOfTheDay: who records and decides nothing corrects and takes
// back no attendance that others recorded, nor what has stood over night.
func TestARecorderPutsRightHisOwnOfTheDay(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	record := func(by *access.Actor, day string) domain.ActivityID {
		r, err := town.Activities.Record(t.Context(), by, activities.ActivityInput{
			Org: town.East.ID, Kind: "党课", On: testkit.Day(t, day),
			Lines: []activities.Line{{Member: "E2", Status: domain.Absent}},
		}, "")
		expect.NoError(t, "an activity of "+by.Name, err)
		return r.Activity
	}
	correct := func(id domain.ActivityID, status domain.AttendanceStatus) fault.Code {
		_, err := town.Activities.Correct(t.Context(), town.Recorder, activities.Correction{Activity: id, Member: "E2",
			Status: status, Reason: "看错了"}, "")
		return fault.CodeOf(err)
	}
	reverse := func(id domain.ActivityID) fault.Code {
		_, err := town.Activities.Reverse(t.Context(), town.Recorder, id, "记错了", "")
		return fault.CodeOf(err)
	}
	others, own := record(town.Secretary, "2026-05-20"), record(town.Recorder, "2026-05-21")
	old := record(town.Recorder, "2026-05-22")
	expect.Equal(t, "correcting the secretary's", correct(others, domain.Present), fault.Forbidden)
	expect.Equal(t, "taking back the secretary's", reverse(others), fault.Forbidden)
	expect.Equal(t, "correcting his own of the day", correct(own, domain.Present), fault.Code(""))
	expect.Equal(t, "taking back his own of the day", reverse(own), fault.Code(""))
	town.Later(24 * time.Hour)
	expect.Equal(t, "correcting his own of yesterday", correct(old, domain.Present), fault.Forbidden)
	expect.Equal(t, "taking back his own of yesterday", reverse(old), fault.Forbidden)
}
