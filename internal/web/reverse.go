package web

import (
	"cmp"
	"strconv"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/entries"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// entryID reads the entry of the address.
func entryID(c *gin.Context) (domain.EntryID, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return 0, fault.Wrap(err, fault.NotFound, "没有这条记录")
	}
	return domain.EntryID(id), nil
}

// ReverseForm asks why an entry is taken back.
func (s *Site) ReverseForm(c *gin.Context) error { return s.reverseForm(c, &reasonForm{}, nil) }

// reasonForm declares why something is taken back.
type reasonForm struct {
	Reason string `form:"reason" binding:"required,runes=500" label:"撤销的理由" hint:"例如：重复录入"`
	Key    string `form:"key"`
}

func (s *Site) reverseForm(c *gin.Context, typed *reasonForm, refused error) error {
	id, err := entryID(c)
	if err != nil {
		return err
	}
	e, err := s.Entries.Reversible(c.Request.Context(), s.Session.Actor(c), id)
	if err != nil {
		return err
	}
	v := ui.Reverse{
		Frame: s.frame(c, &around{"", e.Of.Home.Name}), Key: s.key(), ID: c.Param("id"), Member: e.Member, Name: e.Of.Name,
		Item: e.Entry.Item, Day: e.Entry.On, By: e.ByName, At: s.clock(e.At), Counts: e.Counts, After: e.After,
		Reason: typed.Reason, Refusal: ui.Refuse(refused),
	}
	if e.Note != "" {
		v.Fields = []ui.FieldText{{Name: "说明", Value: e.Note}}
	}
	if refused != nil {
		v.Key = typed.Key
	}
	return s.form(c, v, refused)
}

// Reverse takes an entry back.
func (s *Site) Reverse(c *gin.Context) error {
	id, err := entryID(c)
	if err != nil {
		return err
	}
	ctx, actor := c.Request.Context(), s.Session.Actor(c)
	var in reasonForm
	var done entries.Reversed
	if err = bind.Form(c, &in); err == nil {
		done, err = s.Entries.Reverse(ctx, actor, id, in.Reason, in.Key)
	}
	if fault.CodeOf(err) == fault.Invalid {
		return s.reverseForm(c, &in, err)
	}
	if err != nil {
		return err
	}
	words := "已撤销，总分随之更新"
	if done.Replay {
		words = "这一笔刚才已经撤销"
	}
	s.Session.Put(ctx, "notice", words)
	return see(c, ui.MemberPath(done.Member))
}

// UndoEntries takes back what one has just recorded: many entries or a single entry.
func (s *Site) UndoEntries(c *gin.Context) error {
	var q struct {
		First string `form:"first" binding:"whole=1~9223372036854775807"`
		Last  string `form:"last" binding:"whole=1~9223372036854775807"`
		Back  string `form:"back"`
	}
	if err := bind.Query(c, &q); err != nil {
		return fault.Wrap(err, fault.NotFound, "没有这一批")
	}
	first, last := domain.EntryID(bind.Whole(q.First)), domain.EntryID(bind.Whole(q.Last))
	item, n, err := s.Entries.Undo(c.Request.Context(), s.Session.Actor(c), first, last)
	if err != nil {
		return err
	}
	s.Session.Put(c.Request.Context(), "notice", "“"+item+"”的 "+strconv.Itoa(n)+" 笔撤销了，记录留着备查")
	return see(c, cmp.Or(local(q.Back), ui.HomePath))
}

// undoPath returns the path at which the entries from first to last are taken back.
func undoPath(first, last domain.EntryID, back string) string {
	return ui.UndoEntriesPath(strconv.FormatInt(int64(first), 10), strconv.FormatInt(int64(last), 10), back)
}
