package main

import (
	"context"
	"fmt"
	"io"

	"jifen/internal/backup"
	"jifen/internal/metrics"
	"jifen/internal/store/engine"
)

// newMetrics makes the numbers of a house that is served.
func newMetrics(h *house, w *siteParts, k *backup.Keeper) *metrics.Metrics {
	return metrics.New(metrics.Options{Version: version, Read: func(ctx context.Context) metrics.Sample {
		db, computed, proved := h.db.Stats(), h.standings.Counts(), w.signing.Counts()
		_, unready := h.db.Ready(ctx)
		s := metrics.Sample{
			Ready: unready == nil, Writes: db.Writes, Commits: db.Commits, Queued: db.Queued,
			Pools: poolsOf(&db), Replica: replicaOf(&db.Replica),
			Populations: computed.Populations, Members: computed.Members, Damaged: computed.Damaged,
			SignIns: map[string]int64{
				"right": proved.Right, "wrong": proved.Wrong, "slowed": proved.Slowed, "failed": proved.Failed,
			},
			Hashing: proved.Hashing,
		}
		s.LostLines = w.later.Lost()
		for _, t := range k.Runner.Totals() {
			s.Daily = append(s.Daily, metrics.Work{Name: t.Job, Done: t.Done, Failed: t.Failed, DoneAt: t.DoneAt})
		}
		if k.Copying() {
			s.LastCopy = k.Copies().At
		}
		return s
	}})
}

// poolsOf returns the pools that a database has.
func poolsOf(db *engine.Stats) []metrics.Pool {
	out := []metrics.Pool{poolOf("short", db.Reads), poolOf("long", db.LongReads)}
	if db.Writing.Max > 0 { // where there is one writer, he has a queue and no pool
		out = append(out, poolOf("write", db.Writing))
	}
	if r := &db.Replica; r.Name != "" {
		out = append(out, poolOf("replica_short", r.Reads), poolOf("replica_long", r.LongReads))
	}
	return out
}

// replicaOf returns how the replica stands, nil for none.
func replicaOf(r *engine.ReplicaStats) *metrics.Replica {
	if r.Name == "" {
		return nil
	}
	return &metrics.Replica{
		Used: r.Why == nil, Lag: r.Lag, Bytes: r.Bytes,
		Reads: map[string]int64{"replica": r.Answered, "behind": r.Behind, "unused": r.Unused},
	}
}

func poolOf(name string, p engine.PoolStats) metrics.Pool {
	return metrics.Pool{Name: name, InUse: p.InUse, Max: p.Max, Waits: p.Waits, Waited: p.Waited}
}

// publish answers Prometheus on an address of its own until end is called; nobody where
// none is given.
func (s *serveCommand) publish(ctx context.Context, m *metrics.Metrics, say io.Writer) (end func(), err error) {
	if m == nil {
		return func() {}, nil
	}
	listener, err := listenOn(ctx, s.Metrics, "--metrics 127.0.0.1:9465")
	if err != nil {
		return nil, err
	}
	srv := serverOf(ctx, m.Handler())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = srv.Serve(listener) // until it is closed; Prometheus tells of one that does not answer
	}()
	fmt.Fprintf(say, "运行的数字在 http://%s/metrics\n", listener.Addr()) //nolint:errcheck // nobody is left to be told
	return func() {
		_ = srv.Close() // nothing of it is worth waiting for
		<-done
	}, nil
}
