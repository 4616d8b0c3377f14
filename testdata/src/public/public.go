// Package public is checked with -public.
package public

const unleashFrontendToken = "public:production.0180c25fbb162b498e273cf44bda7cc87c063106f6f1ebb54a8641f7" // want `^frontend-token: hard-coded frontend token`
