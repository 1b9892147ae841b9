package store

import (
	"encoding/json"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/vault"
	"slices"
	"strings"
)

// textRef is a text in the row that has it, whose digest takes the commitment.
type textRef struct {
	id         int64
	commitment []byte
}

// insertText keeps a free text outside the hashed rows and returns what the row has
// of it, nil for an empty one. It is of the street of the row's chain.
func (tx *Tx) insertText(chain domain.OrgID, body string) (any, error) {
	if body == "" {
		return nil, nil //nolint:nilnil // SQL's NULL
	}
	_, street, err := tx.standsIn(chain)
	if err != nil {
		return nil, err
	}
	salt, err := vault.NewSalt(tx.random)
	if err != nil {
		return nil, err
	}
	commitment := vault.Commit(salt, []byte(body))
	id, err := tx.insert("INSERT INTO texts (street_id, salt, body, commitment) VALUES (?, ?, ?, ?)", street, salt, body,
		commitment)
	return textRef{id, commitment}, err
}

// paper is a paper record of a street.
type paper struct {
	street int64
	name   string
}

// insertPaper keeps the name of a paper record, once for all of a street that is taken
// from it.
func (tx *Tx) insertPaper(chain domain.OrgID, name string) (any, error) {
	if name == "" {
		return nil, nil //nolint:nilnil // SQL's NULL
	}
	_, street, err := tx.standsIn(chain)
	if err != nil {
		return nil, err
	}
	if known, ok := tx.papers[paper{street, name}]; ok {
		return known, nil
	}
	var found struct {
		ID         int64
		Commitment []byte
	}
	// The first, and no LIMIT: for that a server reads all texts in the order of their ids.
	err = tx.get(&found.ID, `SELECT coalesce(min(t.id), 0) FROM texts t WHERE t.body = ? AND t.street_id = ? AND t.id IN (
		SELECT e.paper FROM entries e WHERE e.paper IS NOT NULL AND e.street_id = ?
		UNION SELECT a.paper FROM activities a WHERE a.paper IS NOT NULL AND a.street_id = ?)`, name, street, street, street)
	if err == nil && found.ID != 0 {
		err = tx.get(&found.Commitment, "SELECT commitment FROM texts WHERE id = ?", found.ID)
	}
	var kept any = textRef{found.ID, found.Commitment}
	if err == nil && found.ID == 0 {
		kept, err = tx.insertText(chain, name)
	}
	if err == nil {
		if tx.papers == nil {
			tx.papers = map[paper]any{}
		}
		tx.papers[paper{street, name}] = kept
	}
	return kept, err
}

// EraseText blanks a text and records who did and why; the row that has it holds the
// commitment on. fault.Conflict if it has been erased already. by is 0 for the
// program itself.
func (tx *Tx) EraseText(id domain.TextID, reason string, on calendar.Day, by domain.AccountID) error {
	if err := tx.forgetReplies(id); err != nil {
		return err
	}
	var street int64 // in which the text stands
	if err := tx.get(&street, "SELECT street_id FROM texts WHERE id = ?", int64(id)); err != nil {
		return err
	}
	chain := chainOfStreet(street)
	why, err := tx.insertText(chain, reason)
	if err != nil {
		return err
	}
	if _, err := tx.record(chain, kindErasure, int64(id), on.String(), why, tx.stamp(), account(by)); err != nil {
		return err
	}
	_, err = tx.exec("UPDATE texts SET body = '', salt = ? WHERE id = ?", []byte{}, int64(id))
	return err
}

// forgetReplies takes away the answers kept under idempotency keys that hold a text.
func (tx *Tx) forgetReplies(id domain.TextID) error {
	var body string
	if err := tx.get(&body, "SELECT body FROM texts WHERE id = ?", int64(id)); err != nil {
		return err
	}
	parts := writtenParts(body)
	for _, part := range parts {
		quoted, err := json.Marshal(part)
		if err != nil {
			return fault.Wrap(err, fault.Internal, "文字读不出来")
		}
		if _, err := tx.exec("DELETE FROM replies WHERE replace(answer, ?, '') <> answer",
			string(quoted[1:len(quoted)-1])); err != nil {
			return err
		}
	}
	return nil
}

// writtenParts returns what a person wrote in a text, without the empty: the text
// itself, or what stands in its list.
func writtenParts(body string) []string {
	var list []string
	if !strings.HasPrefix(body, "[") || json.Unmarshal([]byte(body), &list) != nil {
		list = []string{body}
	}
	return slices.DeleteFunc(list, func(part string) bool { return part == "" })
}

// ShownText returns a text as people are shown it; fault.NotFound without one.
func (v *Snapshot) ShownText(id domain.TextID) (body string, err error) {
	err = v.get(&body, "SELECT body FROM shown_texts WHERE id = ?", int64(id))
	return body, err
}

// Erased returns how many texts were erased.
func (v *Snapshot) Erased() (n int64, err error) {
	err = v.get(&n, "SELECT count(*) FROM texts WHERE length(salt) = 0")
	return n, err
}

// text is a text that may be none.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
