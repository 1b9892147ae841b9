package scoring

import (
	"slices"

	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/ruleset"
)

// entryRange is the range of points that one more entry of an item may be worth before limits, on the
// standing's day.
type entryRange struct {
	most, least domain.Points
	steps       *ruleset.Steps // where entries earn by what their window has come to
}

func (o *entryRange) adds() bool    { return o.most > 0 }
func (o *entryRange) deducts() bool { return o.least < 0 }

// maxVariants bounds the number of ways to fill in an item's fields that are tried.
const maxVariants = 256

// rangeOf returns what one more entry of an item may be worth, nil where none can be
// recorded of the member now or its worth is unknown.
func (p *projection) rangeOf(item int) *entryRange {
	it, seg := &p.run.book.Items[item], p.run.segmentAt(p.run.day)
	if !it.Amount.Set() || it.Block < 0 || it.Auto != nil || it.Season != nil {
		return nil
	}
	if x := seg.exemption; x >= 0 && slices.Contains(p.run.book.Exemptions[x].Items, item) {
		return nil
	}
	p.env.item = it
	defer func() { p.env.item, p.env.fields, p.env.points = nil, nil, 0 }()
	var out *entryRange
	for _, fields := range variants(it) {
		p.env.fields = fields
		if it.Applies.Set() && !it.Applies.Holds(p.run.day, p.env) {
			continue
		}
		lo, hi, steps, ok := p.worth(it)
		if !ok {
			continue
		}
		if out == nil {
			out = &entryRange{}
		}
		out.most, out.least = max(out.most, hi), min(out.least, lo)
		if steps != nil {
			out.steps = steps
		}
	}
	return out
}

// worth returns the bounds of what an entry with the fields of the env is worth.
func (p *projection) worth(it *ruleset.Item) (lo, hi domain.Points, steps *ruleset.Steps, ok bool) {
	amount, _, ok := it.Amount.At(p.run.day, p.env)
	if !ok {
		return 0, 0, nil, false
	}
	low, high := formula.Int(0), formula.Int(0)
	switch amount.Kind {
	case ruleset.Fixed:
		low = formula.Hundredths(int64(amount.Points))
		high = low
	case ruleset.Range:
		low, high = formula.Hundredths(int64(amount.Lo)), formula.Hundredths(int64(amount.Hi))
	case ruleset.Computed:
		if low, ok = amount.Formula.Eval(p.env); !ok {
			return 0, 0, nil, false
		}
		low = bounded(low)
		high = low
	case ruleset.Stepped:
		steps = amount.Steps
		high = formula.Hundredths(int64(steps.Of(formula.Hundredths(int64(domain.MaxPoints)))))
	}
	if it.Multiplier.Set() {
		if by, _, set := it.Multiplier.At(p.run.day, p.env); set {
			f, known := by.Eval(p.env)
			if !known {
				return 0, 0, nil, false
			}
			low, high = bounded(low.Mul(f)), bounded(high.Mul(f))
		}
	}
	points := func(n formula.Number) domain.Points {
		return domain.Points(n.Round(p.run.book.Decimals, p.run.book.Rounding))
	}
	return points(low), points(high), steps, true
}

// variants returns the ways to fill in an item's fields that may make a
// difference: every option, yes and no, and both ends of numbers.
func variants(it *ruleset.Item) [][]domain.Field {
	out := [][]domain.Field{nil}
	for i := range it.Fields {
		f := &it.Fields[i]
		var values []domain.Value
		switch f.Type {
		case ruleset.Options:
			for _, o := range f.Options {
				values = append(values, domain.Value{Text: o})
			}
		case ruleset.YesNo:
			values = []domain.Value{{Number: 1}, {}}
		case ruleset.Decimal:
			values = []domain.Value{{Number: f.Hi}, {Number: f.Lo}}
		default:
			continue
		}
		var next [][]domain.Field
		for _, v := range values {
			for _, have := range out {
				next = append(next, append(slices.Clone(have), domain.Field{Name: f.Name, Value: v}))
			}
		}
		if out = next; len(out) > maxVariants {
			out = out[:maxVariants]
		}
	}
	return out
}
