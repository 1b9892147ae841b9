package web

import (
	"encoding/hex"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/web/ui"
)

// MemberLinks shows what is sealed of a member to those who look after him.
func (s *Site) MemberLinks(c *gin.Context) error {
	l, err := s.Members.Chain(c.Request.Context(), s.Session.Actor(c), domain.MemberID(c.Param("id")))
	if err != nil {
		return err
	}
	v := ui.MemberLinks{
		Frame: s.frame(c, &around{l.Book.Title, l.Member.Home.Name}), Member: l.Member.ID, Name: l.Member.Name,
		Branch: l.Member.Home.Name, Broken: l.Broken,
	}
	if l.More {
		v.More = len(l.Entries)
	}
	for i := range l.Entries {
		v.Rows = append(v.Rows, s.linkRow(l.Member.ID, &l.Entries[i]))
	}
	s.render(c, http.StatusOK, v)
	return nil
}

func (s *Site) linkRow(member domain.MemberID, l *members.ChainEntry) ui.LinkRow {
	row := ui.LinkRow{At: s.clock(l.At), By: l.ByName, Kind: l.Title, Detail: l.Detail, Seal: sealWords(&l.Proof)}
	if id := l.Record.String(); id != "" {
		row.Record = ui.RecordPath(member, id)
	}
	return row
}

// sealWords puts the place of a row in the chains into words, with the beginning of its hash.
func sealWords(l *domain.Proof) ui.Seal {
	text := hex.EncodeToString(l.Hash)
	out := ui.Seal{Hash: text[:min(12, len(text))], Wrong: l.Wrong}
	if l.Chain != "" {
		out.Place = fmt.Sprintf("%s 第 %d 环", l.ChainName, l.Seq)
	}
	return out
}
