package web

import (
	"encoding/hex"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/web/ui"
)

// shownLinks is how many links of a member one page shows.
const shownLinks = 200

// MemberLinks shows what is sealed of a member to those who look after him.
func (s *Site) MemberLinks(c *gin.Context) error {
	ctx, actor, id := c.Request.Context(), s.Session.Actor(c), domain.MemberID(c.Param("id"))
	scope := actor.Scope(access.SeeMembers)
	v := ui.MemberLinks{Member: id}
	var about around
	var home domain.OrgID
	err := s.DB.Read(ctx, func(view *store.Snapshot) error {
		m, err := view.Member(scope, id)
		if err != nil {
			return hidden(err, "这名党员")
		}
		v.Name, v.Branch, home = m.Name, m.Home.Name, m.Home.ID
		book, err := s.Standings.Book(view, m.Home.Path, s.today())
		if err != nil {
			return err
		}
		about = around{book.Title, m.Home.Name}
		links, err := view.MemberChain(scope, id, shownLinks+1)
		if len(links) > shownLinks {
			links, v.More = links[:shownLinks], shownLinks
		}
		for i := range links {
			v.Rows = append(v.Rows, s.linkRow(id, &links[i]))
			if links[i].Wrong != "" {
				v.Broken++
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	// Whoever reads another's points is in the trail.
	if err := s.DB.Write(ctx, func(tx *store.Tx) error {
		return audit.Record(tx, actor, audit.ReadMember, audit.What{Org: home, Member: id, Detail: "封存记录"})
	}); err != nil {
		return err
	}
	v.Frame = s.frame(c, &about)
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
	case "decision":
		if l.Accepted {
			return "同意", happened
		}
		return "退回", happened
	case "fact":
		return store.EntryKindWord(l.Kind), l.What + from
	case "affiliation":
		return tieWords(l, from)
	default:
		return store.EntryKindWord(l.Kind), happened
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
