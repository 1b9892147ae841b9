package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
)

// token is a bearer token as lists show it; the secret is told once, when it is made.
type token struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"` // what it is for
	Tail     string `json:"tail"` // its last characters
	Role     string `json:"role,omitempty"`
	ReadOnly bool   `json:"read_only"`
	Session  bool   `json:"session"` // made by signing in
	Made     string `json:"made"`
	Expires  string `json:"expires"`
	Used     string `json:"used,omitempty"`    // to the hour
	Revoked  string `json:"revoked,omitempty"` // when it was revoked
}

// newToken is a token that was made, with its secret.
type newToken struct {
	token
	Secret string `json:"token"`
}

// tokens is the list of an account's tokens, those for programs first.
type tokens struct {
	Tokens []token `json:"tokens"`
}

func tokenOf(t *domain.Token) token {
	out := token{ID: int64(t.ID), Name: t.Name, Tail: t.Tail, ReadOnly: t.Scope.ReadOnly, Session: t.Session,
		Made: instant(t.Made), Expires: instant(t.Expires), Used: instant(t.Used), Revoked: instant(t.Revoked)}
	if t.Scope.Role != "" {
		out.Role = t.Scope.Role.String()
	}
	return out
}

func tokensOf(list []domain.Token) tokens {
	out := tokens{make([]token, len(list))}
	for i := range list {
		out.Tokens[i] = tokenOf(&list[i])
	}
	return out
}

// instant writes a moment, "" for none.
func instant(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

func (a *API) ownTokens(c *gin.Context) error {
	own, err := a.Accounts.Own(c.Request.Context(), a.Actor(c))
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, tokensOf(own.Tokens))
	return nil
}

// tokenInput is the body of POST /me/tokens. What its fields must be is said by the use
// case, of all at once.
type tokenInput struct {
	Name     string `json:"name"`
	Role     string `json:"role" binding:"runes=20" label:"角色"` // in which alone it acts
	ReadOnly bool   `json:"read_only"`
	Until    string `json:"until" binding:"omitempty,day"` // the last day
	Password string `json:"password"`
}

func (a *API) makeToken(c *gin.Context) error {
	var in tokenInput
	if err := read(c, &in); err != nil {
		return err
	}
	made, err := a.Accounts.MakeOwnToken(c.Request.Context(), a.Actor(c), accounts.TokenOrder{
		Name: in.Name, Until: bind.Day(in.Until), Password: in.Password,
		Scope: domain.TokenScope{Role: domain.ParseRole(in.Role), ReadOnly: in.ReadOnly},
	})
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, newToken{tokenOf(&made.Token), made.Secret})
	return nil
}

func (a *API) revokeOwnToken(c *gin.Context) error {
	id, err := number(c, "id", "凭证")
	if err != nil {
		return err
	}
	if err := a.Accounts.RevokeOwnToken(c.Request.Context(), a.Actor(c), domain.TokenID(id)); err != nil {
		return err
	}
	c.JSON(http.StatusOK, ended{true})
	return nil
}

func (a *API) accountTokens(c *gin.Context) error {
	id, err := number(c, "id", "帐号")
	if err != nil {
		return err
	}
	list, err := a.Accounts.Tokens(c.Request.Context(), a.Actor(c), domain.AccountID(id))
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, tokensOf(list))
	return nil
}

func (a *API) revokeToken(c *gin.Context) error {
	id, err := number(c, "id", "帐号")
	if err != nil {
		return err
	}
	token, err := number(c, "token", "凭证")
	if err != nil {
		return err
	}
	err = a.Accounts.RevokeToken(c.Request.Context(), a.Actor(c), domain.AccountID(id), domain.TokenID(token))
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, ended{true})
	return nil
}

// number reads a number of the address; one that is none names nothing that there is.
func number(c *gin.Context, param, what string) (int64, error) {
	id, err := strconv.ParseInt(c.Param(param), 10, 64)
	if err != nil {
		return 0, fault.Hidden(err, "这个"+what)
	}
	return id, nil
}
