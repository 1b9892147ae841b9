package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"jifen/internal/access"
	"jifen/internal/server"
)

// TestNobodyIsOfferedWhatHeMayNot follows every link of every page as whoever is shown it,
// and holds every form against the permission of its route.
func TestNobodyIsOfferedWhatHeMayNot(t *testing.T) {
	t.Parallel()
	w := fill(t)
	actors := map[string]*access.Actor{"member": w.Member, "secretary": w.Secretary, "recorder": w.Recorder,
		"community": w.Community, "clerk": w.Clerk, "officer": w.Officer, "auditor": w.Auditor, "admin": w.Admin,
		"security": w.Security, "leader": w.Leader}
	pages, forms, links := w.pages(), 0, 0
	for _, login := range everybody() {
		v, seen := w.visit(t, login), map[string]bool{}
		for _, addresses := range pages {
			for _, address := range addresses {
				status, body, _ := v.get(address)
				if status != http.StatusOK {
					continue
				}
				lead, post := offers(t, body)
				for _, to := range lead {
					if seen[to] {
						continue
					}
					seen[to] = true
					links++
					if status, _, on := v.get(to); status >= http.StatusBadRequest || strings.HasPrefix(on, "/login") {
						t.Errorf("%s leads %s to %s, which answers %d", address, login, to, status)
					}
				}
				for _, to := range post {
					forms++
					r := routeOf(w.rows, http.MethodPost, to)
					if r == nil || r.Permission != server.Anyone && !actors[login].May(r.Permission) {
						t.Errorf("%s offers %s a form to %s, which he may not send", address, login, to)
					}
				}
			}
		}
	}
	if forms < 100 || links < 100 {
		t.Errorf("only %d forms and %d links were looked at", forms, links)
	}
}

// offers returns the addresses of this site to which the links and forms of a page lead, and
// those to which its forms post.
func offers(t *testing.T, body string) (lead, post []string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		at := map[string]string{}
		for _, a := range n.Attr {
			at[a.Key] = a.Val
		}
		switch {
		case n.Data == "a" && strings.HasPrefix(at["href"], "/"):
			lead = append(lead, at["href"])
		case n.Data == "form" && at["method"] == "post":
			post = append(post, at["action"])
		case n.Data == "form" && strings.HasPrefix(at["action"], "/"):
			lead = append(lead, at["action"]+"?"+sent(n).Encode())
		}
	}
	return lead, post
}

// sent returns what a form sends as it stands, by its first button.
func sent(form *html.Node) url.Values {
	out, chosen, pressed := url.Values{}, "", false
	for n := range form.Descendants() {
		at := map[string]string{}
		for _, a := range n.Attr {
			at[a.Key] = a.Val
		}
		_, ticked := at["checked"]
		_, selected := at["selected"]
		switch box := at["type"] == "checkbox" || at["type"] == "radio"; {
		case n.Data == "select":
			chosen = at["name"]
		case n.Data == "option" && chosen != "" && (selected || !out.Has(chosen)):
			out.Set(chosen, at["value"])
		case n.Data == "input" && at["name"] != "" && (ticked || !box):
			out.Set(at["name"], at["value"])
		case n.Data == "button" && !pressed:
			if pressed = true; at["name"] != "" {
				out.Set(at["name"], at["value"])
			}
		}
	}
	return out
}

// routeOf returns the row that answers an address, nil for none: the one that has most of it
// in letters.
func routeOf(rows []server.Route, method, address string) (found *server.Route) {
	address, _, _ = strings.Cut(address, "?")
	parts, least := strings.Split(address, "/"), len(address)
	for i := range rows {
		pattern := strings.Split(rows[i].Path, "/")
		variable := 0
		fits := rows[i].Method == method && len(pattern) == len(parts)
		for k := 0; fits && k < len(parts); k++ {
			if strings.HasPrefix(pattern[k], ":") {
				variable++
				continue
			}
			fits = pattern[k] == parts[k]
		}
		if fits && variable < least {
			found, least = &rows[i], variable
		}
	}
	return found
}
