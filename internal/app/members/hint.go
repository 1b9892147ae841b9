package members

// discipline names the attribute that a committee decides on (处分).
const discipline = "处分"

// Hint returns what still has to be registered by hand after a change, as a
// Chinese sentence; "" for nothing. Who is expelled from the Party no longer
// belongs to the branch, and nothing else in the ledger says so.
func (f *FactChange) Hint() string {
	if f.Attribute == discipline && f.Value == "开除党籍" {
		return "开除党籍的，还要登记转出，从开除那天起；转出以前，他的分照红线算"
	}
	return ""
}
