package access

// Permissions lists every permission.
func Permissions() []Permission {
	rows := permissions()
	out := make([]Permission, len(rows))
	for i := range rows {
		out[i] = rows[i].name
	}
	return out
}
