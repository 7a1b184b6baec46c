package main

import (
	"crypto/x509"
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/kokeilu/kokeilu/internal/config"
)

const deployFolder = "../../deploy"

func deployFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(deployFolder, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	settingName = regexp.MustCompile(`\bKOKEILU_[A-Z0-9_]+`)
	programCall = regexp.MustCompile(`(?m)^[^#\n]*(?:bin/kokeilu |"/kokeilu", "|^CMD \[")([a-z]+)\b`)
	copied      = regexp.MustCompile(`(?m)^COPY (?:--\S+ )*(\S+) (\S+)$`)
)

// What the files for other programs say about this one is true.
func TestDeploymentFilesNameWhatThereIs(t *testing.T) {
	files, err := os.ReadDir(deployFolder)
	if err != nil || len(files) < 8 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		text := deployFile(t, file.Name())
		for _, name := range settingName.FindAllString(text, -1) {
			if name != "KOKEILU_UPSTREAM" && name != "KOKEILU_" && !regexp.MustCompile(name+`[,\]\n]`).Match(config.Sample()) {
				t.Errorf("%s: %s is no setting", file.Name(), name)
			}
		}
		for _, m := range programCall.FindAllStringSubmatch(text, -1) {
			if err := findCommand(newRoot(), m[1:]); err != nil {
				t.Errorf("%s: %v", file.Name(), err)
			}
		}
	}
}

var manualCall = regexp.MustCompile("(?m)(?:^ {4}|`)kokeilu ((?:[a-z][a-z0-9-]* ?)+)")

// A manual that names a command which is not there sends people looking for it.
func TestManualsNameCommandsThatThereAre(t *testing.T) {
	manuals, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(manuals) < 6 {
		t.Fatalf("%d manuals, %v", len(manuals), err)
	}
	calls := 0
	for _, manual := range manuals {
		text, err := os.ReadFile(manual)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range manualCall.FindAllStringSubmatch(string(text), -1) {
			calls++
			words := strings.Fields(m[1])
			root := newRoot()
			root.InitDefaultHelpCmd()
			root.InitDefaultCompletionCmd()
			cmd, _, err := root.Find(words[:1])
			if err == nil && len(words) > 1 && cmd.HasSubCommands() {
				_, rest, suberr := cmd.Find(words[1:2])
				if err = suberr; len(rest) > 0 {
					err = fmt.Errorf("%q is no part of it", rest)
				}
			}
			if err != nil {
				t.Errorf("%s: kokeilu %s: %v", filepath.Base(manual), m[1], err)
			}
		}
	}
	if calls < 30 {
		t.Errorf("only %d commands were found", calls)
	}
}

func TestTheUnitsOfSystemdAreInOrder(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("there is no systemd-analyze here")
	}
	dir := t.TempDir()
	units := []string{"kokeilu.service", "kokeilu-backup.service", "kokeilu-backup.timer"}
	for _, name := range units {
		text := strings.ReplaceAll(deployFile(t, name), "/usr/local/bin/kokeilu", program(t))
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), analyze, append([]string{"verify", "--man=no"}, units...)...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(out), dir) {
		t.Errorf("%v\n%s", err, out)
	}
}

// The image holds a program that needs nothing else, and certificates that Go
// finds where it looks for them.
func TestTheImageHoldsWhatTheProgramNeeds(t *testing.T) {
	root := t.TempDir()
	gather := exec.CommandContext(t.Context(), filepath.Join(deployFolder, "image.sh"), program(t), filepath.Join(root, "dist", "image"))
	if out, err := gather.CombinedOutput(); err != nil {
		t.Skipf("what the image needs cannot be gathered here: %v\n%s", err, out)
	}
	text := deployFile(t, "Containerfile")
	var targets []string
	for _, m := range copied.FindAllStringSubmatch(text, -1) {
		if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(m[1]))); err != nil {
			t.Error(err)
		}
		targets = append(targets, m[2])
	}
	for _, want := range []string{"/kokeilu", "/etc/ssl/certs/ca-certificates.crt", "/data", "/tmp"} {
		if !slices.Contains(targets, want) {
			t.Errorf("nothing is copied to %s", want)
		}
	}
	pem, err := os.ReadFile(filepath.Join(root, "dist/image/ca-certificates.crt"))
	if err != nil || !x509.NewCertPool().AppendCertsFromPEM(pem) {
		t.Errorf("the certificates cannot be read: %v", err)
	}
	static(t, filepath.Join(root, "dist/image/kokeilu"))
	for _, line := range []string{"FROM scratch", "USER 65532:65532", "VOLUME /data", `ENTRYPOINT ["/kokeilu"]`, `CMD ["/kokeilu", "healthcheck"]`} {
		if !strings.Contains(text, line) {
			t.Errorf("the Containerfile does not say %s", line)
		}
	}
}

// static fails when a program asks for a loader or for libraries.
func static(t *testing.T, path string) {
	t.Helper()
	f, err := elf.Open(path)
	if err != nil {
		t.Skipf("no program of Linux: %v", err)
	}
	defer func() { _ = f.Close() }()
	libraries, err := f.ImportedLibraries()
	if err != nil || len(libraries) > 0 {
		t.Errorf("the program needs %v, %v", libraries, err)
	}
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("the program needs a loader")
		}
	}
}

func TestComposeFilesHangTogether(t *testing.T) {
	for _, name := range []string{"compose.yaml", "compose-nodes.yaml"} {
		t.Run(name, func(t *testing.T) {
			var file struct {
				Services map[string]struct {
					Image    string
					ReadOnly bool `yaml:"read_only"`
					Volumes  []string
					Secrets  []string
					Networks []string
					Tmpfs    []string
				}
				Volumes, Networks, Secrets map[string]any
			}
			if err := yaml.Unmarshal([]byte(deployFile(t, name)), &file); err != nil {
				t.Fatal(err)
			}
			nodes := 0
			for service, s := range file.Services {
				if s.Image == "kokeilu" {
					nodes++
					if !s.ReadOnly || !slices.Contains(s.Tmpfs, "/tmp") {
						t.Errorf("%s may write to its root, or has no /tmp", service)
					}
				}
				for _, secret := range s.Secrets {
					if file.Secrets[secret] == nil {
						t.Errorf("%s: there is no secret %s", service, secret)
					}
				}
				for _, network := range s.Networks {
					if file.Networks[network] == nil {
						t.Errorf("%s: there is no network %s", service, network)
					}
				}
				for _, volume := range s.Volumes {
					from, _, _ := strings.Cut(volume, ":")
					if path.Base(from) == from && file.Volumes[from] == nil {
						t.Errorf("%s: there is no volume %s", service, from)
					}
				}
			}
			if want := map[string]int{"compose.yaml": 1, "compose-nodes.yaml": 2}[name]; nodes != want {
				t.Errorf("%d nodes, want %d", nodes, want)
			}
		})
	}
}
