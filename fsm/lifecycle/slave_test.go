package lifecycle_test

import (
	"testing"

	"github.com/shardbaton/baton/fsm/lifecycle"
)

func TestSlaveAndShardBuild(t *testing.T) {
	if _, err := lifecycle.Slave().Build(); err != nil {
		t.Error(err)
	}
	if _, err := lifecycle.Shard().Build(); err != nil {
		t.Error(err)
	}
}
