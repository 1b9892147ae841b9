package testkit

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/server"
	"jifen/internal/store"
	"jifen/internal/store/engine"
	"jifen/internal/store/engine/enginetest"
	"jifen/internal/testkit/pgtest"
	"jifen/internal/vault"
)

// size tells towns apart that are built alike.
type size struct {
	members  int // in each branch
	district bool
	first    bool // with the accounts of the first release only
}

// blueprint holds a town that was built once: every test gets a copy of its file.
type blueprint struct {
	once sync.Once
	file []byte
	town *Town
	err  error
}

// blueprints holds one blueprint for each size.
var blueprints sync.Map //nolint:gochecknoglobals // a town is built once in a program of tests

// newTown copies a town of a size, and builds it first if this is the first one.
func newTown(tb testing.TB, of size) *Town {
	tb.Helper()
	if pgtest.OnServer() {
		return newOn(tb, of)
	}
	held, _ := blueprints.LoadOrStore(of, &blueprint{})
	b, _ := held.(*blueprint)
	b.once.Do(func() { b.err = b.build(of) })
	if b.err != nil {
		tb.Fatal(b.err)
	}
	path := filepath.Join(tb.TempDir(), "t.db")
	if err := os.WriteFile(path, b.file, 0o600); err != nil {
		tb.Fatal(err)
	}
	t := *b.town
	if t.Neighbours != nil {
		beside := *t.Neighbours
		t.Neighbours = &beside
	}
	if err := t.open(path); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { t.Close(tb) })
	if err := t.DB.Read(context.Background(), t.hire); err != nil {
		tb.Fatal(err)
	}
	t.reads.Store(0)
	return &t
}

// build builds the town and keeps its file.
func (b *blueprint) build(of size) error {
	dir, err := os.MkdirTemp("", "town")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // the system's own folder for what is for a while
	path := filepath.Join(dir, "t.db")
	if b.town, err = found(path, of); err != nil {
		return err
	}
	if err := b.town.DB.Close(); err != nil {
		return err
	}
	b.file, err = os.ReadFile(path) //nolint:gosec // the file that was just written
	return err
}

// found builds a town in a new database.
func found(place string, of size) (t *Town, err error) {
	t = &Town{members: of.members, first: of.first}
	if of.district {
		t.Neighbours = &Neighbours{}
	}
	if err := t.open(place); err != nil {
		return nil, err
	}
	if t.hash, err = quick().Hash(context.Background(), Password); err != nil {
		return nil, err
	}
	return t, t.DB.Write(context.Background(), t.buildAll)
}

// newOn builds the town on a server, in a database of its own, where it is at work with
// the rights of a program and no more.
func newOn(tb testing.TB, of size) *Town {
	tb.Helper()
	owners := pgtest.Database(tb)
	programs := pgtest.AsProgram(tb, owners)
	owner := &Town{}
	if err := owner.open(owners); err != nil {
		tb.Fatal(err)
	}
	owner.Close(tb)
	if err := store.Grant(context.Background(), owner.options, pgtest.Program); err != nil {
		tb.Fatal(err)
	}
	return newAt(tb, programs, of)
}

// OwnedOnServer is OnServer where the program is the owner of the tables.
func OwnedOnServer(tb testing.TB) *Town {
	tb.Helper()
	return newAt(tb, pgtest.Database(tb), size{members: 2, district: true})
}

// newAt builds the town in a database without rows.
func newAt(tb testing.TB, place string, of size) *Town {
	tb.Helper()
	t, err := found(place, of)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { t.Close(tb) })
	t.reads.Store(0)
	return t
}

// Beside opens the town's database by another program: with services of its own, and the
// same people. It is for databases on a server, which many programs may open.
func (t *Town) Beside(tb testing.TB) *Town {
	tb.Helper()
	return t.beside(tb, t.options.Path, nil)
}

// beside opens the town's database at an address by another program, whose driver is
// wrapped; nil is as it is.
func (t *Town) beside(tb testing.TB, path string, wrap func(engine.Driver) engine.Driver) *Town {
	tb.Helper()
	other := *t
	other.closed, other.wrap = false, wrap
	if err := other.open(path); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { other.Close(tb) })
	return &other
}

// Wired is Beside on a wire that the test can cut.
func (t *Town) Wired(tb testing.TB) (*Town, *pgtest.Wire) {
	tb.Helper()
	wire := pgtest.NewWire(tb, t.options.Path)
	through := *t
	through.options.Path = wire.Address()
	return through.Beside(tb), wire
}

// OnServer builds the town below a district, in a database on a server, whatever the
// other tests run on.
func OnServer(tb testing.TB) *Town {
	tb.Helper()
	return newOn(tb, size{members: 2, district: true})
}

// BehindPgbouncer is OnServer through pgbouncer with few connections to the server.
func BehindPgbouncer(tb testing.TB) *Town {
	tb.Helper()
	return newAt(tb, pgtest.BouncedDatabase(tb, 4), size{members: 2, district: true})
}

// BehindPreparingPgbouncer is BehindPgbouncer with prepared statements.
func BehindPreparingPgbouncer(tb testing.TB) *Town {
	tb.Helper()
	return newAt(tb, pgtest.PreparingDatabase(tb, 4), size{members: 2, district: true})
}

// Reading opens the town's database by another program that reads from a replica.
func (t *Town) Reading(tb testing.TB, replica string) *Town {
	tb.Helper()
	return t.Through(tb, t.options.Path, replica)
}

// Through is Reading where the program reaches the database by another address.
func (t *Town) Through(tb testing.TB, address, replica string) *Town {
	tb.Helper()
	other := *t
	other.closed, other.readFrom = false, replica
	if err := other.open(address); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { other.Close(tb) })
	return &other
}

// Follow returns when a program reads from a replica that has replayed all.
func Follow(tb testing.TB, program *Town, replica, primary *pgtest.Cluster) {
	tb.Helper()
	for {
		replica.CatchUp(primary)
		program.DB.LookAtReplica(tb.Context())
		why := program.DB.Stats().Replica.Why
		if why == nil {
			return
		}
		if tb.Context().Err() != nil {
			tb.Fatal(why)
		}
	}
}

// Fresh returns what a server asks for: a context whose reads are as new as a Freshness says.
func Fresh(ctx context.Context) (context.Context, server.Freshness) {
	f := &store.Freshness{}
	return store.WithFreshness(ctx, f), f
}

// At builds the town below a district in an empty database on a server.
func At(tb testing.TB, address string) *Town {
	tb.Helper()
	return newAt(tb, address, size{members: 2, district: true})
}

// Options returns what the town's database was opened with.
func (t *Town) Options() store.Options { return t.options }

// open opens the town's database with a clock and counters of its own.
func (t *Town) open(path string) error {
	key, err := vault.New(Zeros{}, Key())
	if err != nil {
		return err
	}
	driver, err := store.DriverOf(path)
	if err != nil {
		return err
	}
	if t.wrap != nil {
		driver = t.wrap(driver)
	}
	clock, reads := &atomic.Int64{}, &atomic.Int64{}
	clock.Store(int64(t.start))
	t.clock, t.reads, t.watch = clock, reads, &enginetest.Watch{Server: store.OnServer(path)}
	t.options = store.Options{
		Path: path, Create: true, Now: func() time.Time { return Now().Add(time.Duration(clock.Load())) },
		Random: Zeros{}, Unlined: true, Keys: []store.Generation{{Chain: key.ChainKeys()[0]}},
		Driver:   countingDriver{t.watch.Over(driver), reads},
		ReadFrom: t.readFrom,
	}
	db, err := store.Open(context.Background(), t.options)
	if err != nil {
		return err
	}
	t.serve(db)
	t.Accounts = accounts.New(db, &Steps{}, quick())
	return nil
}

// quick returns a hasher that costs little, for tests only.
func quick() *accounts.Hasher { return accounts.NewHasher(accounts.Cost{Memory: 64, Iterations: 1}) }

// hire reads everybody who acts in the town anew, so that no two towns share them.
func (t *Town) hire(v *store.Snapshot) (err error) {
	all := []**access.Actor{&t.Clerk, &t.Secretary, &t.Member, &t.Auditor, &t.Admin, &t.Community, &t.Second,
		&t.Security, &t.Recorder, &t.Officer, &t.Leader}
	if t.Neighbours != nil {
		all = append(all, &t.Neighbours.Clerk)
	}
	for _, at := range all {
		if *at == nil {
			continue // not in the town of the first release
		}
		if *at, err = v.Actor((*at).Account); err != nil {
			return err
		}
	}
	return nil
}
