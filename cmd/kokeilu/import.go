package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/kokeilu/kokeilu/cases"
)

type folderArgs struct{ Dir string }

func init() {
	define("import-cases", importCases)
	define("export-cases", exportCases)
}

func importCommand(s *settings) *cobra.Command {
	cmd := &cobra.Command{Use: "import", Short: "Bring texts in"}
	var to, token string
	folder := &cobra.Command{
		Use: "cases DIR", Short: "Import a folder of Markdown files as cases", Args: cobra.ExactArgs(1),
		Long: "Import every .md file of a folder. Importing again changes only what has changed. Nothing is guessed: what a file does not say stays empty and is named.",
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := filepath.Abs(args[0])
			if err != nil {
				return err
			}
			if (to == "") != (token == "") {
				return fmt.Errorf("%w: --to and --token go together", errUsage)
			}
			if to != "" {
				return importTo(cmd.Context(), to, token, dir, cmd.OutOrStdout())
			}
			return perform(cmd, s, "import-cases", folderArgs{dir})
		},
	}
	folder.Flags().StringVar(&to, "to", "", "address of a portal elsewhere")
	folder.Flags().StringVar(&token, "token", os.Getenv("KOKEILU_TOKEN"), "personal token for that portal (KOKEILU_TOKEN)")
	cmd.AddCommand(folder)
	return cmd
}

func exportCommand(s *settings) *cobra.Command {
	cmd := &cobra.Command{Use: "export", Short: "Take texts out"}
	cmd.AddCommand(&cobra.Command{
		Use: "cases DIR", Short: "Write every public case as a Markdown file", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := filepath.Abs(args[0])
			if err != nil {
				return err
			}
			return perform(cmd, s, "export-cases", folderArgs{dir})
		},
	})
	return cmd
}

// errRejected makes the command fail when a file was rejected, after all the
// others were imported.
var errRejected = errors.New("some files were rejected; the lines above say where")

func importCases(ctx context.Context, a *App, args folderArgs, out io.Writer) error {
	root, err := os.OpenRoot(args.Dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	en := a.Locales.For("en")
	total, err := a.Cases.Import(ctx, root.FS(), func(l cases.Line) { _, _ = fmt.Fprintln(out, l.Text(en)) })
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(out, total)
	if total.Rejected > 0 {
		return errRejected
	}
	return nil
}

func exportCases(ctx context.Context, a *App, args folderArgs, out io.Writer) error {
	if err := os.MkdirAll(args.Dir, 0o750); err != nil {
		return err
	}
	root, err := os.OpenRoot(args.Dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	n, err := a.Cases.Export(ctx, func(name string, text []byte) error { return root.WriteFile(name, text, 0o640) })
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d cases are in %s\n", n, args.Dir)
	return err
}
