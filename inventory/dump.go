package inventory

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/unleaked/unleaked/rules"
)

// A dump is the rows of a server's tables, from one file or several: a token's projects and the names of users stand in
// tables of their own.
type dump struct {
	rows     []row
	projects map[string][]string // by secret or selector
	users    map[string]user     // by id
	tables   int
	linked   map[string]bool // by column, secret or selector: the table of projects is here
}

type row struct {
	class   class
	columns []string
	fields  map[string]string // by column; NULL has no entry
}

type user struct {
	name    string
	service bool
}

func newDump() *dump {
	return &dump{projects: map[string][]string{}, linked: map[string]bool{}, users: map[string]user{}}
}

// A table is one of those that are read. It is recognised by the columns that it must have, the first that fits: people
// leave out what they need not, a column of secrets before all.
type table struct {
	name  string
	needs []string
	class class // "" of tables that hold no tokens
	take  func(d *dump, f map[string]string)
}

var tables = []table{
	{name: "personal_access_tokens", needs: []string{"secret", "user_id"}, class: accountTokens},
	{name: "personal_access_tokens", needs: []string{"selector", "verifier", "user_id"}, class: accountTokens},
	{name: "api_tokens_v2", needs: []string{"selector", "verifier", "type"}, class: apiTokensV2},
	{name: "api_tokens", needs: []string{"secret", "type"}, class: apiTokens},
	{name: "api_token_project", needs: []string{"secret", "project"}, take: takeProject("secret")},
	{name: "api_tokens_v2_project", needs: []string{"selector", "project"}, take: takeProject("selector")},
	{name: "users", needs: []string{"id", "username"}, take: takeUser},
	{name: "users", needs: []string{"id", "email"}, take: takeUser},
}

func takeProject(by string) func(*dump, map[string]string) {
	return func(d *dump, f map[string]string) { d.projects[f[by]] = append(d.projects[f[by]], f["project"]) }
}

func takeUser(d *dump, f map[string]string) {
	u := user{service: f["is_service"] == "t" || f["is_service"] == "true"}
	for _, column := range []string{"name", "username", "email"} {
		if u.name == "" {
			u.name = f[column]
		}
	}
	d.users[f["id"]] = u
}

// tableOf is the table that columns are those of, nil for another. name is "" where the file does not say one.
func tableOf(name string, columns []string) *table {
	for i := range tables {
		t := &tables[i]
		if name != "" && name != t.name {
			continue
		}
		if !slices.ContainsFunc(t.needs, func(c string) bool { return !slices.Contains(columns, c) }) {
			return t
		}
	}
	return nil
}

// read takes in the tables of a text: what pg_dump writes, else one table with its header, as CSV or as COPY writes it
// into a file.
func (d *dump) read(text string) error {
	before := d.tables
	if err := d.readCopies(text); err != nil {
		return err
	}
	if d.tables > before {
		return nil
	}
	first, _, _ := strings.Cut(text, "\n")
	comma := separatorOf(first)
	if comma == '\t' && (strings.Contains(text, `\N`) || !strings.Contains(text, `"`)) {
		return d.readTabbed(text)
	}
	return d.readCSV(text, comma)
}

// separatorOf is what stands between the columns of a header: a comma, a semicolon or a tab.
func separatorOf(header string) rune {
	best := ','
	for _, r := range ";\t" {
		if strings.Count(header, string(r)) > strings.Count(header, string(best)) {
			best = r
		}
	}
	return best
}

// columnsOf is the names of a header, as the database has them.
func columnsOf(header []string) []string {
	out := make([]string, len(header))
	for i, name := range header {
		out[i] = strings.ToLower(strings.Trim(strings.TrimSpace(name), `"`))
	}
	return out
}

func (d *dump) add(t *table, columns []string, fields map[string]string) {
	if t.class == "" {
		t.take(d, fields)
		return
	}
	d.rows = append(d.rows, row{t.class, columns, fields})
}

func (d *dump) readCSV(text string, comma rune) error {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	r.Comma = comma
	header, err := r.Read()
	if err != nil {
		return errNone
	}
	columns := columnsOf(header)
	t := tableOf("", columns)
	if t == nil {
		return errNone
	}
	d.open(t)
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			return fmt.Errorf("table %s: the CSV is malformed near line %d", t.name, line)
		}
		if len(record) != len(columns) {
			return fmt.Errorf("table %s: line %d has %d columns, the header %d", t.name, line, len(record), len(columns))
		}
		fields := map[string]string{}
		for i, value := range record {
			if value != "" {
				fields[columns[i]] = value
			}
		}
		d.add(t, columns, fields)
	}
}

// readTabbed reads what COPY writes into a file where it is told to write a header.
func (d *dump) readTabbed(text string) error {
	header, rest, _ := strings.Cut(text, "\n")
	columns := columnsOf(strings.Split(strings.TrimSuffix(header, "\r"), "\t"))
	t := tableOf("", columns)
	if t == nil {
		return errNone
	}
	d.open(t)
	for n := 2; rest != ""; n++ {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		switch line = strings.TrimSuffix(line, "\r"); line {
		case `\.`:
			return nil
		case "":
			continue
		}
		if err := d.addCopied(t, columns, line, n); err != nil {
			return err
		}
	}
	return nil
}

// addCopied takes in line n of a file, a row as COPY writes it.
func (d *dump) addCopied(t *table, columns []string, line string, n int) error {
	values := strings.Split(line, "\t")
	if len(values) != len(columns) {
		return fmt.Errorf("table %s: line %d has %d columns, its head %d", t.name, n, len(values), len(columns))
	}
	fields := map[string]string{}
	for i, value := range values {
		if value != `\N` {
			fields[columns[i]] = unescapeCopy(value)
		}
	}
	d.add(t, columns, fields)
	return nil
}

// open notes that a table is here, even if it turns out to be empty.
func (d *dump) open(t *table) {
	d.tables++
	if t.class != "" {
		d.rows = append(d.rows, row{class: t.class})
	}
	if slices.Contains(t.needs, "project") {
		d.linked[t.needs[0]] = true
	}
}

// readCopies reads the COPY blocks of a plain dump, and passes over everything else in it.
func (d *dump) readCopies(text string) error {
	var t *table
	var columns []string
	inside := false
	for n, rest := 1, text; rest != ""; n++ {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		line = strings.TrimSuffix(line, "\r")
		switch {
		case inside && line == `\.`:
			inside = false
		case inside && t != nil:
			if err := d.addCopied(t, columns, line, n); err != nil {
				return err
			}
		case !inside:
			var name string
			if name, columns, inside = copyHead(line); inside {
				if t = tableOf(name, columns); t != nil {
					d.open(t)
				}
			}
		}
	}
	if inside {
		return errors.New("the dump ends in the middle of a table")
	}
	return nil
}

// copyHead reads the line that a block of rows begins with: COPY public.users (id, name) FROM stdin;
func copyHead(line string) (name string, columns []string, ok bool) {
	rest, isCopy := strings.CutPrefix(line, "COPY ")
	name, rest, hasColumns := strings.Cut(rest, " (")
	list, _, hasEnd := strings.Cut(rest, ") FROM stdin")
	if !isCopy || !hasColumns || !hasEnd {
		return "", nil, false
	}
	name = strings.Trim(name[strings.LastIndexByte(name, '.')+1:], `"`)
	for _, column := range strings.Split(list, ",") {
		columns = append(columns, strings.Trim(strings.TrimSpace(column), `"`))
	}
	return name, columns, true
}

var copyEscapes = strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n", `\r`, "\r", `\b`, "\b", `\f`, "\f", `\v`, "\v")

func unescapeCopy(value string) string {
	if !strings.Contains(value, `\`) {
		return value
	}
	return copyEscapes.Replace(value)
}

// into adds the tokens of the tables to an inventory.
func (d *dump) into(v *Inventory) error {
	if d.tables > 0 && len(d.rows) == 0 && len(v.covers) == 0 {
		return errors.New("no inventory: there are names of users or of projects here, and no tokens")
	}
	for _, r := range d.rows {
		v.covers[r.class] = true
		if r.fields == nil {
			continue
		}
		if err := d.token(v, r); err != nil {
			return err
		}
	}
	return nil
}

func (d *dump) token(v *Inventory, r row) error {
	f := r.fields
	t := Token{Class: r.class, Name: f["token_name"], Type: typeOf(f["type"]), Environment: f["environment"],
		Selector: f["selector"], Verifier: f["verifier"]}
	if t.Class != accountTokens && t.Type == "" {
		return fmt.Errorf("table of %s: column type holds no type of a token", r.class)
	}
	var err error
	for _, column := range []struct {
		name string
		to   *time.Time
	}{{"created_at", &t.CreatedAt}, {"expires_at", &t.ExpiresAt}, {"seen_at", &t.SeenAt}} {
		if *column.to, err = parseTime(f[column.name]); err != nil {
			return fmt.Errorf("table of %s: column %s holds no time", r.class, column.name)
		}
	}
	d.describe(&t, r)
	secret := f["secret"]
	if secret == "" {
		if !rules.IsSelector(t.Selector) || len(t.Verifier) != verifierLen {
			return fmt.Errorf("table of %s: a row with neither a secret nor a selector and its verifier", r.class)
		}
		v.Tokens = append(v.Tokens, t)
		return nil
	}
	v.addText(t, secret, f["alias"])
	return nil
}

// verifierLen is the length of a SHA-256 in base64url.
const verifierLen = 43

// describe says of a token of a table what the other columns and tables do.
func (d *dump) describe(t *Token, r row) {
	f := r.fields
	id := f["user_id"]
	if t.Class == accountTokens {
		t.Name, t.Type = f["description"], rules.Personal
		if d.users[id].service {
			t.Type = rules.ServiceAccount
		}
	} else {
		if t.Name == "" {
			t.Name = f["username"]
		}
		id = f["created_by_user_id"]
		t.Projects = d.projectsOf(t, f)
		switch c, ok := textOf(f["secret"]); {
		case t.Environment != "":
		case slices.Contains(r.columns, "environment"):
			t.Environment = "*"
		case ok:
			t.Environment = c.Environment
		}
	}
	if t.Owner = d.users[id].name; t.Owner == "" && !strings.HasPrefix(id, "-") { // below 0 are the server's own
		t.Owner = id
	}
}

func (d *dump) projectsOf(t *Token, f map[string]string) []string {
	key, column := f["secret"], "secret"
	if key == "" {
		key, column = t.Selector, "selector"
	}
	switch list := slices.Clone(d.projects[key]); {
	case len(list) > 0:
		slices.Sort(list)
		return list
	case d.linked[column]: // a token of all projects has no row there
		return []string{"*"}
	case f["project"] != "": // before 4.10
		return []string{f["project"]}
	}
	// The text says it where the table of projects is not here.
	if project, _, ok := strings.Cut(f["secret"], ":"); ok && project != "" && project != "[]" {
		return []string{project}
	}
	return nil
}

var timeLayouts = []string{"2006-01-02 15:04:05.999999999Z07", "2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04:05.999999999", time.RFC3339Nano}

// parseTime reads a time of the database; "" and what never comes are zero.
func parseTime(text string) (time.Time, error) {
	if text == "" || text == "infinity" || text == "-infinity" {
		return time.Time{}, nil
	}
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, errors.New("no time")
}
