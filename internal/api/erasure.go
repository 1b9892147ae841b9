package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/members"
	"jifen/internal/domain"
)

// personalData counts what an erasure of a person takes away.
type personalData struct {
	Member   person `json:"member"`
	Names    int    `json:"names"`
	Numbers  int    `json:"numbers"` // identity number, phone
	Texts    int    `json:"texts"`
	Drafts   int    `json:"drafts"`
	Account  bool   `json:"account"`           // is open: it is closed
	Namesake bool   `json:"namesake"`          // somebody else's name has his: what is written elsewhere stays
	Refused  string `json:"refused,omitempty"` // why it cannot be done
}

func (a *API) personalData(c *gin.Context) error {
	h, err := a.Members.Held(c.Request.Context(), a.Actor(c), domain.MemberID(c.Param("id")))
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, personalData{personOf(&h.Member), h.Data.Names, h.Data.Numbers, h.Data.Texts, h.Data.Drafts,
		h.Data.Account, h.Data.Namesake, h.Refuse})
	return nil
}

// erasureInput is the body of POST /members/{id}/erasure.
type erasureInput struct {
	Typed  string `json:"typed" binding:"runes=100" label:"编号"` // the number once more
	Reason string `json:"reason" binding:"runes=50" label:"理由"`
}

// erased says that a person was erased.
type erased struct {
	Member string `json:"member"`
	Erased bool   `json:"erased"`
}

func (a *API) erasePerson(c *gin.Context) error {
	var in erasureInput
	if err := read(c, &in); err != nil {
		return err
	}
	id := domain.MemberID(c.Param("id"))
	e := members.PersonErasure{Member: id, Typed: in.Typed, Reason: in.Reason}
	if err := a.Ledger.ErasePerson(c.Request.Context(), a.Actor(c), e); err != nil {
		return err
	}
	c.JSON(http.StatusOK, erased{string(id), true})
	return nil
}
