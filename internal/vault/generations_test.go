package vault_test

import (
	"bytes"
	"testing"

	"jifen/internal/fault"
	"jifen/internal/testkit/expect"
	"jifen/internal/vault"
)

// TestALaterKeyOpensWhatTheEarlierSealed, and not the other way round.
func TestALaterKeyOpensWhatTheEarlierSealed(t *testing.T) {
	t.Parallel()
	first, second := bytes.Repeat([]byte{1}, vault.KeySize), bytes.Repeat([]byte{2}, vault.KeySize)
	both, err := vault.New(&stream{}, first, second)
	if err != nil {
		t.Fatal(err)
	}
	before := both.At(1)
	old, err1 := before.Seal("P1", vault.Identity, number)
	renewed, err2 := both.Seal("P1", vault.Identity, number)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	for what, box := range map[string][]byte{"the old box": old, "the new box": renewed} {
		got, err := both.Open("P1", vault.Identity, box)
		expect.Equal(t, what+" under both keys", got, number)
		expect.Equal(t, what+": the error", err, nil)
	}
	_, err = before.Open("P1", vault.Identity, renewed)
	expect.Equal(t, "the new box under the old key", fault.CodeOf(err), fault.Internal)
	expect.Equal(t, "the old box is current", both.Current(old), false)
	expect.Equal(t, "the new box is current", both.Current(renewed), true)
	again, err := before.Open("P1", vault.Identity, old)
	expect.Equal(t, "the old box under the old key", again, number)
	expect.Equal(t, "the error", err, nil)

	seeks := both.Seeks(vault.Identity, number)
	expect.Equal(t, "hashes under every key", len(seeks), 2)
	expect.Equal(t, "the old hash", bytes.Equal(seeks[0], before.Seek(vault.Identity, number)), true)
	expect.Equal(t, "the new hash", bytes.Equal(seeks[1], both.Seek(vault.Identity, number)), true)
	expect.Equal(t, "hashes of nothing", len(both.Seeks(vault.Phone, " ")), 0)
	_, err = vault.New(&stream{}, first, first)
	expect.Equal(t, "the same key twice", fault.CodeOf(err), fault.Invalid)
	_, err = vault.New(&stream{})
	expect.Equal(t, "no key", fault.CodeOf(err), fault.Invalid)
}
