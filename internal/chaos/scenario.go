package chaos

// Scenarios returns a cell for each.
func Scenarios() []Cell { return nil }
