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

// The box: version, nonce, then what AES-256-GCM makes of the number. A further
// way of sealing would take the next version.
const (
	version   = 1
	nonceSize = 12
)

// Vault seals and opens numbers under one master key. It may be used by several
// goroutines at once if its source of randomness may, as crypto/rand's can.
type Vault struct {
	box    cipher.AEAD
	seek   []byte
	chain  []byte
	random io.Reader
}

// New makes a Vault from a master key; random gives the nonces. A key of another
// length than KeySize, or of zeros only, as a file that nobody filled holds, is
// fault.Invalid.
func New(master []byte, random io.Reader) (*Vault, error) {
	if len(master) != KeySize {
		return nil, fault.New(fault.Invalid, "密钥是 %d 字节，应当是 %d 字节", len(master), KeySize).WithHint("用原来的密钥文件，或从备份里取回")
	}
	if hmac.Equal(master, make([]byte, KeySize)) {
		return nil, fault.New(fault.Invalid, "密钥全是零").WithHint("用原来的密钥文件，或从备份里取回")
	}
	// A key for each use: what is learnt about one says nothing of the others.
	sealing, err1 := hkdf.Key(sha256.New, master, nil, "jifen seal 1", 32)
	seeking, err2 := hkdf.Key(sha256.New, master, nil, "jifen seek 1", 32)
	chain, err3 := hkdf.Key(sha256.New, master, nil, "jifen chain 1", 32)
	if err1 != nil || err2 != nil || err3 != nil {
		return nil, fault.New(fault.Internal, "推算密钥出错")
	}
	block, err := aes.NewCipher(sealing)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "推算密钥出错")
	}
	box, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "推算密钥出错")
	}
	return &Vault{box: box, seek: seeking, chain: chain, random: random}, nil
}

// ChainKey returns the key under which the entries of the chains are authenticated.
func (v *Vault) ChainKey() []byte { return bytes.Clone(v.chain) }

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
	box := make([]byte, 1+nonceSize, 1+nonceSize+len(plain)+v.box.Overhead())
	box[0] = version
	if _, err := io.ReadFull(v.random, box[1:]); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "取不到随机数")
	}
	return v.box.Seal(box, box[1:], []byte(plain), owner(member, kind)), nil
}

// Open returns the number in a box. A box that was altered, that belongs to
// another member or kind, or that was sealed under another key is
// fault.Internal: no person at a screen can mend it.
func (v *Vault) Open(member string, kind Kind, box []byte) (string, error) {
	if len(box) < 1+nonceSize+v.box.Overhead() || box[0] != version || !kind.known() {
		return "", shut(kind, nil)
	}
	plain, err := v.box.Open(nil, box[1:1+nonceSize], box[1+nonceSize:], owner(member, kind))
	if err != nil {
		return "", shut(kind, err)
	}
	return string(plain), nil
}

func shut(kind Kind, cause error) error {
	return fault.Wrap(cause, fault.Internal, "加密保存的%s打不开：密钥不是当初那一把，或者数据被改动过", string(kind)).
		WithHint("请管理员核对密钥文件，必要时从备份恢复")
}

// Seek returns the keyed hash by which an exact number is found, equal for all
// ways of writing it; nil for a text without any digit or letter, so that
// searching for nothing finds nobody.
func (v *Vault) Seek(kind Kind, plain string) []byte {
	number := normal(kind, plain)
	if number == "" {
		return nil
	}
	mac := hmac.New(sha256.New, v.seek)
	mac.Write([]byte(string(kind) + "\x00" + number))
	return mac.Sum(nil)
}

// owner binds a box to its place. The kind comes first and holds no zero byte,
// so no two places look alike whatever the member's id is.
func owner(member string, kind Kind) []byte {
	return []byte("jifen box\x00" + string(kind) + "\x00" + member)
}

func (k Kind) known() bool { return k == Identity || k == Phone }
