package backup

import (
	"bytes"
	"encoding/hex"
	"strings"
	"time"

	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// SignMonth returns what is kept of a month of the trail that is dropped: a line with where its
// chain ended, as in a file of roots, and below it the note, signed under the key of the database.
// fault.Unavailable where that key was put away.
func SignMonth(database string, m *domain.TrailMonth, at time.Time) (string, error) {
	key, err := signer(database)
	if err != nil {
		return "", err
	}
	if key == nil {
		return "", fault.New(fault.Unavailable, "没有签名的钥匙 %s，留下的根签不了", SignKeyPath(database)).
			WithHint("从另存的地方取回来，清理完再放开")
	}
	r := &Root{At: at.Format(time.RFC3339), Hash: hex.EncodeToString(store.Root(nil)),
		Heads: []domain.ChainHead{{Chain: m.Chain(), Seq: m.Lines, Hash: m.Hash}}}
	if err := r.sign(key, 0, noFirst); err != nil {
		return "", fault.Wrap(err, fault.Internal, "根没有签成")
	}
	return r.String() + "\n" + r.Note.Text, nil
}

// WrongMonth returns what is wrong with what is kept of a month that was dropped, "" for nothing. Who
// has signed is not asked without a key.
func WrongMonth(d *domain.TrailDrop, key *KnownKeys) string {
	line, text, _ := strings.Cut(d.Note, "\n")
	r, ok := parseRoot(line)
	if ok {
		r.Note, ok = r.parseNote(text)
	}
	switch {
	case !ok || len(r.Heads) != 1:
		return "写得不对，或被改过"
	case r.Heads[0].Chain != d.Chain() || r.Heads[0].Seq != d.Lines || !bytes.Equal(r.Heads[0].Hash, d.Hash):
		return "不是这个月的"
	case key != nil:
		return key.wrong(r.Note)
	}
	return ""
}
