// Package vault seals the numbers by which a person can be traced: identity
// numbers and phones. A sealed number opens only for the member and the kind it
// was sealed for; an exact number is found again by a keyed hash, without
// opening anything.
//
// Who reads the database file alone learns nothing from it but who has the same
// number; who has the key besides learns everything. So the key stands in a file
// of its own, which the caller reads.
package vault

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"

	"jifen/internal/fault"
)

// Kind names a kind of sealed number in the words of the database.
type Kind string

// The kinds of numbers that are sealed.
const (
	Identity Kind = "身份证号" // citizen identity number
	Phone    Kind = "手机号"  // mobile number, or a landline where there is none
)

// KeySize is the length of the master key in bytes.
const KeySize = 32

// maxPlain bounds a number in bytes; the longest real one has 18.
const maxPlain = 100

// The box: version, under a later key its generation, nonce, then what AES-256-GCM makes of
// the number. A further way of sealing would take the next version.
const (
	version   = 1 // under the first key
	versionOf = 2 // under the key whose generation follows
	nonceSize = 12
)

// MaxKeys limits how many keys a vault may have, one after another.
const MaxKeys = 100

// Vault seals numbers under the last of some master keys and opens what was sealed under
// any. It may be used by several goroutines at once if its source of randomness may, as
// crypto/rand's can.
type Vault struct {
	keys   []keys // by generation, at least one
	random io.Reader
}

// keys are made of one master key.
type keys struct {
	box   cipher.AEAD
	seek  []byte
	chain []byte
}

// New makes a Vault from master keys, the first that there was first; random gives the
// nonces. A key of another length than KeySize, or of zeros only, as a file that nobody
// filled holds, is fault.Invalid, and so is none or one that is there twice.
func New(random io.Reader, masters ...[]byte) (*Vault, error) {
	if len(masters) == 0 || len(masters) > MaxKeys {
		return nil, fault.New(fault.Invalid, "有 %d 把密钥，应当有 1 到 %d 把", len(masters), MaxKeys)
	}
	v := &Vault{random: random}
	for i, master := range masters {
		if slices.ContainsFunc(masters[:i], func(m []byte) bool { return bytes.Equal(m, master) }) {
			return nil, fault.New(fault.Invalid, "第 %d 把密钥和前面的一样", i+1).WithHint("用原来的密钥文件，或从备份里取回")
		}
		k, err := keysOf(master)
		if err != nil {
			return nil, err
		}
		v.keys = append(v.keys, k)
	}
	return v, nil
}

func keysOf(master []byte) (keys, error) {
	if len(master) != KeySize {
		return keys{}, fault.New(fault.Invalid, "密钥是 %d 字节，应当是 %d 字节", len(master), KeySize).WithHint("用原来的密钥文件，或从备份里取回")
	}
	if hmac.Equal(master, make([]byte, KeySize)) {
		return keys{}, fault.New(fault.Invalid, "密钥全是零").WithHint("用原来的密钥文件，或从备份里取回")
	}
	// A key for each use: what is learnt about one says nothing of the others.
	sealing, err1 := hkdf.Key(sha256.New, master, nil, "jifen seal 1", 32)
	seeking, err2 := hkdf.Key(sha256.New, master, nil, "jifen seek 1", 32)
	chain, err3 := hkdf.Key(sha256.New, master, nil, "jifen chain 1", 32)
	if err1 != nil || err2 != nil || err3 != nil {
		return keys{}, fault.New(fault.Internal, "推算密钥出错")
	}
	block, err := aes.NewCipher(sealing)
	if err != nil {
		return keys{}, fault.Wrap(err, fault.Internal, "推算密钥出错")
	}
	box, err := cipher.NewGCM(block)
	if err != nil {
		return keys{}, fault.Wrap(err, fault.Internal, "推算密钥出错")
	}
	return keys{box: box, seek: seeking, chain: chain}, nil
}

// Generations returns how many keys there are.
func (v *Vault) Generations() int { return len(v.keys) }

// At returns the vault as it was when it had so many keys; nil where it never had.
func (v *Vault) At(generation int) *Vault {
	if generation < 1 || generation > len(v.keys) {
		return nil
	}
	return &Vault{keys: v.keys[:generation:generation], random: v.random}
}

// ChainKeys returns the keys under which the entries of the chains are authenticated, by
// generation.
func (v *Vault) ChainKeys() [][]byte {
	out := make([][]byte, len(v.keys))
	for i, k := range v.keys {
		out[i] = bytes.Clone(k.chain)
	}
	return out
}

// Current reports whether a box is sealed under the last key.
func (v *Vault) Current(box []byte) bool {
	generation, _ := generationOf(box)
	return generation == len(v.keys)
}

// generationOf returns under which key a box is sealed, 0 for what is no box, and the rest
// of it.
func generationOf(box []byte) (generation int, rest []byte) {
	switch {
	case len(box) > 0 && box[0] == version:
		return 1, box[1:]
	case len(box) > 1 && box[0] == versionOf && box[1] > 1:
		return int(box[1]), box[2:]
	}
	return 0, nil
}

// Format keeps the keys out of whatever prints a Vault.
func (Vault) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "vault") }

// Seal closes a number into a box for one member and kind. Sealing twice gives
// two different boxes. An unknown kind, and a number that is empty or longer
// than any, is fault.Invalid; a failing source of randomness fault.Internal.
func (v *Vault) Seal(member string, kind Kind, plain string) ([]byte, error) {
	if !kind.known() {
		return nil, fault.New(fault.Invalid, "不认得“%s”这种号码", string(kind))
	}
	if plain == "" || len(plain) > maxPlain {
		return nil, fault.New(fault.Invalid, "%s要有 1 到 %d 个字符", string(kind), maxPlain)
	}
	k := &v.keys[len(v.keys)-1]
	head := []byte{version}
	if n := len(v.keys); n > 1 {
		head = []byte{versionOf, byte(n)} //nolint:gosec // at most MaxKeys
	}
	nonce := make([]byte, nonceSize)
	if _, err := io.ReadFull(v.random, nonce); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "取不到随机数")
	}
	return k.box.Seal(append(head, nonce...), nonce, []byte(plain), owner(member, kind)), nil
}

// Open returns the number in a box. A box that was altered, that belongs to
// another member or kind, or that was sealed under another key is
// fault.Internal: no person at a screen can mend it.
func (v *Vault) Open(member string, kind Kind, box []byte) (string, error) {
	generation, rest := generationOf(box)
	if generation == 0 || generation > len(v.keys) || len(rest) < nonceSize || !kind.known() {
		return "", shut(kind, nil)
	}
	plain, err := v.keys[generation-1].box.Open(nil, rest[:nonceSize], rest[nonceSize:], owner(member, kind))
	if err != nil {
		return "", shut(kind, err)
	}
	return string(plain), nil
}

func shut(kind Kind, cause error) error {
	return fault.Wrap(cause, fault.Internal, "加密保存的%s打不开：密钥不是当初那一把，或者数据被改动过", string(kind)).
		WithHint("请管理员核对密钥文件，必要时从备份恢复")
}

// Seek returns the keyed hash by which an exact number is found under the last key, equal
// for all ways of writing it; nil for a text without any digit or letter, so that
// searching for nothing finds nobody.
func (v *Vault) Seek(kind Kind, plain string) []byte {
	number := normal(kind, plain)
	if number == "" {
		return nil
	}
	return v.keys[len(v.keys)-1].sought(kind, number)
}

// Seeks returns the keyed hashes of an exact number under every key, so that it is found
// also where it is not sealed anew yet; none for a text as Seek has none for.
func (v *Vault) Seeks(kind Kind, plain string) (out [][]byte) {
	number := normal(kind, plain)
	if number == "" {
		return nil
	}
	for i := range v.keys {
		out = append(out, v.keys[i].sought(kind, number))
	}
	return out
}

func (k *keys) sought(kind Kind, number string) []byte {
	mac := hmac.New(sha256.New, k.seek)
	mac.Write([]byte(string(kind) + "\x00" + number))
	return mac.Sum(nil)
}

// owner binds a box to its place. The kind comes first and holds no zero byte,
// so no two places look alike whatever the member's id is.
func owner(member string, kind Kind) []byte {
	return []byte("jifen box\x00" + string(kind) + "\x00" + member)
}

func (k Kind) known() bool { return k == Identity || k == Phone }
