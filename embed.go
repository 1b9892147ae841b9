// Package jifen carries the schema into the binary: go:embed cannot reach a
// parent folder, and the schema is where a reader looks first, at the top.
package jifen

import _ "embed"

// Schema is schema.sql, the whole schema of a fresh database.
//
//go:embed schema.sql
var Schema string

// SchemaPostgres is schema.postgres.sql, the same for PostgreSQL.
//
//go:embed schema.postgres.sql
var SchemaPostgres string

// CataloguePostgres is schema.postgres.catalogue, what a server makes of SchemaPostgres, in
// comments of SQL.
//
//go:embed schema.postgres.catalogue
var CataloguePostgres string
