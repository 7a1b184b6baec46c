package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kokeilu/kokeilu/internal/accounts"
)

// userArgs are the arguments of the user commands.
type userArgs struct {
	Email, Name, Role, Organisation, Lang string
}

func init() {
	define("user-add", addUser)
	define("user-role", grantUser)
	define("user-login-link", loginLink)
	define("user-list", listUsers)
}

func userCommand(s *settings) *cobra.Command {
	cmd := &cobra.Command{Use: "user", Short: "Add people, give them roles and let them in"}
	var args userArgs
	with := func(op string) func(*cobra.Command, []string) error {
		return func(cmd *cobra.Command, rest []string) error {
			if len(rest) > 0 {
				args.Email = rest[0]
			}
			return perform(cmd, s, op, args)
		}
	}
	add := &cobra.Command{Use: "add EMAIL", Short: "Add a person, with a role if --role is given", Args: cobra.ExactArgs(1), RunE: with("user-add")}
	add.Flags().StringVar(&args.Name, "name", "", "name")
	add.Flags().StringVar(&args.Lang, "lang", "", "language of letters: fi, sv, en, ru or kk")
	role := &cobra.Command{Use: "role EMAIL", Short: "Give a person a role", Args: cobra.ExactArgs(1), RunE: with("user-role")}
	for _, c := range []*cobra.Command{add, role} {
		c.Flags().StringVar(&args.Role, "role", "", "role: "+strings.Join(roleNames(), ", "))
		c.Flags().StringVar(&args.Organisation, "organisation", "", "organisation of the role, such as FI:020")
	}
	link := &cobra.Command{Use: "login-link EMAIL", Short: "Print a link that signs a person in once, within ten minutes", Args: cobra.ExactArgs(1), RunE: with("user-login-link")}
	list := &cobra.Command{Use: "list", Short: "List people and their roles", Args: cobra.NoArgs, RunE: with("user-list")}
	cmd.AddCommand(add, role, link, list)
	return cmd
}

func roleNames() []string {
	var names []string
	for _, r := range accounts.Roles {
		names = append(names, string(r))
	}
	return names
}

func (u userArgs) grants() ([]accounts.Grant, error) {
	if u.Role == "" {
		return nil, nil
	}
	r := accounts.Role(u.Role)
	if !slices.Contains(accounts.Roles, r) {
		return nil, fmt.Errorf("no role %q; there are %s", u.Role, strings.Join(roleNames(), ", "))
	}
	if r.InOrganisation() != (u.Organisation != "") {
		return nil, fmt.Errorf("role %s: --organisation is for member, coordinator, manager and elected, and only for them", r)
	}
	return []accounts.Grant{{Role: r, Organisation: u.Organisation}}, nil
}

func addUser(ctx context.Context, a *App, u userArgs, out io.Writer) error {
	grants, err := u.grants()
	if err != nil {
		return err
	}
	p, err := a.Accounts.Add(ctx, accounts.System, accounts.NewPerson{Email: u.Email, Name: u.Name, Lang: u.Lang, Grants: grants})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s was added as %s. Sign in at %s/en/sign-in, or: kokeilu user login-link %s\n", p.Email, p.ID, a.Config.PublicURL, p.Email)
	return err
}

func grantUser(ctx context.Context, a *App, u userArgs, out io.Writer) error {
	grants, err := u.grants()
	if err != nil {
		return err
	}
	if len(grants) == 0 {
		return fmt.Errorf("name a --role: %s", strings.Join(roleNames(), ", "))
	}
	p, err := a.Accounts.ByEmail(ctx, u.Email)
	if err != nil {
		return err
	}
	if err := a.Accounts.Grant(ctx, accounts.System, p.ID, grants[0]); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s is now %s %s\n", p.Email, u.Role, u.Organisation)
	return err
}

func loginLink(ctx context.Context, a *App, u userArgs, out io.Writer) error {
	address, err := a.Accounts.OperatorLink(ctx, accounts.System, u.Email)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, address)
	return err
}

func listUsers(ctx context.Context, a *App, _ userArgs, out io.Writer) error {
	people, err := a.Accounts.Find(ctx, accounts.System, "", 10_000)
	if err != nil {
		return err
	}
	for _, p := range people {
		var roles []string
		for _, g := range p.Grants {
			roles = append(roles, strings.TrimSuffix(string(g.Role)+" "+g.Organisation, " "))
		}
		if _, err := fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", p.ID, p.Email, p.Name, strings.Join(roles, ", ")); err != nil {
			return err
		}
	}
	return nil
}
