package vault_test

import (
	"bytes"
	"encoding/hex"
	"testing"

	"jifen/internal/vault"
)

func TestSeekFindsANumberHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	v := open(t, 1)
	for _, same := range []struct {
		kind vault.Kind
		ways []string
	}{
		{vault.Identity, []string{"37079919900101123X", " 37079919900101123x ", "370799 19900101 123X",
			"370799-19900101-123x", "３７０７９９１９９００１０１１２３Ｘ", "370799\u00a019900101\u3000123x\n", "370799‐19900101－123ｘ"}},
		{vault.Phone, []string{"13800000000", "138 0000 0000", "138-0000-0000", "+86 138 0000 0000", "8613800000000",
			"008613800000000", "＋８６１３８００００００００"}},
		{vault.Phone, []string{"0536-8000000", "05368000000", "（0536）8000000"}},
	} {
		want := v.Seek(same.kind, same.ways[0])
		if len(want) != 32 {
			t.Fatalf("%s: %x", same.ways[0], want)
		}
		for _, way := range same.ways {
			if got := v.Seek(same.kind, way); !bytes.Equal(got, want) {
				t.Errorf("%q is not found as %q", way, same.ways[0])
			}
		}
	}
}

func TestSeekTellsNumbersApart(t *testing.T) {
	t.Parallel()
	v := open(t, 1)
	hashes := map[string]string{}
	for _, c := range []struct {
		kind  vault.Kind
		plain string
	}{
		{vault.Identity, "370799199001011230"}, {vault.Identity, "370799199001011231"},
		{vault.Identity, "37079919900101123X"}, {vault.Identity, "37079919900101123"},
		{vault.Identity, "13800000000"}, {vault.Phone, "13800000000"}, {vault.Identity, "8613800000000"},
		{vault.Phone, "86138000000"}, {vault.Phone, "138000000"}, {vault.Phone, "8605368000000"},
		{vault.Phone, "05368000000"},
	} {
		h := string(v.Seek(c.kind, c.plain))
		if before, twice := hashes[h]; twice {
			t.Errorf("%s %s is found as %s", c.kind, c.plain, before)
		}
		hashes[h] = string(c.kind) + " " + c.plain
	}
	if bytes.Equal(v.Seek(vault.Identity, "1"), open(t, 2).Seek(vault.Identity, "1")) {
		t.Error("two keys hash alike: the hash is not keyed")
	}
	for _, nothing := range []string{"", "  ", "-", "　"} {
		if got := v.Seek(vault.Phone, nothing); got != nil {
			t.Errorf("%q is sought as %x", nothing, got)
		}
	}
}

// TestSeekIsTheSameInEveryVersion: hashes stand in databases, so the way to
// them may not change.
func TestSeekIsTheSameInEveryVersion(t *testing.T) {
	t.Parallel()
	if got, want := hex.EncodeToString(open(t, 1).Seek(vault.Phone, "13800000000")),
		"03da5ede61b0343e4fb56ffeea3efd93c0b0861b25460b03841000fac8121163"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	box, err := hex.DecodeString("016c82a562cb808d10d632be890045e7ae1f7e9147e32b42" +
		"d70b32618c849e29088e84a935dcec751ce4cc97c3c802")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := open(t, 1).Open("P1", vault.Identity, box); err != nil || got != number {
		t.Errorf("a box of the first version: got %q, %v", got, err)
	}
}

func TestCommit(t *testing.T) {
	t.Parallel()
	salt, err := vault.NewSalt(&stream{})
	if err != nil || len(salt) != vault.SaltSize {
		t.Fatalf("got %x, %v", salt, err)
	}
	body := []byte("拾金不昧")
	want := vault.Commit(salt, body)
	if len(want) != 32 || !bytes.Equal(want, vault.Commit(salt, []byte("拾金不昧"))) {
		t.Fatalf("got %x", want)
	}
	other := bytes.Clone(salt)
	other[15] ^= 1
	for name, got := range map[string][]byte{
		"another text": vault.Commit(salt, []byte("拾金不昧。")), "another salt": vault.Commit(other, body),
		"no text": vault.Commit(salt, nil),
	} {
		if bytes.Equal(got, want) || len(got) != 32 {
			t.Errorf("%s commits to %x", name, got)
		}
	}
	if got := vault.Commit(append(bytes.Clone(salt), body[0]), body[1:]); got != nil {
		t.Errorf("a byte that wandered commits to %x", got)
	}
	if got := vault.Commit(nil, nil); got != nil {
		t.Errorf("an erased text commits to %x", got)
	}
	if got := hex.EncodeToString(vault.Commit(make([]byte, 16),
		[]byte("x"))); got != "a9f202dbdfc308f9f2abb17c9c618ed3c304856be92c2be13e3e56559831d6f6" {
		t.Errorf("the way to commit has changed: %s", got)
	}
}
