package server

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
)

// addressKey is the key of the address in a request's context.
type addressKey struct{}

// Address returns from where a request came; "" where that is not known. A host
// of IPv6 is its network, because it takes a new address whenever it likes.
func Address(ctx context.Context) string {
	address, _ := ctx.Value(addressKey{}).(string)
	return address
}

// withAddress keeps in the request's context from where it came: the peer, or
// behind a proxy what that saw, which is the last it wrote into X-Forwarded-For.
// Anything before that is what the client wrote.
func (s *Server) withAddress(r *http.Request) context.Context {
	address := parseAddress(r.RemoteAddr)
	if lines := r.Header.Values("X-Forwarded-For"); s.opts.Proxied && len(lines) > 0 {
		last := lines[len(lines)-1]
		if seen := parseAddress(strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])); seen != "" {
			address = seen
		}
	}
	return context.WithValue(r.Context(), addressKey{}, address)
}

// parseAddress reads an address with or without a port.
func parseAddress(text string) string {
	ip, err := netip.ParseAddr(text)
	if err != nil {
		with, err := netip.ParseAddrPort(text)
		if err != nil {
			return ""
		}
		ip = with.Addr()
	}
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		return ip.String()
	}
	network, err := ip.Prefix(64)
	if err != nil {
		return ""
	}
	return network.String()
}
