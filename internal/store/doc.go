// Package store keeps everything in one SQLite file.
//
// There is one writer: a loop that owns one connection for life and commits
// the work of many callers at once, so that they share one fsync (see
// DB.Write). Reads have a pool of their own that cannot write. Everything
// people put in is append-only; schema.sql says so table by table and its
// triggers enforce it.
//
// A read takes the rows it may see as a parameter (access.Scope); the zero
// Scope sees nothing, so forgetting it is safe.
package store
