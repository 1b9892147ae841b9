package store

import (
	"bytes"

	"jifen/internal/domain"
	"jifen/internal/fault"
)

// Reply returns the answer already given under an idempotency key; ok is false
// if there is none. The same key with another request is fault.Conflict.
func (v *Snapshot) Reply(account domain.AccountID, key string, request []byte) (answer string, ok bool, err error) {
	var r struct {
		Request []byte
		Answer  string
	}
	err = v.get(&r, "SELECT request, answer FROM replies WHERE account_id = ? AND key = ?", int64(account), key)
	switch {
	case fault.CodeOf(err) == fault.NotFound:
		return "", false, nil
	case err != nil:
		return "", false, err
	case !bytes.Equal(r.Request, request):
		return "", false, fault.New(fault.Conflict, "这张表已经交过，内容却不一样").WithHint("回到上一页，刷新后重填")
	}
	return r.Answer, true, nil
}

// InsertReply keeps an answer under its key. Whoever comes second under one is run again,
// and then finds the answer.
func (tx *Tx) InsertReply(account domain.AccountID, key string, request []byte, answer string) error {
	tx.keyed = true
	_, err := tx.exec("INSERT INTO replies (account_id, street_id, key, request, answer, made_at) "+
		"VALUES (?, ?, ?, ?, ?, ?)", int64(account), tx.wrote, key, request, answer, tx.stamp())
	return raced(err)
}
