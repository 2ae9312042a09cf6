"""What there is to know about the one thing that is selected."""
