// Package oidc signs people in at a provider of identities (OpenID Connect): authorization
// code with PKCE, state and nonce. It knows no account.
package oidc

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"jifen/internal/domain"
	"jifen/internal/fault"
)

// Limits of what is asked of the provider.
const (
	maxAnswer   = 1 << 20          // bytes
	longest     = 10 * time.Second // of one question
	atOnce      = 16               // questions
	askAgain    = 10 * time.Second // after a discovery that failed
	AttemptLife = 10 * time.Minute // from leaving for the provider to coming back
	freshFor    = 5 * time.Minute  // a sign-in there that is asked for anew
	skew        = time.Minute      // between two clocks
)

// Settings holds which provider it is, and what this site is there.
type Settings struct {
	Issuer string // its address, as its tokens name it
	Client string // what the site is called there
	Secret string
	Back   string // the address of the site to which people are sent back
	Now    func() time.Time
	Random io.Reader
}

// Provider asks the provider of identities.
type Provider struct {
	Settings
	http  *http.Client
	asked chan struct{} // one for each question that is asked now

	mu       sync.Mutex
	found    *oidc.Provider // nil before it was reached
	failed   error
	failedAt time.Time
}

// New makes a provider, which is not asked yet. Addresses that would be asked in the clear
// over a network are fault.Invalid.
func New(s Settings) (*Provider, error) {
	if err := CheckAddress(s.Issuer); err != nil {
		return nil, err
	}
	if err := CheckAddress(s.Back); err != nil {
		return nil, err
	}
	if s.Client == "" || s.Secret == "" {
		return nil, fault.New(fault.Invalid, "统一认证要有本网站在那里的编号和密钥")
	}
	return &Provider{Settings: s, asked: make(chan struct{}, atOnce),
		http: &http.Client{Timeout: longest, Transport: bounded{http.DefaultTransport}}}, nil
}

// CheckAddress refuses what is no https address; on this computer http will do.
func CheckAddress(text string) error {
	u, err := url.Parse(text)
	if err == nil && u.Host != "" && u.User == nil && !strings.ContainsAny(text, "?#") {
		ip := net.ParseIP(u.Hostname())
		if u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()) {
			return nil
		}
	}
	return fault.New(fault.Invalid, "“%s”不是 https 的地址", fault.Quote(text)).WithHint("写成 https://login.example.cn 这样")
}

// bounded reads no more of an answer than so many bytes.
type bounded struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.next.RoundTrip(r)
	if err == nil {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, maxAnswer), resp.Body}
	}
	return resp, err
}

// enter takes a place among those who ask the provider, for a time; leave gives it back.
func (p *Provider) enter(ctx context.Context) (context.Context, func(), error) {
	select {
	case p.asked <- struct{}{}:
	default:
		return nil, nil, fault.New(fault.Unavailable, "同时用统一认证登录的人太多").WithHint("过几秒再试，或者用帐号和密码登录")
	}
	ctx, stop := context.WithTimeout(oidc.ClientContext(ctx, p.http), longest)
	return ctx, func() { stop(); <-p.asked }, nil
}

// provider returns the provider as it describes itself. One that did not answer is asked
// again after a while.
func (p *Provider) provider(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	if since := p.Now().Sub(p.failedAt); p.failed != nil && since >= 0 && since < askAgain {
		return nil, down(p.failed)
	}
	found, err := oidc.NewProvider(ctx, p.Issuer)
	if err != nil {
		p.failed, p.failedAt = err, p.Now()
		return nil, down(err)
	}
	p.found, p.failed = found, nil
	return found, nil
}

func down(err error) error {
	return fault.Wrap(err, fault.Unavailable, "统一认证现在连不上").WithHint("过一会儿再试，或者用帐号和密码登录")
}

// refused returns why a sign-in at the provider is worth nothing here.
func refused(err error, words string) error {
	f := fault.New(fault.Unauthenticated, "%s", words)
	if err != nil {
		f = fault.Wrap(err, fault.Unauthenticated, "%s", words)
	}
	return f.WithHint("在登录页再点一次“用统一认证登录”")
}

func (p *Provider) config(found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: p.Client, ClientSecret: p.Secret, Endpoint: found.Endpoint(),
		RedirectURL: p.Back, Scopes: []string{oidc.ScopeOpenID}}
}

// Begin returns the address at the provider to which somebody is sent, and the attempt that
// is to be kept until he is back. fault.Unavailable where the provider does not answer.
func (p *Provider) Begin(ctx context.Context, next string, fresh bool) (string, *Attempt, error) {
	ctx, leave, err := p.enter(ctx)
	if err != nil {
		return "", nil, err
	}
	defer leave()
	found, err := p.provider(ctx)
	if err != nil {
		return "", nil, err
	}
	a := &Attempt{Next: next, Fresh: fresh, Until: p.Now().Add(AttemptLife).Unix()}
	for _, word := range []*string{&a.State, &a.Nonce, &a.Verifier} {
		var raw [32]byte
		if _, err := io.ReadFull(p.Random, raw[:]); err != nil {
			return "", nil, fault.Wrap(err, fault.Internal, "取不到随机数")
		}
		*word = base64.RawURLEncoding.EncodeToString(raw[:])
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)}
	if fresh {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	return p.config(found).AuthCodeURL(a.State, options...), a, nil
}

// Finish returns who came back from the provider with a code. fault.Unauthenticated where
// the provider, or what it signed, does not say so of this attempt.
func (p *Provider) Finish(ctx context.Context, a *Attempt, code string) (domain.Identity, error) {
	var none domain.Identity
	ctx, leave, err := p.enter(ctx)
	if err != nil {
		return none, err
	}
	defer leave()
	found, err := p.provider(ctx)
	if err != nil {
		return none, err
	}
	token, err := p.config(found).Exchange(ctx, code, oauth2.VerifierOption(a.Verifier))
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) && answer.Response != nil && answer.Response.StatusCode < http.StatusInternalServerError {
		return none, refused(err, "统一认证没有认这一次登录")
	}
	if err != nil {
		return none, down(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return none, refused(nil, "统一认证没有说登录的是谁")
	}
	signed, err := found.Verifier(&oidc.Config{ClientID: p.Client, Now: p.Now}).Verify(ctx, raw)
	if err != nil {
		return none, refused(err, "统一认证给的凭据过期了，或者不是给本网站的")
	}
	return p.identity(a, signed)
}

// identity returns whom a signed token names, where it is the answer to an attempt.
func (p *Provider) identity(a *Attempt, signed *oidc.IDToken) (domain.Identity, error) {
	var none domain.Identity
	var more struct {
		Party string `json:"azp"`
		At    int64  `json:"auth_time"`
	}
	if err := signed.Claims(&more); err != nil {
		return none, refused(err, "统一认证给的凭据读不懂")
	}
	since := p.Now().Sub(time.Unix(more.At, 0))
	switch {
	case signed.Nonce != a.Nonce || a.Nonce == "":
		return none, refused(nil, "统一认证给的凭据是另一次登录的")
	case more.Party != "" && more.Party != p.Client,
		more.Party == "" && slices.ContainsFunc(signed.Audience, func(to string) bool { return to != p.Client }):
		return none, refused(nil, "统一认证给的凭据不是给本网站的")
	case signed.Subject == "":
		return none, refused(nil, "统一认证没有说登录的是谁")
	case a.Fresh && (more.At == 0 || since > freshFor || since < -skew):
		return none, refused(nil, "统一认证没有让您再登录一次，不算数")
	}
	return domain.Identity{Issuer: signed.Issuer, Subject: signed.Subject}, nil
}

// Attempt holds what is kept of somebody who is sent to the provider until he is back.
type Attempt struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"`
	Next     string `json:"p,omitempty"` // the page to show then
	Fresh    bool   `json:"f,omitempty"` // he is to sign in there once more
	Until    int64  `json:"u"`
}

// key returns the key under which attempts are sealed: every program that knows the secret
// opens them.
func (p *Provider) key() []byte {
	sum := sha256.Sum256([]byte("jifen oidc attempt\x00" + p.Issuer + "\x00" + p.Client + "\x00" + p.Secret))
	return sum[:]
}
