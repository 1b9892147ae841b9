package web_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

// What the site is at the provider.
const (
	providerClient = "jifen"
	providerSecret = "the secret of the site"
)

// identityProvider answers as a provider of identities that follows the standard, but for
// what a test spoils: discovery, keys and the token endpoint.
type identityProvider struct {
	*httptest.Server
	Subject string
	At      time.Time                   // now, and when the person signed in there
	Spoil   func(claims map[string]any) // changes what is signed; nil nothing
	Down    bool                        // answers nothing but failures

	key  *rsa.PrivateKey
	mu   sync.Mutex
	code map[string]url.Values // what was asked for a code that is not used yet
}

// newProvider opens a provider that ends with the test.
func newProvider(t *testing.T, now time.Time) *identityProvider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &identityProvider{Subject: "3f0c2a", At: now, key: key, code: map[string]url.Values{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.describe)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.Down {
			http.Error(w, "down", http.StatusBadGateway)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *identityProvider) describe(w http.ResponseWriter, _ *http.Request) {
	write(w, map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL +
		"/token", "jwks_uri": p.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
}

func (p *identityProvider) keys(w http.ResponseWriter, _ *http.Request) {
	write(w, map[string]any{"keys": []any{map[string]any{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1",
		"n": encode(p.key.N.Bytes()), "e": encode(big.NewInt(int64(p.key.E)).Bytes())}}})
}

func write(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the test sees what is missing
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// SignsIn does what a browser and a person do at the address to which the site sent them,
// and returns the query with which they are sent back.
func (p *identityProvider) SignsIn(t *testing.T, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if q.Get("client_id") != providerClient || q.Get("response_type") != "code" ||
		q.Get("code_challenge_method") != "S256" || q.Get("state") == "" || q.Get("nonce") == "" {
		t.Fatalf("the provider is asked %s", address)
	}
	code := rand.Text()
	p.mu.Lock()
	p.code[code] = q
	p.mu.Unlock()
	return url.Values{"state": {q.Get("state")}, "code": {code}}
}

// token gives a token for a code, once, to who knows the verifier.
func (p *identityProvider) token(w http.ResponseWriter, r *http.Request) {
	client, secret, _ := r.BasicAuth()
	code, verifier := r.PostFormValue("code"), sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	p.mu.Lock()
	asked, known := p.code[code]
	delete(p.code, code)
	p.mu.Unlock()
	secret, _ = url.QueryUnescape(secret)
	if client != providerClient || secret != providerSecret || !known ||
		asked.Get("code_challenge") != encode(verifier[:]) || asked.Get("redirect_uri") != r.PostFormValue("redirect_uri") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
		return
	}
	claims := map[string]any{"iss": p.URL, "sub": p.Subject, "aud": providerClient, "nonce": asked.Get("nonce"),
		"iat": p.At.Unix(), "exp": p.At.Add(5 * time.Minute).Unix(), "auth_time": p.At.Unix()}
	if p.Spoil != nil {
		p.Spoil(claims)
	}
	body, err := json.Marshal(claims)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	signed := encode([]byte(`{"alg":"RS256","kid":"1"}`)) + "." + encode(body)
	sum := sha256.Sum256([]byte(signed))
	sig, err := rsa.SignPKCS1v15(rand.Reader, p.key, crypto.SHA256, sum[:])
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	write(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": signed + "." + encode(sig)})
}
