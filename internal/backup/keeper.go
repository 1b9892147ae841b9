package backup

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/jobs"
	"jifen/internal/store"
)

const (
	rootJob = "根"
	copyJob = "备份"
	hour    = 2 // from which hour of the day the day's work is due
)

// Options says of which database a keeper keeps what.
type Options struct {
	World
	DB       *store.DB  // open, and served
	Database string     // its file
	Folder   *Folder    // for copies; nil where none are made
	More     []jobs.Job // that others want done every day
	Program  string     // tells this program from others on the database; "" where there are none
	Log      *slog.Logger
}

// Keeper writes the root of a served database down and makes a copy of it every
// day, and knows how both stand: of copies also those that another program put into
// the folder.
type Keeper struct {
	Runner *jobs.Runner
	opts   Options

	mu    sync.Mutex
	found found     // what the folder held when it was last looked at
	made  time.Time // when the last copy made here was written
	links int64     // that it was looked through for
	root  seen      // the last that was written down
}

// seen is the last root in the file beside the database, when it was last looked at.
type seen struct {
	size   int64 // of the file
	at     time.Time
	posted *Posted
}

// found is the newest copy in the folder.
type found struct {
	day calendar.Day
	at  time.Time
	err error
}

// NewKeeper returns a keeper whose Runner does the work when it is run. It
// refuses a folder in which no copy can be kept.
func NewKeeper(o Options) (*Keeper, error) {
	k := &Keeper{opts: o}
	work := append([]jobs.Job{{Name: rootJob, Shared: true, Run: k.writeRoot}}, o.More...)
	if f := o.Folder; f != nil {
		if err := f.Prepare(); err != nil {
			return nil, err
		}
		own := *f
		if path, err := filepath.Abs(f.Path); err == nil {
			own.Path = path // a page is read by who does not know where the program was started
		}
		k.opts.Folder = &own
		work = append(work, jobs.Job{Name: copyJob, Run: k.copy})
	}
	var shared jobs.Claims
	if o.Program != "" {
		shared = &claims{db: o.DB, program: o.Program, alone: !store.OnServer(o.Database), now: o.Now}
	}
	k.Runner = jobs.New(jobs.Options{
		Jobs: work, Claims: shared, Watch: k.look, Hour: hour, Zone: o.Now().Location(), Now: o.Now, Log: o.Log,
	})
	k.look()
	return k, nil
}

// writeRoot is the daily job that writes the root down beside the database,
// whether copies are made or not.
func (k *Keeper) writeRoot(ctx context.Context, _ calendar.Day) (string, error) {
	defer k.lookRoot()
	r, err := k.opts.WriteRoot(ctx, k.opts.DB, k.opts.Database)
	if err != nil {
		return "", err
	}
	if r.Note == nil {
		return fmt.Sprintf("写下了，%d 环，没有签名：没有 %s", r.Links, SignKeyPath(k.opts.Database)), nil
	}
	return fmt.Sprintf("写下了，%d 环", r.Links), nil
}

// copy is the daily job that makes a copy. It is of now, whatever day it was due
// for: what stood on a day that was missed cannot be copied any more.
func (k *Keeper) copy(ctx context.Context, _ calendar.Day) (string, error) {
	defer k.look()
	made, err := k.opts.Folder.Make(ctx)
	if made == nil {
		return "", err
	}
	if made.Root == nil {
		return "今天的备份已经有了：" + made.Path, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.made, k.links = made.At, made.Root.Links
	return fmt.Sprintf("备份好了：%s，%d 环都查过", made.Path, made.Root.Links), err
}

// look sees what the folder holds. Pages do not look themselves: a disk that
// does not answer must not hold them up.
func (k *Keeper) look() {
	k.lookRoot()
	if k.opts.Folder == nil {
		return
	}
	day, at, err := k.opts.Folder.newest()
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.found.err = err; err == nil { // else what is known stands
		k.found.day, k.found.at = day, at
	}
}

// lookRoot sees which root was written down last, by this program or another. What cannot be
// read is told by verify; until then the one before stands.
func (k *Keeper) lookRoot() {
	path := RootsPath(k.opts.Database)
	info, err := os.Stat(path)
	if err != nil {
		return
	}
	k.mu.Lock()
	same := k.root.size == info.Size() && k.root.at.Equal(info.ModTime())
	k.mu.Unlock()
	if same {
		return
	}
	last, err := LastRoot(path)
	if err != nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.root = seen{info.Size(), info.ModTime(), last.Posted()}
}

// Root returns what is printed of the last root that was written down; nil where there is none,
// and where nobody has signed it.
func (k *Keeper) Root() *Posted {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.root.posted
}

// Copies describes how the copies stand.
type Copies struct {
	Day    calendar.Day // of the newest; 0 for none
	At     time.Time    // when it was written
	Links  int64        // how many it was looked through for; 0 where that is not known
	Failed string       // why the last one was not made; "" where it was
	Hint   string       // what to do about that
}

// Copies returns how the copies stand.
func (k *Keeper) Copies() Copies {
	last, ran := k.Runner.Last(copyJob)
	k.mu.Lock()
	defer k.mu.Unlock()
	c := Copies{Day: k.found.day, At: k.found.at}
	if k.made.Equal(c.At) {
		c.Links = k.links
	}
	if ran && !last.OK && !c.At.After(last.At) { // else another program has made one since
		c.Failed, c.Hint = last.Words, last.Hint
	}
	var unread *fault.Error
	if errors.As(k.found.err, &unread) {
		c.Failed, c.Hint = unread.Message, unread.Hint
	}
	return c
}

// Work describes how a piece of the day's work stands that is no copy.
type Work struct {
	Name   string
	Every  int       // days from one run to the next
	DoneAt time.Time // when it was last done; zero where that is not known
	At     time.Time // when it was last tried; zero before that
	Result string    // what it did
	Failed string    // why it did not; "" where it did
	Hint   string    // what to do about that
}

// Daily returns how the day's work stands, but for the copies.
func (k *Keeper) Daily() []Work {
	out := []Work{{Name: rootJob, Every: 1}}
	for _, j := range k.opts.More {
		out = append(out, Work{Name: j.Name, Every: max(1, j.Every)})
	}
	for _, total := range k.Runner.Totals() {
		for i := range out {
			if out[i].Name == total.Job {
				out[i].DoneAt = total.DoneAt
			}
		}
	}
	for i := range out {
		w := &out[i]
		last, _ := k.Runner.Last(w.Name)
		if w.At = last.At; last.OK {
			w.Result = last.Words
		} else {
			w.Failed, w.Hint = last.Words, last.Hint
		}
	}
	return out
}

// Copying reports whether copies are made.
func (k *Keeper) Copying() bool { return k.opts.Folder != nil }
