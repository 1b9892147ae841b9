package standings

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// partSize limits the standings that are computed in one read and remembered in one write. A
// read that a page may wait for ends after some seconds, and what it has computed by then
// is lost; a street of thousands, of which nothing is remembered, takes longer.
const partSize = 500

// maxParts limits the parts of a population: for each of them all of it is read.
const maxParts = 10

// errPart ends a computation of which only a part was asked for.
var errPart = errors.New("a part of the population is computed")

// answer computes an answer within one view, holds it and remembers the standings
// in it. Where many are behind, they are computed and remembered a part at a time before,
// so that whoever is given up leaves less to compute to whoever asks again.
func (s *Service) answer(ctx context.Context, read read, q Question) (p *Population, err error) {
	for q.most = s.part; ; {
		var fresh []domain.CachedStanding
		err = read(ctx, func(v *store.Snapshot) (err error) {
			p, fresh, err = s.holding(v, q)
			return err
		})
		part := errors.Is(err, errPart)
		if err != nil && !part {
			return nil, err
		}
		kept, err := s.remember(ctx, p, fresh)
		if err != nil || !part {
			return p, err
		}
		if !kept { // of an earlier day, or there is no room: all of it takes as long as it does
			q.most, read = 0, s.DB.LongRead
		}
	}
}

// remember keeps computed standings and reports whether it did. It is alone in no street:
// whatever street a standing is of, it is good for the version it was computed from.
func (s *Service) remember(ctx context.Context, p *Population, fresh []domain.CachedStanding) (kept bool, err error) {
	if len(fresh) == 0 {
		return false, nil
	}
	slices.SortFunc(fresh, func(a, b domain.CachedStanding) int { return cmp.Compare(a.Member, b.Member) })
	err = s.DB.Write(store.OfNoStreet(context.WithoutCancel(ctx)), func(tx *store.Tx) error {
		for i := range fresh {
			if err := tx.Remember(p.Book.Code, p.Period.String(), fresh[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if fault.CodeOf(err) == fault.Unavailable {
		return false, nil // a full disk: the answer is right, and is computed again the next time
	}
	return err == nil, err
}
