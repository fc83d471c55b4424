package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// toolchain is SPIN and the C compiler for what it writes.
type toolchain struct {
	spin, cc string
	// dir is where the models are written, each in a folder of its own.
	dir string
}

// find looks for the programs that are needed.
func find(dir string) (toolchain, error) {
	t := toolchain{dir: dir}
	var missing []string
	for name, path := range map[string]*string{"spin": &t.spin, "cc": &t.cc} {
		found, err := exec.LookPath(name)
		if err != nil {
			missing = append(missing, name)
		}
		*path = found
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		return t, fmt.Errorf("not installed here: %s. The model checker SPIN is needed, and a C compiler, cc; "+
			"on Debian and Ubuntu, apt-get install spin gcc", strings.Join(missing, ", "))
	}
	return t, nil
}

// pan is a model that is compiled.
type pan struct {
	model
	dir string
}

// compile writes a model down and makes a program of it.
func (t toolchain) compile(ctx context.Context, m model) (pan, error) {
	p := pan{model: m, dir: filepath.Join(t.dir, m.file())}
	if err := os.MkdirAll(p.dir, 0o755); err != nil {
		return p, err
	}
	if err := os.WriteFile(filepath.Join(p.dir, m.file()), []byte(m.text), 0o644); err != nil {
		return p, err
	}
	// Merged statements would hide which of them was not reached, hence -o3.
	if _, err := p.run(ctx, t.spin, "-a", "-o3", m.file()); err != nil {
		return p, err
	}
	flags := []string{"-w", "-o", "pan", "pan.c"}
	if m.large {
		flags = append(flags, "-Og", "-DCOLLAPSE")
	}
	if len(m.claims) == 0 {
		flags = append(flags, "-DSAFETY")
	}
	_, err := p.run(ctx, t.cc, flags...)
	return p, err
}

// run runs a program in the model's folder and returns what it prints. SPIN says
// what is wrong on either output.
func (p pan) run(ctx context.Context, program string, arguments ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, arguments...)
	cmd.Dir = p.dir
	output, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", program, strings.Join(arguments, " "), err, output)
	}
	return string(output), nil
}

// result is a report, how long it took, and, when there is a finding, the way to
// it.
type result struct {
	report
	model model
	claim string
	took  time.Duration
	way   []string
}

// search looks at every state of the model, for a claim or, without one, for
// deadlocks and failed assertions.
func (p pan) search(ctx context.Context, claim string) (result, error) {
	r := result{model: p.model, claim: claim}
	arguments := []string{"-m100000", "-w20"}
	if p.large {
		arguments = []string{"-m1000000", "-w24"}
	}
	replay := []string{"-r"}
	if claim != "" {
		arguments = append(arguments, "-a", "-N", claim)
		replay = append(replay, "-N", claim)
	}
	began := time.Now()
	output, err := p.run(ctx, "./pan", arguments...)
	if err != nil {
		return r, err
	}
	r.took = time.Since(began)
	if r.report, err = read(output); err != nil {
		return r, fmt.Errorf("%s: %w", p.name, err)
	}
	if r.finding != "" {
		output, err := p.run(ctx, "./pan", replay...)
		if err != nil {
			return r, err
		}
		r.way = p.way(output)
	}
	return r, nil
}

// check makes all searches of a model.
func (t toolchain) check(ctx context.Context, m model) ([]result, error) {
	p, err := t.compile(ctx, m)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.name, err)
	}
	claims := m.claims
	if len(claims) == 0 {
		claims = []string{""}
	}
	var results []result
	for _, claim := range claims {
		r, err := p.search(ctx, claim)
		if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	return results, nil
}
