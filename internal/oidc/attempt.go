package oidc

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"strings"

	"jifen/internal/fault"
)

// Seal returns an attempt as a browser keeps it: signed, so that nobody makes one.
func (p *Provider) Seal(a *Attempt) (string, error) {
	body, err := json.Marshal(a)
	if err != nil {
		return "", fault.Wrap(err, fault.Internal, "记不下这次登录")
	}
	return base64.RawURLEncoding.EncodeToString(body) + "." + base64.RawURLEncoding.EncodeToString(p.sign(body)), nil
}

func (p *Provider) sign(body []byte) []byte {
	mac := hmac.New(sha256.New, p.key())
	mac.Write(body)
	return mac.Sum(nil)
}

// Open returns the attempt that a browser kept, for who comes back with a state.
// fault.Unauthenticated where it kept none, another, or too long.
func (p *Provider) Open(sealed, state string) (*Attempt, error) {
	const words = "这次登录过时了，或者不是从这里开始的"
	first, second, _ := strings.Cut(sealed, ".")
	body, err := base64.RawURLEncoding.DecodeString(first)
	if err != nil {
		return nil, refused(err, words)
	}
	sum, err := base64.RawURLEncoding.DecodeString(second)
	if err != nil {
		return nil, refused(err, words)
	}
	if !hmac.Equal(sum, p.sign(body)) {
		return nil, refused(nil, words)
	}
	var a Attempt
	if err := json.Unmarshal(body, &a); err != nil {
		return nil, refused(err, words)
	}
	if a.State == "" || subtle.ConstantTimeCompare([]byte(a.State), []byte(state)) != 1 || p.Now().Unix() >= a.Until {
		return nil, refused(nil, words)
	}
	return &a, nil
}
