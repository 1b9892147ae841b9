package metrics

import (
	"context"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// sampler asks for a sample whenever Prometheus asks.
type sampler struct {
	read func(context.Context) Sample
	each []metric
}

// metric is one name, and its values in a sample.
type metric struct {
	desc   *prometheus.Desc
	kind   prometheus.ValueType
	values func(s *Sample, add func(value float64, labels ...string))
}

func counter(name, help string, values func(*Sample, func(float64, ...string)), labels ...string) metric {
	return metric{prometheus.NewDesc(name, help, labels, nil), prometheus.CounterValue, values}
}

func gauge(name, help string, values func(*Sample, func(float64, ...string)), labels ...string) metric {
	return metric{prometheus.NewDesc(name, help, labels, nil), prometheus.GaugeValue, values}
}

// described returns all that a sample has.
func described() []metric {
	type add = func(float64, ...string)
	return append([]metric{
		gauge("jifen_ready", "1 while the database can be read and written.", func(s *Sample, a add) {
			if s.Ready {
				a(1)
			} else {
				a(0)
			}
		}),
		counter("jifen_writes_total", "Pieces of work that were written or refused.",
			func(s *Sample, a add) { a(float64(s.Writes)) }),
		counter("jifen_commits_total", "Transactions that were committed; writes by commits is the size of a batch.",
			func(s *Sample, a add) { a(float64(s.Commits)) }),
		gauge("jifen_write_queue", "Pieces of work that wait to be written.",
			func(s *Sample, a add) { a(float64(s.Queued)) }),
		counter("jifen_populations_computed_total", "Lists of members that were put together anew.",
			func(s *Sample, a add) { a(float64(s.Populations)) }),
		counter("jifen_standings_computed_total", "Members that were scored anew in them.",
			func(s *Sample, a add) { a(float64(s.Members)) }),
		counter("jifen_standings_damaged_total", "Cached standings that are not what was kept, as often as found.",
			func(s *Sample, a add) { a(float64(s.Damaged)) }),
		counter("jifen_sign_ins_total", "Passwords by outcome: right, wrong, slowed (not judged), failed (our mistake).",
			func(s *Sample, a add) {
				for outcome, n := range s.SignIns {
					a(float64(n), outcome)
				}
			}, "outcome"),
		gauge("jifen_hashing_queue", "Who waits for a password to be hashed.",
			func(s *Sample, a add) { a(float64(s.Hashing)) }),
		counter("jifen_trail_lost_total", "Lines of the trail about lists and refusals that could not be written.",
			func(s *Sample, a add) { a(float64(s.LostLines)) }),
		gauge("jifen_last_copy_timestamp_seconds", "When the newest copy was written; absent where there is none.",
			func(s *Sample, a add) { addTime(a, s.LastCopy) }),
	}, slices.Concat(ofPools(), ofReplica(), ofDaily())...)
}

// ofReplica returns what is told of the replica that is read from; nothing where none is.
func ofReplica() []metric {
	type add = func(float64, ...string)
	where := func(tell func(*Replica, add)) func(*Sample, func(float64, ...string)) {
		return func(s *Sample, a func(float64, ...string)) {
			if s.Replica != nil {
				tell(s.Replica, a)
			}
		}
	}
	return []metric{
		gauge("jifen_replica_used", "1 while the replica is read from.", where(func(r *Replica, a add) {
			if r.Used {
				a(1)
			} else {
				a(0)
			}
		})),
		gauge("jifen_replica_lag_seconds", "How old what the replica shows is.",
			where(func(r *Replica, a add) { a(r.Lag.Seconds()) })),
		gauge("jifen_replica_lag_bytes", "How much of the log the replica has still to replay.",
			where(func(r *Replica, a add) { a(float64(r.Bytes)) })),
		counter("jifen_replica_reads_total", "Reads that the replica may answer, by outcome: replica (it did), behind "+
			"(it was not there in time, the primary did), unused (it was not asked, the primary did).",
			where(func(r *Replica, a add) {
				for outcome, n := range r.Reads {
					a(float64(n), outcome)
				}
			}), "outcome"),
	}
}

// ofPools returns what is told of the places of who is at work.
func ofPools() []metric {
	each := func(value func(*Pool) float64) func(*Sample, func(float64, ...string)) {
		return func(s *Sample, add func(float64, ...string)) {
			for i := range s.Pools {
				add(value(&s.Pools[i]), s.Pools[i].Name)
			}
		}
	}
	return []metric{
		gauge("jifen_pool_in_use", "Places of a pool that are taken.",
			each(func(p *Pool) float64 { return float64(p.InUse) }), "pool"),
		gauge("jifen_pool_size", "Places of a pool.", each(func(p *Pool) float64 { return float64(p.Max) }), "pool"),
		counter("jifen_pool_waits_total", "Who found no place free.",
			each(func(p *Pool) float64 { return float64(p.Waits) }), "pool"),
		counter("jifen_pool_wait_seconds_total", "How long they waited, all together.",
			each(func(p *Pool) float64 { return p.Waited.Seconds() }), "pool"),
	}
}

// ofDaily returns what is told of the day's work.
func ofDaily() []metric {
	return []metric{
		counter("jifen_daily_runs_total", "Runs of the day's work by outcome: done, failed.",
			func(s *Sample, add func(float64, ...string)) {
				for i := range s.Daily {
					w := &s.Daily[i]
					add(float64(w.Done), w.Name, "done")
					add(float64(w.Failed), w.Name, "failed")
				}
			}, "work", "outcome"),
		gauge("jifen_daily_done_timestamp_seconds", "When a piece of the day's work was done last; absent before the first.",
			func(s *Sample, add func(float64, ...string)) {
				for i := range s.Daily {
					addTime(add, s.Daily[i].DoneAt, s.Daily[i].Name)
				}
			}, "work"),
	}
}

// addTime adds an instant, unless it is none.
func addTime(add func(float64, ...string), at time.Time, labels ...string) {
	if !at.IsZero() {
		add(float64(at.Unix()), labels...)
	}
}

// Describe implements prometheus.Collector.
func (s *sampler) Describe(out chan<- *prometheus.Desc) {
	for _, m := range s.each {
		out <- m.desc
	}
}

// Collect implements prometheus.Collector.
func (s *sampler) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), askLimit)
	defer cancel()
	sample := s.read(ctx)
	for _, m := range s.each {
		m.values(&sample, func(value float64, labels ...string) {
			out <- prometheus.MustNewConstMetric(m.desc, m.kind, value, labels...)
		})
	}
}
