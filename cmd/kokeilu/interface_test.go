package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// description is the interface as the portal describes it at
// /api/openapi.json.
type description struct {
	Paths      map[string]map[string]described
	Components struct{ Schemas map[string]*schemaOf }
}

type described struct {
	Security  []map[string][]string
	Responses map[string]struct {
		Content map[string]struct{ Schema *schemaOf }
	}
}

// isClosed reports whether a stranger is refused.
func (o described) isClosed() bool {
	return !slices.ContainsFunc(o.Security, func(way map[string][]string) bool { return len(way) == 0 })
}

type schemaOf struct {
	Ref        string `json:"$ref"`
	Type       any
	Format     string
	Enum       []any
	Required   []string
	Properties map[string]*schemaOf
	Items      *schemaOf
	More       any `json:"additionalProperties"`
}

func describe(t *testing.T, base string) description {
	t.Helper()
	var d description
	if err := json.Unmarshal([]byte(visit(t, base).open("/api/openapi.json").body), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// wrong says where v is not what s promises.
func (d description) wrong(s *schemaOf, v any, at string) (list []string) {
	if s.Ref != "" {
		return d.wrong(d.Components.Schemas[s.Ref[strings.LastIndex(s.Ref, "/")+1:]], v, at)
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, v) {
		list = append(list, fmt.Sprintf("%s: %v is none of %v", at, v, s.Enum))
	}
	switch v := v.(type) {
	case map[string]any:
		for _, name := range s.Required {
			if _, there := v[name]; !there {
				list = append(list, at+"."+name+" is missing")
			}
		}
		for name, value := range v {
			property, known := s.Properties[name]
			switch {
			case known:
				list = append(list, d.wrong(property, value, at+"."+name)...)
			case s.More == false:
				list = append(list, at+"."+name+" is not described")
			}
		}
	case []any:
		for i, value := range v {
			list = append(list, d.wrong(s.Items, value, fmt.Sprint(at, "[", i, "]"))...)
		}
	case string:
		if !isWritten(s.Format, v) {
			list = append(list, fmt.Sprintf("%s: %q is no %s", at, v, s.Format))
		}
	}
	if !isOf(s.Type, v) {
		list = append(list, fmt.Sprintf("%s: %T is no %v", at, v, s.Type))
	}
	return list
}

// isOf reports whether a value is of the type, or one of the types, that a
// schema names.
func isOf(want, v any) bool {
	if many, ok := want.([]any); ok {
		return slices.ContainsFunc(many, func(one any) bool { return isOf(one, v) })
	}
	switch v := v.(type) {
	case map[string]any:
		return want == "object"
	case []any:
		return want == "array"
	case string:
		return want == "string"
	case bool:
		return want == "boolean"
	case float64:
		return want == "number" || want == "integer" && v == float64(int64(v))
	}
	return want == "null"
}

func isWritten(format, s string) bool {
	switch format {
	case "uri":
		u, err := url.Parse(s)
		return err == nil && u.IsAbs()
	case "date-time":
		_, err := time.Parse(time.RFC3339, s)
		return err == nil
	case "date":
		_, err := time.Parse(time.DateOnly, s)
		return err == nil
	}
	return true
}

// holds expects an answer of an operation to be one of those described.
func (d description) holds(t *testing.T, op described, resp *http.Response) {
	t.Helper()
	defer func() { _ = resp.Body.Close() }()
	answer, ok := op.Responses[fmt.Sprint(resp.StatusCode)]
	if !ok {
		t.Errorf("the answer %s is not described", resp.Status)
		return
	}
	for mediaType, c := range answer.Content {
		var body any
		if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
			t.Fatalf("%s: %v", resp.Status, err)
		}
		if got := resp.Header.Get("Content-Type"); !strings.HasPrefix(got, mediaType) {
			t.Errorf("%s of type %q, described as %q", resp.Status, got, mediaType)
		}
		for _, complaint := range d.wrong(c.Schema, body, "body") {
			t.Errorf("%s: %s", resp.Status, complaint)
		}
	}
}

// ask sends one request with a JSON body.
func (v *visitor) ask(method, path, body string, header map[string]string) *http.Response {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), method, v.absolute(path), strings.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		req.Header.Set(name, value)
	}
	resp, err := v.client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	return resp
}

// anID is an id of the sample that an operation can be asked about.
func anID(t *testing.T, admin *visitor, path string) string {
	t.Helper()
	collection, _, _ := strings.Cut(path, "/{id}")
	if collection == "/api/v1/requests" {
		collection = "/api/v1/calls/" + anID(t, admin, "/api/v1/calls/{id}") + "/requests"
	}
	var lists map[string]json.RawMessage
	if err := json.Unmarshal([]byte(admin.open(collection).body), &lists); err != nil {
		t.Fatal(err)
	}
	for _, raw := range lists {
		var things []struct{ ID string }
		if json.Unmarshal(raw, &things) == nil {
			for _, thing := range things {
				if thing.ID != "" {
					return thing.ID
				}
			}
		}
	}
	t.Fatalf("nothing in %s", collection)
	return ""
}

func TestTheInterfaceAnswersAsItIsDescribed(t *testing.T) {
	_, base := portal(t, t.TempDir())
	d, admin, stranger := describe(t, base), visit(t, base).as("admin"), visit(t, base)
	developer := visit(t, base).as("developer") // has what the administrator has not
	for path, methods := range d.Paths {
		for method, op := range methods {
			method := strings.ToUpper(method)
			t.Run(method+" "+path, func(t *testing.T) {
				admin, stranger, developer := &visitor{t, base, admin.client}, &visitor{t, base, stranger.client}, &visitor{t, base, developer.client}
				if len(op.Security) == 0 {
					t.Error("it is not said who may ask")
				}
				nowhere := strings.ReplaceAll(path, "{id}", "none")
				if op.isClosed() {
					resp := stranger.ask(method, nowhere, "", nil)
					if resp.StatusCode != http.StatusUnauthorized {
						t.Errorf("a stranger is answered %s", resp.Status)
					}
					d.holds(t, op, resp)
				}
				if method != http.MethodGet {
					d.holds(t, op, admin.ask(method, nowhere, `{"nothing":1}`, nil))
					d.holds(t, op, admin.ask(method, nowhere, "{}", map[string]string{"Idempotency-Key": strings.Repeat("k", 201)}))
					return
				}
				if strings.Contains(path, "{id}") {
					d.holds(t, op, admin.ask(method, nowhere, "", nil))
					path = strings.ReplaceAll(path, "{id}", anID(t, admin, path))
				}
				resp := admin.ask(method, path, "", nil)
				if resp.StatusCode != http.StatusOK {
					t.Errorf("%s: %s", path, resp.Status)
				}
				d.holds(t, op, resp)
				if op.isClosed() {
					d.holds(t, op, developer.ask(method, path, "", nil))
				}
			})
		}
	}
	post := d.Paths["/api/v1/tokens"]["post"]
	d.holds(t, post, admin.ask(http.MethodPost, "/api/v1/tokens", `{"name":"For a test"}`, nil))
}
