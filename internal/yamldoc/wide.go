package yamldoc

import "slices"

// Unwrap takes the full-width quotation marks off values that stand in them as a
// whole, and tells of each. free are keys whose values are text for people, in
// which any mark may stand.
func (f *File) Unwrap(free ...string) []Problem {
	var out []Problem
	var walk func(n *Node)
	take := func(n *Node) {
		if n.Kind != Scalar || n.Quoted {
			walk(n)
			return
		}
		if text := inQuotes(n.Text); text != "" {
			out = append(out, n.At(0, "“ ”是全角引号，不用写", "写成："+text))
			n.Text = text
		}
	}
	walk = func(n *Node) {
		for i := range n.Pairs {
			if !slices.Contains(free, n.Pairs[i].Key.Text) {
				take(n.Pairs[i].Value)
			}
		}
		for _, i := range n.Items {
			take(i)
		}
	}
	if f.Root != nil {
		walk(f.Root)
	}
	return out
}
