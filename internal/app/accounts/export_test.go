package accounts

// WatchComparisons has f called with every hash that a password is compared with.
func (h *Hasher) WatchComparisons(f func(hash string)) {
	compare := h.compare
	h.compare = func(password, hash string) (bool, error) {
		f(hash)
		return compare(password, hash)
	}
}

// OpenAtOnce sets how many accounts are opened in one write.
func (s *Service) OpenAtOnce(n int) { s.slipBatch = n }
