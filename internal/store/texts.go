package store

import "jifen/internal/vault"

// insertText keeps a free text outside the hashed rows and returns its id, nil
// for an empty one.
func (tx *Tx) insertText(body string) (any, error) {
	if body == "" {
		return nil, nil //nolint:nilnil // SQL's NULL
	}
	salt, err := vault.NewSalt(tx.random)
	if err != nil {
		return nil, err
	}
	return tx.insert("INSERT INTO texts (salt, body, commitment) VALUES (?, ?, ?)", salt, body, vault.Commit(salt, []byte(body)))
}

// text is a text that may be none.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
