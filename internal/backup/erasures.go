package backup

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// maxErasure bounds a line of a list of erasures.
const maxErasure = 64 << 10

// ErasuresPath returns where it is written down outside a database who was erased in it, so
// that a copy of earlier does not bring anybody back.
func ErasuresPath(database string) string { return store.FileName(database) + ".erased" }

// ListErasures writes the erasures of a database that the list does not have yet behind it:
// instant, number, proof and reason.
func ListErasures(ctx context.Context, db *store.DB, path string) error {
	var all []domain.PersonErasure
	err := db.Read(ctx, func(v *store.Snapshot) (err error) { all, err = v.PersonErasures(); return err })
	if err != nil || len(all) == 0 {
		return err
	}
	listed, err := ReadErasures(path)
	if err != nil {
		return err
	}
	have := map[string]bool{}
	for i := range listed {
		have[erasureLine(&listed[i])] = true
	}
	var missing strings.Builder
	for i := range all {
		if line := erasureLine(&all[i]); !have[line] {
			missing.WriteString(line)
		}
	}
	if missing.Len() == 0 {
		return nil
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return fault.Unwritable(path, err)
	}
	Tighten(file)
	_, err = file.WriteString(missing.String())
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fault.Unwritable(path, err)
	}
	return nil
}

// erasureLine is a line of the list.
func erasureLine(e *domain.PersonErasure) string {
	return fmt.Sprintf("%s\t%s\t%x\t%s\n", e.At.UTC().Format(time.RFC3339Nano), e.Member, e.Proof, e.Reason)
}

// ReadErasures reads a list of erasures; none is there where nobody was erased. A line that
// cannot be read is fault.Invalid, for whom it names would come back.
func ReadErasures(path string) (out []domain.PersonErasure, err error) {
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.Unreadable(path, err)
	}
	defer func() { _ = file.Close() }() // nothing was written
	Tighten(file)
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, maxErasure)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		e, ok := parseErasure(lines.Text())
		if !ok {
			return nil, fault.New(fault.Invalid, "%s 第 %d 行不是删除名单的一行", path, n).
				WithHint("换一份没有坏的名单；不要删去它，不然删过的人会回来")
		}
		out = append(out, e)
	}
	if err := lines.Err(); err != nil {
		return nil, fault.Unreadable(path, err)
	}
	return out, nil
}

func parseErasure(line string) (e domain.PersonErasure, ok bool) {
	parts := strings.Split(line, "\t")
	if len(parts) != 4 || parts[1] == "" {
		return e, false
	}
	at, err1 := time.Parse(time.RFC3339Nano, parts[0])
	proof, err2 := hex.DecodeString(parts[2])
	return domain.PersonErasure{Member: domain.MemberID(parts[1]), Proof: proof, Reason: parts[3], At: at},
		err1 == nil && err2 == nil && len(proof) > 0
}
