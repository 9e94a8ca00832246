"""What is claimed of the product's speed, each beside its baseline in one run."""
