package mask

// A set says of each byte whether it belongs to it.
type set [256]bool

const lettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "abcdefghijklmnopqrstuvwxyz" + "0123456789"

func setOf(bytes string) (s set) {
	for i := range len(bytes) {
		s[bytes[i]] = true
	}
	return s
}

var (
	isDigit        = setOf(lettersAndDigits + "-_")                          // of base64url, which hexadecimal digits are too
	isEncodedDigit = setOf(lettersAndDigits + "-_+/")                        // of either Base64
	isToken        = setOf(lettersAndDigits + "-_.!~*'():[]")                // what tokens are written with
	isEncoded      = setOf(lettersAndDigits + "-_.!~*'():[]%\\&;=#+/{}\x00") // the same with escapes and in Base64
)
