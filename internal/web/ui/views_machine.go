package ui

// The addresses of these pages and their forms.
const (
	TrailPath  = "/trail"
	HealthPath = "/health"
)

// machineViews lists one of every view of the program and its trail.
func machineViews() []View {
	return []View{Trail{}, Health{}, Problem{}}
}

// Trail (审计) is who did and read what.
type Trail struct {
	Frame
	Who, Action, About string // filters, as typed
	Place              string // the address, as typed
	Result             []Option
	Export             string // address of the file
	From, Until        string
	Actions            []Option
	Rows               []Trace
	Older              string // address of older lines; "" for none
	Newest             string // address of the first page, "" on it
	Due                string // months that may be dropped, in words; "" for none
	Dropped            string // months that were, in words; "" for none
}

// Template names the template file.
func (Trail) Template() string { return "trail" }

// Title returns the page's heading.
func (Trail) Title() string { return "审计" }

// Trace (留痕) is one line of the trail.
type Trace struct {
	ID     int64
	At     string // in the organisation's zone
	Who    string
	Role   string // titles
	From   string // the address
	Action string
	Result string // how it was refused; "" = it was done
	Org    string
	About  string // the member, or how many they are
	Detail string
	Route  string
}

// Health (运行状况) is for who keeps the machine running.
type Health struct {
	Frame
	Version string
	Since   string // when the program was started
	Checks  []HealthCheck
	Facts   []FieldText // sizes and counts
	Streets bool        // whether streets are set up below a district
	Posted  Posted
	Due     string // months of the trail that may be dropped, in words; "" for none
	Dropped string // months of the trail that were, in words; "" for none
}

// Template names the template file.
func (Health) Template() string { return "health" }

// Title returns the page's heading.
func (Health) Title() string { return "运行状况" }

// Failing returns how many checks do not hold.
func (v Health) Failing() int {
	n := 0
	for i := range v.Checks {
		if !v.Checks[i].OK {
			n++
		}
	}
	return n
}

// HealthCheck is one thing that should hold.
type HealthCheck struct {
	Name  string
	OK    bool
	Words string // what was found
	Hint  string // what to do, where it does not hold
}

// Posted (公示的根) is what is printed of the last root, for who wants to check later that nothing
// before it was changed.
type Posted struct {
	At      string // to the minute; "" where no root was written down
	Number  int64  // of its note
	Grouped string // groups of four, the last checks the others
	Side    int    // of the code, in modules with the white border; 0 where nobody has signed
	Code    string // the QR code of the note as the strokes of a path
}

// Problem (出错) says that a page could not be shown, and what to do.
type Problem struct {
	Frame
	Status  int    // of HTTP
	Message string // what is wrong
	Hint    string // what to do next
	Request string // its id, for the log
	Back    string // where to go; "" for home
}

// Template names the template file.
func (Problem) Template() string { return "problem" }

// Title returns the page's heading.
func (v Problem) Title() string {
	switch v.Status {
	case 403:
		return "没有权限"
	case 404:
		return "没有找到"
	case 401:
		return "请先登录"
	default:
		return "没有办成"
	}
}
