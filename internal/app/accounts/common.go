package accounts

import (
	_ "embed" // the commonest passwords
	"strings"

	"jifen/internal/domain"
)

//go:embed common.txt
var commonest string

// common reports whether a password is among the commonest, or is one of them with a few
// digits or signs behind it, whatever the case of its letters.
func common(password string) bool {
	plain := strings.ToLower(domain.Narrow(password))
	stem := strings.TrimRight(plain, "0123456789.!@#$%^&*_-+~? ")
	for word := range strings.Lines(commonest) {
		if word = strings.TrimSpace(word); word != "" && (plain == word || stem == word) {
			return true
		}
	}
	return sequence(plain)
}

// sequence reports whether each character follows its neighbour on the keyboard's rows, in
// the alphabet or among the digits, forwards or backwards.
func sequence(plain string) bool {
	for _, row := range []string{"0123456789012345", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm",
		"1qaz2wsx3edc4rfv5tgb6yhn7ujm",
		"1q2w3e4r5t6y7u8i9o0p"} {
		if plain != "" && (strings.Contains(row, plain) || strings.Contains(row, reversed(plain))) {
			return true
		}
	}
	return false
}

// reversed returns a text from its end.
func reversed(text string) string {
	out := []rune(text)
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return string(out)
}
