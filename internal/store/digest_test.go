package store

import (
	"encoding/hex"
	"testing"

	"jifen/internal/domain"
	"jifen/internal/vault"
)

// TestTheFormatOfTheChainsIsTheSameOnEveryEngine: digests, hashes and codes stand in
// databases for ever and are computed alike by whatever keeps the rows. What is
// wanted was computed outside this program, by Python, from the words of rowDigest
// and entryMessage:
//
//	u = lambda n: struct.pack(">I", n); q = lambda n: struct.pack(">q", n); t = lambda s: u(len(s)) + s
//	commitment = sha256(b"jifen text\0" + bytes(range(16)) + "示例备注".encode())
//	row 1 = sha256(b"jifen row\0" + u(1) + t(b"entry") + u(5)
//	    + t(b"member_id") + b"t\1" + t(b"P1") + t(b"points") + b"i\1" + t(q(-150)) + t(b"fields") + b"t\1" + t(b"[]")
//	    + t(b"note") + b"b\1" + t(commitment) + t(b"follows") + b"i\0")
//	row 2 = sha256(b"jifen row\0" + u(1) + t(b"x") + u(3)
//	    + t(b"a") + b"t\1" + t(b"") + t(b"b") + b"t\0" + t(b"c") + b"b\1" + t(b"\0\xff"))
//	row 3 = sha256(b"jifen row\0" + u(1) + t(b"x") + u(2)
//	    + t(b"a") + b"t\1" + t(b"") + t(b"d") + b"t\1" + t(b"2026-11-28"))
//	message 1 = b"jifen entry\0" + u(1) + q(3) + q(1) + t(b"entry") + q(7) + t(row 1) + t(b"")
//	message 2 = b"jifen entry\0" + u(1) + q(3) + q(2) + t(b"x") + q(8) + t(row 2) + t(sha256(message 1))
//	head      = b"jifen head\0" + u(1) + q(3) + q(2) + t(sha256(message 2))
//	trail     = b"jifen trail head\0" + u(1) + q(3) + t(b"2026-11") + q(2) + t(sha256(message 2))
//	root      = sha256(b"jifen root\0" + u(1) + u(1) + q(3) + q(2) + t(sha256(message 2)))
//	code of m = hmac.new(bytes(range(32)), m, "sha256")
func TestTheFormatOfTheChainsIsTheSameOnEveryEngine(t *testing.T) {
	t.Parallel()
	sequence := make([]byte, 32)
	for i := range sequence {
		sequence[i] = byte(i)
	}
	commitment := vault.Commit(sequence[:vault.SaltSize], []byte("示例备注"))
	row1 := rowDigest(kindEntry, []cell{
		{column{"member_id", words, false, false}, true, 0, "P1", false},
		{column{"points", integer, true, false}, true, -150, "", false},
		{column{"fields", words, false, false}, true, 0, "[]", false},
		{column{"note", freeText, true, false}, true, 0, string(commitment), false},
		{column{"follows", integer, true, false}, false, 0, "", false},
	})
	row2 := rowDigest("x", []cell{
		{column{"a", words, false, false}, true, 0, "", false}, {column{"b", words, true, false}, false, 0, "", false},
		{column{"c", blob, false, false}, true, 0, "\x00\xff", false},
	})
	row3 := rowDigest("x", []cell{
		{column{"a", words, false, false}, true, 0, "", false}, {column{"c", integer, true, true}, false, 0, "", false},
		{column{"d", words, true, true}, true, 0, "2026-11-28", false},
	})
	first := chainEntry{ChainID: 3, Seq: 1, Format: chainFormat, Kind: "entry", RowID: 7, Digest: row1}
	message1 := entryMessage(&first, nil)
	second := chainEntry{ChainID: 3, Seq: 2, Format: chainFormat, Kind: "x", RowID: 8, Digest: row2}
	message2 := entryMessage(&second, message1.hash())
	c := newChains([]Generation{{Chain: sequence}})
	for _, v := range []struct {
		what string
		got  []byte
		want string
	}{
		{"row 1", row1, "7c5d482fed08a10940eeeae60ff7b3c09cf8e0e26ad7f3b9663146e0e379c5cc"},
		{"row 2", row2, "3e3fd8986b3737311234c28b3bcfc9417e9d6f9048e8c407e0da4b3784962de6"},
		{"row 3", row3, "11ac3fbfc6ee18dd19b8117039260d39f3f43acc9744156847bf757b9e0fa9f5"},
		{"hash 1", message1.hash(), "64f28e2a41cf809219bfae7230f53c45a05bbd583a4a7ff4677061f3935ac847"},
		{"hash 2", message2.hash(), "83fa96f08078c1ff8cdf7826596385a8ea497be06f3d8459e7db92ef7a1b6683"},
		{"code 1", c.mac(message1), "0b1f2e97e6e751111ba5f061104bafe5886d49ea679457e9919538a9d88051cf"},
		{"code 2", c.mac(message2), "cbf5fa121ba247cee0eeae22974f26e3dae0e8198648c67cb97d9bfba7f6feed"},
		{"code of the head", c.mac(headMessage(3, 2, message2.hash())),
			"b0259d54fbccd649456bb9b6da8c4c389e38f928e941b2a3f68ca4af053de52d"},
		{"code of a head of the trail", c.mac(trailHeadMessage(3, "2026-11", 2, message2.hash())),
			"4ee93c0b8405bea8686352957d5eb86098e9058eab374a20b4c608ffe6342653"},
		{"root", Root([]domain.ChainHead{{Chain: "3", Seq: 2, Hash: message2.hash()}}),
			"093a0232bbf7476600b7b53fa7aa35ee700e36e027c793ebfda839392a1f7698"},
	} {
		if got := hex.EncodeToString(v.got); got != v.want {
			t.Errorf("%s: got %s, want %s", v.what, got, v.want)
		}
	}
}
