package store

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
)

// rowsAhead is the number of rows that are read before they are judged.
const rowsAhead = 512

// ahead lets read fill batches and calls judge for each in their order, in a goroutine
// of its own, so that reading and judging take a processor each. read gives next a full
// batch, nil at first, for an empty one, and a last one that may not be full. All that
// was read is judged when ahead returns.
func ahead[T any](judge func(*T), read func(next func(*T) *T) error) error {
	full, free, judged := make(chan *T, 2), make(chan *T, 4), make(chan struct{})
	go func() {
		defer close(judged)
		for b := range full {
			judge(b)
			free <- b
		}
	}()
	defer func() {
		close(full)
		<-judged
	}()
	return read(func(b *T) *T {
		if b != nil {
			full <- b
		}
		select {
		case b = <-free:
			return b
		default:
			return new(T)
		}
	})
}

// seals checks hashes and codes one after another.
type seals struct {
	code    hash.Hash // nil without a key
	message message
	sum     []byte
}

func (c *chains) seals() *seals {
	s := &seals{}
	if len(c.key) > 0 {
		s.code = hmac.New(sha256.New, c.key)
	}
	return s
}

// authentic reports whether a code is that of a message. Without a key nothing is
// said against it.
func (s *seals) authentic(m message, mac []byte) bool {
	return s.code == nil || len(mac) == s.code.Size() && s.begins(m, mac)
}

// begins reports whether a code is how that of a message begins.
func (s *seals) begins(m message, code []byte) bool {
	if s.code == nil {
		return true
	}
	s.code.Reset()
	s.code.Write(m)
	s.sum = s.code.Sum(s.sum[:0])
	return hmac.Equal(code, s.sum[:min(len(code), len(s.sum))])
}
