package postgres

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jmoiron/sqlx"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// Limits of reading from a replica.
const (
	patience  = 200 * time.Millisecond // for which a read waits until the replica has come to a position
	maxLag    = 30 * time.Second       // beyond it nothing is read from the replica
	lookLimit = 2 * time.Second
)

// replica answers reads that may be of an older instant.
type replica struct {
	name        string
	short, long *pool
	watch       *pool // one connection, which no reader waits for
	primary     *pool // likewise, to the primary

	mu   sync.Mutex
	seen sight

	answered, behind, unused atomic.Int64
}

// sight holds what the last look at a replica found.
type sight struct {
	why      error // it is not read from; nil while it is
	primary  engine.Position
	replayed uint64
	lag      time.Duration
	bytes    int64
	caught   time.Time // when it had replayed all there was, by its own clock
}

// standing holds the state of a server.
type standing struct {
	System     string // the cluster, which a replica shares with its primary
	Base       int64  // the database in it
	Standby    bool
	At         int64 // in the log: replayed, or written
	Timeline   int64
	Now        time.Time
	ReplayedAt sql.NullTime // when the transaction was committed that was replayed last
}

// askStanding asks how a server stands. Who may not see pg_stat_wal_receiver learns the
// timeline of a replica later, by its files.
const askStanding = `SELECT s.system_identifier::text AS system,
	(SELECT d.oid::bigint FROM pg_database d WHERE d.datname = current_database()) AS base,
	pg_is_in_recovery() AS standby, clock_timestamp() AS now, pg_last_xact_replay_timestamp() AS replayed_at,
	CASE WHEN pg_is_in_recovery() THEN coalesce((pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint, 0)
		ELSE (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint END AS at,
	CASE WHEN pg_is_in_recovery() THEN greatest((SELECT r.received_tli FROM pg_stat_wal_receiver r),
			(SELECT c.timeline_id FROM pg_control_checkpoint() c),
			(SELECT y.min_recovery_end_timeline FROM pg_control_recovery() y))::bigint
		ELSE ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::bigint END AS timeline
	FROM pg_control_system() s`

// ask asks a server how it stands. A connection to one that is no primary any more, or
// no replica, is closed: the next one finds whoever is.
func ask(ctx context.Context, p *pool, standby bool) (s standing, err error) {
	err = p.reach(func() error { return p.db.GetContext(ctx, &s, askStanding) })
	if err == nil && s.Standby != standby {
		p.renew()
	}
	return s, err
}

// askEnd asks a primary where its log ends: what is on disk, or all where a COMMIT does
// not wait for that.
const askEnd = `SELECT (CASE WHEN current_setting('synchronous_commit') = 'off' THEN pg_current_wal_insert_lsn()
		ELSE pg_current_wal_flush_lsn() END - '0/0'::pg_lsn)::bigint AS at,
	('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::bigint AS timeline`

// position returns where the log of a primary ends. The head of a page that is still
// empty is nothing that a replica could replay.
func (s *standing) position() engine.Position {
	const page, head = 8192, 40
	at := uint64(max(0, s.At))
	if rest := at % page; rest <= head {
		at -= rest
	}
	return engine.Position{Timeline: uint32(s.Timeline), At: at} //nolint:gosec // the server has 32 bits of it
}

// readFrom opens the replica that the options name. One that cannot be reached is taken
// up when it can be.
func (db *database) readFrom(ctx context.Context, primary *pgx.ConnConfig) error {
	config, err := configOf(db.opts.ReadFrom)
	if err != nil {
		return err
	}
	for _, f := range config.Fallbacks {
		if f.Host != config.Host || f.Port != config.Port { // what one has replayed says nothing of another
			return fault.New(fault.Invalid, "--read-from 只写一台副本：%s", Shown(db.opts.ReadFrom)).
				WithHint("每个网站可以写不同的一台")
		}
	}
	r := &replica{name: Shown(db.opts.ReadFrom), short: newPool(config, maxReaders, db.opts.Now),
		long: newPool(config, maxLongReaders, db.opts.Now), watch: newPool(config, 1, db.opts.Now),
		primary: newPool(primary, 1, db.opts.Now)}
	r.short.aged, r.long.aged = true, true
	db.replica = r
	db.LookAtReplica(ctx)
	if why := r.sight().why; errors.Is(why, errForeign) {
		return why
	}
	return nil
}

// errForeign is in the error of a replica of another database.
var errForeign = errors.New("a replica of another database")

// LookAtReplica implements engine.Engine.
func (db *database) LookAtReplica(ctx context.Context) {
	r := db.replica
	if r == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	next := r.sight()
	next.why = nil
	there, err := ask(ctx, r.primary, false) // first, so that a replica that keeps up has come there
	if err != nil {
		next.why = mapError(err)
		r.see(next)
		return
	}
	if next.primary.Timeline != uint32(there.Timeline) { //nolint:gosec // the server has 32 bits of it
		next.caught = time.Time{}
	}
	next.primary = there.position()
	here, err := ask(ctx, r.watch, true)
	if err != nil {
		next.why = r.unreachable(err)
	} else {
		next.judge(r.name, &there, &here)
	}
	r.see(next)
}

// judge decides by how the two servers stand whether the replica is read from.
func (s *sight) judge(name string, there, here *standing) {
	s.replayed, s.lag, s.bytes = uint64(max(0, here.At)), 0, 0
	switch {
	case here.System != there.System || here.Base != there.Base:
		s.why = fault.Wrap(errForeign, fault.Invalid, "%s 不是这个数据库的副本，是别的数据库", name).
			WithHint("--read-from 写 --db 那个库的流复制副本，库名也要一样")
	case there.Standby:
		s.why = readOnly(nil)
	case !here.Standby:
		s.why = fault.New(fault.Unavailable, "%s 现在不是副本，是能写的主库", name).
			WithHint("由主库回答；要读副本，--read-from 写备库的地址")
	case here.Timeline != there.Timeline:
		s.why = fault.New(fault.Unavailable, "副本 %s 还没有跟上切换以后的主库", name).
			WithHint("跟上了自己用；一直这样，看备库的日志，是不是要 pg_rewind")
	case s.replayed >= s.primary.At:
		s.caught = here.Now
	default:
		s.bytes = int64(s.primary.At - s.replayed) //nolint:gosec // both are places in one log
		s.late(name, here)
	}
}

// late finds out how old what a replica shows is: no older than what it has replayed
// last, and than when it had replayed all.
func (s *sight) late(name string, here *standing) {
	switch {
	case here.ReplayedAt.Valid:
		s.lag = here.Now.Sub(here.ReplayedAt.Time)
	case s.caught.IsZero():
		s.why = fault.New(fault.Unavailable, "副本 %s 刚开，还不知道落后多少", name).WithHint("赶上主库了自己用")
		return
	default:
		s.lag = here.Now.Sub(s.caught)
	}
	if !s.caught.IsZero() {
		s.lag = min(s.lag, here.Now.Sub(s.caught))
	}
	if s.lag = max(0, s.lag); s.lag > maxLag {
		s.why = fault.New(fault.Unavailable, "副本 %s 落后主库 %d 秒，超过 %d 秒不用它", name,
			int(s.lag.Seconds()), int(maxLag.Seconds())).WithHint("由主库回答；看备库的复制是不是停了、忙不过来")
	}
}

func (r *replica) unreachable(err error) error {
	return fault.Wrap(err, fault.Unavailable, "连不上副本 %s", r.name).WithHint("由主库回答；副本好了自己用")
}

func (r *replica) sight() sight {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seen
}

func (r *replica) see(s sight) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = s
}

// there reports whether the replica answers a read of at least a position. It waits for
// a moment until the replica has come there.
func (r *replica) there(ctx context.Context, at engine.Position) (seen, foreign bool) {
	s := r.sight()
	none := engine.Position{}
	if foreign = at != none && s.primary != none && at.Timeline != s.primary.Timeline; foreign || s.why != nil {
		r.unused.Add(1)
		return false, foreign
	}
	if at.At <= s.replayed {
		return true, false
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for pause := time.Millisecond; ctx.Err() == nil; pause *= 2 {
		if replayed, err := r.replayed(ctx); err == nil && at.At <= replayed {
			return true, false
		}
		waited, end := context.WithTimeout(ctx, pause)
		<-waited.Done()
		end()
	}
	r.behind.Add(1)
	return false, false
}

// replayed returns how far the replica has come, 0 where it is none any more.
func (r *replica) replayed(ctx context.Context) (uint64, error) {
	var at int64
	err := r.short.db.GetContext(ctx, &at, "SELECT CASE WHEN pg_is_in_recovery() "+
		"THEN coalesce((pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint, 0) ELSE 0 END")
	return uint64(max(0, at)), err
}

// look runs f in one read transaction: of the replica where the context says that an
// older instant will do and the replica has come to what the caller has seen, else of
// the primary. Where the replica goes away under f, f has failed, and the primary answers
// what is read next.
func (db *database) look(
	ctx context.Context, primary *pool, of func(*replica) *pool, f func(engine.Reader) error,
) error {
	r, fresh := db.replica, engine.FreshnessOf(ctx)
	if r == nil || fresh == nil {
		return primary.look(ctx, f)
	}
	if fresh.FromReplica(func(at engine.Position) (seen, foreign bool) { return r.there(ctx, at) }) {
		begun := false
		err := of(r).look(ctx, func(q engine.Reader) error {
			begun = true
			return f(q)
		})
		if !lost(err) && !again(err) {
			r.answered.Add(1)
			return err
		}
		if lost(err) {
			r.lose(err)
		}
		r.unused.Add(1)
		if fresh.Lost(begun); begun { // f may not run twice
			return err
		}
	}
	if fresh.Asks() {
		fresh.Tell(positionOf(ctx, r.primary.db))
	}
	return primary.look(ctx, f)
}

// lose notes that the replica is gone, until the next look.
func (r *replica) lose(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen.why = r.unreachable(err)
}

func (r *replica) shortReads() *pool { return r.short }
func (r *replica) longReads() *pool  { return r.long }

// tell tells whoever wrote where that stands in the log.
func (db *database) tell(ctx context.Context, conn *sqlx.Conn) {
	if f := engine.FreshnessOf(ctx); db.replica != nil && f.Tracks() {
		f.Tell(positionOf(ctx, conn))
	}
}

// positionOf returns where the log of a primary ends, nil where it does not say.
func positionOf(ctx context.Context, db sqlx.QueryerContext) *engine.Position {
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	var s standing
	if err := sqlx.GetContext(ctx, db, &s, askEnd); err != nil {
		return nil
	}
	p := s.position()
	return &p
}

// stats returns how the replica stands, the zero value for none.
func (r *replica) stats() engine.ReplicaStats {
	if r == nil {
		return engine.ReplicaStats{}
	}
	s := r.sight()
	return engine.ReplicaStats{
		Name: r.name, Why: s.why, Lag: s.lag, Bytes: s.bytes,
		Answered: r.answered.Load(), Behind: r.behind.Load(), Unused: r.unused.Load(),
		Reads: r.short.places.Stats(), LongReads: r.long.places.Stats(),
	}
}

func (r *replica) close() error {
	if r == nil {
		return nil
	}
	return errors.Join(r.short.db.Close(), r.long.db.Close(), r.watch.db.Close(), r.primary.db.Close())
}
