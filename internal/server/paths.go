package server

import (
	"jifen/internal/fault"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// readOneWay answers an address that may be read in two ways as one that there is not: with a
// slash or backslash that is written as a code, with dots for a folder, with a zero byte or
// with bytes that are no text.
func (s *Server) readOneWay(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !readsOneWay(r.URL) {
			s.refuseOutside(w, r, fault.New(fault.NotFound, "没有这个页面"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// readsOneWay reports whether everybody reads the path of an address alike.
func readsOneWay(u *url.URL) bool {
	raw := strings.ToLower(u.EscapedPath())
	if strings.Contains(raw, "%2f") || strings.ContainsAny(u.Path, "\\\x00\r\n") || !utf8.ValidString(u.Path) {
		return false
	}
	for part := range strings.SplitSeq(u.Path, "/") {
		if part == "." || part == ".." {
			return false
		}
	}
	return true
}
