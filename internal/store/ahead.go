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
	codes   []hash.Hash // by the generation of the key; none without keys
	message message
	sum     []byte
}

func (c *chains) seals() *seals {
	s := &seals{}
	for _, g := range c.keys[:c.generation] {
		s.codes = append(s.codes, hmac.New(sha256.New, g.Chain))
	}
	return s
}

// authentic reports whether a code is that of a message under the key of a generation.
// Without keys nothing is said against it.
func (s *seals) authentic(m message, generation int, mac []byte) bool {
	return len(s.codes) == 0 || len(mac) == sha256.Size && s.begins(m, generation, mac)
}

// begins reports whether a code is how that of a message under the key of a generation
// begins.
func (s *seals) begins(m message, generation int, code []byte) bool {
	if len(s.codes) == 0 {
		return true
	}
	if generation < 1 || generation > len(s.codes) {
		return false
	}
	h := s.codes[generation-1]
	h.Reset()
	h.Write(m)
	s.sum = h.Sum(s.sum[:0])
	return hmac.Equal(code, s.sum[:min(len(code), len(s.sum))])
}
