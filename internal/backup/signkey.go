package backup

import (
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"jifen/internal/fault"
)

// SignKeyPath returns where the key lies under which the roots of a database are signed.
func SignKeyPath(database string) string {
	return strings.TrimSuffix(RootsPath(database), roots) + ".signkey"
}

// PublicKeyPath returns where the keys lie by which signed roots are known. They are no
// secret: a copy elsewhere tells when somebody has signed with another one.
func PublicKeyPath(database string) string { return SignKeyPath(database) + ".pub" }

// makeSignKey makes the two keys of a database that has none. Where only the public one is
// left, the other was put away, and none is made.
func makeSignKey(database string, random io.Reader) error {
	for _, path := range [...]string{SignKeyPath(database), PublicKeyPath(database)} {
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return nil // what is wrong with it is told by who reads it
		}
	}
	secret, public, err := drawSignKey(random)
	if err != nil {
		return err
	}
	if err := writeKey(PublicKeyPath(database), public+"\n"); err != nil {
		return err
	}
	return writeKey(SignKeyPath(database), secret+"\n")
}

// drawSignKey draws two keys as they stand in their files.
func drawSignKey(random io.Reader) (secret, public string, err error) {
	var id [4]byte
	if _, err := io.ReadFull(random, id[:]); err != nil {
		return "", "", fault.Wrap(err, fault.Internal, "取不到随机数")
	}
	secret, public, err = note.GenerateKey(random, origins+hex.EncodeToString(id[:]))
	if err != nil {
		return "", "", fault.Wrap(err, fault.Internal, "签名的钥匙没有做成")
	}
	return secret, public, nil
}

// signer returns the key under which the roots of a database are signed; nil where there is
// none.
func signer(database string) (note.Signer, error) {
	list, err := signers(database)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0].Signer, nil
}

// signing is a key that signs, as it stands in its file.
type signing struct {
	note.Signer
	text string
}

// signers returns the keys in the file of the one that signs, that one first: the last of the
// public ones has its name. Another one is there where replacing it was broken off.
func signers(database string) (list []signing, err error) {
	path := SignKeyPath(database)
	text, err := keyText(path)
	if err != nil || text == "" {
		return nil, err
	}
	if err := OwnersOnly(path); err != nil {
		return nil, err
	}
	keys, err := PublicKeys(PublicKeyPath(database), "")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		s, err := note.NewSigner(line)
		if err != nil || len(list) == 2 {
			return nil, fault.New(fault.Unavailable, "签名的钥匙 %s 的内容不对", path).WithHint("从另存的地方取回原来的那一份")
		}
		list = append(list, signing{s, line})
	}
	if keys == nil && len(list) == 1 {
		return list, nil
	}
	for i, s := range list {
		if keys != nil && keys.last().same(s) {
			list[0], list[i] = list[i], list[0]
			return list, nil
		}
	}
	return nil, fault.New(fault.Unavailable, "签名的钥匙 %s 和公钥 %s 不是一对", path, PublicKeyPath(database)).
		WithHint("换过钥匙的，两个文件都换成新的；或者从另存的地方取回原来的一对")
}

// keyText reads a key file without blanks at its ends; "" where there is no such file.
func keyText(path string) (string, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fault.Unreadable(path, err)
	}
	defer func() { _ = f.Close() }() // nothing was written
	text, err := io.ReadAll(io.LimitReader(f, maxPublic))
	if err != nil {
		return "", fault.Unreadable(path, err)
	}
	if text := strings.TrimSpace(string(text)); text != "" {
		return text, nil
	}
	return "", fault.New(fault.Unavailable, "%s 是空文件", path).WithHint("从另存的地方取回原来的那一份")
}
