"""What the network is: pure data and answers; standard library and NetworkX only."""
