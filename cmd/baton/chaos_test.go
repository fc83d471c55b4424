package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shardbaton/baton/internal/chaos"
)

// buildBaton builds this program: a master must be a process that can be killed.
func buildBaton(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "baton")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building baton: %v\n%s", err, text)
	}
	return program
}

func TestChaosFindsWhatIsBrokenAndNothingElse(t *testing.T) {
	program, bot := buildBaton(t), buildBot(t)
	noTraces(t)
	got := baton(t, "chaos", "--program", program, "--bot", bot, "--json", "--only",
		"scenario=,scenario=check:-lost,scenario=check:-two-owners,victim=,victim=old,phase=,phase=stopping,fault=,fault=cut")
	if got.status != 0 {
		t.Fatalf("status %d\n%s", got.status, got.err)
	}
	var report chaos.Report
	if err := json.Unmarshal([]byte(got.out), &report); err != nil {
		t.Fatalf("standard output is not one JSON object: %v\n%s", err, got.out)
	}
	if len(report.Outcomes) != 3 || report.Failed != 0 {
		t.Fatalf("got %+v, want three outcomes that are well", report)
	}
	for _, o := range report.Outcomes {
		switch {
		case !o.Reached || o.Sent == 0:
			t.Errorf("%s was not played: %+v", o.Cell, o)
		case o.Scenario == "" && (o.Upgrade != "done" || o.Lost+o.Duplicated+o.TwoOwners+o.Orphaned > 0):
			t.Errorf("%s: %+v", o.Cell, o)
		case o.Scenario == "check: lost" && o.Lost == 0, o.Scenario == "check: two owners" && o.TwoOwners == 0:
			t.Errorf("%s has found nothing: %+v", o.Cell, o)
		}
	}
	if !strings.Contains(got.err, "3 run, 3 reached their phase, 0 FAILED") {
		t.Errorf("the summary was not printed:\n%s", got.err)
	}
}

func TestAFailingCellLeavesWhatTellsWhy(t *testing.T) {
	program, bot := buildBaton(t), buildBot(t)
	noTraces(t)
	keep := filepath.Join(t.TempDir(), "keep")
	// A second bot that does not run is no second owner, and the check must say so.
	blind := script(t, "case \"$*\" in *--plain*) exit 0;; esac\nexec "+bot+" \"$@\"\n")
	got := baton(t, "chaos", "--program", program, "--bot", blind, "--patience", "3s", "--keep", keep, "--only", "scenario=check:-two-owners")
	if got.status != 1 || !strings.Contains(got.out, "nobody has noticed that something is times two owners") {
		t.Errorf("status %d, want 1 and that the check has found nothing:\n%s%s", got.status, got.out, got.err)
	}
	for _, name := range []string{"master.log", "gateway.log", "handled", "bots"} {
		if _, err := os.Stat(filepath.Join(keep, "check:-two-owners", name)); err != nil {
			t.Errorf("not kept: %v", err)
		}
	}
}

func TestInterruptedChaosEndsWhatItHasStarted(t *testing.T) {
	program, bot := buildBaton(t), buildBot(t)
	noTraces(t)
	run := start(t, "chaos", "--program", program, "--bot", bot, "--only", "phase=serving")
	run.log.await(t, "victim")
	run.signals <- os.Interrupt
	if got := <-run.ended; got != 1 {
		t.Errorf("exit status %d, want 1", got)
	}
	run.log.await(t, "interrupted; everything that was started was ended")
}
