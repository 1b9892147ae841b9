package bind

import (
	"mime"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"
)

// Kept returns what a form says, to be sent again later; kept is false for one that holds a
// file, is larger than so many bytes or has more inputs than that. Form reads it all the same.
func Kept(c *gin.Context, bytes int64, inputs int) (form url.Values, kept bool) {
	r := c.Request
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.ContentLength > bytes || err == nil && kind != "application/x-www-form-urlencoded" {
		return nil, false
	}
	r.Body = http.MaxBytesReader(c.Writer, r.Body, bytes)
	if err := r.ParseForm(); err != nil || len(r.PostForm) > inputs {
		return nil, false
	}
	return r.PostForm, true
}
