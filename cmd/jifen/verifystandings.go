package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/jobs"
	"jifen/internal/store"
)

// recount counts anew what is kept beside the records, and the cached standings.
// What cannot be counted is told like what is wrong, so that it hides nothing else.
func (k *verifyCommand) recount(v *store.Snapshot, f *survey) error {
	counts, err := v.Recount()
	if err := f.note("党员、组织名下存的没有查成", err); err != nil {
		return err
	}
	for _, m := range counts {
		f.wrong = append(f.wrong, miscountWords(&m))
	}
	if k.NoStandings {
		return nil
	}
	from := time.Now()
	f.review, err = standings.New(nil, zone()).Review(v, calendar.FromTime(today()))
	f.took = time.Since(from)
	if err := f.note("存着的得分没有全部重新算成", err); err != nil {
		return err
	}
	if f.review != nil {
		for i := range f.review.Wrong {
			f.wrong = append(f.wrong, differenceWords(&f.review.Wrong[i]))
		}
	}
	return nil
}

// note tells an error among what is wrong, also that a part of the file cannot be
// read; what ends every reading is an error of the whole.
func (f *survey) note(what string, err error) error {
	var why *fault.Error
	if err == nil || !errors.As(err, &why) || why.Code == fault.Unavailable && !store.Unreadable(err) {
		return err
	}
	f.wrong = append(f.wrong, what+"："+why.Message)
	return nil
}

// miscountWords says one column in a line that is not what the rows come to.
func miscountWords(m *domain.Miscount) string {
	if m.Member != "" {
		return "党员 " + string(m.Member) + "：" + m.Why
	}
	if m.Login != "" {
		return "帐号“" + m.Login + "”：" + m.Why
	}
	return "组织“" + m.Name + "”：" + m.Why
}

// differenceWords says one cached standing in a line that is not what the records
// come to.
func differenceWords(d *standings.Difference) string {
	line := fmt.Sprintf("党员 %s 存着的得分（办法 %s，%s）：存的是 %s，按记录重新算是 %s", d.Member, d.Scheme, d.Period, d.Stored, d.Total)
	if d.Stored == d.Total {
		line += "，总分以外有不同"
	}
	if d.Code {
		line += "；校验码不对，不是程序存的"
	}
	return line
}

// reviewWords says in a line how the cached standings were compared.
func reviewWords(f *survey) string {
	if f.review == nil {
		return "存着的得分没有重新算\n"
	}
	line := fmt.Sprintf("重新算了 %d 个存着的得分，都和存的一样，用了 %.1f 秒", f.review.Compared, f.took.Seconds())
	if f.review.Stale > 0 {
		line += fmt.Sprintf("；另有 %d 个已经过时，看的时候会重新算，没有比", f.review.Stale)
	}
	return line + "\n"
}

// drop deletes the cached standings that were found wrong and says so. They are
// computed anew when somebody looks.
func (k *verifyCommand) drop(ctx context.Context, h *house, f *survey) error {
	if !k.DropStandings || f.review == nil || len(f.review.Wrong) == 0 {
		return nil
	}
	err := h.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		for i := range f.review.Wrong {
			d := &f.review.Wrong[i]
			if err := tx.Forget(d.Scheme, d.Period, d.Member); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		f.dropped = len(f.review.Wrong)
	}
	return err
}

// reviewJob is the daily job that compares the cached standings of a served
// database, so that a total that was changed in it is not shown for months.
func reviewJob(h *house) jobs.Job {
	return jobs.Job{Name: "存着的得分", Shared: true, Run: func(ctx context.Context, _ calendar.Day) (string, error) {
		var r *standings.Review
		err := h.db.LongRead(ctx, func(v *store.Snapshot) (err error) {
			r, err = standings.New(nil, zone()).Review(v, calendar.FromTime(today()))
			return err
		})
		if err != nil {
			return "", err
		}
		if n := len(r.Wrong); n > 0 {
			wrong := fault.New(fault.Invalid, "有 %d 个和按记录重新算的不一样", n)
			return "", wrong.WithHint("有人改过数据库文件，或者磁盘坏了。停下网站，留一份原样，用 jifen verify 看是谁的，再加 --drop-standings 删去")
		}
		return fmt.Sprintf("重新算了 %d 个，都和存的一样", r.Compared), nil
	}}
}
