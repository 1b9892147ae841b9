// Package enactment puts rule files in force: checked as a whole, from a day
// on, for a subtree of organisations.
package enactment

import (
	"jifen/internal/access"
	"jifen/internal/audit"
	"jifen/internal/fault"
	"jifen/internal/party"
	"jifen/internal/rulebook"
	"jifen/internal/store"
)

// Enact puts a rule file in force for an organisation and everything below it,
// from the file's 施行. A file with an error is fault.Invalid with the first of
// them; by is nil for the program itself.
func Enact(tx *store.Tx, by *access.Actor, org party.OrgID, name string, source []byte) error {
	loaded := rulebook.Load(name, source)
	if loaded.Book == nil {
		return fault.New(fault.Invalid, "办法有 %d 处错误，没有启用：\n%s", loaded.Errors(), loaded.Format()).WithHint("用 jifen rules check 逐处改好")
	}
	var id access.AccountID
	if by != nil {
		id = by.Account
	}
	book := loaded.Book
	err := tx.InsertEnactment(store.Enactment{Org: org, Code: book.Code, From: book.From, Hash: book.Hash, Source: string(source)}, id)
	if fault.CodeOf(err) == fault.Conflict {
		return fault.Wrap(err, fault.Conflict, "办法 %s 自 %s 起施行的一份已经启用", book.Code, book.From)
	}
	if err != nil {
		return err
	}
	return audit.Record(tx, by, audit.Enacted, audit.What{Org: org, Detail: book.Code + " " + book.From.String()})
}
