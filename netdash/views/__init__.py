"""What the user sees: one module per noun of the address; never asks an engine."""
