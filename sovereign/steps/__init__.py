"""One arrow of the pipeline each; pure except where a port is named. Steps never import each other."""
