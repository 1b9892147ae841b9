package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/jobs"
	"jifen/internal/web"
)

const (
	backupJob  = "备份"
	backupHour = 2           // from which hour of the day a server makes the day's copy
	wake       = time.Minute // how often it looks what is due
)

// keeper keeps copies of the database while the server runs, and knows how they
// stand: those it made as well as those that jifen daily put into the folder.
type keeper struct {
	copies copies
	runner *jobs.Runner

	mu    sync.Mutex
	found found     // what the folder held when it was last looked at
	made  time.Time // when the last copy made here was written
	links int64     // that it was looked through for
}

// found is the newest copy in the folder.
type found struct {
	day calendar.Day
	at  time.Time
	err error
}

// newKeeper refuses a folder in which no copy can be kept.
func newKeeper(c copies, log *slog.Logger) (*keeper, error) {
	if err := c.prepare(); err != nil {
		return nil, err
	}
	if path, err := filepath.Abs(c.folder); err == nil {
		c.folder = path // a page is read by who does not know where the program was started
	}
	k := &keeper{copies: c}
	k.runner = jobs.New(jobs.Options{
		Jobs: []jobs.Job{{Name: backupJob, Run: k.make}}, Watch: k.look, Hour: backupHour, Zone: zone(), Now: c.now, Log: log,
	})
	k.look()
	return k, nil
}

// beside keeps copies while work goes on. When it has ended, so has the copy at
// hand: a part of one is not left behind.
func (k *keeper) beside(ctx context.Context, work func() error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ticker := time.NewTicker(wake)
	defer ticker.Stop()
	var running sync.WaitGroup
	running.Go(func() { k.runner.Run(ctx, ticker.C) })
	err := work()
	stop()
	running.Wait()
	return err
}

// make is the daily job. A copy is of now, whatever day it was due for: what
// stood on a day that was missed cannot be copied any more.
func (k *keeper) make(ctx context.Context, _ calendar.Day) (string, error) {
	defer k.look()
	made, err := k.copies.make(ctx)
	if made == nil {
		return "", err
	}
	if made.root == nil {
		return "今天的备份已经有了：" + made.path, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.made, k.links = made.at, made.root.links
	return fmt.Sprintf("备份好了：%s，%d 环都查过", made.path, made.root.links), err
}

// look sees what the folder holds. Pages do not look themselves: a disk that
// does not answer must not hold them up.
func (k *keeper) look() {
	day, at, err := k.copies.newest()
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.found.err = err; err == nil { // else what is known stands
		k.found.day, k.found.at = day, at
	}
}

// state is how the copies stand, for the pages.
func (k *keeper) state() web.Backup {
	last, ran := k.runner.Last(backupJob)
	k.mu.Lock()
	defer k.mu.Unlock()
	b := web.Backup{Day: k.found.day, At: k.found.at}
	if k.made.Equal(b.At) {
		b.Links = k.links
	}
	if ran && !last.OK && !b.At.After(last.At) { // else another program has made one since
		b.Failed, b.Hint = last.Words, last.Hint
	}
	var unread *fault.Error
	if errors.As(k.found.err, &unread) {
		b.Failed, b.Hint = unread.Message, unread.Hint
	}
	return b
}
