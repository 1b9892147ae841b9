package entries

import (
	"context"

	"jifen/internal/access"
)

// PostPlain is Post that foresees nothing: all is read in the transaction.
func (s *Service) PostPlain(ctx context.Context, actor *access.Actor, d EntryInput, key string) (Effect, error) {
	out, _, err := s.write(ctx, actor, d, key, nil)
	return out, err
}

// PostKept is Post that reports whether what was foreseen was written.
func (s *Service) PostKept(ctx context.Context, actor *access.Actor, d EntryInput, key string) (Effect, bool, error) {
	return s.write(ctx, actor, d, key, s.foresee(ctx, actor, d))
}
