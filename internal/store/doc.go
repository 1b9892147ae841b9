// Package store keeps the rows of a database: one file for each noun.
//
// Under it lies an engine (see engine), which knows how a database is opened,
// asked, written and copied; the SQL here is what all databases understand.
// Everything people put in is append-only; schema.sql says so table by table and
// its triggers enforce it.
//
// A read takes the rows it may see as a parameter (access.Scope); the zero
// Scope sees nothing, so forgetting it is safe.
package store
