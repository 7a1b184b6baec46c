package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// tellUsage makes a mistake of the caller, wherever cobra notices it, an
// errUsage.
func tellUsage(root *cobra.Command) {
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return fmt.Errorf("%w: %w", errUsage, err) })
	for _, cmd := range root.Commands() {
		tellUsageOf(cmd)
	}
}

func tellUsageOf(cmd *cobra.Command) {
	if allowed := cmd.Args; allowed != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			if err := allowed(cmd, args); err != nil {
				return fmt.Errorf("%w: %w; see kokeilu help %s", errUsage, err, wordsOf(cmd))
			}
			return nil
		}
	}
	if !cmd.Runnable() && cmd.HasSubCommands() {
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("%w: %q is no command of kokeilu %s; see kokeilu help %s", errUsage, args[0], wordsOf(cmd), wordsOf(cmd))
			}
			return cmd.Help()
		}
		cmd.Args = cobra.ArbitraryArgs
	}
	for _, sub := range cmd.Commands() {
		tellUsageOf(sub)
	}
}

// wordsOf is a command's words behind the program's name.
func wordsOf(cmd *cobra.Command) string {
	_, words, _ := strings.Cut(cmd.CommandPath(), " ")
	return words
}

// findCommand fails when args name a command that there is not.
func findCommand(root *cobra.Command, args []string) error {
	if len(args) > 0 && strings.HasPrefix(args[0], "__complete") { // cobra adds these later
		return nil
	}
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd(args...)
	if _, _, err := root.Find(args); err != nil {
		return fmt.Errorf("%w: %w; see kokeilu help", errUsage, err)
	}
	return nil
}
