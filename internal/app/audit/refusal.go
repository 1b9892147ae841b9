package audit

import (
	"net/http"
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Deny appends the line of an act of somebody that was refused, in his organisation: what
// names whom it concerned.
func Deny(tx *store.Tx, actor *access.Actor, refusal error, what What) error {
	what.Org, what.Result = orgOf(actor), Refusal(refusal)
	return Record(tx, actor, Denied, what)
}

// refusals returns the codes of the answers that are refusals, by status.
func refusals() map[int]string {
	return map[int]string{
		http.StatusForbidden: "forbidden", http.StatusNotFound: "not_found", http.StatusTooManyRequests: "too_many",
	}
}

// Refusals lists the codes of refusals.
func Refusals() []string {
	return []string{string(fault.Forbidden), string(fault.NotFound), string(fault.TooMany), string(fault.Unauthenticated)}
}

// Refusal returns the code of a refusal as lines have it: somebody may not, is not told, asks too
// much or is not who he says; "" for every other error, and for none.
func Refusal(err error) string {
	if code := string(fault.CodeOf(err)); slices.Contains(Refusals(), code) {
		return code
	}
	return ""
}

// ResultWords returns the code of a refusal in words, "" for what was done.
func ResultWords(code string) string {
	switch code {
	case "":
		return ""
	case domain.AuditDone:
		return "办成的"
	case domain.AuditRefused:
		return "被拒绝的"
	case "forbidden":
		return "没有权限"
	case "not_found":
		return "没有或看不到"
	case "too_many":
		return "太多"
	case "unauthenticated":
		return "没有认出是本人"
	default:
		return code
	}
}

// orgOf returns the organisation of an actor's first role over one, "" for none.
func orgOf(actor *access.Actor) domain.OrgID {
	for _, g := range actor.Grants {
		if path := strings.TrimSuffix(g.Path, "."); path != "" {
			return domain.OrgID(path[strings.LastIndexByte(path, '.')+1:])
		}
	}
	return ""
}
