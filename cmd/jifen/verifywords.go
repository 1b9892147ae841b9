package main

import (
	"fmt"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// chainNames are the names of the organisations, whose chains they are.
func chainNames(v *store.Snapshot) (map[domain.OrgID]string, error) {
	orgs, err := v.Orgs(access.System("the organisation of a broken chain is named"), "")
	names := map[domain.OrgID]string{}
	for _, o := range orgs {
		names[o.ID] = o.Name
	}
	return names, err
}

func chainName(names map[domain.OrgID]string, chain domain.OrgID) string {
	switch name, ok := names[chain]; {
	case store.OfTrail(chain):
		return "审计"
	case ok:
		return "“" + name + "”的链"
	default:
		return "组织 " + string(chain) + " 的链"
	}
}

// breakWords says one break in a line.
func breakWords(names map[domain.OrgID]string, b *domain.ChainBreak) string {
	row := fmt.Sprintf("%s第 %d 行", store.EntryKindWord(b.Kind), b.Row)
	if b.Kind == store.HeadKind {
		return chainName(names, b.Chain) + "：" + b.Why
	}
	if b.Chain == "" || store.OfTrail(b.Chain) {
		return row + "：" + b.Why
	}
	return fmt.Sprintf("%s第 %d 环（%s）：%s", chainName(names, b.Chain), b.Seq, row, b.Why)
}
