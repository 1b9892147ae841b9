// Package rules carries the rule files that ship, with their worked cases, into
// the binary. What they mean is read by internal/ruleset and
// internal/ruletest; README.md beside them tells their authors how.
package rules

import "embed"

// Files holds *.yaml, cases/*.yaml and 补充/*.yaml.
//
//go:embed *.yaml cases/*.yaml 补充/*.yaml
var Files embed.FS
