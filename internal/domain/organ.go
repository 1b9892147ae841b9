package domain

import (
	"slices"
	"strings"
)

// Organ (机构) is a body that records, agrees or answers for something: its name
// as the rules write it and, for one that a rule file declares, where it acts:
// 镇党委@街道. One outside the program has no account: 县委组织部@外部, and once it is
// asked the level that keeps its document stands behind: 县委组织部@外部街道.
type Organ string

// outside is the word for an organ that is no part of the tree.
const outside = "外部"

// Organs that agree to a transfer between communities: that of the branch to which a member
// goes, or that of the one which he leaves.
const (
	Receiving Organ = "转入方社区党委@社区"
	Releasing Organ = "转出方社区党委@社区"
)

// applying (本人申请) is a step that handing something in takes.
const applying Organ = "本人申请"

// builtInOrgans are the organs that every rule file knows, with the level at
// which each acts. What a meeting or a committee of a branch resolved is recorded
// by the branch's secretary.
func builtInOrgans() []Organ {
	return []Organ{applying, "支部书记", "支部委员会", "支部党员大会", "党小组", "党总支", "社区党委", "街道党工委"}
}

// OrganNames returns the names of the organs that every rule file knows.
func OrganNames() []string { return NamesOf(builtInOrgans()) }

// NamesOf returns the organs' names, as they are told to people.
func NamesOf(list []Organ) []string {
	if list == nil {
		return nil
	}
	out := make([]string, len(list))
	for i, o := range list {
		out[i] = o.Name()
	}
	return out
}

// OrganPlaces returns the words that say where a declared organ acts.
func OrganPlaces() []string {
	var out []string
	for l := Branch; l < Levels; l++ {
		out = append(out, l.String())
	}
	return append(out, outside)
}

// DeclaredOrgan returns an organ that acts at a place, one of OrganPlaces.
func DeclaredOrgan(name, place string) Organ { return Organ(name + "@" + place) }

// Name is the organ's name.
func (o Organ) Name() string {
	name, _, _ := strings.Cut(string(o), "@")
	return name
}

// Asked reports whether the organ is one to be asked; 本人申请 is not.
func (o Organ) Asked() bool { return o != applying }

// Outside reports whether the organ is outside the program: what it decides
// stands in a document.
func (o Organ) Outside() bool {
	_, place, _ := strings.Cut(string(o), "@")
	return strings.HasPrefix(place, outside)
}

// Level is the level at which the organ acts; of one outside, the level that
// keeps its document.
func (o Organ) Level() Level {
	name, place, _ := strings.Cut(string(o), "@")
	if l, ok := LevelOf(strings.TrimPrefix(place, outside)); ok {
		return l
	}
	switch {
	case slices.Contains([]string{"党总支", "社区党委"}, name):
		return Community
	case name == "街道党工委":
		return Street
	default:
		return Branch
	}
}

// KeptAt returns an organ outside with the level that keeps its document.
func (o Organ) KeptAt(l Level) Organ { return DeclaredOrgan(o.Name(), outside+l.String()) }
