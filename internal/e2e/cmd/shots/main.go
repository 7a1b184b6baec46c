// Command shots takes pictures of whole pages of a running portal, for people
// to look at:
//
//	go run ./cmd/shots -base http://localhost:3000 -as developer -out /tmp/shots \
//	    -lang fi,ru -width 1280,360 -scheme light,dark / /cases /experiments/new
//
// Each path is opened in each language: /cases becomes /fi/cases and /ru/cases,
// /en/cases is translated likewise, and a path that starts with "=" is taken as
// it is (=/demo). With -audit it also prints the barriers it finds.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/kokeilu/kokeilu/internal/e2e"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "shots:", err)
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	base, as, out string
	langs         []string
	views         []e2e.View
	audit         bool
}

func run(ctx context.Context) error {
	base := flag.String("base", "http://localhost:3000", "address of the portal")
	as := flag.String("as", "", "demo role to sign in as; empty for a visitor")
	out := flag.String("out", "shots", "folder for the pictures")
	langs := flag.String("lang", "fi", "languages, separated by commas; empty takes paths as they are")
	widths := flag.String("width", "1280,360", "widths of the window")
	schemes := flag.String("scheme", "light,dark", "colour schemes")
	audit := flag.Bool("audit", false, "also look for barriers")
	flag.Parse()
	if flag.NArg() == 0 {
		return fmt.Errorf("name at least one path, for example /")
	}

	views, err := parseViews(*widths, *schemes)
	if err != nil {
		return err
	}
	browser, err := e2e.Launch(ctx)
	if err != nil {
		return err
	}
	defer browser.Close()
	tab, err := browser.NewTab(strings.TrimRight(*base, "/"))
	if err != nil {
		return err
	}
	if *as != "" {
		if err := tab.SignIn(*as); err != nil {
			return err
		}
	}
	o := options{base: *base, as: *as, out: *out, langs: strings.Split(*langs, ","), views: views, audit: *audit}
	for _, path := range flag.Args() {
		for _, page := range inLanguages(path, o.langs) {
			if err := shoot(tab, o, page); err != nil {
				return err
			}
		}
	}
	return nil
}

// shoot takes the pictures of one page and says what was wrong with it.
func shoot(tab *e2e.Tab, o options, page string) error {
	for _, view := range o.views {
		if err := tab.Look(view); err != nil {
			return err
		}
		if err := tab.Goto(page); err != nil {
			return err
		}
		file := filepath.Join(o.out, fileName(o.as, page, view))
		if err := tab.Save(file); err != nil {
			return err
		}
		fmt.Println(tab.Status, file)
		for _, trouble := range tab.Troubles() {
			fmt.Println("    ", trouble)
		}
		if !o.audit {
			continue
		}
		findings, err := tab.Audit()
		if err != nil {
			return err
		}
		for _, finding := range findings {
			fmt.Println("    ", finding)
		}
	}
	return nil
}

func parseViews(widths, schemes string) ([]e2e.View, error) {
	var views []e2e.View
	for _, text := range strings.Split(widths, ",") {
		width, err := strconv.Atoi(text)
		if err != nil || width < 200 {
			return nil, fmt.Errorf("%q is not the width of a window", text)
		}
		for _, scheme := range strings.Split(schemes, ",") {
			if scheme != "light" && scheme != "dark" {
				return nil, fmt.Errorf("%q is not a colour scheme: light or dark", scheme)
			}
			views = append(views, e2e.View{Width: width, Scheme: scheme})
		}
	}
	return views, nil
}

var language = regexp.MustCompile(`^/(fi|sv|en|ru|kk)(/|$)`)

// inLanguages returns the path once for each language, without doubles.
func inLanguages(path string, langs []string) []string {
	if plain, ok := strings.CutPrefix(path, "="); ok {
		return []string{plain}
	}
	var pages []string
	for _, lang := range langs {
		if lang == "" {
			pages = append(pages, path)
			continue
		}
		pages = append(pages, "/"+lang+"/"+strings.TrimPrefix(language.ReplaceAllString(path, "/"), "/"))
	}
	return pages
}

var unsafe = regexp.MustCompile(`[^a-zA-Z0-9]+`)

// fileName tells who looked at what and how: "developer-fi-cases-360-dark.png".
func fileName(as, page string, view e2e.View) string {
	if as == "" {
		as = "visitor"
	}
	name := strings.Trim(unsafe.ReplaceAllString(page, "-"), "-")
	if name == "" {
		name = "root"
	}
	return fmt.Sprintf("%s-%s-%s.png", as, name, view)
}
