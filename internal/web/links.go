package web

import (
	"encoding/hex"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"jifen/internal/domain"
	"jifen/internal/store"
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

func (s *Site) linkRow(member domain.MemberID, l *domain.ChainEntry) ui.LinkRow {
	row := ui.LinkRow{At: s.clock(l.At), By: l.ByName, Seal: sealWords(&l.Proof)}
	row.Kind, row.Detail = linkWords(l)
	if id := l.Record.String(); id != "" {
		row.Record = ui.RecordPath(member, id)
	}
	return row
}

// sealWords says where a row stands in the chains, with the beginning of its hash.
func sealWords(l *domain.Proof) ui.Seal {
	text := hex.EncodeToString(l.Hash)
	out := ui.Seal{Hash: text[:min(12, len(text))], Wrong: l.Wrong}
	if l.Chain != "" {
		out.Place = fmt.Sprintf("%s 第 %d 环", l.ChainName, l.Seq)
	}
	return out
}

// linkWords puts what an entry stands for into words: what kind it is, and which.
func linkWords(l *domain.ChainEntry) (kind, detail string) {
	happened := l.What + "，" + l.On.String()
	if l.Status != "" {
		happened = l.What + " " + string(l.Status) + "，" + l.On.String()
	}
	from := "，一直"
	if l.On != 0 {
		from = "，" + l.On.String() + " 起"
	}
	switch l.Kind {
	case "request_step":
		return stepWord(l.Step), happened
	case "fact":
		return store.EntryKindWord(l.Kind), l.What + from
	case "affiliation":
		return tieWords(l, from)
	default:
		return store.EntryKindWord(l.Kind), happened
	}
}

// stepWord names what somebody did about a request.
func stepWord(k domain.StepKind) string {
	switch k {
	case domain.StepAccept:
		return "同意"
	case domain.StepReturn:
		return "退回"
	case domain.StepWithdraw:
		return "撤回"
	case domain.StepSupersede:
		return "另记"
	default:
		return string(k)
	}
}

func tieWords(l *domain.ChainEntry, from string) (kind, detail string) {
	switch {
	case l.What == "":
		return "转出", "不在本街道" + from
	case l.Ended:
		from += "不再是"
	}
	return l.Affiliation.String(), l.What + from
}
