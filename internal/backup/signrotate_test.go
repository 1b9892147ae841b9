package backup

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// rotating is a database whose roots are signed, to which something is recorded between them.
type rotating struct {
	t        *testing.T
	town     *testkit.Town
	world    World
	database string
	posted   func()
}

func newRotating(t *testing.T) *rotating {
	t.Helper()
	town, _ := open(t)
	at := testkit.Now()
	r := &rotating{t: t, town: town, database: filepath.Join(t.TempDir(), "t.db"), posted: func() { post(t, town) }}
	r.world = World{Random: &testkit.Steps{}, Now: func() time.Time { at = at.Add(time.Minute); return at }}
	return r
}

// root writes a root down and returns its signed note.
func (r *rotating) root() *Note {
	r.t.Helper()
	r.posted()
	root, err := r.world.WriteRoot(r.t.Context(), r.town.DB, r.database)
	expect.NoError(r.t, "a root", err)
	return root.Note
}

func (r *rotating) replace() {
	r.t.Helper()
	expect.NoError(r.t, "another key", r.world.ReplaceSignKey(r.database))
}

// files returns the two key files.
func (r *rotating) files() (secret, public string) {
	r.t.Helper()
	text, err := os.ReadFile(SignKeyPath(r.database))
	expect.NoError(r.t, "the key", err)
	pub, err := os.ReadFile(PublicKeyPath(r.database))
	expect.NoError(r.t, "the public key", err)
	return string(text), string(pub)
}

// put writes the two key files.
func (r *rotating) put(secret, public string) {
	r.t.Helper()
	expect.NoError(r.t, "the key", os.WriteFile(SignKeyPath(r.database), []byte(secret), 0o600))
	expect.NoError(r.t, "the public key", os.WriteFile(PublicKeyPath(r.database), []byte(public), 0o600))
}

// wrongs compares with all roots under the keys of a file and of what followed.
func (r *rotating) wrongs(public string) (out []string) {
	r.t.Helper()
	keys, err := PublicKeys(public, PublicKeyPath(r.database))
	expect.NoError(r.t, "the keys", err)
	err = r.town.DB.Read(r.t.Context(), func(v *store.Snapshot) error {
		c := NewComparison(v, keys)
		err := c.File(RootsPath(r.database))
		for _, l := range c.Lost {
			out = append(out, l.Why)
		}
		return err
	})
	expect.NoError(r.t, "the comparison", err)
	return out
}

// TestAReplacedKeyStillSpeaksForItsRoots: roots of before and after verify, by the file of now and
// by a copy of any time; the old key signs nothing any more, and what it signs later is told.
func TestAReplacedKeyStillSpeaksForItsRoots(t *testing.T) {
	t.Parallel()
	r := newRotating(t)
	first := r.root()
	r.root()
	old, oldPublic := r.files()
	kept := filepath.Join(t.TempDir(), "kept.pub")
	expect.NoError(t, "a copy elsewhere", os.WriteFile(kept, []byte(oldPublic), 0o600))
	r.replace()
	second := r.root()
	r.replace()
	third := r.root()
	expect.True(t, first.origin != second.origin && second.origin != third.origin, "the keys are others", third.origin)
	expect.Equal(t, "the numbers go on", third.Number, int64(4))
	for _, public := range []string{PublicKeyPath(r.database), kept} {
		expect.Equal(t, "what is wrong by "+filepath.Base(public), len(r.wrongs(public)), 0)
		keys, err := PublicKeys(public, PublicKeyPath(r.database))
		expect.NoError(t, "the keys", err)
		expect.Equal(t, "how many keys", keys.Count(), 3)
		for _, n := range []*Note{first, second, third} {
			expect.Equal(t, "who signed "+n.origin, keys.Who(n), Ours)
		}
	}
	secret, public := r.files()
	expect.Equal(t, "one secret key is left", strings.Count(secret, "PRIVATE"), 1)
	for _, path := range []string{SignKeyPath(r.database), PublicKeyPath(r.database)} {
		expect.NoError(t, "only its owner reads "+filepath.Base(path), OwnersOnly(path))
	}

	// Whoever has the first key signs a root now, and one as if it were beside a copy.
	s, err := note.NewSigner(strings.TrimSpace(old))
	expect.NoError(t, "the old key", err)
	keys, err := PublicKeys(PublicKeyPath(r.database), "")
	expect.NoError(t, "the keys", err)
	for _, number := range []int64{5, 0} {
		forged := &Root{At: r.world.Now().Format(time.RFC3339), Hash: strings.Repeat("0", 64)}
		expect.NoError(t, "a forged root", forged.sign(s, number, noFirst))
		expect.Equal(t, "who signed the forged root", keys.Who(forged.Note), Replaced)
	}
	// And hands on to a key of his own, beside a copy of the public file that knows better.
	r.put(old, oldPublic)
	r.replace()
	_, fork := r.files()
	r.put(secret, public)
	expect.NoError(t, "a kept copy of now", os.WriteFile(kept, []byte(public), 0o600))
	expect.NoError(t, "the fork", os.WriteFile(PublicKeyPath(r.database), []byte(fork), 0o600))
	keys, err = PublicKeys(kept, PublicKeyPath(r.database))
	expect.NoError(t, "the keys", err)
	expect.Equal(t, "the fork adds none", keys.Count(), 3)

	broken := strings.Replace(public, "number 2", "number 9", 1)
	expect.True(t, broken != public, "the number stands in the file", public)
	r.put(secret, broken)
	_, err = PublicKeys(PublicKeyPath(r.database), "")
	expect.True(t, fault.CodeOf(err) == fault.Unavailable && strings.Contains(err.Error(), "内容不对"), "a changed note", err)
}

// TestReplacingASignKeyIsBrokenOff: whatever of it is done, roots are signed and verify, doctor and
// health are told, and the next run goes on with the key that was begun.
func TestReplacingASignKeyIsBrokenOff(t *testing.T) {
	t.Parallel()
	r := newRotating(t)
	r.root()
	old, oldPublic := r.files()
	r.replace()
	next, nextPublic := r.files()
	for name, c := range map[string]struct{ public, origin string }{
		"both keys are there":          {oldPublic, "old"},
		"the public file says the new": {nextPublic, "new"},
	} {
		for _, both := range []string{old + next, next + old} {
			r.put(both, c.public)
			_, unfinished, err := SigningKeys(r.database)
			expect.NoError(t, name+": what doctor asks", err)
			expect.True(t, unfinished, name+": it is told", both)
			s, err := signer(r.database)
			expect.NoError(t, name+": somebody signs", err)
			signs := map[bool]string{true: "old", false: "new"}[strings.Contains(old, s.Name()+"+")]
			expect.Equal(t, name+": the key that signs", signs, c.origin)
			r.replace()
			secret, public := r.files()
			expect.Equal(t, name+": the key at the end", secret, next)
			expect.Equal(t, name+": the public keys at the end", strings.Count(public, "next "), 1)
		}
	}
	r.root()
	expect.Equal(t, "what is wrong", len(r.wrongs(PublicKeyPath(r.database))), 0)

	r.put(old, nextPublic)
	_, _, err := SigningKeys(r.database)
	expect.True(t, err != nil && strings.Contains(err.Error(), "不是一对"), "a key that does not belong to it", err)
	_, err = r.world.WriteRoot(t.Context(), r.town.DB, r.database)
	expect.True(t, err != nil, "and it signs no root", err)
	expect.NoError(t, "the key is put away", os.Remove(SignKeyPath(r.database)))
	_, unfinished, err := SigningKeys(r.database)
	expect.True(t, err == nil && !unfinished, "a key that was put away is not missed", err)
	err = r.world.ReplaceSignKey(r.database)
	expect.True(t, err != nil && strings.Contains(err.Error(), "没有签名的钥匙"), "but not replaced", err)
}

// TestThePublicHalfOfAKey: of any key that is drawn, whatever letters are in it.
func TestThePublicHalfOfAKey(t *testing.T) {
	t.Parallel()
	for range 200 {
		secret, public, err := drawSignKey(rand.Reader)
		expect.NoError(t, "two keys", err)
		s, err := note.NewSigner(secret)
		expect.NoError(t, "the key", err)
		got, err := publicOf(signing{s, secret})
		expect.NoError(t, "its other half", err)
		expect.Equal(t, "the other half", got, public)
	}
}
