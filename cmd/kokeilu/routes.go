package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/spf13/cobra"
)

func routesCommand(s *settings) *cobra.Command {
	return &cobra.Command{
		Use: "routes", Short: "List every address the portal answers", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := s.load()
			if err != nil {
				return err
			}
			if c.Data, err = os.MkdirTemp("", "kokeilu-routes-*"); err != nil {
				return err
			}
			defer func() { _ = os.RemoveAll(c.Data) }()
			c.Demo = true
			if err := c.Check(); err != nil {
				return err
			}
			a, err := OpenApp(cmd.Context(), c, newLog(false))
			if err != nil {
				return err
			}
			defer func() { _ = a.Close() }()
			return printRoutes(a.NewServer(), cmd.OutOrStdout())
		},
	}
}

// printRoutes writes "METHOD /path" for every route, sorted; HEAD goes with
// GET.
func printRoutes(app *fiber.App, out io.Writer) error {
	var lines []string
	for _, r := range app.GetRoutes(true) {
		if r.Method != fiber.MethodHead {
			lines = append(lines, fmt.Sprintf("%-6s %s", r.Method, r.Path))
		}
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[7:]+a[:7], b[7:]+b[:7]) })
	for _, line := range slices.Compact(lines) {
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	return nil
}
