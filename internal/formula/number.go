package formula

import (
	"math"
	"math/big"
	"math/bits"
)

// Number is an exact rational. Small ones live in two machine words; what no
// longer fits moves to math/big by itself, so no operation ever loses a digit.
// The zero Number is 0.
type Number struct {
	num int64
	den int64 // 0 stands for 1, so that the zero value is a number
	big *big.Rat
}

// Int returns the whole number n.
func Int(n int64) Number { return Number{num: n, den: 1} }

// Hundredths returns n/100: how points, hours and amounts are kept.
func Hundredths(n int64) Number {
	if n%100 == 0 {
		return Number{num: n / 100, den: 1}
	}
	return small(n, 100)
}

func (a Number) parts() (num, den int64) {
	if a.den == 0 {
		return a.num, 1
	}
	return a.num, a.den
}

func (a Number) rat() *big.Rat {
	if a.big != nil {
		return a.big
	}
	n, d := a.parts()
	return big.NewRat(n, d)
}

// Add returns a + b.
func (a Number) Add(b Number) Number {
	if a.big == nil && b.big == nil {
		an, ad := a.parts()
		bn, bd := b.parts()
		x, ok1 := mul(an, bd)
		y, ok2 := mul(bn, ad)
		d, ok3 := mul(ad, bd)
		if s, ok4 := add(x, y); ok1 && ok2 && ok3 && ok4 {
			return small(s, d)
		}
	}
	return fromRat(new(big.Rat).Add(a.rat(), b.rat()))
}

// Sub returns a − b.
func (a Number) Sub(b Number) Number { return a.Add(b.Neg()) }

// Neg returns −a.
func (a Number) Neg() Number {
	if a.big == nil && a.num != math.MinInt64 {
		n, d := a.parts()
		return Number{num: -n, den: d}
	}
	return fromRat(new(big.Rat).Neg(a.rat()))
}

// Mul returns a × b.
func (a Number) Mul(b Number) Number {
	if a.big == nil && b.big == nil {
		an, ad := a.parts()
		bn, bd := b.parts()
		n, ok1 := mul(an, bn)
		d, ok2 := mul(ad, bd)
		if ok1 && ok2 {
			return small(n, d)
		}
	}
	return fromRat(new(big.Rat).Mul(a.rat(), b.rat()))
}

// Quo returns a ÷ b; ok is false if b is 0.
func (a Number) Quo(b Number) (q Number, ok bool) {
	if b.Sign() == 0 {
		return Number{}, false
	}
	if b.big == nil && b.num != math.MinInt64 {
		bn, bd := b.parts()
		if bn < 0 {
			bn, bd = -bn, -bd
		}
		return a.Mul(Number{num: bd, den: bn}), true
	}
	return a.Mul(fromRat(new(big.Rat).Inv(b.rat()))), true
}

// Sign returns −1, 0 or 1.
func (a Number) Sign() int {
	if a.big != nil {
		return a.big.Sign()
	}
	switch {
	case a.num < 0:
		return -1
	case a.num > 0:
		return 1
	}
	return 0
}

// Cmp returns −1, 0 or 1 as a is less than, equal to or greater than b.
func (a Number) Cmp(b Number) int {
	if a.big == nil && b.big == nil {
		an, ad := a.parts()
		bn, bd := b.parts()
		x, y, ok1, ok2 := an, bn, true, true
		if ad != bd {
			x, ok1 = mul(an, bd)
			y, ok2 = mul(bn, ad)
		}
		if ok1 && ok2 {
			switch {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return 0
		}
	}
	return a.rat().Cmp(b.rat())
}

// Trunc returns a without its fraction, towards zero (取整).
func (a Number) Trunc() Number {
	if a.big == nil {
		n, d := a.parts()
		return Int(n / d)
	}
	q := new(big.Int).Quo(a.big.Num(), a.big.Denom())
	return fromRat(new(big.Rat).SetInt(q))
}

// Rounding (舍入) says what happens to what lies beyond the last decimal kept.
type Rounding uint8

// The ways of rounding. All work on the absolute value, so −0.5 mirrors 0.5.
const (
	HalfUp   Rounding = iota // 四舍五入: half away from zero
	HalfEven                 // 四舍六入五成双: half to the even neighbour
	Down                     // 舍去: towards zero
)

// Round returns a in hundredths, kept to the given decimals (0, 1 or 2).
// Values beyond int64 saturate; rule files are checked so that none arises.
func (a Number) Round(decimals int, how Rounding) int64 {
	scale, unit := int64(1), int64(100)
	for range decimals {
		scale, unit = scale*10, unit/10
	}
	n, d := a.parts()
	if a.big == nil {
		if d == 1 {
			if v, ok := mul(n, 100); ok {
				return v
			}
		} else if v, ok := mul(n, scale); ok {
			if r, ok := mul(roundQuo(v, d, how), unit); ok {
				return r
			}
		}
	}
	return a.roundBig(scale, unit, how)
}

func roundQuo(n, d int64, how Rounding) int64 {
	q, r := n/d, n%d
	if r < 0 {
		r = -r
	}
	up := false
	switch half := d - r; how {
	case HalfUp:
		up = r >= half
	case HalfEven:
		up = r > half || (r == half && q%2 != 0)
	case Down:
	}
	switch {
	case !up:
		return q
	case n < 0:
		return q - 1
	default:
		return q + 1
	}
}

func (a Number) roundBig(scale, unit int64, how Rounding) int64 {
	x := new(big.Rat).Mul(a.rat(), big.NewRat(scale, 1))
	abs := new(big.Rat).Abs(x)
	q, r := new(big.Int).QuoRem(abs.Num(), abs.Denom(), new(big.Int))
	switch c := r.Lsh(r, 1).Cmp(abs.Denom()); {
	case how == HalfUp && c >= 0, how == HalfEven && (c > 0 || (c == 0 && q.Bit(0) == 1)):
		q.Add(q, big.NewInt(1))
	}
	q.Mul(q, big.NewInt(unit))
	if x.Sign() < 0 {
		q.Neg(q)
	}
	switch {
	case q.IsInt64():
		return q.Int64()
	case q.Sign() < 0:
		return math.MinInt64
	default:
		return math.MaxInt64
	}
}

// String returns the exact value, as a decimal where that is short.
func (a Number) String() string {
	r := a.rat()
	if n, exact := r.FloatPrec(); exact && n <= 6 {
		return r.FloatString(n)
	}
	return r.RatString()
}

func fromRat(r *big.Rat) Number {
	if r.Num().IsInt64() && r.Denom().IsInt64() {
		return Number{num: r.Num().Int64(), den: r.Denom().Int64()}
	}
	return Number{big: r}
}

// small returns n/d in lowest terms; d > 0.
func small(n, d int64) Number {
	if d == 1 || n == math.MinInt64 {
		return Number{num: n, den: d}
	}
	g, b := d, n
	if b < 0 {
		b = -b
	}
	for b != 0 {
		g, b = b, g%b
	}
	return Number{num: n / g, den: d / g}
}

func mul(a, b int64) (int64, bool) {
	if a == math.MinInt64 || b == math.MinInt64 {
		return 0, false
	}
	neg := (a < 0) != (b < 0)
	hi, lo := bits.Mul64(abs(a), abs(b))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if neg {
		return -int64(lo), true
	}
	return int64(lo), true
}

func add(a, b int64) (int64, bool) {
	s := a + b
	return s, (s > a) == (b > 0)
}

func abs(a int64) uint64 {
	if a < 0 {
		return uint64(-a)
	}
	return uint64(a)
}
