package open

// AppendEncoded appends to dst the credentials that stand in text in encoded form: with escapes in them, or as a part
// of something in Base64 or UTF-16. Those that stand in it as they are, rules.AppendCredentials finds. It is for
// streams: what it says of a place does not depend on what text is as a whole. What it decodes is bounded by the
// length of text.
func AppendEncoded(dst []Hit, text []byte) []Hit {
	limits := Limits{}.withDefaults()
	d := decoding{text: text, mentioned: true, mail: true, stream: true, limits: &limits,
		left: limits.Decode * max(len(text), 1<<10)}
	return append(dst, d.run()...)
}
