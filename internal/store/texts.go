package store

import (
	"crypto/sha256"
	"io"

	"jifen/internal/fault"
)

// insertText keeps a free text outside the hashed rows and returns its id, nil
// for an empty one.
func (tx *Tx) insertText(body string) (any, error) {
	if body == "" {
		return nil, nil //nolint:nilnil // SQL's NULL
	}
	salt := make([]byte, 16)
	if _, err := io.ReadFull(tx.random, salt); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "取不到随机数")
	}
	sum := sha256.Sum256(append(append([]byte("jifen text\x00"), salt...), body...))
	return tx.insert("INSERT INTO texts (salt, body, commitment) VALUES (?, ?, ?)", salt, body, sum[:])
}

// text is a text that may be none.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
