package backup

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"encoding/hex"

	"jifen/internal/fault"
)

// SignKeyPath returns where the key lies under which the roots of a database are signed.
func SignKeyPath(database string) string {
	return strings.TrimSuffix(RootsPath(database), roots) + ".signkey"
}

// PublicKeyPath returns where the key lies by which signed roots are known. It is no
// secret: a copy of it elsewhere tells when somebody has signed with another one.
func PublicKeyPath(database string) string { return SignKeyPath(database) + ".pub" }

// makeSignKey makes the two keys of a database that has none. Where only the public one is
// left, the other was put away, and none is made.
func makeSignKey(database string, random io.Reader) error {
	for _, path := range [...]string{SignKeyPath(database), PublicKeyPath(database)} {
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return nil // what is wrong with it is told by who reads it
		}
	}
	var id [4]byte
	if _, err := io.ReadFull(random, id[:]); err != nil {
		return fault.Wrap(err, fault.Internal, "取不到随机数")
	}
	secret, public, err := note.GenerateKey(random, origins+hex.EncodeToString(id[:]))
	if err != nil {
		return fault.Wrap(err, fault.Internal, "签名的钥匙没有做成")
	}
	if err := writeKey(PublicKeyPath(database), public+"\n"); err != nil {
		return err
	}
	return writeKey(SignKeyPath(database), secret+"\n")
}

// signer returns the key under which the roots of a database are signed; nil where there is
// none.
func signer(database string) (note.Signer, error) {
	path := SignKeyPath(database)
	text, err := keyLine(path)
	if err != nil || text == "" {
		return nil, err
	}
	if err := OwnersOnly(path); err != nil {
		return nil, err
	}
	s, err := note.NewSigner(text)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "签名的钥匙 %s 的内容不对", path).WithHint("从另存的地方取回原来的那一份")
	}
	return s, nil
}

// Verifier holds a public key.
type Verifier = note.Verifier

// PublicKey reads a public key; nil where there is no such file.
func PublicKey(path string) (Verifier, error) {
	text, err := keyLine(path)
	if err != nil || text == "" {
		return nil, err
	}
	v, err := note.NewVerifier(text)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "公钥文件 %s 的内容不对", path).WithHint("从另存的地方取回原来的那一份")
	}
	return v, nil
}

// keyLine reads the one line of a key file; "" where there is no such file.
func keyLine(path string) (string, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fault.Unreadable(path, err)
	}
	defer func() { _ = f.Close() }() // nothing was written
	text, err := io.ReadAll(io.LimitReader(f, 1000))
	if err != nil {
		return "", fault.Unreadable(path, err)
	}
	if line := strings.TrimSpace(string(text)); line != "" {
		return line, nil
	}
	return "", fault.New(fault.Unavailable, "%s 是空文件", path).WithHint("从另存的地方取回原来的那一份")
}
