package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/kokeilu/kokeilu/internal/config"
	"github.com/kokeilu/kokeilu/themes"
)

func initCommand() *cobra.Command {
	return &cobra.Command{
		Use: "init [FILE]", Short: "Write a settings file in which every setting is explained", Args: cobra.MaximumNArgs(1),
		Long: "Write a settings file, kokeilu.toml unless another FILE is named. Nothing in it is set yet. A file that is there is left alone. Use it with --config FILE.",
		RunE: func(cmd *cobra.Command, args []string) error {
			file := "kokeilu.toml"
			if len(args) > 0 {
				file = args[0]
			}
			if err := writeNew(file, config.Sample()); err != nil {
				return err
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s is written. Edit it, then: kokeilu config check --config %s\n", file, file)
			return err
		},
	}
}

// writeNew writes a file that only its owner can read, and never over another.
func writeNew(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already and was left alone", path)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}

func configCommand(s *settings) *cobra.Command {
	cmd := &cobra.Command{Use: "config", Short: "Check or print the settings"}
	cmd.AddCommand(
		&cobra.Command{
			Use: "check", Short: "Say what is wrong with the settings", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				c, err := s.load()
				if err != nil {
					return err
				}
				if err := checkSettings(&c); err != nil {
					return err
				}
				_, err = fmt.Fprintln(cmd.OutOrStdout(), "The settings are in order.")
				return err
			},
		},
		&cobra.Command{
			Use: "print", Short: "Print the settings in force, without secrets", Args: cobra.NoArgs,
			Long: "Print every setting as it is after the defaults, the file, the environment and the flags, as a settings file. Secrets are hidden.",
			RunE: func(cmd *cobra.Command, _ []string) error {
				c, err := s.load()
				if err != nil {
					return err
				}
				text, err := c.Print()
				if err != nil {
					return err
				}
				_, err = cmd.OutOrStdout().Write(text)
				return err
			},
		},
	)
	return cmd
}

// checkSettings finds what would keep a portal with these settings from
// starting, or from working well.
func checkSettings(c *config.Config) error {
	if err := c.Check(); err != nil {
		return err
	}
	if err := addressFaults(*c); err != nil {
		return err
	}
	_, err := openTheme(c.Theme)
	return err
}

func themeCommand(s *settings) *cobra.Command {
	cmd := &cobra.Command{Use: "theme", Short: "Check a look of your own, or begin one"}
	cmd.AddCommand(
		&cobra.Command{
			Use: "check [FOLDER]", Short: "Check a folder that is laid over the look", Args: cobra.MaximumNArgs(1),
			Long: "Parse every page with the folder laid over the built-in look, and compute the contrast of its colours. Without FOLDER, that of the settings (theme) is checked.",
			RunE: func(cmd *cobra.Command, args []string) error {
				c, err := s.load()
				if err != nil {
					return err
				}
				if len(args) > 0 {
					c.Theme = args[0]
				}
				theme, err := openTheme(c.Theme)
				if err != nil {
					return err
				}
				for _, w := range theme.Warnings() {
					_, _ = fmt.Fprintln(cmd.OutOrStdout(), w) // the result follows
				}
				if n := len(theme.Warnings()); n > 0 {
					return fmt.Errorf("%d pairs of colours cannot be told apart well enough", n)
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d pages can be shown, and the colours can be told apart.\n", len(theme.Names()))
				return err
			},
		},
		&cobra.Command{
			Use: "export FOLDER", Short: "Write the built-in look to a new folder", Args: cobra.ExactArgs(1),
			Long: "Write the templates and styles of the built-in look to a folder that is new or empty. Keep there only what you change: whatever is missing is taken from the program, and stays up to date.",
			RunE: func(cmd *cobra.Command, args []string) error {
				n, err := exportTheme(args[0])
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d files are in %s. Delete what you do not change, then: kokeilu theme check %s\n", n, args[0], args[0])
				return err
			},
		},
	)
	return cmd
}

// exportTheme writes the built-in look to a folder and returns how many files
// that were.
func exportTheme(folder string) (n int, err error) {
	if there, err := os.ReadDir(folder); err == nil && len(there) > 0 {
		return 0, fmt.Errorf("%s is not empty: name a new folder", folder)
	}
	civic, err := themes.Civic()
	if err != nil {
		return 0, err
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return 0, err
	}
	if err := os.CopyFS(folder, civic); err != nil {
		return 0, err
	}
	err = fs.WalkDir(civic, ".", func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	return n, err
}
