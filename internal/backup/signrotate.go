package backup

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"io/fs"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"jifen/internal/fault"
)

// SigningKeys returns how many keys have signed the roots of a database, 0 where none was made,
// and whether replacing one was broken off. fault.Unavailable for one that is not the other half
// of the public one; a key that was put away is not missed.
func SigningKeys(database string) (n int, unfinished bool, err error) {
	keys, err := PublicKeys(PublicKeyPath(database), "")
	if err != nil || keys == nil {
		return 0, false, err
	}
	list, err := signers(database)
	return keys.Count(), len(list) > 1, err
}

// ReplaceSignKey lets the roots of a database be signed under another key from now on, or goes on
// with what was begun. The public file keeps the one before, and a note under it that names the
// new one. Whatever ends it in between, roots are signed under one of the two: first both
// stand in the file of the secret one, then the public file says which, then the old one goes.
func (w World) ReplaceSignKey(database string) error {
	list, err := signers(database)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return fault.New(fault.Unavailable, "没有签名的钥匙 %s", SignKeyPath(database)).
			WithHint("另放着的，先取回来再换；还没有写过根的，用 jifen verify --write-root 写一个就有了")
	}
	public := PublicKeyPath(database)
	keys, err := PublicKeys(public, "")
	if err != nil {
		return err
	}
	if keys == nil {
		return fault.New(fault.Unavailable, "没有公钥文件 %s", public).WithHint("从另存的地方取回来，换的时候要在里面写一笔")
	}
	now := list[0]
	if len(list) > 1 && keys.knows(list[1]) { // only the old one is still there
		return replaceKey(SignKeyPath(database), now.text+"\n")
	}
	next, nextPublic, err := w.nextSignKey(database, list)
	if err != nil {
		return err
	}
	number, err := lastNumber(RootsPath(database))
	if err != nil {
		return err
	}
	change, err := changeText(now, next, nextPublic, number, w.Now())
	if err != nil {
		return fault.Wrap(err, fault.Internal, "换钥匙的一笔没有签成")
	}
	text, err := keyText(public)
	if err == nil {
		err = replaceKey(public, text+"\n\n"+change)
	}
	if err != nil {
		return err
	}
	return replaceKey(SignKeyPath(database), next.text+"\n")
}

// knows reports whether a key that signs is one of the ring.
func (r *KnownKeys) knows(s note.Signer) bool {
	for _, k := range r.keys {
		if k.same(s) {
			return true
		}
	}
	return false
}

// nextSignKey returns the key that follows, which stands behind the present one in its file.
func (w World) nextSignKey(database string, list []signing) (next signing, public string, err error) {
	if len(list) > 1 {
		next = list[1]
	} else {
		text, _, err := drawSignKey(w.Random)
		if err != nil {
			return next, "", err
		}
		s, err := note.NewSigner(text)
		if err != nil {
			return next, "", fault.Wrap(err, fault.Internal, "签名的钥匙没有做成")
		}
		next = signing{s, text}
		if err := replaceKey(SignKeyPath(database), list[0].text+"\n"+text+"\n"); err != nil {
			return next, "", err
		}
	}
	public, err = publicOf(next)
	return next, public, err
}

// lastNumber returns the highest number of the signed roots in a file, 0 without any.
func lastNumber(path string) (number int64, err error) {
	err = EachRoot(path, func(_ int, r *Root) error {
		if r != nil && r.Note != nil {
			number = max(number, r.Note.Number)
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return number, err
}

// publicOf returns the public half of a key that signs, as it stands in its file.
func publicOf(secret signing) (string, error) {
	parts := strings.SplitN(secret.text, "+", 5) // PRIVATE, KEY, name, hash, and the key, in which + may stand
	raw, err := base64.StdEncoding.DecodeString(parts[len(parts)-1])
	if err != nil || len(raw) != 1+ed25519.SeedSize {
		return "", fault.Wrap(err, fault.Internal, "签名的钥匙没有做成")
	}
	public, _ := ed25519.NewKeyFromSeed(raw[1:]).Public().(ed25519.PublicKey)
	return note.NewEd25519VerifierKey(secret.Name(), public)
}
