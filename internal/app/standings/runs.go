package standings

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"jifen/internal/fault"
)

// runs has a question computed once however many ask it at the same time. A run
// reads the database after everybody has asked whom it answers, so nobody gets an
// answer older than a write that was acknowledged before he asked: who asks while
// a run is under way waits for the next one of the question, which they share. It
// mostly finds what the one before has left to hold.
type runs struct {
	mu sync.Mutex
	by map[string]*run // the run under way of each question
}

// run is one computation.
type run struct {
	answer  func(context.Context) (*Population, error)
	ctx     context.Context //nolint:containedctx // of whoever asked first, without its end
	cancel  context.CancelFunc
	waiting int  // who waits for it; guarded by runs.mu
	next    *run // has not begun; guarded by runs.mu

	done chan struct{} // closed once p and err are there
	p    *Population
	err  error
}

// do returns the answer of a run of a question that begins after it is called.
// Whoever goes away ends nobody else's run; a run for which nobody waits any more
// is given up.
func (r *runs) do(
	ctx context.Context, key string, answer func(context.Context) (*Population, error),
) (*Population, error) {
	mine := r.join(ctx, key, answer)
	select {
	case <-mine.done:
		return mine.p, mine.err
	case <-ctx.Done():
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if mine.waiting--; mine.waiting == 0 {
		mine.cancel()
	}
	return nil, fault.Wrap(ctx.Err(), fault.Unavailable, "没有完成：请求已中断或超时").WithHint("再试一次")
}

// join begins a run, or waits for the one after that which is under way.
func (r *runs) join(ctx context.Context, key string, answer func(context.Context) (*Population, error)) *run {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.by[key]
	mine := now
	if now != nil {
		mine = now.next
	}
	if mine == nil {
		mine = &run{answer: answer, done: make(chan struct{})}
		mine.ctx, mine.cancel = context.WithCancel(context.WithoutCancel(ctx))
		if now != nil {
			now.next = mine
		} else {
			if r.by == nil {
				r.by = map[string]*run{}
			}
			r.by[key] = mine
			go r.all(key, mine)
		}
	}
	mine.waiting++
	return mine
}

// all computes a run and those that are waited for after it.
func (r *runs) all(key string, now *run) {
	for now != nil {
		now.compute()
		r.mu.Lock()
		if now = now.next; now != nil {
			r.by[key] = now
		} else {
			delete(r.by, key)
		}
		r.mu.Unlock()
	}
}

// compute answers everybody who waits; a panic is an error.
func (x *run) compute() {
	defer close(x.done)
	defer x.cancel()
	defer func() {
		if p := recover(); p != nil {
			x.err = fault.Wrap(fmt.Errorf("panic: %v\n%s", p, debug.Stack()), fault.Internal, "程序出错了").WithHint("请报告")
		}
	}()
	if x.err = x.ctx.Err(); x.err == nil {
		x.p, x.err = x.answer(x.ctx)
	}
}

// Limits of what is computed of the past: nothing of it is remembered, so that it
// may take long.
const (
	maxPast   = 16 // how many questions wait for each other
	pastLimit = 30 * time.Second
)

// oneByOne lets computations run one at a time, and so many wait.
type oneByOne struct {
	places chan struct{} // one for each who waits or runs
	turn   chan struct{} // taken by the one who runs
}

func newOneByOne(waiting int) oneByOne {
	return oneByOne{places: make(chan struct{}, 1+waiting), turn: make(chan struct{}, 1)}
}

// do runs f while no other runs. fault.Unavailable where too many wait.
func (o oneByOne) do(ctx context.Context, f func() (*Population, error)) (*Population, error) {
	select {
	case o.places <- struct{}{}:
		defer func() { <-o.places }()
	default:
		return nil, fault.New(fault.Unavailable, "同时查从前的人太多").WithHint("过一会儿再试")
	}
	select {
	case o.turn <- struct{}{}:
		defer func() { <-o.turn }()
		return f()
	case <-ctx.Done():
		return nil, fault.Wrap(ctx.Err(), fault.Unavailable, "没有完成：请求已中断或超时").WithHint("再试一次")
	}
}
