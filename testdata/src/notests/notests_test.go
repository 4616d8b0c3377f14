package notests

const token = "notests:production.80d635ce1391cf42c1e0f2b6d144826fb57b19403d651801780e560f"
