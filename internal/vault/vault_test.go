package vault_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jifen/internal/fault"
	"jifen/internal/vault"
)

// An invented number with a right check digit; 370799 is no place.
const number = "370799199001011230"

// stream gives bytes that never repeat within a test.
type stream struct{ n uint64 }

func (s *stream) Read(p []byte) (int, error) {
	for i := range p {
		s.n = s.n*6364136223846793005 + 1442695040888963407
		p[i] = byte(s.n >> 56)
	}
	return len(p), nil
}

func open(tb rapid.TB, first byte) *vault.Vault {
	tb.Helper()
	key := make([]byte, vault.KeySize)
	key[0] = first
	v, err := vault.New(&stream{n: uint64(first)}, key)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

func seal(tb rapid.TB, v *vault.Vault, member string, kind vault.Kind, plain string) []byte {
	tb.Helper()
	box, err := v.Seal(member, kind, plain)
	if err != nil {
		tb.Fatal(err)
	}
	return box
}

func TestWhatIsSealedOpens(t *testing.T) {
	t.Parallel()
	v := open(t, 1)
	rapid.Check(t, func(t *rapid.T) {
		member := rapid.String().Draw(t, "member")
		kind := rapid.SampledFrom([]vault.Kind{vault.Identity, vault.Phone}).Draw(t, "kind")
		plain := rapid.StringN(1, 25, 100).Draw(t, "plain")
		box := seal(t, v, member, kind, plain)
		if bytes.Contains(box, []byte(plain)) && len(plain) > 3 {
			t.Fatalf("%q stands in its box", plain)
		}
		if got, err := v.Open(member, kind, box); err != nil || got != plain {
			t.Fatalf("got %q, %v; want %q", got, err, plain)
		}
	})
}

// TestABoxOpensAnotherDay: keys are derived, not drawn.
func TestABoxOpensAnotherDay(t *testing.T) {
	t.Parallel()
	box := seal(t, open(t, 1), "P1", vault.Identity, number)
	if got, err := open(t, 1).Open("P1", vault.Identity, box); err != nil || got != number {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestEveryAlteredByteIsNoticed(t *testing.T) {
	t.Parallel()
	v := open(t, 1)
	box := seal(t, v, "P1", vault.Identity, number)
	for i := range box {
		for bit := range 8 {
			altered := bytes.Clone(box)
			altered[i] ^= 1 << bit
			refused(t, v, "P1", vault.Identity, altered)
		}
	}
	for n := range box {
		refused(t, v, "P1", vault.Identity, box[:n])
	}
	refused(t, v, "P1", vault.Identity, append(bytes.Clone(box), 0))
	refused(t, v, "P1", vault.Identity, nil)
}

func TestAMovedBoxStaysShut(t *testing.T) {
	t.Parallel()
	v := open(t, 1)
	box := seal(t, v, "P1", vault.Phone, "13800000000")
	refused(t, v, "P2", vault.Phone, box)
	refused(t, v, "", vault.Phone, box)
	refused(t, v, "P1\x00", vault.Phone, box)
	refused(t, v, "P1", vault.Identity, box)
	refused(t, v, "P1", "住址", box)
	refused(t, open(t, 2), "P1", vault.Phone, box)
}

func refused(t *testing.T, v *vault.Vault, member string, kind vault.Kind, box []byte) {
	t.Helper()
	got, err := v.Open(member, kind, box)
	if got != "" || fault.CodeOf(err) != fault.Internal {
		t.Errorf("%s %s %x: got %q, %v", member, kind, box, got, err)
	}
	if err != nil && (!strings.Contains(err.Error(), "打不开") || !strings.Contains(err.Error(), "密钥文件")) {
		t.Errorf("“%v” does not say what to do", err)
	}
}

func TestTwoSealsDiffer(t *testing.T) {
	t.Parallel()
	v := open(t, 1)
	seen := map[string]bool{}
	for range 1000 {
		seen[string(seal(t, v, "P1", vault.Identity, number))] = true
	}
	if len(seen) != 1000 {
		t.Errorf("1000 seals gave %d boxes", len(seen))
	}
}

func TestSealRefuses(t *testing.T) {
	t.Parallel()
	v := open(t, 1)
	for _, c := range []struct {
		kind  vault.Kind
		plain string
		want  string
	}{
		{"住址", "示例街 1 号", "不认得“住址”"},
		{"", number, "不认得“”"},
		{vault.Phone, "", "手机号要有 1 到 100 个字符"},
		{vault.Identity, strings.Repeat("1", 101), "身份证号要有"},
	} {
		box, err := v.Seal("P1", c.kind, c.plain)
		if box != nil || fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %q: got %x, %v", c.kind, c.plain, box, err)
		}
		if err != nil && c.plain != "" && strings.Contains(err.Error(), c.plain) {
			t.Errorf("“%v” tells the number", err)
		}
	}
}

var errDry = errors.New("dry")

type dry struct{}

func (dry) Read([]byte) (int, error) { return 0, errDry }

func TestWithoutRandomnessNothingIsSealed(t *testing.T) {
	t.Parallel()
	key := bytes.Repeat([]byte{7}, vault.KeySize)
	for _, source := range []io.Reader{dry{}, io.LimitReader(&stream{}, 11)} {
		v, err := vault.New(source, key)
		if err != nil {
			t.Fatal(err)
		}
		if box, err := v.Seal("P1", vault.Identity, number); box != nil || fault.CodeOf(err) != fault.Internal {
			t.Errorf("got %x, %v", box, err)
		}
	}
	if salt, err := vault.NewSalt(dry{}); salt != nil || fault.CodeOf(err) != fault.Internal || !errors.Is(err, errDry) {
		t.Errorf("got %x, %v", salt, err)
	}
}

func TestNoVaultUnderABadKey(t *testing.T) {
	t.Parallel()
	for _, key := range [][]byte{nil, make([]byte, 16), bytes.Repeat([]byte{1}, 31), bytes.Repeat([]byte{1}, 33),
		make([]byte, 32)} {
		v, err := vault.New(&stream{}, key)
		if v != nil || fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "密钥文件") {
			t.Errorf("%x: got %v, %v", key, v, err)
		}
	}
}

// TestAVaultPrintsNoKey under any verb, by value and by pointer.
func TestAVaultPrintsNoKey(t *testing.T) {
	t.Parallel()
	v := open(t, 1)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%q"} {
		for _, what := range []any{v, *v} {
			if got := fmt.Sprintf(verb, what); got != "vault" {
				t.Errorf("%s prints %s", verb, got)
			}
		}
	}
}

func FuzzOpen(f *testing.F) {
	v := open(f, 1)
	good := seal(f, v, "P1", vault.Identity, number)
	f.Add("P1", string(vault.Identity), good)
	f.Add("P2", string(vault.Phone), good)
	f.Add("P1", "", good[:20])
	f.Add("", string(vault.Identity), []byte{1})
	f.Fuzz(func(t *testing.T, member, kind string, box []byte) {
		got, err := v.Open(member, vault.Kind(kind), box)
		if err == nil && (member != "P1" || kind != string(vault.Identity) || !bytes.Equal(box, good) || got != number) {
			t.Fatalf("%q %q %x opened as %q", member, kind, box, got)
		}
		if err != nil && (got != "" || fault.CodeOf(err) != fault.Internal) {
			t.Fatalf("got %q, %v", got, err)
		}
	})
}
