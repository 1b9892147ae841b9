package standings

import (
	"jifen/internal/domain"
	"jifen/internal/formula"
)

// Mean returns the mean total of those who are scored, rounded half up to one
// place; ok is false if nobody is.
func Mean(rows []Row) (mean domain.Points, ok bool) {
	var sum domain.Points
	n := int64(0)
	for i := range rows {
		if st := &rows[i].Standing; st.Scored {
			sum += st.Total
			n++
		}
	}
	q, ok := formula.Hundredths(int64(sum)).Quo(formula.Int(n))
	if !ok {
		return 0, false
	}
	return domain.Points(q.Round(1, formula.HalfUp)), true
}
