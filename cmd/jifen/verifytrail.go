package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"jifen/internal/backup"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// shownUnlined bounds how many rows of a kind are named of which the trail has no line: where a month of
// it was taken away there are thousands.
const shownUnlined = 3

// trail looks for rows of which the trail has no line, and at what is kept of the months that were
// dropped.
func (k *verifyCommand) trail(v *store.Snapshot, f *survey) error {
	lacking, err := v.Unlined()
	told := map[string]int{}
	for i := range lacking {
		b := &lacking[i]
		if told[b.Kind]++; told[b.Kind] <= shownUnlined {
			f.wrong = append(f.wrong, breakWords(f.names, b))
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(told)) {
		if more := told[kind] - shownUnlined; more > 0 {
			f.wrong = append(f.wrong, fmt.Sprintf("%s另有 %d 行，审计里也没有", store.EntryKindWord(kind), more))
		}
	}
	if err := f.note("是不是每一行都有审计，没有查成", err); err != nil {
		return err
	}
	drops, err := v.TrailDrops()
	if err := f.note("清理了的审计没有查成", err); err != nil {
		return err
	}
	key, err := k.publicKeys()
	if err != nil {
		return err
	}
	for i := range drops {
		d := &drops[i]
		if why := backup.WrongMonth(d, key); why != "" {
			f.wrong = append(f.wrong, fmt.Sprintf("%s：留下的根%s", monthWords(f.names, &d.TrailMonth), why))
		}
		f.drops += fmt.Sprintf("%s已经清理：%d 行，留着月末的根，没有查里面的\n", monthWords(f.names, &d.TrailMonth), d.Lines)
	}
	return nil
}

// monthWords names a month of the trail of a street.
func monthWords(names map[domain.OrgID]string, m *domain.TrailMonth) string {
	if m.Street == "" {
		return "不属于哪个街道的 " + m.Month + " 的审计"
	}
	return "“" + strings.TrimSpace(names[m.Street]) + "”" + m.Month + " 的审计"
}
