package api

// Bodies returns what each operation that takes a body reads it into.
func Bodies() map[string]any {
	return map[string]any{
		"POST /session":                                credentials{},
		"POST /me/tokens":                              tokenInput{},
		"POST /accounts/slips":                         slipsInput{},
		"POST /members/{id}/erasure":                   erasureInput{},
		"POST /activities":                             activityInput{},
		"POST /entries":                                entryInput{},
		"POST /entries/{id}/reversal":                  reason{},
		"POST /members/{id}/changes":                   changeInput{},
		"POST /members/{id}/changes/{change}/reversal": changeReversalInput{},
		"POST /members/{id}/name":                      renaming{},
		"POST /orgs":                                   orgInput{},
		"POST /orgs/{id}/changes":                      orgChangeInput{},
		"POST /claims/decisions":                       decisions{},
		"POST /me/corrections":                         correction{},
		"POST /me/claims":                              claimed{},
		"POST /branches/{id}/others":                   seenInput{},
		"POST /facts":                                  factsInput{},
		"POST /proposals/{id}/answer":                  proposalInput{},
		"POST /settings":                               settingsInput{},
	}
}

// Queries returns what each operation that reads its address reads it into.
func Queries() map[string]any {
	return map[string]any{
		"GET /branches/{id}/facts":   factsQuery{},
		"GET /members":               membersQuery{},
		"GET /members/{id}/standing": standingQuery{},
		"GET /rankings":              rankingQuery{},
		"GET /group":                 pointsQuery{},
		"GET /alerts":                alertsQuery{},
		"GET /exports/{table}":       exportQuery{},
		"GET /claims":                listed{},
		"GET /me/claims":             listed{},
		"GET /trail":                 trailQuery{},
		"GET /accounts/slips":        slipsQuery{},
	}
}
