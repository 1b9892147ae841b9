package web

import (
	"cmp"
	"strconv"

	"github.com/gin-gonic/gin"

	"jifen/internal/domain"
	"jifen/internal/fault"
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
func (s *Site) ReverseForm(c *gin.Context) error { return s.reverseForm(c, nil) }

func (s *Site) reverseForm(c *gin.Context, refused error) error {
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
		Reason: c.PostForm("reason"), Refusal: ui.Refuse(refused),
	}
	if e.Note != "" {
		v.Fields = []ui.FieldText{{Name: "说明", Value: e.Note}}
	}
	if refused != nil {
		v.Key = c.PostForm("key")
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
	done, err := s.Entries.Reverse(ctx, actor, id, c.PostForm("reason"), c.PostForm("key"))
	if fault.CodeOf(err) == fault.Invalid {
		return s.reverseForm(c, err)
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
	first, err1 := strconv.ParseInt(c.Query("first"), 10, 64)
	last, err2 := strconv.ParseInt(c.Query("last"), 10, 64)
	if err1 != nil || err2 != nil {
		return fault.New(fault.NotFound, "没有这一批")
	}
	item, n, err := s.Entries.Undo(c.Request.Context(), s.Session.Actor(c), domain.EntryID(first), domain.EntryID(last))
	if err != nil {
		return err
	}
	s.Session.Put(c.Request.Context(), "notice", "“"+item+"”的 "+strconv.Itoa(n)+" 笔撤销了，记录留着备查")
	return see(c, cmp.Or(local(c.Query("back")), ui.HomePath))
}

// undoPath returns the path at which the entries from first to last are taken back.
func undoPath(first, last domain.EntryID, back string) string {
	return ui.UndoEntriesPath(strconv.FormatInt(int64(first), 10), strconv.FormatInt(int64(last), 10), back)
}
