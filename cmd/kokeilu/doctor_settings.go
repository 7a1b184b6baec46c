package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"github.com/kokeilu/kokeilu/internal/config"
)

func (a *App) examineAddress(context.Context) (string, error) {
	if err := addressFaults(a.Config); err != nil {
		return "", err
	}
	c := a.Config
	u, err := url.Parse(c.PublicURL)
	switch {
	case err != nil:
		return "", err
	case c.Demo:
		return "a demonstration at " + c.PublicURL, nil
	case ownMachine(u.Hostname()):
		return "", remark("public_url is " + c.PublicURL + ": links in letters and feeds lead nowhere for others")
	case u.Scheme == "http":
		return "", remark("readers come to " + c.PublicURL + " without encryption: put a proxy that speaks HTTPS in front and set https")
	}
	return "readers come to " + c.PublicURL, nil
}

// addressFaults says what in the settings about addresses contradicts itself.
func addressFaults(c config.Config) error {
	var found []error
	encrypted := strings.HasPrefix(c.PublicURL, "https://")
	if c.HTTPS && !encrypted {
		found = append(found, fmt.Errorf("https is set, but public_url is %s: browsers send no cookie there, and nobody can sign in", c.PublicURL))
	}
	if encrypted && !c.HTTPS && len(c.TrustedProxies) == 0 {
		found = append(found, errors.New("public_url is https://…, but neither https nor trusted_proxies is set: cookies are not marked Secure; set https = true"))
	}
	for _, proxy := range c.TrustedProxies {
		if err := trustworthy(proxy); err != nil {
			found = append(found, fmt.Errorf("trusted_proxies: %w", err))
		}
	}
	return errors.Join(found...)
}

// trustworthy refuses what is no address or network, and networks so large that
// they let anybody say who they are.
func trustworthy(proxy string) error {
	if _, err := netip.ParseAddr(proxy); err == nil {
		return nil
	}
	network, err := netip.ParsePrefix(proxy)
	switch {
	case err != nil:
		return fmt.Errorf("%q is neither an address nor a network", proxy)
	case network.Addr().Is4() && network.Bits() < 8, network.Addr().Is6() && network.Bits() < 16:
		return fmt.Errorf("%s believes nearly everybody: name the proxies only", proxy)
	}
	return nil
}

func ownMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (a *App) examineContact(context.Context) (string, error) {
	c := a.Config
	if c.Demo {
		return c.Contact, nil
	}
	for name, address := range map[string]string{"contact": c.Contact, "mail_from": c.MailFrom} {
		if strings.HasSuffix(address, ".invalid") || strings.HasSuffix(address, ".invalid>") {
			return "", remark(name + " is not set: readers and mail servers see " + address)
		}
	}
	if c.Authority == "" {
		return "", remark("authority is not set: the accessibility statement does not say who supervises it")
	}
	return "readers are asked to write to " + c.Contact, nil
}

func (a *App) examineTheme(context.Context) (string, error) {
	var found []error
	for _, w := range a.Theme.Warnings() {
		found = append(found, errors.New(w.String()))
	}
	if err := errors.Join(found...); err != nil {
		return "", err
	}
	if a.Config.Theme == "" {
		return "the built-in one", nil
	}
	return a.Config.Theme + ": its colours can be told apart", nil
}
