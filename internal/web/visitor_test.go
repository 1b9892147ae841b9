package web_test

import (
	"net/url"

	"jifen/internal/testkit/expect"
)

// opens asks for a page.
func (v *visitor) opens(path string) *expect.Answer {
	v.t.Helper()
	status, body, to := v.get(path)
	return expect.NewAnswer(v.t, "GET "+path, status, body, to)
}

// sends hands in a form.
func (v *visitor) sends(path string, form url.Values) *expect.Answer {
	v.t.Helper()
	status, body, to := v.post(path, form)
	return expect.NewAnswer(v.t, "POST "+path, status, body, to)
}

// shows opens a page that has to say something, and returns its markup.
func (v *visitor) shows(path string, words ...string) string {
	v.t.Helper()
	return v.opens(path).OK().Shows(words...).Source()
}
