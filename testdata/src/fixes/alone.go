package fixes

var unleashPAT = "user:bd2ee690727ccff4f8752c3f3c804664fa02efdc07fdee170f2b8ebe" // want `^personal-token: `
