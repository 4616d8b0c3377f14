package notests

const token = "notests:production.f85eb8d662d1bd41149947e013638a3a17de528eac41f09b5990cdf7"
