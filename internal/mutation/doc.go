// Package mutation proves that the worked cases hold the rule files that ship.
//
// Its test takes every shipped file, makes every single mistake of a list of
// operators (two rows exchanged, a threshold moved, a limit left out, a window
// changed, a full-width comma …) and looks whether somebody notices: the loader
// refuses the file or warns, or a worked case comes out wrong. What nobody
// notices is a survivor, unless testdata/equivalent.txt says why no record of a
// member could tell the two files apart.
//
// The package has no code of its own: source_test.go finds places in the text,
// operators_test.go and names_test.go make the mutants, shipped_test.go judges
// them.
package mutation
