package server

import (
	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/fault"
)

// OfficeKey is the key of the office worked in, in a session.
const OfficeKey = "office"

// officeHeader names the office in which a request of an API session is made.
const officeHeader = "Jifen-Office"

// inOffice returns who asks by a token in the office that the request names: one of the
// account's, where the token is of a session. fault.Forbidden where he holds it not.
func inOffice(c *gin.Context, actor *access.Actor) (*access.Actor, error) {
	key := c.GetHeader(officeHeader)
	if key == "" {
		return actor, nil
	}
	if _, works := actor.Office(); !works || !actor.Holds(key) {
		return nil, fault.New(fault.Forbidden, "没有这个职务").
			WithHint("%s 照 GET /api/v1/me 里那个职务的 office 写；发给程序的凭证不写", officeHeader)
	}
	return actor.Working(key), nil
}
