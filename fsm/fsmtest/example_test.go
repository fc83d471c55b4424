package fsmtest_test

import (
	"fmt"

	"github.com/shardbaton/baton/fsm/fsmtest"
)

// A difference says which pair and which answers of the guards it is about.
func ExampleCompare() {
	def, err := lamp().Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(fsmtest.Compare(lamp(), def))

	changed := lamp()
	changed.Rows[0].When = append(changed.Rows[0].When, changed.Rows[1].When...)
	fmt.Println(fsmtest.Compare(changed, def) != nil)
	// Output:
	// <nil>
	// true
}
