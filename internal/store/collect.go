package store

// collect returns the rows of a query, each as the noun that it is.
func collect[R, T any](v *Snapshot, noun func(*R) T, query string, args ...any) ([]T, error) {
	var rows []R
	err := v.all(&rows, query, args...)
	out := make([]T, len(rows))
	for i := range rows {
		out[i] = noun(&rows[i])
	}
	return out, err
}
