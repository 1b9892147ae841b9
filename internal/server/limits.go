package server

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"jifen/internal/domain"
	"jifen/internal/fault"
)

// Limits bound what one account, or one address where nobody is signed in, may ask
// for, so that nobody waits because of another. Zero bounds nothing.
type Limits struct {
	AtOnce    int           // requests of an account that are answered at the same time; the next wait
	Patience  time.Duration // how long they wait before they are refused
	Strangers rate.Limit    // requests a second of an address, of who is not signed in
	Burst     int           // how many of them at once
}

// StandardLimits returns what a person or a program never reaches in earnest.
func StandardLimits() Limits {
	return Limits{AtOnce: 32, Patience: 10 * time.Second, Strangers: 50, Burst: 500}
}

const (
	retryLong     = 5 * time.Second
	strangersKept = time.Minute // after which an address has all of its allowance again
	maxStrangers  = 50_000      // addresses; all others share one allowance
)

// limiter counts what is asked for at the moment.
type limiter struct {
	limits Limits

	mu        sync.Mutex
	accounts  map[domain.AccountID]*busy
	strangers map[string]*rate.Limiter // by address
	before    map[string]*rate.Limiter // those of the minute before, where they did not ask since
	turned    time.Time
}

// busy counts the requests of one account that are being answered; the last takes it along.
type busy struct {
	asking int
	long   bool
	places chan struct{}
}

func newLimiter(l Limits) *limiter {
	return &limiter{limits: l, accounts: map[domain.AccountID]*busy{}, strangers: map[string]*rate.Limiter{}}
}

// enter counts a request of an account in and returns what counts it out: fault.TooMany where
// others of the account are answered for too long already, or something long is while
// this is long too.
func (l *limiter) enter(ctx context.Context, account domain.AccountID, long bool) (leave func(), err error) {
	if l.limits.AtOnce == 0 {
		return func() {}, nil
	}
	b, err := l.join(account, long)
	if err != nil {
		return nil, err
	}
	part := func() { l.part(account, b, long) }
	entered := func() { <-b.places; part() }
	select { // at once, whatever the patience
	case b.places <- struct{}{}:
		return entered, nil
	default:
	}
	waited, stop := context.WithTimeout(ctx, l.limits.Patience)
	defer stop()
	select {
	case b.places <- struct{}{}:
		return entered, nil
	case <-waited.Done():
		part()
		return nil, fault.New(fault.TooMany, "这个帐号同时问得太多，还没有受理").WithHint("等前面的答完再试").WithRetry(retryLong)
	}
}

// join counts a request in.
func (l *limiter) join(account domain.AccountID, long bool) (*busy, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.accounts[account]
	if b == nil {
		b = &busy{places: make(chan struct{}, l.limits.AtOnce)}
		l.accounts[account] = b
	}
	if long && b.long {
		return nil, fault.New(fault.TooMany, "这个帐号上一次要算很久的还没有算完").WithHint("等它完成再试").WithRetry(retryLong)
	}
	b.asking++
	b.long = b.long || long
	return b, nil
}

// part counts a request out.
func (l *limiter) part(account domain.AccountID, b *busy, long bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if long {
		b.long = false
	}
	if b.asking--; b.asking == 0 {
		delete(l.accounts, account)
	}
}

// stranger counts a request of who is not signed in: fault.TooMany beyond what an
// address may.
func (l *limiter) stranger(address string, now time.Time) error {
	if l.limits.Strangers == 0 || l.allowance(address, now).AllowN(now, 1) {
		return nil
	}
	return fault.New(fault.TooMany, "从这个地址来的请求太多，没有受理").WithHint("过几秒钟再试").WithRetry(time.Second)
}

// allowance returns what an address has left. Who did not ask for two minutes has all of
// it, so that nothing needs to be kept of him.
func (l *limiter) allowance(address string, now time.Time) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if age := now.Sub(l.turned); age >= strangersKept || age < 0 {
		l.before, l.strangers, l.turned = l.strangers, map[string]*rate.Limiter{}, now
	}
	of := l.strangers[address]
	if of == nil && len(l.strangers) >= maxStrangers {
		address = ""
		of = l.strangers[address]
	}
	if of == nil {
		of = l.before[address]
		if of == nil {
			of = rate.NewLimiter(l.limits.Strangers, l.limits.Burst)
		}
		l.strangers[address] = of
	}
	return of
}
