"""What esurat costs, beside stock peers and the raw SQL floor: `./dev bench`."""
