package lsp

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/sourcegraph/jsonrpc2"
)

// maxMessage is the longest message that is read, in bytes: a document of this size is none that an editor holds.
const maxMessage = 256 << 20

// A stream reads and writes messages with their headers. Unlike those of jsonrpc2, it answers what is no JSON, or no
// message, and goes on with the next.
type stream struct {
	r      *bufio.Reader
	mu     sync.Mutex
	w      io.Writer
	closed func()
}

// WriteObject writes one message.
func (s *stream) WriteObject(obj any) error {
	body, err := json.Marshal(obj)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err = s.w.Write(append(fmt.Appendf(nil, "Content-Length: %d\r\n\r\n", len(body)), body...))
	return err
}

// ReadObject reads the next message into v.
func (s *stream) ReadObject(v any) error {
	for {
		body, err := s.frame()
		var bad badHeader
		switch {
		case errors.As(err, &bad):
			s.refuse(jsonrpc2.CodeParseError, err.Error())
		case err != nil:
			return err
		case !json.Valid(body):
			s.refuse(jsonrpc2.CodeParseError, "this is no JSON")
		default:
			if err := json.Unmarshal(body, v); err == nil {
				return nil
			}
			s.refuse(jsonrpc2.CodeInvalidRequest, "this is no message of JSON-RPC 2.0")
		}
	}
}

// A badHeader is a header that does not say how long its message is.
type badHeader struct{ error }

// frame is the body of the next message.
func (s *stream) frame() ([]byte, error) {
	length := -1
	for lines := 0; ; lines++ {
		line, err := s.r.ReadString('\n')
		if err != nil {
			return nil, err
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			if lines == 0 {
				lines--
				continue // left over from a header that was none
			}
			break
		}
		name, value, ok := strings.Cut(line, ":")
		if ok && strings.EqualFold(strings.TrimSpace(name), "Content-Length") {
			if n, err := strconv.Atoi(strings.TrimSpace(value)); err == nil {
				length = n
			}
		}
	}
	if length < 0 || length > maxMessage {
		return nil, badHeader{errors.New("the header has no Content-Length that can be")}
	}
	body := make([]byte, length)
	_, err := io.ReadFull(s.r, body)
	return body, err
}

// refuse answers a message whose id is not known.
func (s *stream) refuse(code int64, text string) {
	// An error in writing is met by the next answer.
	_ = s.WriteObject(map[string]any{"jsonrpc": "2.0", "id": nil, "error": map[string]any{"code": code, "message": text}})
}

// Close ends the reading.
func (s *stream) Close() error { s.closed(); return nil }
