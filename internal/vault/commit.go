package vault

import (
	"crypto/sha256"
	"io"

	"jifen/internal/fault"
)

// SaltSize is the length of a commitment's salt in bytes.
const SaltSize = 16

// NewSalt draws the salt of one commitment. A failing source is fault.Internal.
func NewSalt(random io.Reader) ([]byte, error) {
	salt := make([]byte, SaltSize)
	if _, err := io.ReadFull(random, salt); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "取不到随机数")
	}
	return salt, nil
}

// Commit returns the commitment to a free text: it shows later that the text is
// the one written then, and tells nothing of it once salt and text are erased.
// It is nil for a salt of any length but SaltSize, for otherwise a byte could
// wander between salt and text unseen.
func Commit(salt, body []byte) []byte {
	if len(salt) != SaltSize {
		return nil
	}
	h := sha256.New()
	h.Write([]byte("jifen text\x00")) // the tag keeps it apart from every other hash of the house
	h.Write(salt)
	h.Write(body)
	return h.Sum(nil)
}
