package store

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// codedBody begins the bytes of a cached standing that has a code; those of programs from
// before begin with a smaller number.
const codedBody = 0xff

// codeSize is the length of the code of a cached standing: half of what HMAC-SHA-256 gives,
// for there is one in every row.
const codeSize = 16

// standing appends what the code of a cached standing speaks for: all of its row.
func (m message) standing(scheme, period string, s *domain.CachedStanding, body []byte) message {
	return append(m, "jifen standing\x00"...).text(string(s.Member)).text(scheme).text(period).i64(s.Version).
		text(s.Rules).i64(int64(s.AsOf)).i64(int64(min(s.Until, calendar.Forever))).bytes(body)
}

// coded returns the bytes of a cached standing as they are stored, under their code.
func (c *chains) coded(scheme, period string, s *domain.CachedStanding) []byte {
	code := c.mac(begin(512, "").standing(scheme, period, s, s.Body))[:codeSize]
	return append(append([]byte{codedBody}, code...), s.Body...)
}

// uncode takes the code off a cached standing that was read. coded is false for one of a
// program from before; damaged is true where the code is not that of the row.
func (s *seals) uncode(scheme, period string, of *domain.CachedStanding) (coded, damaged bool) {
	if len(of.Body) == 0 || of.Body[0] != codedBody {
		return false, false
	}
	if len(of.Body) < 1+codeSize {
		of.Body = nil
		return true, true
	}
	code, body := of.Body[1:1+codeSize], of.Body[1+codeSize:]
	of.Body = body
	s.message = s.message[:0].standing(scheme, period, of, body)
	return true, !s.begins(s.message, len(s.codes), code)
}
