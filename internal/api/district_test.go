package api_test

import (
	"net/http"
	"strings"
	"testing"

	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

func TestAClerkOfOneStreetReadsNothingOfTheOther(t *testing.T) {
	t.Parallel()
	h := openWith(t, testkit.NewInDistrict(t))
	beside := h.Neighbours
	for _, c := range []struct {
		login, own, other, street, branch string
	}{
		{"clerk", "E1", "N1", string(beside.Street.ID), string(beside.Branch.ID)},
		{"neighbour", "N1", "E1", string(h.Street.ID), string(h.East.ID)},
	} {
		token := h.token(t, c.login)
		h.answer(t, http.StatusOK, "GET", "/members/"+c.own, token, "")
		h.answer(t, http.StatusOK, "GET", "/members/"+c.own+"/standing", token, "")
		ranking := h.answer(t, http.StatusOK, "GET", "/rankings", token, "")
		expect.Contains(t, ranking, `"`+c.own+`"`)
		expect.Lacks(t, ranking, `"`+c.other+`"`)
		for _, path := range []string{
			"/members/" + c.other, "/members/" + c.other + "/standing",
			"/rankings?org=" + c.street, "/rankings?org=" + c.branch, "/rankings?org=" + string(h.District.ID),
		} {
			h.answer(t, http.StatusNotFound, "GET", path, token, "")
		}
	}
}

func TestAnAuditorAsksForOneOfTheStreets(t *testing.T) {
	t.Parallel()
	h := openWith(t, testkit.NewInDistrict(t))
	token := h.token(t, "auditor")
	for _, path := range []string{"/rankings", "/alerts", "/members"} {
		unnamed := h.answer(t, http.StatusUnprocessableEntity, "GET", path, token, "")
		expect.Contains(t, unnamed, "要写明是哪一个", "邻街道（"+string(h.Neighbours.Street.ID)+"）")
	}
	first := h.answer(t, http.StatusOK, "GET", "/rankings?org="+string(h.Street.ID), token, "")
	expect.Contains(t, first, `"E1"`)
	expect.Lacks(t, first, `"N1"`)
	second := h.answer(t, http.StatusOK, "GET", "/rankings?org="+string(h.Neighbours.Street.ID), token, "")
	expect.Contains(t, second, `"N1"`)
	expect.Lacks(t, second, `"E1"`)
	refused := h.ask("GET", "/rankings?org="+string(h.District.ID), token, "")
	if refused.Code < 400 || refused.Code >= 500 || !strings.Contains(refused.Body.String(), "名次是一个街道里的") {
		t.Errorf("places across streets: %d %s", refused.Code, refused.Body)
	}
}
