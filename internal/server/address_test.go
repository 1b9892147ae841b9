package server_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/gin-gonic/gin"

	"jifen/internal/server"
)

func TestAddressIsThePeersOrWhatTheProxySaw(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		proxied bool
		peer    string
		heads   []string
		want    string
	}{
		{"the peer", false, "10.0.0.7:1234", nil, "10.0.0.7"},
		{"what the client says of itself", false, "10.0.0.7:1234", []string{"1.2.3.4"}, "10.0.0.7"},
		{"what the proxy saw", true, "127.0.0.1:1234", []string{"10.0.0.9"}, "10.0.0.9"},
		{"what the client wrote before it", true, "127.0.0.1:1234", []string{"1.2.3.4, 10.0.0.9"}, "10.0.0.9"},
		{"two lines", true, "127.0.0.1:1234", []string{"10.0.0.9", "1.2.3.4,10.0.0.8"}, "10.0.0.8"},
		{"with a port", true, "127.0.0.1:1234", []string{"10.0.0.9:55"}, "10.0.0.9"},
		{"a proxy that says nothing", true, "127.0.0.1:1234", nil, "127.0.0.1"},
		{"a proxy that says no address", true, "127.0.0.1:1234", []string{"10.0.0.9, unknown"}, "127.0.0.1"},
		{"a peer that is not the proxy", true, "10.0.0.7:1234", []string{"1.2.3.4"}, "10.0.0.7"},
		{"a network of IPv6", false, "[2001:db8:1:2:3:4:5:6]:80", nil, "2001:db8:1:2::/64"},
		{"IPv4 in IPv6", true, "[::1]:80", []string{"::ffff:10.0.0.9"}, "10.0.0.9"},
		{"a zone", false, "[fe80::1%eth0]:80", nil, "fe80::/64"},
		{"no address", false, "@", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			srv := fresh(t, func(o *server.Options) {
				if c.proxied {
					o.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("::1/128")}
				}
			})
			if err := srv.Mount([]server.Route{{Method: "GET", Path: "/a", Permission: server.Anyone,
				Handler: func(c *gin.Context) {
					c.String(http.StatusOK, server.Address(c.Request.Context()))
				}}}); err != nil {
				t.Fatal(err)
			}
			req := httptest.NewRequest(http.MethodGet, "/a", nil)
			req.RemoteAddr = c.peer
			req.Header["X-Forwarded-For"] = c.heads
			w := httptest.NewRecorder()
			srv.ServeHTTP(w, req)
			if got := w.Body.String(); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
