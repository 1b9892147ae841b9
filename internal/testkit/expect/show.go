package expect

import (
	"fmt"
	"strconv"
)

// show writes a value for a failure: texts quoted, the rest with field names.
func show(v any) string {
	if s, ok := v.(string); ok {
		return clip(strconv.Quote(s))
	}
	return clip(fmt.Sprintf("%+v", v))
}

func count(n int) string { return strconv.Itoa(n) }
