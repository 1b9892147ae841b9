package main

import (
	"context"
	"fmt"
	"strings"

	"jifen/internal/backup"
	"jifen/internal/calendar"
	"jifen/internal/doctor"
	"jifen/internal/fault"
	"jifen/internal/jobs"
	"jifen/internal/store"
)

// The names of the checks, as the page of the machine and the doctor say them.
const (
	quickCheck = "核对"
	wholeCheck = "全部核对"
	wholeEvery = 7 // days
)

// checked returns what the doctor asks about the checks of a served database.
func checked() []doctor.Check {
	return []doctor.Check{{Name: quickCheck, Every: 1}, {Name: wholeCheck, Every: wholeEvery}}
}

// wrongHint is added to what a check finds.
const wrongHint = "停下网站，留一份原样，用 jifen verify 看是哪几处"

// quickCheckJob is the daily job that compares the ends of all chains, the last root, and
// what is kept beside the rows: what costs little however much was recorded.
func quickCheckJob(h *house, path string) jobs.Job {
	return jobs.Job{Name: quickCheck, Shared: true,
		Run: func(ctx context.Context, _ calendar.Day) (said string, err error) {
			err = h.db.LongRead(ctx, func(v *store.Snapshot) error {
				heads, wrong, err := v.VerifyHeads()
				if err != nil {
					return err
				}
				counts, err := v.Recount()
				if err != nil {
					return err
				}
				lost := 0
				root, err := backup.LastRoot(backup.RootsPath(path))
				switch {
				case fault.CodeOf(err) == fault.NotFound: // none was written yet
				case err != nil:
					return err
				case root == nil:
					lost++
				default:
					_, left, err := root.Left(v)
					if err != nil {
						return err
					}
					if left {
						lost++
					}
				}
				if n := len(wrong) + len(counts) + lost; n > 0 {
					return fault.New(fault.Invalid, "查出 %d 处不对：链尾 %d 处，名下存的 %d 处，最近的根 %d 处", n, len(wrong), len(counts),
						lost).WithHint(wrongHint)
				}
				said = fmt.Sprintf("%d 条链的链尾、名下存的、最近的根都对得上", heads)
				return nil
			})
			return said, err
		}}
}

// wholeCheckJob is the weekly job that verifies everything but the cached standings, which
// have a job of their own.
func wholeCheckJob(h *house, path string) jobs.Job {
	return jobs.Job{Name: wholeCheck, Shared: true, Every: wholeEvery, Run: func(
		ctx context.Context, _ calendar.Day,
	) (said string, err error) {
		k := verifyCommand{database: database{DB: path}, NoStandings: true}
		err = h.db.LongRead(ctx, func(v *store.Snapshot) error {
			f, err := k.look(v)
			if err != nil {
				return err
			}
			if n := len(f.wrong); n > 0 {
				wrong := fmt.Sprintf("查出 %d 处不对", n)
				if f.roots != nil {
					wrong += rootsApart(f.roots)
				}
				return fault.New(fault.Invalid, "%s", wrong).WithHint(wrongHint)
			}
			said = fmt.Sprintf("查了 %d 环，每一行都和封存时一样", f.now.Links)
			if f.roots == nil {
				said += "；还没有根可比"
				return nil
			}
			_, sum := anchoring(f.roots, f.now, f.names)
			said += fmt.Sprintf("；比了 %d 个根，%s", f.roots.Count, strings.TrimSpace(sum))
			return nil
		})
		return said, err
	}}
}

// rootsApart says in how many places chains differ from roots or are shorter.
func rootsApart(c *backup.Comparison) string {
	differs, shorter := 0, 0
	for i := range c.Lost {
		switch l := &c.Lost[i]; {
		case l.Why != "" || l.At == "":
		case l.Missing:
			shorter++
		default:
			differs++
		}
	}
	return fmt.Sprintf("，其中和根不一样的 %d 处，比根短的 %d 处", differs, shorter)
}
