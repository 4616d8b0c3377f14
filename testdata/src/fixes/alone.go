package fixes

var unleashPAT = "user:675467d3b32d2961e9a337223a316b41c13fb2fe764b975fcfb2b1e5" // want `^personal-token: `
