package master

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// firstPidSpace is the pid namespace that a machine starts with, outside of all
// containers: PROC_PID_INIT_INO of the kernel's include/linux/proc_ns.h.
const firstPidSpace = "pid:[4026531836]"

// here returns where this process is. The error says what of it cannot be read.
func here() (home, error) {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return home{}, err
	}
	pids, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return home{}, err
	}
	times, err := os.Readlink("/proc/self/ns/time")
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // Linux before 5.6 has none
		return home{}, err
	}
	h := home{boot: strings.TrimSpace(string(boot)), spaces: strings.TrimSpace(pids + " " + times), first: os.Getpid() == 1}
	if pids == firstPidSpace {
		machine, err := os.ReadFile("/etc/machine-id")
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return home{}, err
		}
		h.machine = strings.TrimSpace(string(machine))
	}
	return h, nil
}

// stat is what /proc says of a process.
type stat struct {
	group int
	start uint64 // in ticks since boot
}

// readStat returns an error that notThere knows when no process has the pid, or it is
// hidden from this one.
func readStat(pid int) (stat, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return stat{}, err
	}
	return parseStat(b)
}

// parseStat reads the fields that count: proc_pid_stat(5) numbers them from 1. The
// second one is the program's name in parentheses, which may contain anything.
func parseStat(b []byte) (stat, error) {
	const third, group, start = 3, 5, 22
	fields := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:])
	if len(fields) <= start-third {
		return stat{}, fmt.Errorf("/proc/PID/stat has no field %d: %q", start, b)
	}
	var s stat
	var err1, err2 error
	s.group, err1 = strconv.Atoi(string(fields[group-third]))
	s.start, err2 = strconv.ParseUint(string(fields[start-third]), 10, 64)
	return s, errors.Join(err1, err2)
}

func notThere(err error) bool { return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) }

// readMark returns the mark in the environment that a process was started with.
func readMark(pid int) (string, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	return markOf(strings.Split(string(b), "\x00")), err
}

// processes returns what /proc says of each process that is not hidden, by its pid.
func processes() (map[int]stat, error) {
	names, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	found := make(map[int]stat)
	for _, name := range names {
		pid, err := strconv.Atoi(name.Name())
		if err != nil {
			continue
		}
		s, err := readStat(pid)
		switch {
		case err == nil:
			found[pid] = s
		case !notThere(err): // else it has ended meanwhile
			return nil, err
		}
	}
	return found, nil
}
