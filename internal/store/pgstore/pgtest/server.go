package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

var errMissing = errors.New("PostgreSQL is not installed (Debian: apt-get install postgresql) and KOKEILU_TEST_DSN names none")

// Server is a PostgreSQL of this process.
type Server struct {
	DSN string

	programs, dir string

	life  io.WriteCloser // closing it, or our end, ends the server
	watch *exec.Cmd
}

// Start makes a new cluster and starts it. Its settings are lines of
// postgresql.conf; without "fsync = on" it is fast and not durable.
func Start(settings string) (*Server, error) {
	programs, err := programs()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "kokeilu-pg-")
	if err != nil {
		return nil, err
	}
	s := &Server{DSN: "host=" + dir + " user=postgres dbname=postgres sslmode=disable", programs: programs, dir: dir}
	if err := s.init(settings); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := s.start(); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// programs is the folder of the newest PostgreSQL that is installed.
func programs() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errMissing
	}
	newest := slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })
	return filepath.Dir(newest), nil
}

func version(path string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	if err != nil {
		return 0
	}
	return n
}

const speed = `
listen_addresses = ''
max_connections = 300
shared_buffers = 64MB
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
`

// init makes the cluster. PostgreSQL refuses to work for root, so that the
// folder is then the user postgres'.
func (s *Server) init(settings string) error {
	if os.Geteuid() == 0 {
		uid, gid, err := ids()
		if err != nil {
			return err
		}
		if err := os.Chown(s.dir, uid, gid); err != nil {
			return err
		}
	}
	out, err := s.command(filepath.Join(s.programs, "initdb"), "-D", s.data(), "-U", "postgres",
		"-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions").CombinedOutput()
	if err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	f, err := os.OpenFile(filepath.Join(s.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "%sunix_socket_directories = '%s'\n%s\n", speed, s.dir, settings)
	return errors.Join(err, f.Close())
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// guard keeps the server for as long as its standard input is open, which a
// process closes even when it is killed, and ends it too when all are told to
// end.
const guard = `trap : HUP INT TERM
"$1"/pg_ctl -D "$2" -l "$3"/log -w -s start
cat >/dev/null
"$1"/pg_ctl -D "$2" -m immediate -s stop
rm -rf "$2" "$3"/log; rmdir "$3" 2>/dev/null`

// Crash kills the server in the middle of what it does and starts it again.
func (s *Server) Crash() error {
	ctl := filepath.Join(s.programs, "pg_ctl")
	out, err := s.command(ctl, "-D", s.data(), "-l", filepath.Join(s.dir, "log"), "-m", "immediate", "-w", "-s", "restart").CombinedOutput()
	if err != nil {
		return fmt.Errorf("pg_ctl restart: %w\n%s", err, out)
	}
	return s.Ready()
}

// Halt ends the server; Crash starts it again.
func (s *Server) Halt() error {
	out, err := s.command(filepath.Join(s.programs, "pg_ctl"), "-D", s.data(), "-m", "immediate", "-s", "stop").CombinedOutput()
	if err != nil {
		return fmt.Errorf("pg_ctl stop: %w\n%s", err, out)
	}
	return nil
}

func (s *Server) start() (err error) {
	s.watch = s.command("/bin/sh", "-c", guard, "guard", s.programs, s.data(), s.dir)
	if s.life, err = s.watch.StdinPipe(); err != nil {
		return err
	}
	if err := s.watch.Start(); err != nil {
		return err
	}
	return s.Ready()
}

// Ready waits until the server answers.
func (s *Server) Ready() error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for {
		c, err := pgx.Connect(ctx, s.DSN)
		if err == nil {
			return c.Close(ctx)
		}
		select {
		case <-ctx.Done():
			log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			return fmt.Errorf("PostgreSQL does not start: %w\n%s", err, log)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Stop ends the server and removes what it stored.
func (s *Server) Stop() error {
	if s.life == nil {
		return os.RemoveAll(s.dir)
	}
	err := s.life.Close()
	_ = s.watch.Wait() // the server was told to quit at once
	return errors.Join(err, os.RemoveAll(s.dir))
}

// command runs a program as a user that PostgreSQL accepts.
func (s *Server) command(name string, args ...string) *exec.Cmd {
	if os.Geteuid() == 0 {
		args = append([]string{"--reuid=postgres", "--regid=postgres", "--clear-groups", name}, args...)
		name = "setpriv"
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = s.dir
	return cmd
}

func ids() (uid, gid int, err error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		return 0, 0, err
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	return uid, gid, errors.Join(err1, err2)
}
