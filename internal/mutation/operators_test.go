package mutation

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/yamldoc"
)

// mutant is a rule file with one mistake.
type mutant struct {
	path     string // 项目.志愿服务.分值
	operator string
	was, now string // what the mistake is, short
	text     string
	line     int
}

// maker makes the mutants of one file.
type maker struct {
	*source
	named   names
	mutants []mutant
	seen    map[string]bool
	quiet   []span // texts in which a mistake is no mistake of the program's
}

// mutants returns every mutant of a rule file, in the order of the text.
func mutants(name, text string) []mutant {
	m := &maker{source: open(name, text), seen: map[string]bool{text: true}}
	m.named = declared(m.root)
	m.walk(m.root, nil, false)
	m.signs()
	slices.SortStableFunc(m.mutants, func(a, b mutant) int { return a.line - b.line })
	return m.mutants
}

func (m *maker) add(at int, path []string, operator, was, now, text string) {
	if m.seen[text] {
		return
	}
	m.seen[text] = true
	m.mutants = append(m.mutants, mutant{strings.Join(path, "."), operator, short(was), short(now), text, m.lineOf(at)})
}

// short is a text on one line, without what makes the list of equivalents hard
// to read.
func short(s string) string { return strings.Join(strings.Fields(s), " ") }

// silent are the keys below which nothing moves points, grades, places or
// alerts: names, reasons and routes. Their punctuation is mutated, they are not.
func silent() []string {
	return []string{"办法", "编号", "依据", "名称", "建议", "负责", "限期", "录入", "审批", "证明", "补录", "公示", "授权", "机构"}
}

// between are the places that say which branches a scheme is for and how members
// are put beside each other: of one member's record they say nothing.
func between() []string { return []string{"适用", "排名.范围", "排名.再比"} }

// walk mutates a node and what is in it. path ends with the node's own key.
func (m *maker) walk(n *yamldoc.Node, path []string, quiet bool) {
	at := strings.Join(path, ".")
	quiet = quiet || len(path) > 0 && slices.Contains(silent(), path[len(path)-1]) || slices.Contains(between(), at)
	if n.Kind == yamldoc.Scalar {
		if quiet {
			m.quiet = append(m.quiet, m.of(n))
			return
		}
		m.scalar(n, path)
		return
	}
	parts := m.parts(n)
	for i, p := range n.Pairs {
		if m.quiet = append(m.quiet, m.of(p.Key)); !quiet && telling(p.Key.Text) {
			m.quiet = m.quiet[:len(m.quiet)-1]
			m.scalar(p.Key, append(path, p.Key.Text))
		}
		next := slices.Concat(path, []string{p.Key.Text})
		if drops(p.Key.Text) && !quiet && !slices.Contains(between(), strings.Join(next, ".")) {
			was := p.Key.Text
			if p.Value.Kind == yamldoc.Scalar {
				was += ": " + m.in(m.of(p.Value))
			}
			m.add(parts[i].from, next, "删", was, "", m.without(n, parts, i))
		}
		if other := keyOther(path)[p.Key.Text]; other != "" && !quiet {
			m.add(parts[i].from, next, "换词", p.Key.Text, other, m.put(m.of(p.Key), other))
		}
		m.walk(p.Value, next, quiet)
	}
	for i, item := range n.Items {
		if !quiet {
			m.add(parts[i].from, path, "删", m.in(m.of(item)), "", m.without(n, parts, i))
		}
		m.walk(item, path, quiet)
	}
	if !quiet {
		m.rows(n, path, parts)
	}
}

// drops reports whether leaving out a key is a mistake worth making. Without the
// others a file is no file.
func drops(key string) bool {
	return !slices.Contains(silent(), key) && !slices.Contains([]string{"施行", "周期", "类别", "板块", "项目"}, key)
}

// telling reports whether a key is a condition, a step, a run or a day, and not
// a name.
func telling(key string) bool {
	return strings.ContainsAny(key, "<>=\"0123456789") || strings.HasPrefix(key, "自 ")
}

// rows exchanges neighbours: rows where their order is meaning, and the values
// of two rows.
func (m *maker) rows(n *yamldoc.Node, path []string, parts []span) {
	key := ""
	if len(path) > 0 {
		key = path[len(path)-1]
	}
	ordered := slices.Contains([]string{"类别", "等次", "人群"}, key) || len(path) == 2 && path[0] == "等次" &&
		n.Get("当") == nil && n.Get("占") == nil
	for i := 0; i+1 < len(n.Items) && (key == "分段" || key == "倍数"); i++ {
		m.add(parts[i].from, path, "换行", m.in(parts[i]), m.in(parts[i+1]), m.exchange(parts[i], parts[i+1]))
	}
	conditions := slices.ContainsFunc(n.Pairs,
		func(p yamldoc.Pair) bool { return strings.ContainsAny(p.Key.Text, "<>=\"") })
	for i := 0; i+1 < len(n.Pairs); i++ {
		a, b := n.Pairs[i], n.Pairs[i+1]
		if ordered || conditions {
			m.add(parts[i].from, path, "换行", a.Key.Text, b.Key.Text, m.exchange(parts[i], parts[i+1]))
		}
		if va, vb := m.of(a.Value), m.of(b.Value); valued(a.Value) && valued(b.Value) {
			m.add(va.from, path, "换值", a.Key.Text+": "+m.in(va), b.Key.Text+": "+m.in(vb), m.exchange(va, vb))
		}
	}
}

// valued reports whether a value may be taken for a neighbour's.
func valued(n *yamldoc.Node) bool {
	return n.Kind == yamldoc.Scalar && (strings.ContainsAny(n.Text, "0123456789") ||
		slices.Contains(domain.AlertLevels(), domain.AlertLevel(n.Text)))
}

var tokens = regexp.MustCompile(`"[^"]*"|\d{4}-\d{2}-\d{2}|\d+(?:\.\d+)?|[<>=!]=|[<>]|[\p{L}_]+|[-+*/]`)

// scalar mutates one text: each number, comparison, window and name in it.
func (m *maker) scalar(n *yamldoc.Node, path []string) {
	all := m.of(n)
	raw := m.in(all)
	if n.Quoted && raw[0] == '"' {
		return
	}
	key := path[len(path)-1]
	for _, at := range tokens.FindAllStringIndex(raw, -1) {
		t := span{all.from + at[0], all.from + at[1]}
		word := m.in(t)
		change := func(operator, now string) {
			m.add(t.from, path, operator, raw, raw[:at[0]]+now+raw[at[1]:], m.put(t, now))
		}
		switch {
		case word[0] == '"':
			for _, other := range m.named.others(strings.Trim(word, `"`), raw[:at[0]], path) {
				change("换名", `"`+other+`"`)
			}
		case word[0] >= '0' && word[0] <= '9':
			for _, other := range nudged(word) {
				change("数", other)
			}
		case operators()[word] != "":
			if word != "-" || at[0] > 0 { // the sign of a number is another mistake
				change("比较", operators()[word])
			}
			if word == "-" && (at[0] == 0 || strings.HasSuffix(raw[:at[0]], "至")) {
				change("号", "")
			}
		default:
			if now := windowOther(word, key, path); now != "" {
				change("窗口", now)
			}
			for _, other := range m.named.bare(word, raw, path) {
				change("换名", other)
			}
		}
	}
	for _, now := range wordOther(n.Text, path) {
		m.add(all.from, path, "换词", raw, now, m.put(all, now))
	}
	for _, now := range m.named.whole(n.Text, path) {
		m.add(all.from, path, "换名", raw, now, m.put(all, now))
	}
	if strings.HasPrefix(raw, "取整(") {
		m.add(all.from, path, "换词", raw, raw[len("取整"):], m.put(all, raw[len("取整"):]))
	}
}

// nudged returns a number one step of its last place up and down, and a day one
// day later and earlier.
func nudged(s string) []string {
	if d, err := calendar.Parse(s); err == nil {
		return []string{(d + 1).String(), (d - 1).String()}
	}
	whole, part, _ := strings.Cut(s, ".")
	n, err := strconv.Atoi(whole + part)
	if err != nil {
		return nil
	}
	var out []string
	for _, v := range []int{n + 1, n - 1} {
		digits := strconv.Itoa(max(v, -v))
		if part != "" {
			digits = strings.Repeat("0", max(0, len(part)+1-len(digits))) + digits
			digits = digits[:len(digits)-len(part)] + "." + digits[len(digits)-len(part):]
		}
		if v < 0 {
			digits = "-" + digits
		}
		out = append(out, digits)
	}
	return out
}

func operators() map[string]string {
	return map[string]string{
		">=": ">", ">": ">=", "<=": "<", "<": "<=", "==": "!=", "!=": "==", "and": "or", "or": "and",
		"+": "-", "-": "+", "*": "+", "/": "*",
	}
}

// signs writes the first of each kind of sign of a line full-width, as a Chinese
// keyboard does.
func (m *maker) signs() {
	wide := strings.NewReplacer(":", "：", ",", "，", "{", "｛", "}", "｝", "[", "［", "]", "］", "(", "（", ")", "）",
		`"`, "“", "'", "‘", "%", "％", "-", "－", ">=", "≥", "<=", "≤")
	for line := 1; line < len(m.lines); line++ {
		from, to := m.lines[line-1], m.code(line)
		head := []rune(strings.TrimSpace(m.text[from:to]))
		path := []string{"行", string(head[:min(len(head), 20)])}
		done := map[string]bool{}
		for i := from; i < to; i++ {
			sign := m.text[i : i+1]
			if i+1 < to && m.text[i+1] == '=' {
				sign = m.text[i : i+2]
			}
			now := wide.Replace(sign)
			if done[sign] || now == sign || slices.ContainsFunc(m.quiet, func(p span) bool { return p.from <= i && i < p.to }) {
				continue
			}
			done[sign] = true
			m.add(i, path, "标点", sign, now, m.put(span{i, i + len(sign)}, now))
		}
	}
}
