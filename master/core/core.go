package core

// Core is a master. See the package documentation for what its owner owes it.
type Core struct {
	opt Options
	out []Effect
}

// New returns a core that waits for [Started]. The error names every option that
// is out of range and every effect of a table that has not exactly one
// implementation.
func New(o Options) (*Core, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	return &Core{opt: o.withDefaults()}, nil
}

// Step takes one event and returns what to do, in order. The slice is valid until
// the next Step.
func (c *Core) Step(e Event) []Effect {
	c.out = c.out[:0]
	return c.out
}

// Status returns a snapshot that shares nothing with the core.
func (c *Core) Status() Status { return Status{} }
