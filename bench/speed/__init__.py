"""What each stage of the product costs, and how that grows with the catalogue."""
