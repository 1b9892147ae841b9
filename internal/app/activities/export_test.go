package activities

import (
	"context"

	"jifen/internal/access"
)

// RecordPlain is Record that foresees nothing: all is read in the transaction.
func (s *Service) RecordPlain(
	ctx context.Context, actor *access.Actor, m ActivityInput, key string,
) (Receipt, error) {
	out, _, err := s.write(ctx, actor, m, key, nil)
	return out, err
}

// RecordLate is Record between whose foreseeing and writing something else happens. It
// reports whether what was foreseen was written.
func (s *Service) RecordLate(
	ctx context.Context, actor *access.Actor, m ActivityInput, key string, meanwhile func(),
) (Receipt, bool, error) {
	f := s.foresee(ctx, actor, m)
	meanwhile()
	return s.write(ctx, actor, m, key, f)
}
