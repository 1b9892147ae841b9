package formula

// Bounds says between what a number lies, both ends included, and of what it is
// a multiple.
type Bounds struct {
	Lo, Hi Number
	Grain  Number // 0: not known
}

// boundsOfSize returns the bounds of a name of which only the size is known.
func boundsOfSize(most int64) Bounds {
	if most <= 0 {
		most = 1_000_000_000
	}
	return Bounds{Lo: Int(-most), Hi: Int(most), Grain: Hundredths(1)}
}

// boundsOfValue are the bounds of a literal number.
func boundsOfValue(v Number) Bounds {
	b := Bounds{Lo: v, Hi: v, Grain: v}
	switch v.Sign() {
	case -1:
		b.Grain = v.Neg()
	case 0:
		b.Grain = Int(1) // as good as any
	}
	return b
}

// Most returns the greatest absolute value.
func (b Bounds) Most() Number {
	if low := b.Lo.Neg(); low.Cmp(b.Hi) > 0 {
		return low
	}
	return b.Hi
}

func (b Bounds) add(c Bounds) Bounds {
	return Bounds{Lo: b.Lo.Add(c.Lo), Hi: b.Hi.Add(c.Hi), Grain: commonGrain(b.Grain, c.Grain)}
}

func (b Bounds) neg() Bounds { return Bounds{Lo: b.Hi.Neg(), Hi: b.Lo.Neg(), Grain: b.Grain} }

func (b Bounds) mul(c Bounds) Bounds {
	out := Bounds{Lo: b.Lo.Mul(c.Lo), Grain: b.Grain.Mul(c.Grain)}
	out.Hi = out.Lo
	for _, n := range [...]Number{b.Lo.Mul(c.Hi), b.Hi.Mul(c.Lo), b.Hi.Mul(c.Hi)} {
		out.Lo, out.Hi = lesser(out.Lo, n), greater(out.Hi, n)
	}
	return out
}

// either returns the bounds of what is one or the other.
func (b Bounds) either(c Bounds) Bounds {
	return Bounds{Lo: lesser(b.Lo, c.Lo), Hi: greater(b.Hi, c.Hi), Grain: commonGrain(b.Grain, c.Grain)}
}

// inverse returns the bounds of 1 ÷ what is not zero; ok is false where it may
// come as near to zero as it likes, or is never anything else.
func (b Bounds) inverse() (out Bounds, ok bool) {
	lo, hi := b.Lo, b.Hi
	if lo.Sign() == 0 && hi.Sign() == 0 {
		return out, false
	}
	if b.mayBeZero() {
		if b.Grain.Sign() == 0 {
			return out, false
		}
		// The values nearest to zero are a grain away from it.
		switch {
		case lo.Sign() == 0:
			lo = lesser(b.Grain, hi)
		case hi.Sign() == 0:
			hi = greater(b.Grain.Neg(), lo)
		default:
			near, _ := Int(1).Quo(b.Grain)
			return Bounds{Lo: near.Neg(), Hi: near}, true
		}
	}
	out.Lo, _ = Int(1).Quo(hi)
	out.Hi, _ = Int(1).Quo(lo)
	if lo.Cmp(hi) == 0 { // of a literal number the multiples are known
		out.Grain = boundsOfValue(out.Lo).Grain
	}
	return out, true
}

func (b Bounds) mayBeZero() bool { return b.Lo.Sign() <= 0 && b.Hi.Sign() >= 0 }

func (b Bounds) trunc() Bounds { return Bounds{Lo: b.Lo.Trunc(), Hi: b.Hi.Trunc(), Grain: Int(1)} }

func lesser(a, b Number) Number {
	if b.Cmp(a) < 0 {
		return b
	}
	return a
}

func greater(a, b Number) Number {
	if b.Cmp(a) > 0 {
		return b
	}
	return a
}

// commonGrain returns a number of which multiples of either are multiples; 0 where
// it is not known, or would be too fine to help.
func commonGrain(a, b Number) Number {
	switch {
	case a.big != nil || b.big != nil:
		return Number{}
	case a.Sign() == 0 || b.Sign() == 0:
		return Number{}
	}
	_, ad := a.parts()
	_, bd := b.parts()
	if ad == bd && a.num == b.num {
		return a
	}
	d, ok := mul(ad/gcd(ad, bd), bd)
	if !ok {
		return Number{}
	}
	return small(1, d)
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
