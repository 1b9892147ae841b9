package domain

import "time"

// Session is somebody signed in with a browser.
type Session struct {
	Key     []byte // the hash of its token, which opens nothing
	Data    []byte
	Account AccountID // 0 = nobody's, or not said
	Made    time.Time // zero = not said
	Seen    time.Time // to the minute; zero = not said
	Address string    // from where he was seen last; "" = not known
	Agent   string    // the browser, in words
}
