package server

import (
	"context"
	"net/http"
	"net/netip"
	"slices"
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

// withAddress keeps in the request's context from where it came: the peer, or where
// that is a named proxy what it saw, which is the last it wrote into X-Forwarded-For.
// Anything before that is what the client wrote.
func (s *Server) withAddress(r *http.Request) context.Context {
	peer := addressIn(r.RemoteAddr)
	address := networkOf(peer)
	if lines := r.Header.Values("X-Forwarded-For"); s.proxy(peer) && len(lines) > 0 {
		last := lines[len(lines)-1]
		if seen := networkOf(addressIn(strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:]))); seen != "" {
			address = seen
		}
	}
	return context.WithValue(r.Context(), addressKey{}, address)
}

// proxy reports whether an address is a named proxy's.
func (s *Server) proxy(peer netip.Addr) bool {
	return slices.ContainsFunc(s.opts.Proxies, func(p netip.Prefix) bool { return p.Contains(peer) })
}

// addressIn reads an address with or without a port; the zero one of anything else.
func addressIn(text string) netip.Addr {
	ip, err := netip.ParseAddr(text)
	if err != nil {
		with, err := netip.ParseAddrPort(text)
		if err != nil {
			return netip.Addr{}
		}
		ip = with.Addr()
	}
	return ip.Unmap().WithZone("")
}

// networkOf returns an address in words, of IPv6 its network; "" for none.
func networkOf(ip netip.Addr) string {
	switch {
	case !ip.IsValid():
		return ""
	case ip.Is4():
		return ip.String()
	}
	network, err := ip.Prefix(64)
	if err != nil {
		return ""
	}
	return network.String()
}
