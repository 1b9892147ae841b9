package backup

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"jifen/internal/store"
	"jifen/internal/testkit"
)

// TestTheLibraryReadsNotesOfOthers: a note of another hand, known to be good, opens under its
// public key and under no other, and its secret key gives the same bytes.
func TestTheLibraryReadsNotesOfOthers(t *testing.T) {
	t.Parallel()
	const (
		secret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
		public = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
		text   = "If you think cryptography is the answer to your problem,\n" +
			"then you don't know what your problem is.\n"
		signed = text + "\n— PeterNeumann " +
			"x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6" +
			"RyyBwJnAM=\n"
	)
	key, err := note.NewVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := note.Open([]byte(signed), note.VerifierList(key)); err != nil || n.Text != text {
		t.Errorf("%+v, %v", n, err)
	}
	if (&Note{Text: strings.Replace(signed, "answer", "anser", 1)}).Signed(key) {
		t.Error("a changed text is taken for signed")
	}
	s, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := note.Sign(&note.Note{Text: text}, s); err != nil || string(again) != signed {
		t.Errorf("%s, %v", again, err)
	}
}

// TestSignedRootsTellWhatWasDoneToThem: each change of a roots file by hand is told, by
// somebody without the signing key and by one who has put a key of his own there.
func TestSignedRootsTellWhatWasDoneToThem(t *testing.T) {
	t.Parallel()
	town, _ := open(t)
	world := World{Now: testkit.Now, Random: &testkit.Steps{}}
	database := filepath.Join(t.TempDir(), "t.db")
	for range 3 {
		post(t, town)
		if _, err := world.WriteRoot(t.Context(), town.DB, database); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(RootsPath(database))
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.SplitAfter(strings.TrimSuffix(string(text), "\n"), "=\n\n")
	if len(blocks) != 3 {
		t.Fatalf("%d roots in:\n%s", len(blocks), text)
	}
	blocks[2] += "\n"
	line, _, _ := strings.Cut(blocks[1], "\n")
	key, err := PublicKeys(PublicKeyPath(database), "")
	if err != nil || key == nil {
		t.Fatal(key, err)
	}
	other := filepath.Join(t.TempDir(), "other.db")
	if err := makeSignKey(other, world.Random); err != nil {
		t.Fatal(err)
	}
	foreign, err := PublicKeys(PublicKeyPath(other), "")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text     string
		key      *KnownKeys
		want     string // "" for nothing
		unsigned int
	}{
		"untouched":       {string(text), key, "", 0},
		"without a key":   {string(text), nil, "", 0},
		"another's key":   {string(text), foreign, "不是用这个库签名的钥匙签的", 0},
		"one taken out":   {blocks[0] + blocks[2], key, "它前面是第 1 个，中间的根少了", 0},
		"the first gone":  {blocks[1] + blocks[2], key, "它前面的一个根少了", 0},
		"a note gone":     {blocks[0] + line + "\n" + blocks[2], key, "", 1},
		"another line":    {strings.Replace(string(text), line, strings.Replace(line, "2026", "2025", 1), 1), key, "", 0},
		"a signature cut": {blocks[0][:len(blocks[0])-20] + "\n" + blocks[1], key, "签名", 0},
		"of former times": {line + "\n", key, "", 1},
	} {
		path := filepath.Join(t.TempDir(), "r.roots")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := town.DB.Read(t.Context(), func(v *store.Snapshot) error {
			got := NewComparison(v, c.key)
			if err := got.File(path); err != nil {
				return err
			}
			var said []string
			for _, l := range got.Lost {
				said = append(said, l.Why)
			}
			if found := strings.Join(said, ";"); !strings.Contains(found, c.want) || c.want == "" && found != "" ||
				got.Unsigned != c.unsigned || (len(got.Lost) > 0) != (c.want != "" || name == "another line") {
				t.Errorf("%s: %+v, %d unsigned", name, got.Lost, got.Unsigned)
			}
			return nil
		}); err != nil {
			t.Error(name, err)
		}
	}
}

// TestASecondRootUnderOneNumberIsTold: whoever signs another root under a number that was
// given shows it wherever the first was kept.
func TestASecondRootUnderOneNumberIsTold(t *testing.T) {
	t.Parallel()
	town, _ := open(t)
	world := World{Now: testkit.Now, Random: &testkit.Steps{}}
	database := filepath.Join(t.TempDir(), "t.db")
	kept := filepath.Join(t.TempDir(), "kept.roots")
	for i := range 2 {
		post(t, town)
		if _, err := world.WriteRoot(t.Context(), town.DB, database); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			if err := os.Rename(RootsPath(database), kept); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := town.DB.Read(t.Context(), func(v *store.Snapshot) error {
		c := NewComparison(v, nil)
		for _, path := range []string{kept, RootsPath(database)} {
			if err := c.File(path); err != nil {
				return err
			}
		}
		if len(c.Lost) != 1 || !strings.Contains(c.Lost[0].Why, "第 1 个根有两个") {
			t.Errorf("%+v", c.Lost)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

// TestASignKeyPutAwayIsNotMadeAgain: the roots of then are written down, and not signed.
func TestASignKeyPutAwayIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	town, _ := open(t)
	world := World{Now: testkit.Now, Random: &testkit.Steps{}}
	database := filepath.Join(t.TempDir(), "t.db")
	if r, err := world.WriteRoot(t.Context(), town.DB, database); err != nil || r.Note == nil {
		t.Fatal(r, err)
	}
	if err := os.Remove(SignKeyPath(database)); err != nil {
		t.Fatal(err)
	}
	post(t, town)
	if r, err := world.WriteRoot(t.Context(), town.DB, database); err != nil || r.Note != nil {
		t.Error(r, err)
	}
	if n := count(t, RootsPath(database)); n != 2 {
		t.Errorf("%d roots", n)
	}
	if err := os.WriteFile(SignKeyPath(database), []byte("x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := world.WriteRoot(t.Context(), town.DB, database); err == nil || !strings.Contains(err.Error(), "内容不对") {
		t.Errorf("a key that is none: %v", err)
	}
}

// TestARootIsTypedAsItIsRead: the groups come back to the root, and one slip is told.
func TestARootIsTypedAsItIsRead(t *testing.T) {
	t.Parallel()
	root := strings.Repeat("0123456789abcdef", 4)
	text := Grouped(root)
	if len(strings.Fields(text)) != 17 {
		t.Errorf("%q", text)
	}
	for typed, want := range map[string][2]bool{
		root: {true, false}, text: {true, false}, strings.ToUpper(text): {true, false},
		strings.Replace(text, "4567", "4576", 1): {true, true}, text[:40]: {false, false}, "a.roots": {false, false},
	} {
		got, is, slip := Typed(typed)
		if is != want[0] || slip != want[1] || is && !slip && got != root {
			t.Errorf("%q: %q, %v, %v", typed, got, is, slip)
		}
	}
}
