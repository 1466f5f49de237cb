"""What `./dev` is made of; standard library only, as it runs before anything is installed."""
