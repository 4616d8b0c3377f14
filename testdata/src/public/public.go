// Package public is checked with -public.
package public

const unleashFrontendToken = "public:production.16aaa0dc3b4235d2fa9d50c817ca6547c08d33a5a1d7dd7ea0228b15" // want `^frontend-token: hard-coded frontend token`
