package calendar

import "time"

// instant writes UTC with milliseconds, which sort as text.
const instant = "2006-01-02T15:04:05.000Z"

// Instant writes an instant as it is stored.
func Instant(t time.Time) string { return t.UTC().Format(instant) }

// ParseInstant reads a stored instant.
func ParseInstant(s string) (time.Time, error) { return time.Parse(instant, s) }
